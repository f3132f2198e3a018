"""A claim before anything is said of it, and what whoever says something of it may ask."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from corpus.model import Attribution, ClaimKind, Quotation, Speaker
from ingest.blocks import Block
from ingest.claims.reported_speech import Report
from ingest.claims.term_candidates import TermCandidate
from ingest.epistemic.credence import StatedCredence
from ingest.quotations.speaker_names import SpeakerNames

if TYPE_CHECKING:
    from spacy.tokens import Span


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A stretch [start, end) of a block that claims something, and how it was cut from `sentence`.

    All places count characters of the block. `spans` and `standalone` as in `Claim`. `kind` is what its own words say
    that it is: without one there is no claim. `report` is the view of somebody else that it tells.
    """

    block: Block
    sentence: "Span"
    start: int
    end: int
    standalone: str
    kind: ClaimKind
    spans: tuple[tuple[int, int], ...] = ()
    report: Report | None = None

    @property
    def text(self) -> str:
        """Return the exact words."""
        return self.block.text[self.start : self.end]

    @property
    def place(self) -> tuple[int, int]:
        """Return start and end in characters of the utterance."""
        return self.block.start + self.start, self.block.start + self.end


@dataclass(frozen=True, slots=True)
class ClaimContext:
    """What a block and its conversation know of the claims drafted from it.

    `quotations` and `retracted` stretches are those of the utterance, in its characters; `reports` (what the block
    tells of others), `credences` by the place of the draft that each is about and `terms` count characters of the
    block. `defining` are the drafts in which a term is said to mean something. `addressee` wrote what is answered.
    """

    quotations: Sequence[Quotation]
    names: SpeakerNames
    addressee: Speaker | None
    retracted: Sequence[tuple[int, int]]
    reports: Sequence[Report]
    credences: Mapping[tuple[int, int], StatedCredence]
    terms: Sequence[TermCandidate]
    defining: Set[tuple[int, int]]


class ClaimFields(TypedDict, total=False):
    """What an annotator says of a draft: fields of `Claim`."""

    kind: ClaimKind
    attribution: Attribution
    speaker: Speaker | None
    quoted_by: Speaker | None
    holder: str | None
    probability: float
    certainty: float
    credence: tuple[float, float] | None
    terms: tuple[str, ...]
    retracted: bool
    shown: bool
    kind_shown: bool
