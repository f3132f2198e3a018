"""Put utterances together into a conversation, one refused utterance at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.errors import Malformed, SourceError, TooLarge
from corpus.limits import LIMITS
from corpus.model import Conversation, Utterance
from ingest.sources.fields import drop_repeats, try_making
from ingest.sources.source import Failure, Loaded

UtteranceMaker = tuple[str, Callable[[], Utterance]]


@dataclass(frozen=True, slots=True)
class ConversationFrame:
    """What a conversation is but for its utterances."""

    id: str
    title: str
    site: str | None = None
    url: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict[str, Any])


def assemble_conversation(
    source_name: str, frame: ConversationFrame, makers: Iterable[UtteranceMaker]
) -> Iterator[Loaded]:
    """Make each utterance and then the conversation.

    An utterance that cannot be made (too large, say) is a `Failure` of its own and the rest of the thread goes on;
    replies to it keep its id. One id told twice with the same words is one utterance; with other words, the
    conversation is refused.
    """
    utterances: list[Utterance] = []
    for utterance_id, make in makers:
        if len(utterances) >= LIMITS.utterances:
            problem = TooLarge(f"{frame.id}: more than {LIMITS.utterances:,} utterances in one conversation")
            yield Failure(source_name, problem)
            return
        try:
            utterances.append(make())
        except SourceError as problem:
            yield Failure(f"{source_name}: {utterance_id}", problem)
    if not utterances:
        yield Failure(source_name, Malformed(f"{frame.id}: no utterance in it can be read"))
        return
    yield try_making(
        f"{source_name}: {frame.id}",
        lambda: Conversation(frame.id, frame.title, drop_repeats(utterances), frame.site, frame.url, frame.meta),
    )
