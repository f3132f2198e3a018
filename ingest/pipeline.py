"""The way through, in one readable function: sources → conversations → quotations → claims → record."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import BinaryIO

from corpus.errors import Malformed, SourceError
from corpus.model import Conversation, Quotation
from corpus.record import Changes, Extract, Extraction, Record
from ingest.blocks import blocks
from ingest.claims.claims import claims, mark_retracted
from ingest.definitions import definitions
from ingest.epistemic.retraction import retracted_spans, retractions
from ingest.quotations import Shelf, resolve
from ingest.sources import gather, load
from ingest.sources.source import Failure, Hints, Loaded, Source
from ingest.workers import in_order

# Raise it when the same conversation would yield other claims than before: stored ones are then read again.
EXTRACTOR = "8"

_ACROSS = "quotations"
_WORTH_WORKERS = 300_000  # characters; fewer are read sooner than a second process has started

Progress = Callable[[str, int, int], None]
"""Called after each stored conversation with (source name, conversations so far, utterances so far)."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did. `conversations` and `utterances` count what was read, `claims` what changed."""

    conversations: int = 0
    utterances: int = 0
    claims: Changes = field(default_factory=Changes)
    failed: tuple[Failure, ...] = ()
    seconds: float = 0.0


def extract(conversation: Conversation) -> Extraction:
    """Read a conversation: whose words, which claims. Pure: the same conversation gives the same extraction."""
    return _read(conversation, resolve(conversation))


def _read(conversation: Conversation, quotations: tuple[Quotation, ...], of: Set[str] | None = None) -> Extraction:
    """Read out claims and definitions, `of` some utterances or of all.

    A fault of our own is named too: one thread must not cost the others.
    """
    try:
        return _read_out(conversation, quotations, of)
    except (ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError) as fault:
        raise Malformed(
            f"{conversation.id}: cannot be read out ({type(fault).__name__}: {str(fault)[:200]}); please report it"
        ) from fault


def _read_out(conversation: Conversation, quotations: tuple[Quotation, ...], of: Set[str] | None = None) -> Extraction:
    read = list(blocks(conversation, of))
    found = mark_retracted(claims(conversation, quotations, read), retracted_spans(retractions(conversation)))
    return Extraction(found, quotations, definitions(conversation, read, found))


def ingest(
    arguments: Sequence[str],
    record: Record,
    hints: Hints,
    *,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read sources into the record, each conversation in a transaction of its own.

    `arguments` are files, folders, addresses or "-". What cannot be read is in `Report.failed`, by name, and the rest
    goes on. Reading the same again changes nothing; a source read whole that lost a conversation marks it deleted.
    """
    began = time.monotonic()
    conversations = utterances = 0
    changes = Changes()
    failed: list[Failure] = []
    read: set[str] = set()
    held: dict[str, list[str]] = {}  # the ids of the conversations in each source
    spoiled: set[str] = set()  # sources of which something could not be read
    for (source, rank, found), extracted in in_order(
        _tasks(gather(arguments, hints, stdin), record), extract, start_at=_WORTH_WORKERS
    ):
        if source is not None:
            held.setdefault(source.key, [])
        if isinstance(found, Failure):
            failed.append(found)
            spoiled.add(source.key if source else "")
        elif source is not None and found is None:
            kept = held.pop(source.key)
            if kept and source.key not in spoiled:
                changes += record.vanish(source.key, kept=kept, extract=extract, extractor=EXTRACTOR)
        elif source is not None and found is not None:
            try:
                stored = record.store(
                    found, source=source.key, rank=rank, extract=_ahead(found, extracted), extractor=EXTRACTOR
                )
            except SourceError as error:
                failed.append(Failure(source.name, error))
                spoiled.add(source.key)
                continue
            held[source.key].append(found.id)
            read.add(found.id)
            conversations += 1
            utterances += stored.utterances
            changes += stored.claims
            if progress is not None:
                progress(source.name, conversations, utterances)
    changes += _resolve_across(record, read)
    return Report(conversations, utterances, changes, tuple(failed), time.monotonic() - began)


_Step = tuple[tuple[Source | None, int, Loaded | None], Conversation | None, int]


def _tasks(sources: Iterable[Source | Failure], record: Record) -> Iterator[_Step]:
    """Give what the sources hold, each with what is to be read out of it, and None behind the last of a source."""
    for source in sources:
        if isinstance(source, Failure):
            yield (None, 0, source), None, 0
            continue
        format_, loaded = load(source)
        for found in loaded:
            new: Conversation | None = None
            if not isinstance(found, Failure):
                held = record.holds(found, source=source.key, rank=format_.rank, extractor=EXTRACTOR)
                new = None if held else found
            size = sum(len(utterance.text) for utterance in new.utterances) if new else 0
            yield (source, format_.rank, found), new, size
        yield (source, format_.rank, None), None, 0


def _ahead(read: Conversation, extracted: Callable[[], Extraction] | None) -> Extract:
    """Take what was read out ahead, unless the record has merged the conversation with another reading of it."""

    def out_of(conversation: Conversation) -> Extraction:
        return extracted() if extracted is not None and conversation == read else extract(conversation)

    return out_of


def _resolve_across(record: Record, read: Set[str]) -> Changes:
    """Find the sources of quotations in other conversations of the record; gives what changed beside those just `read`.

    A pass of its own over all that is there, so that it does not matter which thread came first.
    """
    changes = Changes()
    if record.seen(_ACROSS) == record.generation:
        return changes
    pending = record.quoting_elsewhere()
    if pending:
        everything = (utterance for id_ in record.conversations() for utterance in record.conversation(id_).utterances)
        shelf = Shelf(everything, fetch=record.utterances)
        for conversation_id in pending:
            conversation = record.conversation(conversation_id)
            quotations = resolve(conversation, shelf)
            now, before = _by_place(quotations), _by_place(record.quotations_of(conversation_id))
            if now != before:
                touched = {place[0] for place in now.keys() | before.keys() if now.get(place) != before.get(place)}
                changed = record.rewrite(conversation, _renewed(record, conversation, quotations, touched))
                changes += Changes() if conversation_id in read else changed
    record.mark_seen(_ACROSS, record.generation)
    return changes


def _renewed(
    record: Record, conversation: Conversation, quotations: tuple[Quotation, ...], touched: Set[str]
) -> Extraction:
    """Read the utterances whose quotations changed anew, and keep what is stored of the others: whose words they are
    hangs on nothing else.
    """
    anew = _read(conversation, quotations, touched)
    order = {utterance.id: place for place, utterance in enumerate(conversation.utterances)}
    claims_ = [claim for claim in record.claims_of(conversation.id) if claim.utterance_id not in touched]
    kept = [each for each in record.definitions_of(conversation.id) if each.utterance_id not in touched]
    return Extraction(
        tuple(sorted([*claims_, *anew.claims], key=lambda claim: order[claim.utterance_id])),
        quotations,
        tuple(sorted([*kept, *anew.definitions], key=lambda each: (order[each.utterance_id], each.start, each.end))),
    )


def _by_place(quotations: Iterable[Quotation]) -> dict[tuple[str, int, int], Quotation]:
    return {(quotation.utterance_id, quotation.start, quotation.end): quotation for quotation in quotations}


def dry_run(
    arguments: Sequence[str], hints: Hints, stdin: BinaryIO | None = None
) -> Iterator[tuple[Conversation, Extraction] | Failure]:
    """Read sources and yield what would be stored, without storing it."""
    for source in gather(arguments, hints, stdin):
        if isinstance(source, Failure):
            yield source
            continue
        for loaded in load(source)[1]:
            yield loaded if isinstance(loaded, Failure) else (loaded, extract(loaded))
