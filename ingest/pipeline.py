"""The way through, in one readable function: sources → conversations → quotations → claims → record."""

# pyright: standard

import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from corpus.errors import Malformed, SourceError
from corpus.model import Conversation, Quotation, Sentence
from corpus.record import Changes, Extract, Extraction, Record
from ingest.blocks import Block, collect_sentences, parse_blocks
from ingest.claims.claims import extract_claims
from ingest.definitions import attribute_definitions, detect_definitions
from ingest.epistemic.retraction import find_retractions, select_retracted_spans
from ingest.extractor import name_extractor
from ingest.quotations import FingerprintIndex, resolve
from ingest.sentences import SentenceIndex, parse_sentences
from ingest.sources.formats import load_source
from ingest.sources.gather import gather
from ingest.sources.source import Failure, Hints, Source
from ingest.workers import run_in_order

_ACROSS = "quotations"
WORTH_WORKERS = 300_000  # characters; fewer are read sooner than a second process has started

Progress = Callable[[str, int, int], None]
"""Called after each stored conversation with (source name, conversations so far, utterances so far)."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. `list_conversations` and `utterances` count what was read, `claims` what changed."""

    conversations: int = 0
    utterances: int = 0
    claims: Changes = field(default_factory=Changes)
    failed: tuple[Failure, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ConversationRead:
    """A source holds this conversation; `rank` is that of the format in which it does."""

    source: Source
    rank: int
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ReadFailed:
    """Something could not be read: a part of `source`, or without one what the user named."""

    source: Source | None
    failure: Failure


@dataclass(frozen=True, slots=True)
class SourceEnded:
    """All that a source holds has been read."""

    source: Source


Event = ConversationRead | ReadFailed | SourceEnded


def extract(conversation: Conversation) -> Extraction:
    """Read a conversation: whose words, which claims. Pure: the same conversation gives the same extraction."""
    with _naming_faults(conversation):
        parsed = list(parse_blocks(conversation))
        sentences = collect_sentences(parsed)
        quotations = resolve(conversation, SentenceIndex(sentences))
    return extract_quoting(conversation, quotations, parsed, sentences)


def extract_quoting(
    conversation: Conversation,
    quotations: tuple[Quotation, ...],
    parsed: Sequence[Block],
    sentences: tuple[Sentence, ...],
) -> Extraction:
    """Read out claims and definitions of the `parsed` blocks, where it is known already what is quoted.

    `sentences` are those of the whole conversation.
    """
    with _naming_faults(conversation):
        index = SentenceIndex(sentences)
        retracted = select_retracted_spans(find_retractions(conversation, index))
        detected = detect_definitions(conversation, parsed)
        claims = extract_claims(conversation, quotations, parsed, retracted, detected)
        return Extraction(claims, quotations, attribute_definitions(conversation, detected, claims), sentences)


@contextmanager
def _naming_faults(conversation: Conversation) -> Iterator[None]:
    """Raise `Malformed` for a fault of our own, which is named too: one thread must not cost the others."""
    try:
        yield
    except (ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError) as fault:
        raise Malformed(
            f"{conversation.id}: cannot be read out ({type(fault).__name__}: {str(fault)[:200]}); please report it"
        ) from fault


def ingest(
    arguments: Sequence[str],
    record: Record,
    hints: Hints,
    *,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Read sources into the record, each conversation in a transaction of its own, and return what was done.

    `arguments` are files, folders, addresses or "-". What cannot be read is in `IngestReport.failed`, by name, and the
    rest goes on. Reading the same again changes nothing; a source read whole that lost a conversation marks it deleted.
    """
    run = _IngestRun(record, progress)
    for event, extracted in run_in_order(
        _tasks(gather(arguments, hints, stdin), record), extract, start_at=WORTH_WORKERS
    ):
        match event:
            case ConversationRead():
                run.store(event, extracted)
            case ReadFailed(source, failure):
                run.note_failure(source, failure)
            case SourceEnded(source):
                run.mark_vanished(source)
    run.changes += resolve_across(record, run.stored)
    return run.report()


class _IngestRun:
    """What one ingest has stored so far, and what of it its report will say."""

    def __init__(self, record: Record, progress: Progress | None) -> None:
        self._record = record
        self._progress = progress
        self._started = time.monotonic()
        self._by_source: dict[str, list[str]] = {}  # the ids of the conversations in each source that is being read
        self._spoiled: set[str] = set()  # sources of which something could not be read
        self._failed: list[Failure] = []
        self._conversations = self._utterances = 0
        self.stored: set[str] = set()
        self.changes = Changes()

    def store(self, event: ConversationRead, extracted: Callable[[], Extraction] | None) -> None:
        """Store a conversation; one that cannot be read out is a failure of its source."""
        source, conversation = event.source, event.conversation
        try:
            stored = self._record.store(
                conversation,
                source=source.key,
                rank=event.rank,
                extract=extract_ahead(conversation, extracted),
                extractor=name_extractor(),
            )
        except SourceError as error:
            self.note_failure(source, Failure(source.name, error))
            return
        self._by_source.setdefault(source.key, []).append(conversation.id)
        self.stored.add(conversation.id)
        self._conversations += 1
        self._utterances += stored.utterances
        self.changes += stored.claims
        if self._progress is not None:
            self._progress(source.name, self._conversations, self._utterances)

    def note_failure(self, source: Source | None, failure: Failure) -> None:
        """Note what could not be read; a source that was not read whole has lost nothing."""
        self._failed.append(failure)
        if source is not None:
            self._spoiled.add(source.key)

    def mark_vanished(self, source: Source) -> None:
        """Mark as deleted what a source held at an earlier reading and no longer does, if it was read whole."""
        kept = self._by_source.pop(source.key, [])
        if kept and source.key not in self._spoiled:
            self.changes += self._record.mark_vanished(
                source.key, kept=kept, extract=extract, extractor=name_extractor()
            )

    def report(self) -> IngestReport:
        """Return what was done until now."""
        seconds = time.monotonic() - self._started
        return IngestReport(self._conversations, self._utterances, self.changes, tuple(self._failed), seconds)


def _tasks(sources: Iterable[Source | Failure], record: Record) -> Iterator[tuple[Event, Conversation | None, int]]:
    """Yield what happens as the sources are read: (event, the conversation to be read out if it is new, its size)."""
    for source in sources:
        if isinstance(source, Failure):
            yield ReadFailed(None, source), None, 0
            continue
        format_, loaded = load_source(source)
        for conversation in loaded:
            if isinstance(conversation, Failure):
                yield ReadFailed(source, conversation), None, 0
                continue
            event = ConversationRead(source, format_.rank, conversation)
            if record.has_reading(conversation, source=source.key, rank=format_.rank, extractor=name_extractor()):
                yield event, None, 0
            else:
                yield event, conversation, sum(len(utterance.text) for utterance in conversation.utterances)
        yield SourceEnded(source), None, 0


def extract_ahead(read: Conversation, extracted: Callable[[], Extraction] | None) -> Extract:
    """Return what was read out ahead, unless the record has merged the conversation with another reading of it."""

    def extract_merged(conversation: Conversation) -> Extraction:
        return extracted() if extracted is not None and conversation == read else extract(conversation)

    return extract_merged


def resolve_across(record: Record, read: Set[str]) -> Changes:
    """Find sources of quotations in other conversations, and return what changed beside what was just `read`.

    A pass of its own over all that is there, so that it does not matter which thread came first.
    """
    changes = Changes()
    if record.get_seen_generation(_ACROSS) == record.generation:
        return changes
    pending = record.list_quoting_elsewhere()
    if pending:
        everything = (
            utterance for id_ in record.list_conversations() for utterance in record.get_conversation(id_).utterances
        )
        shelf = FingerprintIndex(everything, fetch=record.get_utterances)
        for conversation_id in pending:
            conversation = record.get_conversation(conversation_id)
            sentences = _stored_sentences(record, conversation)
            quotations = resolve(conversation, SentenceIndex(sentences), shelf)
            now, before = _by_place(quotations), _by_place(record.list_quotations_of(conversation_id))
            if now != before:
                touched = {key[0] for key in now.keys() | before.keys() if now.get(key) != before.get(key)}
                changed = record.rewrite(conversation, _reread(record, conversation, quotations, sentences, touched))
                changes += Changes() if conversation_id in read else changed
    record.mark_seen(_ACROSS, record.generation)
    return changes


def _stored_sentences(record: Record, conversation: Conversation) -> tuple[Sentence, ...]:
    """Return the sentences that the record keeps; one that was read before they were kept is parsed again."""
    stored = record.get_sentences_of(conversation.id)
    if not stored:
        return parse_sentences(conversation)
    return tuple(Sentence(utterance_id, *span) for utterance_id, spans in stored.items() for span in spans)


def _reread(
    record: Record,
    conversation: Conversation,
    quotations: tuple[Quotation, ...],
    sentences: tuple[Sentence, ...],
    touched: Set[str],
) -> Extraction:
    """Read the utterances whose quotations changed anew, and keep what is stored of the others: whose words they are
    hangs on nothing else.
    """
    anew = extract_quoting(conversation, quotations, list(parse_blocks(conversation, touched)), sentences)
    order = {utterance.id: number for number, utterance in enumerate(conversation.utterances)}
    claims = [claim for claim in record.list_claims_of(conversation.id) if claim.utterance_id not in touched]
    kept = [
        definition
        for definition in record.list_definitions_of(conversation.id)
        if definition.utterance_id not in touched
    ]
    return Extraction(
        tuple(sorted([*claims, *anew.claims], key=lambda claim: order[claim.utterance_id])),
        quotations,
        tuple(
            sorted(
                [*kept, *anew.definitions],
                key=lambda definition: (order[definition.utterance_id], definition.start, definition.end),
            )
        ),
        sentences,
    )


def _by_place(quotations: Iterable[Quotation]) -> dict[tuple[str, int, int], Quotation]:
    return {(quotation.utterance_id, quotation.start, quotation.end): quotation for quotation in quotations}


def preview_ingest(
    arguments: Sequence[str], hints: Hints, stdin: BinaryIO | None = None
) -> Iterator[tuple[Conversation, Extraction] | Failure]:
    """Read sources and yield what would be stored, without storing it."""
    for source in gather(arguments, hints, stdin):
        if isinstance(source, Failure):
            yield source
            continue
        for loaded in load_source(source)[1]:
            yield loaded if isinstance(loaded, Failure) else (loaded, extract(loaded))
