"""Terms with their senses, and exchanges in which two people use one term differently, as JSON."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from corpus.model import Stance
from index.findings.findings import MismatchCertainty, MismatchKind, SideRole
from index.wire.base import Digits4, JsonModel, Probability, Read, SpeakerId, SpeakerName, SpeakerNames
from index.wire.claims import HeadingJson


class PlaceJson(JsonModel):
    """Somebody's exact words, and where they stand."""

    speaker: SpeakerName = Field(description="Whose words they are; null where nobody knows.")
    speaker_id: SpeakerId
    utterance_id: str
    start: int = Field(description="Where the words begin in the utterance's text, in characters.")
    end: int
    text: str = Field(description="The exact words: `utterance.text[start:end]`.")
    url: str | None = Field(description="Opens at the passage, by a text fragment.")


class UsageJson(PlaceJson):
    """A place where somebody uses a term."""

    at: list[int] = Field(description="[start, end) in `text` of the term.")


class GlossJson(PlaceJson):
    """What somebody said a term means."""

    gloss: str = Field(description="The defining words in `text`.")
    stance: Stance


class ShareJson(JsonModel):
    """How often one person uses a term, or a sense of it."""

    speaker: SpeakerName
    speaker_id: SpeakerId
    uses: int


class SenseJson(JsonModel):
    """One meaning of a term, in the authors' words."""

    label: str
    size: int = Field(description="Usages in this sense; `usages` shows the most typical.")
    definitions: list[GlossJson]
    usages: list[UsageJson]
    speakers: SpeakerNames = Field(description="Names, in order of use.")
    shares: Annotated[list[ShareJson], Read("speakers")]


def _write_labels(senses: Sequence[Any]) -> list[str]:
    return [sense.label for sense in senses]


class _TermFactsJson(JsonModel):
    term: Annotated[str, Read("name")]
    aliases: list[str]
    uses: int = Field(description="Places in people's own words.")
    speakers: SpeakerNames
    contested: Annotated[bool, Read(write=bool)] = Field(
        description="Whether there are exchanges in which it was used differently."
    )
    mismatches: Annotated[int, Read("contested")] = Field(description="How many such exchanges.")
    divided: float | None = Field(
        description="Probability, by permutation, that people differ in its use no more than each from himself."
    )
    termhood: Digits4


class TermJson(_TermFactsJson):
    """A term that people argue with."""

    senses: Annotated[list[str], Read(write=_write_labels)] = Field(description="Labels.")


class WholeTermJson(_TermFactsJson):
    """A term with its senses in full."""

    senses: list[SenseJson]


class SideJson(PlaceJson):
    """One side of a mismatch."""

    sense: str | None = Field(
        description="What the speaker says in `text` that the term means: a part of it; null where they do not say."
    )
    role: SideRole = Field(description="What the speaker does with the term in `text`.")


class SidesJson(JsonModel):
    """Both sides of another exchange of the same dispute."""

    a: SideJson
    b: SideJson


class MismatchJson(JsonModel):
    """A dispute in which two people use one term differently, by the exchange that shows it best."""

    id: str
    term: str = Field(description="What it is about: the phrase, “X vs Y” of two, or the sentence where none is named.")
    terms: list[str] = Field(description="The terms at issue; none where `term` is a sentence.")
    certainty: MismatchCertainty = Field(description="In which list it stands: possible ones are listed first.")
    score: Probability = Field(description="The calibrated probability that they talk past each other.")
    kind: MismatchKind
    noticed: bool = Field(description="Whether somebody in it says that the word is the problem.")
    why: str = Field(description="One line that a reader can check.")
    a: SideJson
    b: SideJson
    conversation: HeadingJson
    also: list[SidesJson] = Field(description="The other exchanges of the dispute, the best first.")
    admitted: bool = Field(description="Whether somebody says that they had understood it otherwise.")
