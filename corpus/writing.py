"""The steps of writing one conversation into the record, and of reading its rows, within one transaction."""

# pyright: standard

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from corpus import tables
from corpus.errors import DuplicateId
from corpus.merge import Reading, reduce_to_letters
from corpus.model import Claim, Conversation, Definition, Quotation, Sentence, Speaker, Status
from corpus.rows import make_claim_row, make_definition_row, make_quotation_row, make_sentence_rows
from corpus.serialization import from_bytes, to_bytes, to_micros

CHUNK = 500  # ids in one IN (...): below every database's limit of bound parameters


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read out of a conversation."""

    claims: tuple[Claim, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    definitions: tuple[Definition, ...] = ()
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows of a kind a change touched."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.removed + other.removed,
        )


def read_fact(connection: Connection, name: str) -> str | None:
    """Return one fact of the record."""
    return connection.scalar(select(tables.facts.c.value).where(tables.facts.c.name == name))


def advance_generation(connection: Connection) -> int:
    """Raise the generation, and give it."""
    generation = int(read_fact(connection, "generation") or 0) + 1
    connection.execute(update(tables.facts).where(tables.facts.c.name == "generation").values(value=str(generation)))
    return generation


def find_head(connection: Connection, conversation_id: str) -> RowMapping | None:
    """Return the row of a conversation, if it is there."""
    query = select(tables.conversations).where(tables.conversations.c.id == conversation_id)
    return connection.execute(query).mappings().first()


def read_readings(connection: Connection, conversation_id: str) -> list[Reading]:
    """Return the latest reading of a conversation by each source."""
    table = tables.readings
    rows = connection.execute(select(table).where(table.c.conversation_id == conversation_id)).mappings()
    return [Reading(row["source"], row["rank"], row["digest"], from_bytes(row["body"])) for row in rows]


def replace_reading(connection: Connection, reading: Reading) -> None:
    """Put a reading in the place of the one before."""
    table, id_ = tables.readings, reading.conversation.id
    connection.execute(delete(table).where(table.c.conversation_id == id_, table.c.source == reading.source))
    connection.execute(
        insert(table).values(
            conversation_id=id_,
            source=reading.source,
            rank=reading.rank,
            digest=reading.digest,
            body=to_bytes(reading.conversation),
        )
    )


def refuse_strangers(reading: Conversation, source: str, known: Iterable[Reading]) -> None:
    """Refuse a bare id ("198") that another source has given to a conversation with no utterance in common.

    Ids that name their site are the same everywhere; bare ones may mean different things in two corpora.
    """
    if ":" in reading.id:
        return
    words = {reduce_to_letters(utterance.text) for utterance in reading.utterances}
    for other in known:
        if other.source != source and words.isdisjoint(
            reduce_to_letters(u.text) for u in other.conversation.utterances
        ):
            raise DuplicateId(
                f"{reading.id}: another conversation with this id came from {other.source}; "
                "keep this source in a base of its own (--kb)"
            )


def refuse_taken(connection: Connection, conversation: Conversation) -> None:
    """Refuse utterance ids that another conversation holds: one of the two would be lost."""
    table = tables.utterances
    ids = [utterance.id for utterance in conversation.utterances]
    for start in range(0, len(ids), CHUNK):
        query = select(table.c.id, table.c.conversation_id).where(
            table.c.id.in_(ids[start : start + CHUNK]), table.c.conversation_id != conversation.id
        )
        taken = connection.execute(query).first()
        if taken is not None:
            raise DuplicateId(f"{conversation.id}: utterance {taken.id} already stands in {taken.conversation_id}")


def keep_speakers(connection: Connection, conversation: Conversation, extraction: Extraction, rank: int) -> None:
    """Insert or rename speakers. The name of the richest, then the latest, reading wins, whatever came first."""
    table = tables.speakers
    seen: dict[str, tuple[int, int, Speaker]] = {}
    for utterance in conversation.utterances:
        if utterance.speaker is not None:
            key = (rank, to_micros(utterance.posted_at) or 0, utterance.speaker)
            held = seen.get(utterance.speaker.id)
            if held is None or (key[1], key[2].name) > (held[1], held[2].name):
                seen[utterance.speaker.id] = key
    quoted = [s for claim in extraction.claims for s in (claim.speaker, claim.quoted_by)]
    quoted += [quotation.speaker for quotation in extraction.quotations]
    for speaker in quoted:
        if speaker is not None:
            seen.setdefault(speaker.id, (-1, 0, speaker))
    known = {}
    for part in split_ids(list(seen)):
        rows = connection.execute(select(table).where(table.c.id.in_(part))).mappings()
        known.update({row["id"]: (row["rank"], row["seen"], row["name"]) for row in rows})
    for id_, (its_rank, at, speaker) in seen.items():
        values = {"name": speaker.name, "site": speaker.site, "url": speaker.url, "rank": its_rank, "seen": at}
        if id_ not in known:
            connection.execute(insert(table).values(id=id_, **values))
        elif (its_rank, at, speaker.name) > known[id_]:
            connection.execute(update(table).where(table.c.id == id_).values(**values))


def find_speakers(connection: Connection, ids: Iterable[str | None]) -> dict[str, Speaker]:
    """Return the speakers that are there, by id."""
    wanted = list({id_ for id_ in ids if id_ is not None})
    table = tables.speakers
    found: dict[str, Speaker] = {}
    for part in split_ids(wanted):
        for row in connection.execute(select(table).where(table.c.id.in_(part))).mappings():
            found[row["id"]] = Speaker(row["id"], row["name"], row["site"], row["url"])
    return found


def split_ids(ids: list[str]) -> Iterator[list[str]]:
    """Cut ids into lists that fit one query."""
    yield from (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def select_rows(connection: Connection, table: Any, conversation_id: str, *order: Any) -> Sequence[Any]:
    """Return the rows of a conversation."""
    query = select(table).where(table.c.conversation_id == conversation_id).order_by(*order)
    return connection.execute(query).mappings().all()


def count_rows(connection: Connection, table: Any, conversation_id: str) -> int:
    """Count the rows of a conversation."""
    query = select(func.count()).select_from(table).where(table.c.conversation_id == conversation_id)
    return connection.scalar(query) or 0


def insert_rows(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows, if there are any."""
    if rows:
        connection.execute(insert(table), rows)


def count_readable(conversation: Conversation) -> int:
    """Count the utterances that can still be read."""
    return sum(utterance.status is not Status.DELETED for utterance in conversation.utterances)


def put_extraction(connection: Connection, conversation_id: str, extraction: Extraction) -> Changes:
    """Put what was read out of a conversation in the place of what was read before; returns what changed of claims."""
    table = tables.claims
    held = connection.execute(select(table).where(table.c.conversation_id == conversation_id)).mappings()
    before = {row["id"]: dict(row) for row in held}
    rows = [make_claim_row(place, conversation_id, claim) for place, claim in enumerate(extraction.claims)]
    for part in (tables.sentences, tables.definitions, tables.quotations, tables.claims):
        connection.execute(delete(part).where(part.c.conversation_id == conversation_id))
    insert_rows(connection, tables.claims, rows)
    insert_rows(connection, tables.quotations, [make_quotation_row(conversation_id, q) for q in extraction.quotations])
    insert_rows(
        connection, tables.definitions, [make_definition_row(conversation_id, d) for d in extraction.definitions]
    )
    insert_rows(connection, tables.sentences, make_sentence_rows(conversation_id, extraction.sentences))
    return _difference(before, rows)


def _difference(before: dict[str, dict[str, Any]], rows: list[dict[str, Any]]) -> Changes:
    """Compare claims by id; a claim that only moved within its conversation counts as unchanged."""
    added = changed = unchanged = 0
    for row in rows:
        old = before.get(row["id"])
        if old is None:
            added += 1
        elif {**old, "place": row["place"]} == row:
            unchanged += 1
        else:
            changed += 1
    present = {row["id"] for row in rows}
    return Changes(added, changed, unchanged, sum(id_ not in present for id_ in before))
