"""Utterances and conversations as JSON."""

from typing import Annotated

from pydantic import Field

from corpus.model import PassageKind, Status
from index.wire.base import JsonModel, Read, SpeakerId, SpeakerName, Time
from index.wire.claims import ClaimJson, HeadingJson


class PassageJson(JsonModel):
    """A stretch of an utterance."""

    kind: PassageKind
    start: int
    end: int
    note: str
    inline: bool


class UtteranceJson(JsonModel):
    """One post, comment, mail or turn."""

    id: str
    reply_to: str | None
    speaker: SpeakerName
    speaker_id: SpeakerId
    posted_at: Time
    edited_at: Time
    text: str
    passages: list[PassageJson]
    karma: int | None
    status: Status
    url: str | None
    begins: float = Field(description="The probability that a new voice begins here.")


class ThreadTurnJson(UtteranceJson):
    """One utterance in a thread, with its claims in order."""

    parts = ("utterance",)

    depth: int = Field(description="In the tree of replies; 0 for the post.")
    claims: list[ClaimJson]


class ThreadJson(HeadingJson):
    """A conversation as a tree, flattened in reading order; a page of it where it is long."""

    parts = ("conversation",)

    utterances: Annotated[list[ThreadTurnJson], Read("turns")]
    next: str | None
    total: int = Field(description="Utterances in the whole conversation.")
    lost_quotation_marks: Annotated[bool, Read("is_unmarked")] = Field(
        description="This copy lost its quotation marks: some paragraphs may be somebody else's words, and those that "
        "probably are, are credited to nobody."
    )
