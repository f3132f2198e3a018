"""Which claims are surely of the kind that is read from their words, so that the kind may be told beside them.

`classify_kind` decides for every claim, because what is said under a condition must not be taken for what is asserted.
Readers who see the claim accept the word in two of three cases. These narrower forms are those that they do accept;
all others have a kind in the record that nobody is shown. No form of words makes a recommendation sure: of those that
were tried readers accepted half.
"""

import re
from collections.abc import Callable, Mapping

from corpus.model import ClaimKind
from ingest.epistemic.kind_cues import CLOSING, OPENING
from ingest.epistemic.scope import blank_quotations

_FAR = 160  # characters; what defines a term further on is not what the claim is for
_SHORT = 60  # characters; an opinion or a hope that stands further off is not about this verb

_OF_OTHERS = re.compile(r":|\b(?:your|his|her|their|\w+['’]s) (?:perspective|view|model|position|opinion)\b")
_FORETELLS = re.compile(
    rf"\b(?:will|won['’]t) (?:probably|likely|almost certainly|eventually|soon|surely|presumably)\b"
    rf"|\bI(?:['’]d| would)?(?: \w{{2,10}})? (?:think|expect|predict|suspect|guess|bet)\b[^.;?]{{0,{_SHORT}}}?"
    r"\b(?:will|won['’]t|['’]ll|(?:is|are) going to)\b(?! (?:say|argue|call|assume|try to (?:say|explain))\b)"
    rf"|\bI(?: \w{{2,10}})? (?:expect|predict) [^.;?]{{3,{_SHORT}}}? to (?!(?:be|have)\b)[a-z]+",
    re.IGNORECASE,
)
_PAST = (
    r"(?:[a-z]{2,}ed|saw|read|heard|met|went|spent|wrote|felt|found|grew|spoke|got|took|taught|ran|built|left|became"
    r"|began|bought|chose|fell|lost|paid|sent|understood|woke|was [a-z]+ing|did(?:n['’]t| not) (?!mean|think)[a-z]+)"
)
_LIVED = re.compile(
    rf"(?:(?:so|and|but|then|when|actually|incidentally|oh),? )*I(?:['’]ve| have)?"
    rf"(?: (?:also|just|recently|personally|once|first|then|never|actually|originally|initially|really|even|still|later"
    rf"|only))*"
    rf" (?!gained|used to mean|agreed|assumed|supposed|needed|meant|tried to|argued|claimed|described|defined"
    rf"|mentioned){_PAST}\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\b(?:(?:is|are)(?: \w{2,12})? defined (?:as|to be)\b|\blet\b[^.;]{1,60} (?:denote|be an?|be the)\b"
    r"|(?:denotes?|stands for|is short for|is shorthand for) (?:the|an?|our|by)\b"
    r"|(?:is|are)(?: (?:often|sometimes|usually|also|then|commonly))? called\b"
    r"(?! (?:for|on|upon|out|by|into|something)\b)"
    r"|(?:we|I)(?:['’]ll| will|['’]d| would)? (?:dub|denote|define)\b[^.;?]{1,80} (?:as|to be|by|to mean|for)\b"
    r"|(?:we|I)(?:['’]ll| will) (?:call|dub|denote)\b"
    r"|\bby [\"“*_$]?[^,.;?\n]{1,60}[\"”*_$]?,? (?:I|we) (?:just |only |really )?mean\b)",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r"\b(?:if|assuming|provided|unless|suppose|because|although|where|believe|thinks?)\b", re.IGNORECASE
)
_IF = re.compile(
    r"(?:(?:because|basically|similarly|for example|for instance|e\.g\.|though),? )*(?:if|unless)\b"
    r"(?! not\b| so\b| any| (?:I|we|you) (?:think|look|like|understand|recall|remember|want)\b)",
    re.IGNORECASE,
)
_OF_WORDS = re.compile(
    r"(?:the|this|that) (?:term|word|phrase|definition|name|label|wording|terminology)s?"
    r"(?: [\"“‘*_][^\"”\n]{1,60}[\"”’*_])?"
    r" (?:is|was|are|has|includes?|seems?|sounds?|suggests?|does|doesn['’]t|isn['’]t|can|could|might|may)\b",
    re.IGNORECASE,
)


def is_surely(kind: ClaimKind, claim: str) -> bool:
    """Tell whether readers of a claim of this kind accept the word for it. An assertion is what needs no word.

    >>> is_surely(ClaimKind.CONDITIONAL, "If it fails, we stop.")
    True
    >>> is_surely(ClaimKind.CONDITIONAL, "We ask whether it fails if we stop.")
    False
    """
    text = blank_quotations(claim)
    if kind is ClaimKind.QUESTION:
        return text.rstrip(CLOSING).endswith("?")
    opening = OPENING.match(text)
    start = opening.end() if opening else 0
    sure = _SURE.get(kind)
    return sure is not None and sure(text, start)


def _foretells(text: str, _start: int) -> bool:
    foretold = _FORETELLS.search(text)
    return foretold is not None and _OF_OTHERS.search(text, 0, foretold.end()) is None


def _defines(text: str, start: int) -> bool:
    defining = _DEFINES.search(text, start, start + _FAR)
    return defining is not None and _INTRODUCES.search(text, start, defining.start()) is None


_SURE: Mapping[ClaimKind, Callable[[str, int], bool]] = {
    ClaimKind.DEFINITION: _defines,
    ClaimKind.METALINGUISTIC: lambda text, start: _OF_WORDS.match(text, start) is not None,
    ClaimKind.CONDITIONAL: lambda text, start: _IF.match(text, start) is not None,
    ClaimKind.PREDICTION: _foretells,
    ClaimKind.EXPERIENCE: lambda text, start: _LIVED.match(text, start) is not None,
}
