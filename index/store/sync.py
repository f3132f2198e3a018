"""From the record into the store: what changed, embedded in large batches, committed batch by batch.

What is to be done is always the difference between the record and what the store really holds, conversation by
conversation. So it does not matter where an earlier run was killed: nothing is lost, nothing is there twice.
"""

# pyright: standard

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from corpus.model import Claim, Utterance
from corpus.record import Record
from index.encoding.bm25 import Bm25
from index.encoding.sentence_encoder import Encoder, Progress
from index.store.points import NO, UNDATED, UNSEEN, YES, Condition, Payload, Point, Vectors, Where, scroll_all
from index.text_keys import compute_short_hash, make_fold_key, make_wording_key, reduce_to_words

BATCH = 4_096  # claims embedded and committed together


@dataclass(slots=True)
class _Batch:
    """What one batch will do. `generation` is the record's that the index holds in full once it is done."""

    generation: int
    embed: dict[str, tuple[Claim, Payload]] = field(default_factory=dict)
    describe: dict[str, Payload] = field(default_factory=dict)
    delete: list[str] = field(default_factory=list)
    known: dict[str, np.ndarray] = field(default_factory=dict)  # vectors, by what was embedded
    claims: int = 0


def sync_index(
    record: Record,
    vectors: Vectors,
    encoder: Encoder,
    bm25: Bm25,
    since: int,
    commit: Callable[[int], None],
    progress: Progress | None = None,
) -> int:
    """Bring the store up to date with what the record changed after generation `since`.

    Calls `commit(generation)` whenever the store holds all up to that generation, on disk. Gives the number of points
    that were written or deleted. `progress` is told (done, total) in claims.
    """
    changed = list(record.list_changed_since(since))
    if not changed:
        return 0
    sizes = _Progress(progress, record.count_claims_since(since))
    touched = 0
    for work in _batches(record, vectors, changed, since):
        _write_batch(work, vectors, encoder, bm25, sizes)
        vectors.flush()
        commit(work.generation)
        touched += len(work.embed) + len(work.describe) + len(work.delete)
    return touched


def _batches(record: Record, vectors: Vectors, changed: list[tuple[int, str]], since: int) -> Iterator[_Batch]:
    work = _Batch(since)
    for generation, conversation_id in changed:
        _plan_conversation(work, record, vectors, conversation_id)
        work.generation = generation
        if len(work.embed) >= BATCH or work.claims >= 8 * BATCH:
            yield work
            work = _Batch(generation)
    yield work


def _plan_conversation(work: _Batch, record: Record, vectors: Vectors, conversation_id: str) -> None:
    """Compare one conversation with what the store holds of it."""
    claims = record.list_claims_of(conversation_id)
    utterances = record.get_utterances({claim.utterance_id for claim in claims})
    heading = record.get_headings([conversation_id]).get(conversation_id)
    site = heading.site if heading else None
    of_this = Where((Condition("conversation", (conversation_id,)),))
    stored = {point.id: point.payload for point in scroll_all(vectors, of_this)}
    unknown: dict[str, tuple[Claim, Payload]] = {}
    for claim in claims:
        if claim.utterance_id not in utterances:
            continue  # gone since the claims were read; that change is listed under its own generation
        payload = make_payload(claim, utterances[claim.utterance_id], site)
        before = stored.get(claim.id)
        if before is None or before.get("words") != payload["words"]:
            unknown[claim.id] = (claim, payload)
        elif before != {name: value for name, value in payload.items() if name not in UNSEEN}:
            work.describe[claim.id] = payload
    gone = sorted(stored.keys() - {claim.id for claim in claims})
    work.known.update(_vectors_of_moved(vectors, {stored[id_].get("words"): id_ for id_ in gone}, unknown))
    work.embed.update(unknown)
    work.delete.extend(gone)
    work.claims += len(claims)


def _vectors_of_moved(
    vectors: Vectors, gone: dict[Any, str], unknown: dict[str, tuple[Claim, Payload]]
) -> dict[str, np.ndarray]:
    """Return the vectors of words that only moved, by what was embedded: an edit moves all that follows."""
    moved = {payload["words"]: gone[payload["words"]] for _, payload in unknown.values() if payload["words"] in gone}
    dense = vectors.get_dense(sorted(moved.values())) if moved else {}
    return {words: dense[id_] for words, id_ in moved.items() if id_ in dense}


def _write_batch(work: _Batch, vectors: Vectors, encoder: Encoder, bm25: Bm25, progress: "_Progress") -> None:
    vectors.delete(work.delete)
    vectors.replace_payloads(work.describe)
    progress.begin(work)
    pending = list(work.embed.values())
    for start in range(0, len(pending), BATCH):
        part = pending[start : start + BATCH]
        texts = {
            payload["words"]: claim.standalone or claim.text
            for claim, payload in part
            if payload["words"] not in work.known
        }
        dense = dict(zip(texts, encoder.encode(list(texts.values()), progress.report_embedding(start)), strict=True))
        dense.update(work.known)
        vectors.upsert(
            [
                Point(claim.id, dense[payload["words"]], bm25.weigh_claim(claim.text, claim.standalone), payload)
                for claim, payload in part
            ]
        )
    progress.end(work)


def make_payload(claim: Claim, utterance: Utterance, site: str | None) -> dict[str, Any]:
    """Return the fields of a claim that filters, facets and folding need. `words` names what was embedded."""
    speaker = claim.speaker.id if claim.speaker else None
    posted_at = _epoch_seconds(utterance.posted_at)
    fields: dict[str, Any] = {
        "conversation": utterance.conversation_id,
        "utterance": utterance.id,
        "speaker": speaker,
        "site": site,
        "kind": claim.kind.value,
        "attribution": claim.attribution.value,
        "retracted": YES if claim.retracted else NO,
        "shown": YES if claim.shown else NO,
        "posted_at": posted_at if posted_at != UNDATED else None,
        "newest": posted_at,
        "says": make_wording_key(claim.text),
        "said": reduce_to_words(claim.text),
        "uses": reduce_to_words(claim.standalone or claim.text),
        "fold": make_fold_key(claim.text, speaker, claim.quoted_by.id if claim.quoted_by else None),
        "words": compute_short_hash(f"{claim.text}\x1f{claim.standalone}"),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _epoch_seconds(moment: datetime | None) -> int:
    """Return whole seconds since 1970, `UNDATED` where there is no time."""
    return int(moment.timestamp() // 1) if moment else UNDATED


class _Progress:
    """Tell done and total in claims; the total grows with what is written meanwhile."""

    def __init__(self, report: Progress | None, total: int) -> None:
        self._report = report
        self._done = 0
        self._total = total

    def begin(self, work: _Batch) -> None:
        self._total = max(self._total, self._done + work.claims)

    def report_embedding(self, before: int) -> Progress | None:
        if self._report is None:
            return None
        report, done = self._report, self._done

        def tell(part: int, _: int) -> None:
            report(min(done + before + part, self._total), self._total)

        return tell

    def end(self, work: _Batch) -> None:
        self._done += work.claims
        if self._report is not None:
            self._report(self._done, max(self._total, self._done))


def find_differences(record: Record, vectors: Vectors) -> tuple[set[str], set[str]]:
    """Return the ids of claims that the store lacks, and of points that the record lacks."""
    claims = {claim.id for conversation in record.list_conversations() for claim in record.list_claims_of(conversation)}
    points = {point.id for point in scroll_all(vectors)}
    return claims - points, points - claims
