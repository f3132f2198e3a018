"""The nouns: what people wrote, and what they claimed in it.

`Conversation`, `Utterance` and `Speaker` are ConvoKit's (Chang et al., SIGDIAL 2020). All offsets count characters
(code points) of `Utterance.text`; `text[start:end]` is the exact words, always. Everything here is immutable and
owns nothing upward: a claim knows the id of its utterance, not the utterance.
"""

# pyright: standard

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from corpus.errors import CyclicReplies, DuplicateId, Malformed

_CLAIM_NAMESPACE = uuid.UUID("5f0c7d1e-5a0e-5b58-9d35-0a5d4ad3d6f1")


class PassageKind(StrEnum):
    """What a stretch of an utterance is.

    Blocks (`BLOCKS`) never overlap one another and together cover all of the text but the blank lines between them.
    Regions (`REGIONS`) lie around one or more whole blocks. Inline kinds lie within one block.
    """

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"  # a block, or inline
    MATH = "math"  # a block, or inline; the text holds the TeX source between $ or $$
    QUOTE = "quote"  # region: the words of somebody else; nested quotes nest
    FOOTNOTE = "footnote"  # region: a note, moved to the end of the text
    SPOILER = "spoiler"  # region
    MACHINE_TEXT = "machine_text"  # region: marked as written by a language model; `note` names the model
    EMBED = "embed"  # a block: a widget (prediction, poll, preview); `note` says which
    LINK = "link"  # inline; `note` holds the address
    EMPHASIS = "emphasis"  # inline: italic or bold
    STRUCK = "struck"  # inline or region: <del>, <s>, ~~ ~~
    FOOTNOTE_MARK = "footnote_mark"  # inline: "[1]"


BLOCKS = frozenset(
    {
        PassageKind.PARAGRAPH,
        PassageKind.HEADING,
        PassageKind.LIST_ITEM,
        PassageKind.TABLE_ROW,
        PassageKind.CODE,
        PassageKind.MATH,
        PassageKind.EMBED,
    }
)
_BARE = frozenset({PassageKind.PARAGRAPH, PassageKind.LIST_ITEM, PassageKind.HEADING})  # all that bare text shows
REGIONS = frozenset({PassageKind.QUOTE, PassageKind.FOOTNOTE, PassageKind.SPOILER, PassageKind.MACHINE_TEXT})


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch `text[start:end]` of an utterance. `inline` tells an inline code, math or struck stretch from a block.

    Passages of an utterance are sorted by (start, -end), so that a region comes before the blocks in it.
    """

    kind: PassageKind
    start: int
    end: int
    note: str = ""
    inline: bool = False


class Status(StrEnum):
    """Whether an utterance still stands where it was posted."""

    LIVE = "live"
    RETRACTED = "retracted"  # struck out by its author, still readable
    DELETED = "deleted"  # gone from its site; words that were read before are kept, but no longer searched


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who wrote. `id` is the site's own id or slug with its site (`lesswrong:alice`); `name` is what readers see.

    No author in the source → the utterance has `speaker=None`. Never guess.
    """

    id: str
    name: str
    site: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """One post, comment, mail or turn. Times are timezone-aware UTC or None. `karma` is the site's own score.

    `reply_to` is the id of the utterance answered: it may be absent from the conversation (a partial scrape keeps
    the id). `begins` is the probability that a new voice really begins here: 1 unless turns were inferred.
    `meta` holds what the source said beside that (JSON values), for a faithful export.
    """

    id: str
    conversation_id: str
    text: str
    speaker: Speaker | None = None
    reply_to: str | None = None
    posted_at: datetime | None = None
    edited_at: datetime | None = None
    passages: tuple[Passage, ...] = ()
    karma: int | None = None
    status: Status = Status.LIVE
    url: str | None = None
    begins: float = 1.0
    meta: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def voice(self) -> str:
        """Return what tells the author from everybody else: equal for two utterances that one person wrote.

        It is the speaker's id. Nobody knows who the unattributed are: each such utterance has a voice that nothing
        else has, so that two turns of a flattened page are never taken for one person's.
        """
        return _voice(self.speaker, self.id)

    def __post_init__(self) -> None:
        size = len(self.text)
        for passage in self.passages:
            if not 0 <= passage.start < passage.end <= size:
                raise Malformed(
                    f"{self.id}: {passage.kind} [{passage.start}:{passage.end}] is outside {size} characters of text"
                )


def _voice(speaker: Speaker | None, utterance_id: str) -> str:
    return speaker.id if speaker is not None else f"?{utterance_id}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, as the parser found it: `[start, end)` of an utterance, without the white space around it."""

    utterance_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A post with its comments, a mail thread, an interview: utterances in the order of the source, the post first.

    Raises `DuplicateId` for one id twice, `CyclicReplies` where replies go round, `Malformed` where an utterance
    names another conversation. A missing parent is no error: such an utterance is shown under the root.
    """

    id: str
    title: str
    utterances: tuple[Utterance, ...]
    site: str | None = None
    url: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        parents: dict[str, str | None] = {}
        for utterance in self.utterances:
            if utterance.conversation_id != self.id:
                raise Malformed(
                    f"{self.id}: utterance {utterance.id} belongs to conversation {utterance.conversation_id}"
                )
            if utterance.id in parents:
                raise DuplicateId(f"{self.id}: two utterances have the id {utterance.id}")
            parents[utterance.id] = utterance.reply_to
        _refuse_cycles(self.id, parents)

    @property
    def is_flattened(self) -> bool:
        """Tell whether this is a page that lost its markup and does not say who wrote what."""
        kinds = {passage.kind for utterance in self.utterances for passage in utterance.passages}
        if not kinds <= _BARE:
            return False
        return len(self.utterances) == 1 or all(
            utterance.speaker is None or utterance.begins < 1 for utterance in self.utterances[1:]
        )

    @property
    def heading(self) -> "Heading":
        """Return the conversation without its utterances."""
        return Heading(self.id, self.title, self.url, self.site)


@dataclass(frozen=True, slots=True)
class Heading:
    """A conversation without its utterances."""

    id: str
    title: str
    url: str | None = None
    site: str | None = None


def _refuse_cycles(conversation_id: str, parents: Mapping[str, str | None]) -> None:
    """Follow every reply upward once; iterative, so that a chain of 100,000 replies is no problem."""
    settled: set[str] = set()
    for start in parents:
        walked: dict[str, None] = {}
        here: str | None = start
        while here is not None and here in parents and here not in settled:
            if here in walked:
                chain = list(walked)
                circle = [*chain[chain.index(here) :], here]
                shown = " → ".join(circle[:5]) + (" …" if len(circle) > 5 else "")
                raise CyclicReplies(f"{conversation_id}: {len(circle) - 1} replies go round in a circle ({shown})")
            walked[here] = None
            here = parents[here]
        settled.update(walked)


class ClaimKind(StrEnum):
    """What kind of thing a claim says."""

    ASSERTION = "assertion"
    DEFINITION = "definition"
    PREDICTION = "prediction"
    RECOMMENDATION = "recommendation"
    QUESTION = "question"
    CONDITIONAL = "conditional"
    EXPERIENCE = "experience"
    METALINGUISTIC = "metalinguistic"  # about words: "that's not what I'd call an agent"


class Attribution(StrEnum):
    """In what way the claim came to stand in the utterance."""

    OWN = "own"
    QUOTED = "quoted"  # the words of somebody else
    REPORTED = "reported"  # somebody else's view in the author's words


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody claimed, in exact words: `utterance.text[start:end] == text`.

    `speaker` is whose words they are: the author for own and reported claims; for quoted ones the person quoted, or
    None where that is unknown. `quoted_by` is the author of the utterance, for quoted claims only. `holder` is whose
    view it is, for reported claims only ("Eliezer thinks that P" → P with holder "Eliezer"). `certainty` in 0..1 is
    read from hedges and boosters; `credence` is an explicit probability (low, high) or None. `standalone` is the claim
    readable out of context. `spans` lists the parts of [start, end) that carry the claim, where something else stands
    between them; `()` means all of it. `probability` is how sure the attribution
    is. `retracted` holds if the author has since taken it back. `shown` holds if the claim says something by itself:
    what does not is kept, and left out of lists; `kind_shown` if its kind is sure
    enough to be told.
    """

    id: str
    utterance_id: str
    start: int
    end: int
    text: str
    standalone: str
    kind: ClaimKind = ClaimKind.ASSERTION
    attribution: Attribution = Attribution.OWN
    speaker: Speaker | None = None
    quoted_by: Speaker | None = None
    holder: str | None = None
    certainty: float = 1.0
    credence: tuple[float, float] | None = None
    retracted: bool = False
    terms: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    probability: float = 1.0
    shown: bool = True
    kind_shown: bool = True

    @property
    def voice(self) -> str:
        """Return whose words they are, as `Utterance.voice` does."""
        return _voice(self.speaker, self.utterance_id)

    @property
    def is_sure(self) -> bool:
        """Tell whether these are surely the words of `speaker`, and not perhaps a quotation that lost its marks."""
        return self.attribution is not Attribution.OWN or self.probability >= _SURELY_OWN

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text) or not self.text:
            raise Malformed(
                f"{self.utterance_id}: claim [{self.start}:{self.end}] does not fit its text {self.text[:40]!r}"
            )


def make_claim_id(utterance_id: str, start: int, end: int, text: str) -> str:
    """Name a claim by its place and words (UUIDv5), so that reading twice gives the same claim.

    >>> make_claim_id("lesswrong:abc", 0, 2, "Hi") == make_claim_id("lesswrong:abc", 0, 2, "Hi")
    True
    """
    return str(uuid.uuid5(_CLAIM_NAMESPACE, f"{utterance_id}\x1f{start}\x1f{end}\x1f{text}"))


class QuotationKind(StrEnum):
    """How a quotation shows."""

    MARKED = "marked"  # a blockquote, or ">"
    UNMARKED = "unmarked"  # a scrape that lost its markup
    INLINE = "inline"  # "…" within a sentence


_SURELY_OWN = 0.7
_SURELY_QUOTED = 0.7  # below it, measured, most passages are the author's own after all


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of somebody else at `[start, end)` of an utterance, and where they come from if that is known.

    `similarity` (0..1) of the quotation to the words found in `source_utterance_id`; `probability` that this is a
    quotation at all.
    """

    utterance_id: str
    start: int
    end: int
    how: QuotationKind
    source_utterance_id: str | None = None
    source_start: int | None = None
    source_end: int | None = None
    speaker: Speaker | None = None
    similarity: float = 0.0
    probability: float = 1.0

    @property
    def is_sure(self) -> bool:
        """Tell whether these are surely the words of somebody else: at a probability of 0.7 or more.

        What is less sure is kept and shown as a quotation, but a passage of it is left to the author of the utterance.
        """
        return self.probability >= _SURELY_QUOTED


class Stance(StrEnum):
    """What an author does with a definition."""

    STATED = "stated"
    DISPUTED = "disputed"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Definition:
    """What `term` is said to mean, at `[start, end)` of an utterance; `gloss` is the defining words, verbatim."""

    utterance_id: str
    start: int
    end: int
    term: str
    gloss: str
    speaker: Speaker | None = None
    stance: Stance = Stance.STATED
    claim_id: str | None = None
    probability: float = 1.0

    @property
    def voice(self) -> str:
        """Return who defines, disputes or asks, as `Utterance.voice` does."""
        return _voice(self.speaker, self.utterance_id)


_UNSAFE = re.compile(r"[^\w.-]+")  # letters of any script stay: two names in Chinese are two names


def make_slug(name: str) -> str:
    """Make a plain id part of a name.

    A name that holds no letter at all is named by its digest, so that different names keep different ids.

    >>> make_slug("Rohin  Shah!")
    'rohin-shah'
    """
    folded = unicodedata.normalize("NFC", name.strip())
    part = _UNSAFE.sub("-", folded.casefold()).strip("-")
    return part or f"x-{hashlib.sha256(folded.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
