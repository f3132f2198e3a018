"""The forms in which people define, as patterns over the words.

Forms of definition in argument and in textbooks (Navigli & Velardi 2010; Spala et al. 2019, DEFT), and of talk about
meaning in dialogue (Myrendal 2015: "what do you mean by", "not what I would call"). A form only proposes: how sure it
is in its place is learned (`ingest.definitions.detector`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Stance
from ingest.definitions.contested import CONTESTED
from ingest.definitions.meant import MEANT
from ingest.definitions.named import NAMED_FORMS
from ingest.definitions.pattern_parts import DefinitionForm
from ingest.definitions.spans import Place, trim_gloss, trim_term

LONGEST = 1500  # characters of a sentence that are read
FORMS: tuple[DefinitionForm, ...] = (*CONTESTED, *MEANT, *NAMED_FORMS)
_NEEDS = tuple(sorted({need for form in FORMS for need in form.needs}))


@dataclass(frozen=True, slots=True)
class DefinitionCandidate:
    """What may be a definition, in characters of the text of its block.

    `before` holds where the gloss, or the term, stands in the sentence before.
    """

    term: Place
    gloss: Place | None
    stance: Stance
    form: str
    likely: float
    before: bool = False
    cue: Place = (0, 0)


# Where words alone do not tell at what word the term begins, only where it ends.
OPEN_LEFT = frozenset({"X := ", "X, i.e.", "X as in", "X, by which I mean", "X as opposed to"})
_POINTS_BACK = frozenset(
    {
        "call this X",
        "what I call X",
        "a word for this",
        "known as X",
        "that's what I mean by X",
        "G called X",
        "refer to G as X",
    }
)


def find_by_words(text: str, start: int, end: int) -> Iterator[DefinitionCandidate]:
    """Propose what the forms find in the sentence `text[start:end]`."""
    words = text[start : min(end, start + LONGEST)]
    lowered = words.lower()
    asks = words.rstrip(" \"'”’)]").endswith("?")
    there = {need for need in _NEEDS if need in lowered}
    for form in FORMS:
        if there.isdisjoint(form.needs):
            continue
        for match in form.pattern.finditer(words):
            term = trim_term(text, start + match.start("term"), start + match.end("term"))
            if term is None and form.name in OPEN_LEFT:  # "We want corrigibility, i.e.": its last word, to begin with
                last = match.start("term") + match["term"].rfind(" ") + 1
                term = trim_term(text, start + last, start + match.end("term"))
            if term is None:
                continue
            if form.name in _NAMES_NO_CLAUSE and _is_amiss(form.name, match):
                continue
            if form.name == "call this X" and _DENIES.search(words, 0, match.start()):
                continue  # "I wouldn't call that X": another form's
            if form.stance is Stance.ASKED and _POINTED.search(
                text, max(start, match.start("term") + start - 1), term[0]
            ):
                continue  # "what do you mean by that distinction" asks for no definition
            if form.name == "what counts as X" and not (asks or _WONDERS.search(words)):
                continue
            gloss, before = _gloss(form, match, text, start, end)
            stance = Stance.ASKED if asks and form.stance is Stance.STATED else form.stance
            cue = (start + match.start(), start + match.end())
            yield DefinitionCandidate(term, gloss, stance, form.name, form.likely, before, cue)


def _is_amiss(form: str, match: re.Match[str]) -> bool:
    """Tell whether what is named is a clause, or the name a title: "a series called Notes On Old Harbours"."""
    gloss, words = match.groupdict().get("gloss") or "", re.findall(r"[^\W\d]{3,}", match["term"])
    titled = len(words) > 2 and all(word[0].isupper() for word in words)
    if _PRAISED.match(match["term"]):
        return True  # "not what I would call a good test" is about tests, not about the word
    if form == "call this X" and gloss and not _SET_OFF.match(match["term"]):
        return True  # "we call a phase transition …": where one ends and the other begins, nothing tells
    if gloss.rstrip().endswith("what"):
        return True  # "the risk of what is called X"
    if gloss and match.start("gloss") > _LATE and _ONLY_POINTS.fullmatch(gloss):
        return True  # "one way to do this is called X"
    return titled or " - " in gloss or (form in _NAMES_NO_CLAUSE - {"known as X"} and bool(_CLAUSE.search(gloss)))


_DENIES = re.compile(r"(?:\bnot|n['’]t|\bnever) (?:\w{1,10} )?$")
_SET_OFF = re.compile(r"an? |the |[\"“‘'*_`]", re.IGNORECASE)
_WONDERS = re.compile(
    r"\b(?:wonder (?:what|who|which)|unclear|not sure|n['’]t know|n['’]t work out|can['’]t (?:say|tell)|asks?\b)",
    re.IGNORECASE,
)
_PRAISED = re.compile(
    r"(?:an? |the )?(?:very |really )?(?:good|bad|great|fair|nice|serious|strong|weak|simple|major|real)\b",
    re.IGNORECASE,
)
_NAMES_NO_CLAUSE = frozenset({"call this X", "G called X", "known as X", "not what I'd call"})
_CLAUSE = re.compile(r"\b(?:is|are|was|were|like|if)\b(?! called)")


def _gloss(form: DefinitionForm, match: re.Match[str], text: str, start: int, end: int) -> tuple[Place | None, bool]:
    """Find what a form leaves open: (gloss, whether it stands in the sentence before)."""
    gloss = None
    if "gloss" in form.pattern.groupindex and match["gloss"] is not None:
        gloss = trim_gloss(text, start + match.start("gloss"), start + match.end("gloss"))
        if gloss is not None and form.name in _POINTS_BACK and _ONLY_POINTS.fullmatch(text, *gloss):
            gloss = None
    if gloss is not None and form.name == "G called X":
        gloss = _own_phrase(text, gloss)
    if gloss is not None or form.name not in _POINTS_BACK:
        return gloss, False
    after = _AFTER.match(text, start + match.end(), end)
    if after is not None:
        return trim_gloss(text, after.end(), end), False
    if match.start() > _OPENS:  # "when it does so, I call that X"
        beside = form.name != "what I call X" or text[: start + match.start()].rstrip()[-1:] in {",", "—", "–", "("}
        return (trim_gloss(text, start, start + match.start()) if beside else None), False
    return None, True


def _own_phrase(text: str, gloss: Place) -> Place:
    """Leave out of "they have layers with a part" what stands before the last noun phrase: "a part"."""
    starts = [match.start(1) for match in _PHRASE.finditer(text, *gloss)]
    return (starts[-1], gloss[1]) if starts else gloss


_PHRASE = re.compile(
    r"(?<!\bof )(?<!\bin )(?<!\bto )(?<!\bon )(?<!\bby )(?<!\bat )(?<!\bfor )"
    r"(?<!\bwith )(?<!\bfrom )\b(an?|the|any|some)\b"
)
_POINTED = re.compile(r"\b(?:this|that|these|those)\b", re.IGNORECASE)
_ONLY_POINTS = re.compile(
    r"(?:all (?:of )?)?(?:the thing|this|that|it|these|those|they|them|which|such)(?: (?:thing"
    r"|things|one|ones|new|law|kind|idea|property|notion"
    r"|method|process|problem|approach|technique|concept|phenomenon|name|group|operation|of|\w+ effect)){0,3}",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s{0,2}(?:[:—–]|,? (?:where|in which|namely|i\.e\.)|(?:is|are|:))\s{1,3}")
_OPENS = 28
_LATE = 12
