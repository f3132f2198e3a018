"""The check of a base: the database, every claim's words against its utterance, the index against the record."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.record import Record
from index.store.base_index import BaseIndex
from index.store.sync import find_differences

_SHOWN = 20  # problems of one kind that are named one by one


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of everything found. No problems: record and index are sound, and agree."""

    conversations: int
    utterances: int
    claims: int
    points: int
    problems: tuple[str, ...]


def verify_base(index: BaseIndex) -> Verification:
    """Check everything; return the counts, and a line for each problem."""
    record = index.record
    problems = [*record.check(), *_find_displaced_claims(record)]
    if index.is_behind():
        problems.append("the index is behind the record; any command that asks the base brings it up to date")
    else:
        missing, extra = find_differences(record, index.vectors)
        problems += _name_problems("claim {} is not in the index; run `crosstalk reindex`", missing)
        problems += _name_problems("the index holds {}, which the record does not; run `crosstalk reindex`", extra)
    counts = record.count()
    return Verification(
        counts["conversations"], counts["utterances"], counts["claims"], index.vectors.count(), tuple(problems)
    )


def _find_displaced_claims(record: Record) -> Iterator[str]:
    for conversation_id in record.list_conversations():
        conversation = record.get_conversation(conversation_id)
        texts = {utterance.id: utterance.text for utterance in conversation.utterances}
        for claim in record.list_claims_of(conversation_id):
            if texts.get(claim.utterance_id, "")[claim.start : claim.end] != claim.text:
                yield f"claim {claim.id} does not stand word for word in {claim.utterance_id}"


def _name_problems(form: str, ids: set[str]) -> list[str]:
    lines = [form.format(id_) for id_ in sorted(ids)[:_SHOWN]]
    if len(ids) > _SHOWN:
        lines.append(form.format(f"(and {len(ids) - _SHOWN:,} more)"))
    return lines
