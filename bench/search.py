"""How well claims are found: MRR@10 and recall@10 of each part, of reciprocal ranks, and of what the product does.

    python -m bench.search DATA --base FOLDER

DATA holds `arbital-dev` (with `gold/search.jsonl`) and `kpa2021`; the bases are made in FOLDER once, and used again.
Five kinds of queries, each half by half: the weights of the mixture were chosen on the first halves ("chosen") and are
reported on the others ("held").

* paraphrase: labelled queries in other words than their targets;
* keyword: two or three words of a claim that stand in a few claims more;
* name: the name of a speaker, and a labelled query or such words of a claim of theirs;
* exact: four to seven words of a claim as they stand, in quotation marks (the parts are asked without the marks);
* restatement: a key point, and all the arguments of different people that it sums up. There may be more than ten:
  recall is of the most that ten hits can hold.
"""

import argparse
import csv
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.model import Attribution, Claim, ClaimKind, Conversation, Speaker, Utterance, make_claim_id
from corpus.record import Extraction, Record
from index.answers import Hit, Mode, Query
from index.people.directory import SpeakerDirectory
from index.search.candidates import Ranker
from index.search.filters import FilterBuilder
from index.search.hits import HitReader
from index.search.ranking import RankedClaim, fold_repeats
from index.search.search import Search
from index.store.base_index import BaseIndex
from index.text_keys import reduce_to_words

SEED = 20_26
TOP, DEPTH, RRF = 10, 200, 60
SAMPLED = 120  # mechanical queries of a kind
_CONTENT = re.compile(r"[a-z]{5,}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and for each thing that should be found whether a hit is it."""

    kind: str
    text: str
    targets: tuple[Callable[[Hit], bool], ...]
    bare: str = ""
    half: str = ""


# ---- bases ---------------------------------------------------------------------------------------------------------


def arbital_base(data: Path, folder: Path) -> BaseIndex:
    """Open the base of the Arbital threads, read on the usual way in if it is not there."""
    if not (folder / "corpus.db").exists():
        from ingest.sources.source import Hints
        from ui.base_location import BaseLocation
        from ui.cli.ingest_commands import read_into

        read_into(BaseLocation(folder), [str(data / "arbital-dev")], Hints())
    return _opened(folder)


def kpa_base(data: Path, folder: Path) -> BaseIndex:
    """Open the base of the arguments: each an utterance of its own with one claim, each of another person."""
    if not (folder / "corpus.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with Record.open(folder / "corpus.db") as record:
            for one in _debates(data):
                record.store(one, source="kpa", rank=1, extract=_whole)
    return _opened(folder)


def _opened(folder: Path) -> BaseIndex:
    index = BaseIndex.open(folder, purpose="bench.search")
    index.refresh(optimize=False)
    return index


def _debates(data: Path) -> Iterator[Conversation]:
    debates: dict[str, list[dict[str, str]]] = {}
    for part in ("dev", "train"):
        for row in _rows(data, f"arguments_{part}.csv"):
            debates.setdefault(f"{part} {row['topic']}", []).append(row)
    for name, rows in debates.items():
        utterances = tuple(
            Utterance(row["arg_id"], name, row["argument"], Speaker(f"kpa:{row['arg_id']}", row["arg_id"], "kpa"))
            for row in rows
            if row["argument"].strip()
        )
        yield Conversation(name, name, utterances, "kpa")


def _whole(conversation: Conversation) -> Extraction:
    return Extraction(
        tuple(
            Claim(make_claim_id(u.id, 0, len(u.text), u.text), u.id, 0, len(u.text), u.text, u.text, speaker=u.speaker)
            for u in conversation.utterances
        )
    )


def _rows(data: Path, name: str) -> list[dict[str, str]]:
    with (data / "kpa2021" / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


# ---- queries -------------------------------------------------------------------------------------------------------


def labelled(data: Path, record: Record) -> list[Asked]:
    """Read the labelled queries, alone and behind the name of who said it. A target may be cut into several claims."""
    asked = []
    for line in (data / "arbital-dev" / "gold" / "search.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        targets = [_in_place(record, target["id"], target["text"]) for target in row["targets"]]
        found = tuple(target for target in targets if target is not None)
        if not found:
            continue
        kind = "keyword" if row["style"] == "keyword" else "paraphrase"
        asked.append(Asked(kind, row["query"], found))
        name = row["targets"][0]["speaker"]
        if row["style"] == "paraphrase" and name:
            asked.append(Asked("name", f"{name} {row['query']}", found))
    return asked


def _in_place(record: Record, utterance_id: str, words: str) -> Callable[[Hit], bool] | None:
    utterance = record.get_utterances([utterance_id]).get(utterance_id)
    start = utterance.text.find(words) if utterance else -1
    if start < 0:
        return None
    end = start + len(words)

    def there(hit: Hit) -> bool:
        return hit.claim.utterance_id == utterance_id and hit.claim.start < end and start < hit.claim.end

    return there


def mechanical(record: Record) -> list[Asked]:
    """Make keyword, name and exact queries of claims that a fixed seed chooses, one a thread at most."""
    chance = random.Random(SEED)
    claims = [
        claim
        for conversation in record.list_conversations()
        for claim in _chosen(record.list_claims_of(conversation), chance)
    ]
    texts = [claim.text for id_ in record.list_conversations() for claim in record.list_claims_of(id_)]
    frequency = Counter(word for text in texts for word in set(_CONTENT.findall(text.casefold())))
    chance.shuffle(claims)
    asked: list[Asked] = []
    for claim in claims:
        words = [word for word in dict.fromkeys(_CONTENT.findall(claim.text.casefold())) if 3 <= frequency[word] <= 100]
        if len(words) < 3:
            continue
        target = (_same_claim(claim),)
        picked = " ".join(chance.sample(words, chance.choice((2, 3))))
        asked.append(Asked("keyword", picked, target))
        if claim.speaker:
            asked.append(Asked("name", f"{claim.speaker.name} {' '.join(chance.sample(words, 2))}", target))
        written = reduce_to_words(claim.text).split()
        length = min(chance.randint(4, 7), len(written))
        start = chance.randrange(len(written) - length + 1)
        stretch = " ".join(written[start : start + length])
        asked.append(Asked("exact", f'"{stretch}"', target, stretch))
    return [one for kind in ("keyword", "name", "exact") for one in [a for a in asked if a.kind == kind][:SAMPLED]]


def _chosen(claims: Sequence[Claim], chance: random.Random) -> list[Claim]:
    able = [one for one in claims if one.kind is ClaimKind.ASSERTION and one.attribution is Attribution.OWN]
    able = [one for one in able if 8 <= len(one.text.split()) <= 30 and one.speaker and not one.retracted]
    return [chance.choice(able)] if able else []


def _same_claim(claim: Claim) -> Callable[[Hit], bool]:
    def same(hit: Hit) -> bool:
        again = claim.utterance_id in {place for place, _ in hit.others}
        return hit.claim.id == claim.id or (again and hit.claim.speaker == claim.speaker)

    return same


def restatements(data: Path) -> list[Asked]:
    """Ask each key point for the arguments that match it."""
    asked = []
    for part in ("dev", "train"):
        points = {row["key_point_id"]: row["key_point"] for row in _rows(data, f"key_points_{part}.csv")}
        matching: dict[str, list[str]] = {}
        for row in _rows(data, f"labels_{part}.csv"):
            if row["label"] == "1":
                matching.setdefault(row["key_point_id"], []).append(row["arg_id"])
        asked += [
            Asked("restatement", points[id_], tuple(_by(argument) for argument in arguments))
            for id_, arguments in matching.items()
        ]
    return asked


def _by(argument: str) -> Callable[[Hit], bool]:
    return lambda hit: hit.claim.utterance_id == argument


# ---- scores --------------------------------------------------------------------------------------------------------


def answers(index: BaseIndex, asked: Asked, rerank: str | None) -> dict[str, Sequence[Hit]]:
    """Give the first ten of each way to search."""
    people = SpeakerDirectory.from_counts(index.record.list_speakers())
    hits = HitReader(index.record, index.vectors, index.bm25)
    search = Search(index, hits, lambda: people)
    ranker = Ranker(index.vectors, index.encoder, index.bm25, lambda: people)
    bare = Query(asked.bare or asked.text, limit=TOP, plain=True)
    filters = FilterBuilder(index.vectors, lambda: people, lambda _: ())
    where, words = filters.build(bare), index.bm25.weigh_query(bare.text)
    assert where is not None

    def ranking(mode: Mode) -> list[RankedClaim]:
        return fold_repeats(ranker.rank(replace(bare, mode=mode), where, words, DEPTH))

    dense, lexical = ranking(Mode.DENSE), ranking(Mode.LEXICAL)
    ways = {"dense": dense[:TOP], "lexical": lexical[:TOP], "reciprocal ranks": by_ranks(dense, lexical)}
    found: dict[str, Sequence[Hit]] = {name: hits.read(ranked, bare, where, words) for name, ranked in ways.items()}
    found["hybrid, marks left out"] = search.find(bare).items if asked.bare else ()
    found["hybrid"] = search.find(Query(asked.text, limit=TOP)).items
    if rerank:
        found["hybrid, reranked"] = search.find(Query(asked.text, limit=TOP, rerank=rerank)).items
    return {name: ten for name, ten in found.items() if ten or name != "hybrid, marks left out"}


def by_ranks(*rankings: Sequence[RankedClaim]) -> list[RankedClaim]:
    """Fuse rankings by the sum of reciprocal ranks (Cormack, Clarke & Büttcher 2009)."""
    scores: dict[str, float] = {}
    known: dict[str, RankedClaim] = {}
    for ranking in rankings:
        for rank, one in enumerate(ranking, 1):
            scores[one.id] = scores.get(one.id, 0.0) + 1 / (RRF + rank)
            known.setdefault(one.id, one)
    return [known[id_] for id_ in sorted(scores, key=lambda id_: (-scores[id_], id_))[:TOP]]


def score(hits: Sequence[Hit], targets: Sequence[Callable[[Hit], bool]]) -> tuple[float, float]:
    """Give the reciprocal rank of the first target, and the share of the targets (at most ten) among the hits.

    A second hit that is one of two targets gives (0.5, 0.5).
    """
    ranks = [rank for rank, hit in enumerate(hits[:TOP], 1) if any(target(hit) for target in targets)]
    found = sum(any(target(hit) for hit in hits[:TOP]) for target in targets)
    return (1 / ranks[0] if ranks else 0.0, found / min(TOP, len(targets)))


def halved(queries: Sequence[Asked]) -> list[Asked]:
    """Deal the queries of each kind, in an order that says nothing, to the two halves by turns."""
    counts: Counter[str] = Counter()
    dealt = []
    for asked in sorted(queries, key=lambda asked: hashlib.sha256(asked.text.encode()).digest()):
        dealt.append(replace(asked, half=("chosen", "held")[counts[asked.kind] % 2]))
        counts[asked.kind] += 1
    return dealt


def measure(index: BaseIndex, queries: Sequence[Asked], rerank: str | None) -> list[dict[str, Any]]:
    """Score every way on every half of every kind."""
    scores: dict[tuple[str, str], dict[str, list[tuple[float, float]]]] = {}
    for asked in halved(queries):
        for name, hits in answers(index, asked, rerank).items():
            ways = scores.setdefault((asked.kind, asked.half), {})
            ways.setdefault(name, []).append(score(hits, asked.targets))
    return [
        {
            "queries": kind,
            "half": half,
            "n": len(pairs),
            "way": way,
            "MRR@10": round(sum(pair[0] for pair in pairs) / len(pairs), 3),
            "recall@10": round(sum(pair[1] for pair in pairs) / len(pairs), 3),
        }
        for (kind, half), ways in sorted(scores.items())
        for way, pairs in ways.items()
    ]


def main() -> None:
    """Measure, and print a table or lines of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--base", type=Path, required=True, help="where the bases are made, or were")
    parser.add_argument("--rerank", help="also with this cross-encoder, by name or path")
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    rows = []
    with arbital_base(told.data, told.base / "arbital") as index:
        rows += measure(index, [*labelled(told.data, index.record), *mechanical(index.record)], told.rerank)
    with kpa_base(told.data, told.base / "kpa") as index:
        rows += measure(index, restatements(told.data), told.rerank)
    for row in rows:
        print(json.dumps(row) if told.json else "  ".join(f"{value!s:<22}" for value in row.values()))


if __name__ == "__main__":
    main()
