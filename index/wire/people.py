"""People as JSON, in a list or closely."""

from typing import Annotated

from pydantic import Field

from corpus.model import Stance
from index.people.opinion_changes import ChangeKind
from index.people.reply_stances import Reaction
from index.wire.base import JsonModel, Read, Time
from index.wire.claims import HitJson


class SpeakerJson(JsonModel):
    """An entry of a person; the same person may have another, by the address of their profile."""

    id: str
    name: str
    site: str | None
    url: str | None


class PersonJson(SpeakerJson):
    """A speaker with what the base holds of them."""

    parts = ("speaker",)

    utterances: int
    claims: int = Field(description="Own and reported claims.")
    quoted: int = Field(description="Claims that others quoted from them.")
    conversations: int
    first: Time
    last: Time


class PersonTopicJson(JsonModel):
    """What somebody writes about: a term, or a thread."""

    label: str
    claims: int
    conversation_id: str | None = Field(description="For threads.")


class DefinitionInPlaceJson(JsonModel):
    """What somebody says a term means, where it stands."""

    parts = ("definition", "utterance")

    term: str
    gloss: str
    stance: Stance
    utterance_id: str
    start: int
    end: int
    text: str = Field(description="The exact words: `utterance.text[start:end]`.")
    posted_at: Time
    url: str | None


class OpinionChangeJson(JsonModel):
    """Two claims of one person that say the same but for a "not", or for the probability."""

    parts = ("change",)

    kind: ChangeKind
    similarity: float
    before: HitJson
    after: HitJson


class ExchangeJson(JsonModel):
    """A reply that opens on agreement or disagreement."""

    parts = ("utterance",)

    reaction: Reaction
    by: Annotated[str, Read("by.name")]
    by_id: Annotated[str, Read("by.id")]
    to: Annotated[str, Read("to.name")]
    to_id: Annotated[str, Read("to.id")]
    utterance_id: Annotated[str, Read("utterance.id")]
    start: int
    end: int
    text: str = Field(description="The opening, in its exact words.")
    posted_at: Time
    url: str | None


class RelationJson(JsonModel):
    """Agreement and disagreement with one other person, either way."""

    id: Annotated[str, Read("other.id")]
    name: Annotated[str, Read("other.name")]
    agreements: int
    disagreements: int
    exchanges: list[ExchangeJson]


class PortraitJson(PersonJson):
    """A speaker with details."""

    parts = ("person", "person.speaker")

    same_as: list[SpeakerJson]
    topics: list[PersonTopicJson]
    definitions: list[DefinitionInPlaceJson]
    credences: list[HitJson] = Field(description="Claims with a stated probability, oldest first.")
    retractions: list[HitJson]
    changes: list[OpinionChangeJson]
    relations: list[RelationJson]
