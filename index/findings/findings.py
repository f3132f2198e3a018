"""What the analyses find: terms with their senses, and exchanges in which people talk past each other.

They hold claims by id and exact words, so that nothing here outlives the record unnoticed.
"""

from dataclasses import dataclass
from enum import StrEnum

from corpus.model import Heading, Speaker, Stance

COUNTED = ("counted", "yes")  # the key under which a mismatch is kept that is counted for its term: a possible one


@dataclass(frozen=True, slots=True)
class Usage:
    """A place where somebody uses a term, in their own words: `utterance.text[start:end] == text`.

    `at` is where the term stands, in characters of `text`. `url` opens at the passage; it is not kept, but looked up
    when a finding is read (standing.py).
    """

    speaker: Speaker | None
    utterance_id: str
    start: int
    end: int
    text: str
    at: tuple[int, int] = (0, 0)
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Gloss:
    """What somebody said a term means: `text` is the sentence, `gloss` its defining words; `url` as in `Usage`."""

    speaker: Speaker | None
    utterance_id: str
    start: int
    end: int
    text: str
    gloss: str
    stance: Stance = Stance.STATED
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How often one person uses a term in one sense."""

    speaker: Speaker | None
    uses: int


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a term, in the authors' words. `speakers` are in order of use; `size` counts all usages, of
    which `usages` shows the most typical."""

    label: str
    size: int
    definitions: tuple[Gloss, ...] = ()
    usages: tuple[Usage, ...] = ()
    speakers: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A term that people argue with. `aliases` are other forms met (variants, an acronym, its expansion).

    `uses` counts its places in people's own words. `divided` is the probability, by permutation, that people who differ
    in its use differ no more than each from himself (small: they really differ); None where too few uses. `contested`
    counts the disputes in which it was possibly used differently (`MismatchCertainty`).
    """

    name: str
    aliases: tuple[str, ...]
    uses: int
    speakers: tuple[Share, ...]
    termhood: float = 0.0
    contested: int = 0
    divided: float | None = None
    senses: tuple[Sense, ...] = ()


class MismatchKind(StrEnum):
    """In what way two people talk past each other."""

    DISAGREEMENT = "disagreement"  # about what the word should mean, or how it was used
    CLARIFICATION = "clarification"  # one asks, or sets right, what the other meant
    IMPLICIT = "implicit"  # each in a sense of their own, and nobody says so


class MismatchCertainty(StrEnum):
    """In which of the two lists a mismatch stands."""

    POSSIBLE = "possible"  # somebody plainly asks for, gives, refuses or has mistaken a meaning
    PERHAPS = "perhaps"  # somebody says what a word means that both use, and no more


class SideRole(StrEnum):
    """What a side does with the term in the passage that is shown."""

    SAYS = "says"  # what it means
    ASKS = "asks"  # what the other means
    REJECTS = "rejects"  # the other's use or meaning
    ANSWERS = "answers"  # a question about it
    USES = "uses"  # and no more


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a mismatch: `utterance.text[start:end] == text`; `url` as in `Usage`.

    `sense` is the gloss in `text`: what the person says there that the term means, in their own words; None where they
    do not say.
    """

    speaker: Speaker | None
    utterance_id: str
    start: int
    end: int
    text: str
    sense: str | None = None
    url: str | None = None
    role: SideRole = SideRole.USES


@dataclass(frozen=True, slots=True)
class MismatchSides:
    """Both sides of another exchange of the same dispute."""

    a: Side
    b: Side


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A dispute in which two people use one term differently. `score` is the calibrated probability of that.

    `noticed`: somebody in it says that the word is the problem. `why` is one line that a reader can check. `also` are
    its other exchanges, the best first. `admitted`: somebody says that they had understood it otherwise. `terms` are
    the terms at issue: none where `term` is a whole sentence, two where it compares them.
    """

    id: str
    term: str
    score: float
    kind: MismatchKind
    noticed: bool
    why: str
    a: Side
    b: Side
    conversation: Heading
    certainty: MismatchCertainty = MismatchCertainty.POSSIBLE
    also: tuple[MismatchSides, ...] = ()
    admitted: bool = False
    terms: tuple[str, ...] = ()
