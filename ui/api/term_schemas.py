"""What the HTTP API answers about terms, mismatches and drafts, for its description."""

from pydantic import BaseModel, Field

from corpus.model import Stance
from index.findings.findings import MismatchKind
from ui.api.schemas import HeadingShape, HitShape


class PlaceShape(BaseModel):
    """Somebody's exact words, and where they stand."""

    speaker: str | None = Field(description="Whose words they are; null where nobody knows.")
    speaker_id: str | None
    utterance_id: str
    start: int = Field(description="Where the words begin in the utterance's text, in characters.")
    end: int
    text: str = Field(description="The exact words: `utterance.text[start:end]`.")
    url: str | None = Field(description="Opens at the passage, by a text fragment.")


class UsageShape(PlaceShape):
    """A place where somebody uses a term."""

    at: list[int] = Field(description="[start, end) in `text` of the term.")


class GlossShape(PlaceShape):
    """What somebody said a term means."""

    gloss: str = Field(description="The defining words in `text`.")
    stance: Stance


class ShareShape(BaseModel):
    """How often one person uses a term, or a sense of it."""

    speaker: str | None
    speaker_id: str | None
    uses: int


class SenseShape(BaseModel):
    """One meaning of a term, in the authors' words."""

    label: str
    size: int = Field(description="Usages in this sense; `usages` shows the most typical.")
    definitions: list[GlossShape]
    usages: list[UsageShape]
    speakers: list[str] = Field(description="Names, in order of use.")
    shares: list[ShareShape]


class TermShape(BaseModel):
    """A term that people argue with."""

    term: str
    aliases: list[str]
    uses: int = Field(description="Places in people's own words.")
    speakers: list[str]
    contested: bool = Field(description="Whether there are exchanges in which it was used differently.")
    mismatches: int = Field(description="How many such exchanges.")
    divided: float | None = Field(
        description="Probability, by permutation, that people differ in its use no more than each from himself."
    )
    termhood: float
    senses: list[str] = Field(description="Labels.")


class WholeTermShape(TermShape):
    """A term with its senses in full."""

    senses: list[SenseShape]  # type: ignore[assignment]


class SideShape(PlaceShape):
    """One side of a mismatch."""

    sense: str = Field(description="What the term is there, in the people's own words as far as can be told.")


class MismatchShape(BaseModel):
    """An exchange in which two people use one term differently."""

    id: str
    term: str
    score: float = Field(ge=0, le=1, description="The calibrated probability that they talk past each other.")
    kind: MismatchKind
    noticed: bool = Field(description="Whether somebody in it says that the word is the problem.")
    why: str = Field(description="One line that a reader can check.")
    a: SideShape
    b: SideShape
    conversation: HeadingShape


class ExcerptShape(BaseModel):
    """Words of a draft; `start` and `end` count characters of its plain text, without markup."""

    start: int
    end: int
    text: str


class DraftUseShape(ExcerptShape):
    """A place of a draft where a term is used."""

    at: list[int] = Field(description="[start, end) in `text` of the term.")


class OtherSenseShape(BaseModel):
    """A sense in which others use a term of a draft."""

    label: str
    speakers: list[str]
    shares: list[ShareShape]
    definition: GlossShape | None
    usage: UsageShape | None
    places: list[HeadingShape]


class TermUseShape(BaseModel):
    """A term of a draft that people in the base argue with."""

    term: str
    risky: bool = Field(description="Others use it in another sense, and the draft does not say what it means.")
    sense: str = Field(description="The label of the sense it is used in; empty where that cannot be told.")
    how: str = Field(description="What that is told by: definition, usage, only (there is one sense), or unclear.")
    count: int = Field(description="Uses in the draft; `uses` shows the first.")
    uses: list[DraftUseShape]
    defined: ExcerptShape | None = Field(description="Where the draft says itself what it means.")
    add: GlossShape | None = Field(description="A definition that somebody stated and that fits the draft's sense.")
    others: list[OtherSenseShape]
    mismatches: int
    speakers: list[str]


class PredecessorsShape(ExcerptShape):
    """A claim of a draft, and the closest of what was said before: the same in other words, or its denial."""

    before: list[HitShape]


class CheckShape(BaseModel):
    """What a reader would meet in a draft."""

    terms: list[TermUseShape]
    claims: list[PredecessorsShape]
    compared: int = Field(description="Claims of the draft that were looked for in the base.")
    claimed: int = Field(description="Claims that it makes.")
    took_ms: float
