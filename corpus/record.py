"""The system of record: what every source said, the conversations merged from it, and their claims. SQL, one truth.

Everything else (vectors, terms, clusters) is derived and may be deleted. One transaction is one conversation: after
a crash a conversation is there whole or not at all. Every change raises the record's `generation`; whoever derives
something from the record asks `list_changed_since` the generation that it has seen.
"""

# pyright: standard

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

import orjson
from sqlalchemy import URL, Connection, Engine, delete, func, insert, or_, select, update
from sqlalchemy.exc import DatabaseError, DBAPIError

from corpus import tables
from corpus.engine import make_engine
from corpus.errors import BrokenRecord, NotFound, RecordError
from corpus.merge import Reading, carry_vanished, merge_readings
from corpus.migrations import SCHEMA_VERSION, prepare_schema, read_schema, refuse_newer
from corpus.model import Claim, Conversation, Definition, Heading, Quotation, Speaker, Status, Utterance
from corpus.rows import (
    make_claim,
    make_definition,
    make_quotation,
    make_utterance,
    make_utterance_row,
    read_spans,
)
from corpus.serialization import compute_digest, from_micros
from corpus.writing import (
    CHUNK,
    Changes,
    Extraction,
    advance_generation,
    count_readable,
    count_rows,
    find_head,
    find_speakers,
    insert_rows,
    keep_speakers,
    put_extraction,
    read_fact,
    read_readings,
    refuse_strangers,
    refuse_taken,
    replace_reading,
    select_rows,
)

Extract = Callable[[Conversation], Extraction]


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing one reading did. `get_utterances` counts those of the conversation that can be read."""

    conversation_id: str
    utterances: int
    claims: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """A speaker with what the record holds. `get_claims`: own and reported; `quoted`: quoted from them by others."""

    speaker: Speaker
    utterances: int
    claims: int
    quoted: int
    conversations: int
    first: datetime | None
    last: datetime | None


class Record:
    """A SQLite file (WAL, every commit on disk) or a PostgreSQL database. Use as a context manager, or `close()`."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.name = name

    @classmethod
    def open(cls, location: str | Path, *, read_only: bool = False) -> Self:
        """Open a record, made if it is not there. `location` is a file or a SQLAlchemy URL.

        One that an older program made is brought up to date first, also where it will only be read. Raises
        `BrokenRecord` for a file that is something else, `WrongVersion` for a record that a newer program made,
        `NotFound` for a missing file when `read_only`.
        """
        url = str(location)
        is_file = isinstance(location, Path) or "://" not in url
        if is_file and read_only and not Path(url).exists():
            raise NotFound(f"there is no record at {url}; make one with `crosstalk ingest SOURCE`")
        # Absolute, because SQLAlchemy takes a file named "file:…" for an address with options in it.
        address = URL.create("sqlite", database=str(Path(url).absolute())) if is_file else url
        record = cls(make_engine(address, read_only), url)
        try:
            if not record._prepare(read_only):
                cls.open(location).close()
        except BaseException:
            record.close()
            raise
        return record

    def _prepare(self, read_only: bool) -> bool:
        """Tell whether the record is ready, once made or migrated; one opened to be read can be neither."""
        with self._named_errors():
            if not read_only:
                prepare_schema(self._engine, self.name)
                return True
            with self._engine.connect() as connection:
                schema = read_schema(connection)
        refuse_newer(schema or 0, self.name)
        return schema == SCHEMA_VERSION

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """Say which record a database error is about, in one line."""
        try:
            yield
        except DBAPIError as problem:
            cause = str(problem.orig).splitlines()[0]
            if isinstance(problem, DatabaseError) and ("malformed" in cause or "not a database" in cause):
                raise BrokenRecord(f"{self.name}: damaged, or not a Crosstalk record ({cause})") from problem
            raise RecordError(f"{self.name}: {cause}") from problem

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._named_errors(), self._engine.connect() as connection:
            yield connection

    # ---- writing -------------------------------------------------------------------------------------------------

    def store(self, reading: Conversation, *, source: str, rank: int, extract: Extract, extractor: str = "") -> Stored:
        """Keep what `source` says of a conversation, and what `extract` reads out of the merged conversation.

        Nothing is written where nothing changed. `extractor` names the version of `extract`: another version reads
        everything anew. Raises `DuplicateId` where the id belongs to something else, and what `extract` raises; the
        record is then as before.
        """
        said = compute_digest(reading)
        with self._named_errors(), self._engine.begin() as connection:
            known = {known.source: known for known in read_readings(connection, reading.id)}
            head = find_head(connection, reading.id)
            refuse_strangers(reading, source, known.values())
            before = known.get(source)
            if before is None or before.digest != said or before.rank != rank:
                kept = carry_vanished(before.conversation, reading) if before else reading
                known[source] = Reading(source, rank, said, kept)
                replace_reading(connection, known[source])
            elif head is not None and head["extractor"] == extractor:
                unchanged = count_rows(connection, tables.claims, reading.id)
                return Stored(reading.id, count_readable(before.conversation), Changes(unchanged=unchanged))
            conversation = merge_readings(known.values())
            return self._write(connection, conversation, rank, extract, extractor, head)

    def has_reading(self, reading: Conversation, *, source: str, rank: int, extractor: str) -> bool:
        """Tell whether `store` would find that nothing changed."""
        table, heads = tables.readings, tables.conversations
        query = (
            select(table.c.digest, table.c.rank, heads.c.extractor)
            .join_from(table, heads, heads.c.id == table.c.conversation_id)
            .where(table.c.conversation_id == reading.id, table.c.source == source)
        )
        with self._reading() as connection:
            row = connection.execute(query).first()
        return row is not None and tuple(row) == (compute_digest(reading), rank, extractor)

    def _write(
        self, connection: Connection, conversation: Conversation, rank: int, extract: Extract, extractor: str, head: Any
    ) -> Stored:
        merged = compute_digest(conversation)
        if head is not None and head["digest"] == merged and head["extractor"] == extractor:
            unchanged = count_rows(connection, tables.claims, conversation.id)
            return Stored(conversation.id, count_readable(conversation), Changes(unchanged=unchanged))
        extraction = extract(conversation)
        refuse_taken(connection, conversation)
        keep_speakers(connection, conversation, extraction, rank)
        connection.execute(delete(tables.utterances).where(tables.utterances.c.conversation_id == conversation.id))
        insert_rows(
            connection, tables.utterances, [make_utterance_row(i, u) for i, u in enumerate(conversation.utterances)]
        )
        connection.execute(delete(tables.conversations).where(tables.conversations.c.id == conversation.id))
        connection.execute(
            insert(tables.conversations).values(
                id=conversation.id,
                title=conversation.title,
                site=conversation.site,
                url=conversation.url,
                meta=orjson.dumps(dict(conversation.meta)).decode(),
                digest=merged,
                extractor=extractor,
                generation=advance_generation(connection),
            )
        )
        return Stored(
            conversation.id, count_readable(conversation), put_extraction(connection, conversation.id, extraction)
        )

    def list_outdated(self, extractor: str) -> list[str]:
        """Return the ids of the conversations that another version than `extractor` read out, in order of id."""
        table = tables.conversations
        with self._reading() as connection:
            return list(
                connection.scalars(select(table.c.id).where(table.c.extractor != extractor).order_by(table.c.id))
            )

    def merge_readings(self, conversation_id: str) -> Conversation:
        """Return a conversation as its readings say now, from which it can be stored again. Raises `NotFound`."""
        with self._reading() as connection:
            readings = read_readings(connection, conversation_id)
        return merge_readings(readings) if readings else _not_found("conversation", conversation_id)

    def renew(self, conversation_id: str, *, extract: Extract, extractor: str) -> Changes:
        """Store a conversation again from its readings, as `extract` reads it now.

        Where `extractor` has read it already, nothing is done. Raises what `extract` raises; the record is then as
        before.
        """
        with self._named_errors(), self._engine.begin() as connection:
            readings = read_readings(connection, conversation_id)
            if not readings:
                return Changes()
            head = find_head(connection, conversation_id)
            rank = max(reading.rank for reading in readings)
            return self._write(connection, merge_readings(readings), rank, extract, extractor, head).claims

    def rewrite(self, conversation: Conversation, extraction: Extraction) -> Changes:
        """Put another extraction of a stored conversation in the place of the one before."""
        with self._named_errors(), self._engine.begin() as connection:
            keep_speakers(connection, conversation, extraction, rank=-1)
            table = tables.conversations
            connection.execute(
                update(table).where(table.c.id == conversation.id).values(generation=advance_generation(connection))
            )
            return put_extraction(connection, conversation.id, extraction)

    def get_seen_generation(self, pass_name: str) -> int:
        """Return the generation up to which a pass over the whole record was completed; 0 if never."""
        with self._reading() as connection:
            return int(read_fact(connection, f"seen:{pass_name}") or 0)

    def mark_seen(self, pass_name: str, generation: int) -> None:
        """Note that a pass over the whole record was completed for `generation`."""
        table, name = tables.facts, f"seen:{pass_name}"
        with self._named_errors(), self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.name == name))
            connection.execute(insert(table).values(name=name, value=str(generation)))

    def mark_vanished(self, source: str, *, kept: Iterable[str], extract: Extract, extractor: str = "") -> Changes:
        """Mark as deleted the conversations that `source` held at its last reading and no longer holds.

        `kept` are the ids of those it holds now. Call it only when the whole source was read without a failure.
        """
        keep = set(kept)
        with self._reading() as connection:
            held = connection.scalars(
                select(tables.readings.c.conversation_id).where(tables.readings.c.source == source)
            ).all()
        changes = Changes()
        for conversation_id in sorted(set(held) - keep):
            with self._reading() as connection:
                before = next(r for r in read_readings(connection, conversation_id) if r.source == source)
            if any(utterance.status is not Status.DELETED for utterance in before.conversation.utterances):
                empty = replace(before.conversation, utterances=())
                stored = self.store(empty, source=source, rank=before.rank, extract=extract, extractor=extractor)
                changes += stored.claims
        return changes

    # ---- reading -------------------------------------------------------------------------------------------------

    @property
    def generation(self) -> int:
        """Count the changes so far."""
        with self._reading() as connection:
            return int(read_fact(connection, "generation") or 0)

    def list_changed_since(self, generation: int) -> Iterator[tuple[int, str]]:
        """Yield (generation, conversation id) of what was written after `generation`, oldest first."""
        query = (
            select(tables.conversations.c.generation, tables.conversations.c.id)
            .where(tables.conversations.c.generation > generation)
            .order_by(tables.conversations.c.generation)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        yield from ((row.generation, row.id) for row in rows)

    def count_claims_since(self, generation: int) -> int:
        """Count the claims of the conversations that were written after `generation`."""
        where = tables.conversations.c.generation > generation
        joined = tables.claims.join(tables.conversations, tables.claims.c.conversation_id == tables.conversations.c.id)
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(joined).where(where)) or 0

    def list_conversations(self) -> Iterator[str]:
        """Yield the ids of all conversations, in order of id."""
        with self._reading() as connection:
            ids = connection.scalars(select(tables.conversations.c.id).order_by(tables.conversations.c.id)).all()
        yield from ids

    def get_heading(self, conversation_id: str) -> Heading:
        """Return the heading of a conversation. Raises `NotFound`."""
        return self.get_headings([conversation_id]).get(conversation_id) or _not_found("conversation", conversation_id)

    def get_headings(self, ids: Iterable[str]) -> dict[str, Heading]:
        """Return the headings of the conversations that are there, by id."""
        table = tables.conversations
        query = select(table.c.id, table.c.title, table.c.url, table.c.site)
        return {row["id"]: Heading(**row) for row in self._by_id(query, table, ids)}

    def get_conversation(self, conversation_id: str) -> Conversation:
        """Return a conversation whole. Raises `NotFound`."""
        with self._reading() as connection:
            head = find_head(connection, conversation_id)
            if head is None:
                _not_found("conversation", conversation_id)
            rows = select_rows(connection, tables.utterances, conversation_id, tables.utterances.c.place)
            speakers = find_speakers(connection, (row["speaker_id"] for row in rows))
        return Conversation(
            id=head["id"],
            title=head["title"],
            site=head["site"],
            url=head["url"],
            meta=orjson.loads(head["meta"]),
            utterances=tuple(make_utterance(row, speakers) for row in rows),
        )

    def get_utterances(self, ids: Iterable[str]) -> dict[str, Utterance]:
        """Return the utterances that are there, by id."""
        rows = self._by_id(select(tables.utterances), tables.utterances, ids)
        with self._reading() as connection:
            speakers = find_speakers(connection, (row["speaker_id"] for row in rows))
        return {row["id"]: make_utterance(row, speakers) for row in rows}

    def get_claim(self, claim_id: str) -> Claim:
        """Return one claim. Raises `NotFound`."""
        return self.get_claims([claim_id]).get(claim_id) or _not_found("claim", claim_id)

    def get_claims(self, ids: Iterable[str]) -> dict[str, Claim]:
        """Return the claims that are there, by id."""
        return {claim.id: claim for claim in self._claims(self._by_id(select(tables.claims), tables.claims, ids))}

    def list_claims_of(self, conversation_id: str) -> list[Claim]:
        """Return the claims of a conversation, in order of place."""
        with self._reading() as connection:
            rows = select_rows(connection, tables.claims, conversation_id, tables.claims.c.place)
        return self._claims(rows)

    def _claims(self, rows: Sequence[Any]) -> list[Claim]:
        with self._reading() as connection:
            ids = [id_ for row in rows for id_ in (row["speaker_id"], row["quoted_by_id"])]
            speakers = find_speakers(connection, ids)
        return [make_claim(row, speakers) for row in rows]

    def list_quotations_of(self, conversation_id: str) -> list[Quotation]:
        """Return the quotations found in a conversation, in order of utterance id and place."""
        table = tables.quotations
        with self._reading() as connection:
            rows = select_rows(connection, table, conversation_id, table.c.utterance_id, table.c.start)
            speakers = find_speakers(connection, (row["speaker_id"] for row in rows))
        return [make_quotation(row, speakers) for row in rows]

    def list_quoting_elsewhere(self) -> list[str]:
        """Return the ids of conversations that quote what they do not hold: nobody knows whom, or another thread."""
        table, source = tables.quotations, tables.utterances
        query = (
            select(table.c.conversation_id)
            .outerjoin_from(table, source, source.c.id == table.c.source_utterance_id)
            .where(or_(source.c.id.is_(None), source.c.conversation_id != table.c.conversation_id))
            .distinct()
            .order_by(table.c.conversation_id)
        )
        with self._reading() as connection:
            return list(connection.scalars(query).all())

    def list_definitions_of(self, conversation_id: str) -> list[Definition]:
        """Return the definitions found in a conversation, in order of utterance id and place."""
        table = tables.definitions
        with self._reading() as connection:
            rows = select_rows(connection, table, conversation_id, table.c.utterance_id, table.c.start)
            speakers = find_speakers(connection, (row["speaker_id"] for row in rows))
        return [make_definition(row, speakers) for row in rows]

    def get_sentences_of(self, conversation_id: str) -> dict[str, tuple[tuple[int, int], ...]]:
        """Return where the sentences of a conversation stand: utterance id → (start, end) of each, in order.

        An utterance that says nothing (deleted, or all code) is not among the keys; nor is any of a conversation that
        was read before sentences were kept.
        """
        with self._reading() as connection:
            rows = select_rows(connection, tables.sentences, conversation_id, tables.sentences.c.utterance_id)
        return {row["utterance_id"]: read_spans(row["spans"]) for row in rows}

    def get_sentences(self, utterance_ids: Iterable[str]) -> dict[str, tuple[tuple[int, int], ...]]:
        """Return where the sentences of the given utterances stand, as `get_sentences_of` does for a conversation."""
        query = select(tables.sentences.c.utterance_id, tables.sentences.c.spans)
        rows = self._by_id(query, tables.sentences, utterance_ids, "utterance_id")
        return {row["utterance_id"]: read_spans(row["spans"]) for row in rows}

    def list_claims_by(self, speaker_ids: Iterable[str]) -> list[Claim]:
        """Return what these people claimed, own and reported, in order of utterance and place."""
        rows = self._by_id(select(tables.claims), tables.claims, speaker_ids, "speaker_id")
        said = [row for row in rows if row["attribution"] != "quoted"]
        return self._claims(sorted(said, key=lambda row: (row["utterance_id"], row["place"])))

    def list_definitions_by(self, speaker_ids: Iterable[str]) -> list[Definition]:
        """Return the definitions that these people gave, disputed or asked for, in order of utterance and place."""
        rows = self._by_id(select(tables.definitions), tables.definitions, speaker_ids, "speaker_id")
        with self._reading() as connection:
            speakers = find_speakers(connection, (row["speaker_id"] for row in rows))
        return [
            make_definition(row, speakers) for row in sorted(rows, key=lambda row: (row["utterance_id"], row["start"]))
        ]

    def list_exchanges_of(self, speaker_ids: Iterable[str]) -> list[tuple[Utterance, Utterance]]:
        """Return (reply, what it answers) where one of the two is by these people and the other by somebody else.

        Oldest reply first; deleted ones are left out.
        """
        reply, answered = tables.utterances.alias(), tables.utterances.alias()
        ids = list(speaker_ids)
        query = (
            select(reply.c.id, answered.c.id)
            .join_from(reply, answered, answered.c.id == reply.c.reply_to)
            .where(
                or_(reply.c.speaker_id.in_(ids), answered.c.speaker_id.in_(ids)),
                reply.c.speaker_id != answered.c.speaker_id,
                reply.c.status != Status.DELETED.value,
            )
            .order_by(reply.c.posted_at, reply.c.id)
        )
        with self._reading() as connection:
            pairs = [tuple(row) for row in connection.execute(query)]
        utterances = self.get_utterances({id_ for pair in pairs for id_ in pair})
        return [(utterances[one], utterances[other]) for one, other in pairs if {one, other} <= utterances.keys()]

    def list_speakers(self) -> list[SpeakerCount]:
        """Return everybody who wrote or was quoted, in order of id, with counts."""
        wrote, claims = tables.utterances, tables.claims
        said = (
            select(
                wrote.c.speaker_id.label("id"),
                func.count().label("utterances"),
                func.count(wrote.c.conversation_id.distinct()).label("conversations"),
                func.min(wrote.c.posted_at).label("first"),
                func.max(wrote.c.posted_at).label("last"),
            )
            .where(wrote.c.speaker_id.is_not(None), wrote.c.status != Status.DELETED.value)
            .group_by(wrote.c.speaker_id)
        )
        claimed = (
            select(claims.c.speaker_id.label("id"), (claims.c.attribution == "quoted").label("quoted"), func.count())
            .where(claims.c.speaker_id.is_not(None))
            .group_by(claims.c.speaker_id, claims.c.attribution == "quoted")
        )
        with self._reading() as connection:
            utterances = {row["id"]: row for row in connection.execute(said).mappings()}
            counts = {(row[0], bool(row[1])): row[2] for row in connection.execute(claimed)}
            ids = sorted({*utterances, *(id_ for id_, _ in counts)})
            speakers = find_speakers(connection, ids)
        return [
            SpeakerCount(
                speaker=speakers[id_],
                utterances=row["utterances"] if row else 0,
                claims=counts.get((id_, False), 0),
                quoted=counts.get((id_, True), 0),
                conversations=row["conversations"] if row else 0,
                first=from_micros(row["first"]) if row else None,
                last=from_micros(row["last"]) if row else None,
            )
            for id_ in ids
            for row in [utterances.get(id_)]
        ]

    def count(self) -> dict[str, int]:
        """Count conversations, utterances that can be read, claims and speakers who wrote."""
        readable = tables.utterances.c.status != Status.DELETED.value
        with self._reading() as connection:
            ask = connection.scalar
            utterances = tables.utterances
            return {
                "conversations": ask(select(func.count(utterances.c.conversation_id.distinct())).where(readable)) or 0,
                "utterances": ask(select(func.count()).select_from(utterances).where(readable)) or 0,
                "claims": ask(select(func.count()).select_from(tables.claims)) or 0,
                "speakers": ask(select(func.count(utterances.c.speaker_id.distinct())).where(readable)) or 0,
            }

    def check(self) -> list[str]:
        """Return the damage that the database knows of, a line each; none means sound."""
        if self._engine.dialect.name != "sqlite":
            return []
        with self._reading() as connection:
            lines = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        return [f"{self.name}: {line}" for line in lines if line != "ok"]

    def _by_id(self, query: Any, table: Any, ids: Iterable[str], column: str = "id") -> list[Any]:
        wanted = list(dict.fromkeys(ids))
        rows: list[Any] = []
        with self._reading() as connection:
            for start in range(0, len(wanted), CHUNK):
                part = query.where(table.c[column].in_(wanted[start : start + CHUNK]))
                rows.extend(connection.execute(part).mappings())
        return rows


def _not_found(what: str, id_: str) -> NoReturn:
    raise NotFound(f"there is no {what} {id_!r} in this base")


__all__ = ["Changes", "Extract", "Extraction", "Record", "SpeakerCount", "Stored"]
