"""Claims, hits and pages as JSON; and what else a reading finds in a text."""

from typing import Annotated, Generic, TypeVar

from pydantic import Field

from corpus.model import Attribution, ClaimKind, QuotationKind, Stance
from index.answers import Grouping
from index.wire.base import (
    Digits3,
    Digits4,
    Digits6,
    JsonModel,
    Probability,
    Read,
    SpeakerId,
    SpeakerName,
    Time,
)

Item = TypeVar("Item")


class ClaimJson(JsonModel):
    """What somebody claimed, in exact words."""

    id: str
    utterance_id: str
    start: int = Field(description="Where the claim begins in the utterance's text, in characters.")
    end: int
    text: str = Field(description="The exact words: `utterance.text[start:end]`.")
    standalone: str = Field(description="The claim readable out of its context; not the author's exact words.")
    kind: ClaimKind
    attribution: Attribution
    speaker: SpeakerName = Field(description="Whose words they are; null where nobody knows.")
    speaker_id: SpeakerId
    quoted_by: SpeakerName = Field(description="For quoted claims: who quoted them.")
    holder: str | None = Field(description="For reported claims: whose view it is.")
    certainty: Probability
    credence: list[float] | None = Field(description="An explicit probability, [low, high].")
    retracted: bool
    terms: list[str]
    spans: list[list[int]] = Field(description="The parts of [start, end) that carry the claim; empty: all of it.")
    probability: Probability = Field(description="How sure the attribution is.")
    shown: bool = Field(description="Whether it says something by itself; what does not is left out of lists.")
    kind_shown: bool = Field(description="Whether its kind is sure enough to be told.")


class HeadingJson(JsonModel):
    """A conversation without its utterances."""

    id: str
    title: str
    url: str | None
    site: str | None


class ContextJson(JsonModel):
    """The words around a claim."""

    before: str
    after: str


class ElsewhereJson(JsonModel):
    """Another place where the same words stand."""

    utterance_id: str
    url: str | None


def _write_place(place: tuple[str, str | None]) -> dict[str, str | None]:
    return dict(zip(ElsewhereJson.model_fields, place, strict=True))


class RepetitionJson(JsonModel):
    """How often nearly the same words were said, in the whole base."""

    times: int
    people: int = Field(description="Different people; those without a name are not counted.")


class HitJson(ClaimJson):
    """A claim where it stands."""

    parts = ("claim",)

    conversation: HeadingJson
    posted_at: Time
    karma: int | None
    url: str | None = Field(description="Opens at the passage, by a text fragment.")
    context: ContextJson
    score: Digits6 = Field(description="Comparable within one answer only.")
    score_parts: dict[str, Digits6]
    highlights: list[list[int]] = Field(description="[start, end) in `text` of the words asked for.")
    others: list[Annotated[ElsewhereJson, Read(write=_write_place)]] = Field(
        description="Where the same person said nearly the same words again."
    )
    said: RepetitionJson | None
    group: "GroupJson | None" = Field(description="In searches with `group=`.")


class GroupJson(JsonModel):
    """What a hit stands for in a grouped answer."""

    by: Grouping
    id: str | None = Field(description="Of the person or the thread; null where nobody knows who said it.")
    label: str | None
    claims: int = Field(description="Claims of this group among those considered.")
    more: list[HitJson] = Field(description="The next best of the group.")


HitJson.model_rebuild()  # now that it can see `GroupJson`, for those who inherit


class FacetJson(JsonModel):
    """One value of a field, with the number of claims that have it."""

    value: str
    label: str
    count: int


class FacetsJson(JsonModel):
    """Values to filter by, per field."""

    facets: dict[str, list[FacetJson]]


class PageJson(JsonModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: str | None = Field(description="Send it back as `cursor` for the page after this one.")
    total: int
    facets: dict[str, list[FacetJson]]
    took_ms: Digits3


class QuotationJson(JsonModel):
    """Words of somebody else, and where they come from."""

    utterance_id: str
    start: int
    end: int
    how: QuotationKind
    source_utterance_id: str | None
    source_start: int | None
    source_end: int | None
    speaker: SpeakerName
    similarity: Digits4
    probability: Digits4


class DefinitionJson(JsonModel):
    """What a term is said to mean."""

    utterance_id: str
    start: int
    end: int
    term: str
    gloss: str
    speaker: SpeakerName
    stance: Stance
    claim_id: str | None
