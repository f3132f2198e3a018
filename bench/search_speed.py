"""How fast a search is answered, and how much of the exact answer it finds.

    nice -n 15 python -m bench.search_speed --claims 100000 --data DATA [--base FOLDER] [--encode N] [--json]

Claims are made from pairs of real sentences spliced at a comma or in the middle (from the ConvoKit corpora under DATA
or $CROSSTALK_DATA; without data, from invented phrases). Baseline in the same run: all vectors compared in numpy.
Recall@10 is against that exact answer; a score within 1e-4 of the tenth best counts as found, since equals are many.
With `--encode N` only N claims are really encoded; the vectors of the others are sums of two of those with some noise.
"""

import argparse
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

import numpy as np

from corpus.model import Claim, Conversation, Speaker, Utterance, make_claim_id
from corpus.record import Extraction, Record
from index.answers import Mode, Query
from index.encoding.sentence_encoder import Encoder
from index.people.directory import SpeakerDirectory
from index.search.filters import FilterBuilder
from index.search.hits import HitReader
from index.search.search import Search
from index.store.base_index import BaseIndex
from index.store.points import scroll_all

SPEAKERS, UTTERANCES, CLAIMS_EACH = 100, 50, 10
BEGAN = datetime(2010, 1, 1, tzinfo=UTC)
PHRASES = (
    [
        f"the {a} {n}"
        for a in ("watched", "hidden", "cheap", "slow", "honest")
        for n in ("goal", "agent", "plan", "proxy")
    ],
    ["survives", "fails", "is learned", "was copied", "resists change", "can be bought", "says little", "hides"],
    ["when nobody looks", "before anybody agrees", "in the limit", "for a while", "after training", "by accident"],
)
QUERIES = 200


def sentences(data: Path | None) -> list[str]:
    """Give real sentences of 30 to 240 characters, or invented ones."""
    found: list[str] = []
    for path in sorted(data.glob("*/utterances.jsonl")) if data else ():
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                parts = re.split(r"(?<=[.!?])\s+", json.loads(line)["text"])
                found += [" ".join(part.split()) for part in parts if 30 <= len(part) <= 240]
    if found:
        return found
    return [f"{a} {b} {c}" for a in PHRASES[0] for b in PHRASES[1] for c in PHRASES[2]]


def splices(real: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """Join the first half of one sentence to the second half of another."""
    halves = [sentence.split() for sentence in real]
    made = []
    for _ in range(count):
        one, other = chance.choice(halves), chance.choice(halves)
        made.append(" ".join(one[: len(one) // 2 + 1] + other[len(other) // 2 :]))
    return made


def conversations(claims: Sequence[str], chance: random.Random) -> Iterator[Conversation]:
    """Lay claims out in threads, a line each, by speakers of very different diligence, over ten years."""
    people = [Speaker(f"bench:s{n}", f"Speaker {n}", "bench") for n in range(SPEAKERS)]
    size = UTTERANCES * CLAIMS_EACH
    for n, start in enumerate(range(0, len(claims), size)):
        id_ = f"bench:t{n}.0"
        utterances = tuple(
            Utterance(
                f"bench:t{n}.{m}",
                id_,
                "\n".join(claims[start + m * CLAIMS_EACH : start + (m + 1) * CLAIMS_EACH]),
                people[n % 2 if chance.random() < 0.3 else chance.randrange(SPEAKERS)],
                id_ if m else None,
                BEGAN + timedelta(hours=chance.randrange(24 * 3650)),
            )
            for m in range(UTTERANCES)
            if claims[start + m * CLAIMS_EACH : start + (m + 1) * CLAIMS_EACH]
        )
        yield Conversation(id_, f"Thread {n}", utterances, "bench", f"https://bench.test/{n}")


def by_line(read: Conversation) -> Extraction:
    """Take each line for a claim."""
    claims = []
    for utterance in read.utterances:
        start = 0
        for line in utterance.text.split("\n"):
            end = start + len(line)
            id_ = make_claim_id(utterance.id, start, end, line)
            claims.append(Claim(id_, utterance.id, start, end, line, line, speaker=utterance.speaker))
            start = end + 1
    return Extraction(tuple(claims))


def timed(ask: Callable[[str], Any], queries: Sequence[str]) -> dict[str, float]:
    """Give p50 and p95 of a question in milliseconds, the first five left out."""
    took = []
    for query in queries:
        began = time.perf_counter()
        ask(query)
        took.append((time.perf_counter() - began) * 1000)
    took = sorted(took[5:])
    return {"p50_ms": round(statistics.median(took), 2), "p95_ms": round(took[int(len(took) * 0.95)], 2)}


FILTERS: dict[str, dict[str, Any]] = {
    "none": {},
    "speaker ~1 %": {"speakers": ("bench:s57",)},
    "speaker ~15 %": {"speakers": ("bench:s0",)},
    "date 10 %": {"since": BEGAN + timedelta(days=1000), "until": BEGAN + timedelta(days=1365)},
}


def searches(index: BaseIndex, search: Search, queries: Sequence[str]) -> list[dict[str, Any]]:
    """Time every mode under every filter, end to end: the query's vector, the store, the record."""
    rows = []
    for mode in Mode:
        for name, filters in FILTERS.items():
            row = timed(lambda text: search.find(Query(text, mode=mode, limit=10, **filters)), queries)  # noqa: B023
            rows.append({"what": f"search {mode.value}", "filter": name} | row)
    rows.append({"what": "the query's vector", "filter": "-"} | timed(index.encoder.encode_query, queries))
    return rows


def against_exact(index: BaseIndex, filter_builder: FilterBuilder, queries: Sequence[str]) -> list[dict[str, Any]]:
    """Compare the store's nearest ten with all vectors compared in numpy."""
    found = list(scroll_all(index.vectors))
    ids = [one.id for one in found]
    dense = index.vectors.get_dense(ids)
    matrix = np.stack([dense[id_] for id_ in ids])
    speaker = np.array([one.payload.get("speaker", "") for one in found])
    posted = np.array([one.payload.get("posted_at", 0) for one in found])
    asked = np.stack([index.encoder.encode_query(query) for query in queries])
    rows = []
    for name, filters in FILTERS.items():
        passing = np.ones(len(ids), dtype=bool)
        if "speakers" in filters:
            passing &= np.isin(speaker, filters["speakers"])
        if "since" in filters:
            passing &= (posted >= filters["since"].timestamp()) & (posted < filters["until"].timestamp())
        where = filter_builder.build(Query("", **filters))
        assert where is not None
        kept = matrix[passing]
        exact, store, recalls = [], [], []
        for vector in asked:
            began = time.perf_counter()
            scores = kept @ vector
            tenth = float(np.sort(scores[np.argpartition(scores, -10)[-10:]])[0])
            between = time.perf_counter()
            nearest = index.vectors.find_nearest(vector, where, 10)
            exact.append((between - began) * 1000)
            store.append((time.perf_counter() - between) * 1000)
            recalls.append(sum(one.score >= tenth - 1e-4 for one in nearest) / 10)
        for what, took in (("numpy, all vectors", exact), ("store, nearest ten", store)):
            took = sorted(took[5:])
            row = {"p50_ms": round(statistics.median(took), 2), "p95_ms": round(took[int(len(took) * 0.95)], 2)}
            recall = {} if what.startswith("numpy") else {"recall@10": round(statistics.mean(recalls), 4)}
            rows.append({"what": what, "filter": f"{name} ({int(passing.sum()):,})"} | row | recall)
    return rows


def precisions(texts: Sequence[str], queries: Sequence[str]) -> list[dict[str, Any]]:
    """Time encoding in float32 and in what this machine does best, and compare the rankings."""
    from sentence_transformers import SentenceTransformer

    best = Encoder.load()
    best.encode(texts[:64])
    rows, vectors = [], {}

    def row(what: str, encode: Callable[[], Any]) -> None:
        began, used = time.perf_counter(), time.process_time()
        vectors[what] = encode()
        rows.append(
            {
                "what": f"encode, {what}",
                "sentences_s": round(len(texts) / (time.perf_counter() - began)),
                "sentences_cpu_s": round(len(texts) / (time.process_time() - used)),
            }
        )

    reference = SentenceTransformer(str(best._folder))
    reference.encode(list(texts[:64]))
    row(
        "sentence-transformers float32", lambda: reference.encode(list(texts), batch_size=64, normalize_embeddings=True)
    )
    row(f"ours {best.precision}", lambda: best.encode(texts))
    asked = np.stack([best.encode_query(query) for query in queries])
    tops = [np.argsort(-(asked @ matrix.T), axis=1, kind="stable")[:, :10] for matrix in vectors.values()]
    overlap = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(*tops, strict=True)])
    rows.append({"what": "top-10 overlap of float32 queries over both", "overlap": round(float(overlap), 4)})
    return rows


class Mixed:
    """An encoder that really encodes its first `count` texts, and makes the vectors of the others out of those."""

    def __init__(self, encoder: Encoder, count: int) -> None:
        self._encoder = encoder
        self._left = count
        self._real = np.zeros((0, encoder.size), dtype=np.float32)
        self._chance = np.random.default_rng(20_26)
        self.encode_query, self.name, self.size = encoder.encode_query, encoder.name, encoder.size
        self.precision = "mixed"

    def encode(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        """Give an array of shape (texts, size), each row of length 1."""
        really = self._encoder.encode(texts[: self._left])
        self._left -= len(really)
        self._real = np.concatenate([self._real, really])
        pairs = self._chance.integers(len(self._real), size=(len(texts) - len(really), 2))
        made = self._real[pairs].sum(axis=1) + self._chance.normal(0, 0.02, (len(pairs), self.size))
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        return np.concatenate([really, made.astype(np.float32)])


def measure(folder: Path, claims: int, data: Path | None, encode: int | None) -> list[dict[str, Any]]:
    """Fill a base where there is none, and measure."""
    chance = random.Random(20_26)
    real = sentences(data)
    chance.shuffle(real)
    held_out, rest = real[:QUERIES], real[QUERIES:] or real
    folder.mkdir(parents=True, exist_ok=True)
    with Record.open(folder / "corpus.db") as record:
        if record.generation == 0:
            for one in conversations(splices(rest, claims, chance), chance):
                record.store(one, source="bench", rank=1, extract=by_line)
    rows = []
    with BaseIndex.open(folder, purpose="bench.search_speed") as index:
        if index.is_behind():
            if encode is not None:
                index.encoder = Mixed(index.encoder, encode)  # type: ignore[assignment]
            began = time.perf_counter()
            written = index.refresh(_say, optimize=False)
            filled = time.perf_counter()
            index.vectors.optimize()
            rows.append(
                {
                    "what": "fill the index",
                    "encoded": encode or written,
                    "claims": written,
                    "seconds": round(filled - began, 1),
                }
            )
            rows.append({"what": "build the graph", "seconds": round(time.perf_counter() - filled, 1)})
        people = SpeakerDirectory.from_counts(index.record.list_speakers())
        search = Search(index, HitReader(index.record, index.vectors, index.bm25), lambda: people)
        rows += searches(index, search, held_out)
        rows += against_exact(index, FilterBuilder(index.vectors, lambda: people, lambda _: ()), held_out)
    return rows + precisions(rest[:1000], held_out)


def _say(done: int, total: int) -> None:
    print(f"{done:,} of {total:,} claims", file=sys.stderr)


def main() -> None:
    """Measure, and print a table or lines of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--data", type=Path, default=os.environ.get("CROSSTALK_DATA"))
    parser.add_argument("--encode", type=int, help="really encode this many; mix the others")
    parser.add_argument("--base", type=Path, help="keep the base here, and use it again")
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        rows = measure(told.base or Path(temporary) / "base", told.claims, told.data and Path(told.data), told.encode)
    for row in rows:
        print(json.dumps(row) if told.json else "  ".join(f"{name} {value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
