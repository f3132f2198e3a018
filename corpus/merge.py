"""Several readings of one conversation → the conversation.

A thread is read from its site today, from a saved page tomorrow, from a dataset next year. Each source's latest
reading is kept, and the conversation is a pure function of the *set* of readings, so that the order in which they
came cannot matter. The richest format (highest rank) speaks first; others fill what it leaves out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from corpus.model import Conversation, Status, Utterance

_LETTERS = re.compile(r"[\W_]+")
INVENTED_ID = "~"  # stands in the id of an utterance whose source gave it none


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source said of a conversation. `rank` is the richness of its format, `digest` names its content."""

    source: str
    rank: int
    digest: str
    conversation: Conversation


def merge_readings(readings: Iterable[Reading]) -> Conversation:
    """Join readings of one conversation, whatever their order. Raises what `Conversation` raises.

    An utterance that several readings hold is taken from the richest; fields that are None there are filled from the
    next. An utterance without an id of its own gives way to one with an id that has the same words.
    """
    ordered = sorted(readings, key=lambda reading: (-reading.rank, reading.digest))
    best = ordered[0].conversation
    if len(ordered) == 1:
        return best
    named = _named_by_words(ordered)
    merged: dict[str, Utterance] = {}
    for reading in ordered:
        renamed = {
            utterance.id: named[words]
            for utterance in reading.conversation.utterances
            if INVENTED_ID in utterance.id and (words := reduce_to_letters(utterance.text)) in named
        }
        for utterance in reading.conversation.utterances:
            utterance = _rename(utterance, renamed)
            known = merged.get(utterance.id)
            merged[utterance.id] = utterance if known is None else _fill(known, utterance)
    return Conversation(
        id=best.id,
        title=next((r.conversation.title for r in ordered if r.conversation.title), ""),
        site=next((r.conversation.site for r in ordered if r.conversation.site), None),
        url=next((r.conversation.url for r in ordered if r.conversation.url), None),
        meta={key: value for r in reversed(ordered) for key, value in r.conversation.meta.items()},
        utterances=tuple(merged.values()),
    )


def reduce_to_letters(text: str) -> str:
    """Reduce a text to its letters and digits, to tell the same words through different markup."""
    return _LETTERS.sub("", text).casefold()


def _named_by_words(readings: list[Reading]) -> dict[str, str]:
    """Map the words of every utterance that has an id of its own to that id; words said twice name nobody."""
    named: dict[str, str] = {}
    twice: set[str] = set()
    for reading in readings:
        for utterance in reading.conversation.utterances:
            if INVENTED_ID in utterance.id:
                continue
            words = reduce_to_letters(utterance.text)
            if words and named.setdefault(words, utterance.id) != utterance.id:
                twice.add(words)
    return {words: id_ for words, id_ in named.items() if words not in twice}


def _rename(utterance: Utterance, renamed: dict[str, str]) -> Utterance:
    id_ = renamed.get(utterance.id, utterance.id)
    reply_to = renamed.get(utterance.reply_to, utterance.reply_to) if utterance.reply_to else None
    if id_ == utterance.id and reply_to == utterance.reply_to:
        return utterance
    return replace(utterance, id=id_, reply_to=reply_to)


def _fill(known: Utterance, other: Utterance) -> Utterance:
    """Keep `known`, but take from `other` what is missing. Readable words win over a note that they are gone."""
    if known.status is Status.DELETED and not known.text and other.text:
        known = replace(known, text=other.text, passages=other.passages)
    return replace(
        known,
        speaker=known.speaker or other.speaker,
        reply_to=known.reply_to or other.reply_to,
        posted_at=known.posted_at or other.posted_at,
        edited_at=known.edited_at or other.edited_at,
        karma=known.karma if known.karma is not None else other.karma,
        status=Status.RETRACTED if known.status is Status.LIVE and other.status is Status.RETRACTED else known.status,
        url=known.url or other.url,
        meta={**other.meta, **known.meta},
    )


def carry_vanished(before: Conversation, now: Conversation) -> Conversation:
    """Keep what the same source held at its last reading and no longer holds, marked as deleted."""
    present = {utterance.id for utterance in now.utterances}
    gone = tuple(
        replace(utterance, status=Status.DELETED) for utterance in before.utterances if utterance.id not in present
    )
    return replace(now, utterances=now.utterances + gone) if gone else now
