"""After an upgrade: what an older version read out of conversations is read out again, from the readings kept."""

from collections.abc import Callable, Iterator, Sequence

from corpus.errors import NotFound, SourceError
from corpus.model import Conversation
from corpus.record import Changes, Record
from ingest.extractor import name_extractor
from ingest.pipeline import WORTH_WORKERS, extract, extract_ahead, resolve_across
from ingest.workers import run_in_order

UpgradeProgress = Callable[[int, int], None]
"""Called after each conversation with (conversations read out so far, all that are to be)."""


def is_outdated(record: Record) -> bool:
    """Tell whether another version than this one read out something that the record holds."""
    return bool(record.list_outdated(name_extractor()))


def extract_again(record: Record, progress: UpgradeProgress | None = None, *, workers: int | None = None) -> Changes:
    """Read out again what another version read out, and return what changed of the claims.

    Each conversation is a transaction of its own: whatever interrupts this, the next call goes on. A conversation that
    cannot be read out stays as it is; the next ingest of its source says why. `workers` is the number of processes
    that may read (default: one for each core).
    """
    outdated = record.list_outdated(name_extractor())
    changes = Changes()
    tasks = _tasks(record, outdated)
    for done, (conversation, extracted) in enumerate(
        run_in_order(tasks, extract, start_at=WORTH_WORKERS, workers=workers), 1
    ):
        try:
            changes += record.renew(
                conversation.id, extract=extract_ahead(conversation, extracted), extractor=name_extractor()
            )
        except SourceError:
            continue
        finally:
            if progress is not None:
                progress(done, len(outdated))
    return changes + resolve_across(record, set()) if outdated else changes


def _tasks(record: Record, ids: Sequence[str]) -> Iterator[tuple[Conversation, Conversation, int]]:
    """Yield (conversation, the same to be read out, its size in characters)."""
    for id_ in ids:
        try:
            conversation = record.merge_readings(id_)
        except NotFound:
            continue  # forgotten since the ids were read
        yield conversation, conversation, sum(len(utterance.text) for utterance in conversation.utterances)


def upgrade_at(location: str) -> None:
    """Read out again, in this process alone, what is outdated in the record at `location`: a file or an address."""
    with Record.open(location) as record:
        extract_again(record, workers=1)
