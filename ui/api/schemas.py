"""What the HTTP API answers, for its OpenAPI description. The same fields as `index.answers` gives every face."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from corpus.model import Attribution, ClaimKind, Stance, Status
from index.answers import Grouping
from index.people.opinion_changes import ChangeKind
from index.people.reply_stances import Reaction

Thing = TypeVar("Thing")


class ErrorShape(BaseModel):
    """Every error, whatever its cause."""

    error: str = Field(
        description="A word that stays the same: not_found, wrong_usage, wrong_query, wrong_method, wrong_type, "
        "too_large, invalid, no_token, refused, busy, internal."
    )
    detail: str = Field(description="One line for a person. It never repeats what was sent.")


class ClaimShape(BaseModel):
    """What somebody claimed, in exact words."""

    id: str
    utterance_id: str
    start: int = Field(description="Where the claim begins in the utterance's text, in characters.")
    end: int
    text: str = Field(description="The exact words: `utterance.text[start:end]`.")
    standalone: str = Field(description="The claim readable out of its context; not the author's exact words.")
    kind: ClaimKind
    attribution: Attribution
    speaker: str | None = Field(description="Whose words they are; null where nobody knows.")
    speaker_id: str | None
    quoted_by: str | None = Field(description="For quoted claims: who quoted them.")
    holder: str | None = Field(description="For reported claims: whose view it is.")
    certainty: float = Field(ge=0, le=1)
    credence: list[float] | None = Field(description="An explicit probability, [low, high].")
    retracted: bool
    terms: list[str]
    spans: list[list[int]] = Field(description="The parts of [start, end) that carry the claim; empty: all of it.")
    probability: float = Field(ge=0, le=1, description="How sure the attribution is.")


class HeadingShape(BaseModel):
    """A conversation without its utterances."""

    id: str
    title: str
    url: str | None
    site: str | None


class ContextShape(BaseModel):
    """The words around a claim."""

    before: str
    after: str


class ElsewhereShape(BaseModel):
    """Another place where the same words stand."""

    utterance_id: str
    url: str | None


class SaidShape(BaseModel):
    """How often nearly the same words were said, in the whole base."""

    times: int
    people: int = Field(description="Different people; those without a name are not counted.")


class HitShape(ClaimShape):
    """A claim where it stands."""

    conversation: HeadingShape
    posted_at: str | None
    karma: int | None
    url: str | None = Field(description="Opens at the passage, by a text fragment.")
    context: ContextShape
    score: float = Field(description="Comparable within one answer only.")
    score_parts: dict[str, float]
    highlights: list[list[int]] = Field(description="[start, end) in `text` of the words asked for.")
    others: list[ElsewhereShape] = Field(description="Where the same person said nearly the same words again.")
    said: SaidShape | None = None
    group: "GroupShape | None" = Field(default=None, description="In searches with `group=`.")


class GroupShape(BaseModel):
    """What a hit stands for in a grouped answer."""

    by: Grouping
    id: str | None = Field(description="Of the person or the thread; null where nobody knows who said it.")
    label: str | None
    claims: int = Field(description="Claims of this group among those considered.")
    more: list[HitShape] = Field(description="The next best of the group.")


class PersonShape(BaseModel):
    """A speaker with what the base holds of them."""

    id: str
    name: str
    site: str | None
    url: str | None
    utterances: int
    claims: int = Field(description="Own and reported claims.")
    quoted: int = Field(description="Claims that others quoted from them.")
    conversations: int
    first: str | None
    last: str | None


class SamePersonShape(BaseModel):
    """Another entry of the same person, by the address of their profile."""

    id: str
    name: str
    site: str | None
    url: str | None


class TopicShape(BaseModel):
    """What somebody writes about: a term, or a thread."""

    label: str
    claims: int
    conversation_id: str | None = Field(description="For threads.")


class DefinedShape(BaseModel):
    """What somebody says a term means, where it stands."""

    term: str
    gloss: str
    stance: Stance
    utterance_id: str
    start: int
    end: int
    text: str = Field(description="The exact words: `utterance.text[start:end]`.")
    posted_at: str | None
    url: str | None


class ChangeShape(BaseModel):
    """Two claims of one person that say the same but for a "not", or for the probability."""

    kind: ChangeKind
    similarity: float
    before: HitShape
    after: HitShape


class ExchangeShape(BaseModel):
    """A reply that opens on agreement or disagreement."""

    reaction: Reaction
    by: str
    by_id: str
    to: str
    to_id: str
    utterance_id: str
    start: int
    end: int
    text: str = Field(description="The opening, in its exact words.")
    posted_at: str | None
    url: str | None


class RelationShape(BaseModel):
    """Agreement and disagreement with one other person, either way."""

    id: str
    name: str
    agreements: int
    disagreements: int
    exchanges: list[ExchangeShape]


class PortraitShape(PersonShape):
    """A speaker with details."""

    same_as: list[SamePersonShape]
    topics: list[TopicShape]
    definitions: list[DefinedShape]
    credences: list[HitShape] = Field(description="Claims with a stated probability, oldest first.")
    retractions: list[HitShape]
    changes: list[ChangeShape]
    relations: list[RelationShape]


class PassageShape(BaseModel):
    """A stretch of an utterance."""

    kind: str
    start: int
    end: int
    note: str
    inline: bool


class TurnShape(BaseModel):
    """One utterance in a thread, with its claims in order."""

    id: str
    reply_to: str | None
    speaker: str | None
    speaker_id: str | None
    posted_at: str | None
    edited_at: str | None
    text: str
    passages: list[PassageShape]
    karma: int | None
    status: Status
    url: str | None
    begins: float
    depth: int = Field(description="In the tree of replies; 0 for the post.")
    claims: list[ClaimShape]


class ThreadShape(HeadingShape):
    """A conversation as a tree, flattened in reading order; a page of it where it is long."""

    utterances: list[TurnShape]
    next: str | None = None
    total: int = Field(description="Utterances in the whole conversation.")


class FacetShape(BaseModel):
    """One value of a field, with the number of claims that have it."""

    value: str
    label: str
    count: int


class FacetsShape(BaseModel):
    """Values to filter by, per field."""

    facets: dict[str, list[FacetShape]]


class PageShape(BaseModel, Generic[Thing]):
    """One page of a list."""

    items: list[Thing]
    next: str | None = Field(description="Send it back as `cursor` for the page after this one.")
    total: int
    facets: dict[str, list[FacetShape]] = {}
    took_ms: float


class VerbatimShape(BaseModel):
    """A claim in its exact words."""

    claim_id: str
    speaker: str | None
    speaker_id: str | None
    utterance_id: str
    start: int
    end: int
    text: str


class VoiceShape(BaseModel):
    """A person with the number of claims that they have in a cluster."""

    speaker: str
    speaker_id: str
    claims: int


class SplitShape(BaseModel):
    """Two people who say and deny nearly the same."""

    says: VerbatimShape
    denies: VerbatimShape


class ClusterTopicShape(BaseModel):
    """What several clusters are about."""

    id: str
    label: str
    size: int = Field(description="Claims, those in none of its clusters too.")


class ClusterShape(BaseModel):
    """Claims that make the same point."""

    id: str | None = Field(description="Null for the bucket of claims that are in no cluster.")
    label: str
    size: int = Field(description="Claims.")
    speakers: list[str] = Field(description="Names, most claims first; of the largest clusters the first 50.")
    central: str | None = Field(description="The claim most like all others, word for word.")
    central_claim: VerbatimShape | None = Field(description="The same with its place and whose it is.")
    terms: list[str]
    wordings: int = Field(description="Claims, near-identical ones counted once.")
    people: int
    unattributed: int = Field(description="Claims of which nobody knows whose they are.")
    voices: list[VoiceShape]
    topic: ClusterTopicShape | None
    splits: list[SplitShape] = Field(description="Who denies what others say, as far as words show it.")
    x: float
    y: float


class ClusteredShape(HitShape):
    """A claim with its place among the clusters."""

    cluster: str | None
    nearest: str | None = Field(description="The cluster closest to it, its own if it is in one.")
    closeness: float = Field(description="Cosine to the middle of that cluster.")
    x: float
    y: float


class WholeClusterShape(ClusterShape):
    """A cluster with a page of its claims, the most central first."""

    claims: list[ClusteredShape]
    next: str | None = None
    total: int


class HealthShape(BaseModel):
    """Whether the base answers, and what is in it."""

    status: str
    generation: int
    counts: dict[str, int]


ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorShape, "description": "The request makes no sense as it stands."},
    404: {"model": ErrorShape, "description": "Nothing of that name or id."},
    422: {"model": ErrorShape, "description": "A parameter is missing or out of range."},
    503: {"model": ErrorShape, "description": "Too busy; try again after `Retry-After` seconds."},
}
BODY_ERRORS: dict[int | str, dict[str, Any]] = {
    413: {"model": ErrorShape, "description": "More than is taken."},
    415: {"model": ErrorShape, "description": "Neither text nor JSON."},
}
