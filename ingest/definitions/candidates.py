"""What a sentence proposes as definitions: what the forms find in its words, cut by what the parse knows."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.model import Stance
from ingest.definitions.features import Setting
from ingest.definitions.forms import OPEN_LEFT, DefinitionCandidate, find_by_words
from ingest.definitions.genus import find_across_sentences, find_by_genus
from ingest.definitions.spans import trim_gloss, trim_term

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_OF_PHRASE = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})
_WORK = re.compile(
    r"\b(?:book|paper|post|article|essay|blog|podcast|newsletter|film|movie|story|novel|poem|song|talk|lecture|episode"
    r"|chapter|sequence|series|report|preprint|thesis)\b",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 45  # tokens: a longer sentence says more than what is named
_NAMING = frozenset({"call this X", "known as X", "G called X", "refer to G as X"})
_CONDITION = "if by X you mean"
_OPENS_CLAUSE = frozenset({"PRP", "EX", "WRB", "RB", "UH", "DT"})  # "then" is an RB
_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})
_CLOSES = frozenset("\"”’'*_`")
_ENDS = _OF_PHRASE | {"VERB"}
_MODIFIES = frozenset({"amod", "compound", "nummod"})
_QUANTIFIES = frozenset("such other same many most few more several certain own".split())
_HOLDS = frozenset("kind sort type set lot number form case part amount class range list group version use".split())
_LONGEST_PHRASE = 8  # tokens


def propose_definitions(
    sentence: "Span", text: str, setting: Setting, before: "Span | None" = None
) -> list[DefinitionCandidate]:
    """Propose all that may define in a sentence; `before` is the sentence before it in the same passage."""
    candidates = [
        _with_before(candidate, text, before)
        for candidate in find_by_words(text, sentence.start_char, sentence.end_char)
    ]
    candidates += find_by_genus(sentence, text)
    if before is not None:
        candidates += find_across_sentences(before, sentence, text, setting.marked)
    candidates = [_marked_only(_ending_phrase(candidate, sentence, text), text, setting) for candidate in candidates]
    candidates = [_own_gloss(candidate, sentence, text) for candidate in candidates]
    candidates = [candidate for candidate in candidates if not _entitles(candidate, text)]
    return [
        candidate for candidate in candidates if candidate.gloss is not None or candidate.stance is not Stance.STATED
    ]


def _entitles(candidate: DefinitionCandidate, text: str) -> bool:
    """Tell whether what is named is somebody's work, by its title: "a book called Old Harbours"."""
    words = text[slice(*candidate.term)].split()
    titled = len(words) > 1 and all(word[:1].isupper() for word in words)
    return (
        titled
        and candidate.gloss is not None
        and candidate.form in _NAMING
        and bool(_WORK.search(text, *candidate.gloss))
    )


def _ending_phrase(candidate: DefinitionCandidate, sentence: "Span", text: str) -> DefinitionCandidate:
    """Take the noun phrase that ends there for the term, where words do not tell where it begins."""
    if candidate.form not in OPEN_LEFT or text[candidate.term[1] : candidate.term[1] + 1] in _CLOSES:
        return candidate
    ending = [token for token in sentence if token.idx < candidate.term[1]]
    if not ending or ending[-1].pos_ not in _ENDS:
        return candidate
    first = _phrase_begins(ending, len(ending) - 1)
    if (
        candidate.form == "X, i.e." and first > 1 and ending[first - 1].lower_ == "of"
    ):  # "a unit of information, namely"
        whole = first - 2
        if ending[whole].pos_ in {"NOUN", "PROPN"} and ending[whole].lemma_.lower() not in _HOLDS:
            first = _phrase_begins(ending, whole)
    term = trim_term(text, ending[first].idx, candidate.term[1])
    return replace(candidate, term=term) if term else candidate


def _phrase_begins(tokens: "Sequence[Token]", last: int) -> int:
    """Return the place of the first word of the phrase that ends at `last`."""
    first = last
    while first > 0 and last - first < _LONGEST_PHRASE:
        left, right = tokens[first - 1], tokens[first]
        joined = not left.whitespace_ and "-" in (left.text, right.text)
        if left.lower_.endswith("ly") and right.pos_ in {"ADJ", "VERB"}:
            return first - 1
        if left.lower_ in _QUANTIFIES or not (joined or left.pos_ in _OF_PHRASE or left.dep_ in _MODIFIES):
            break
        first -= 1
    return first


def _own_gloss(candidate: DefinitionCandidate, sentence: "Span", text: str) -> DefinitionCandidate:
    """Leave out of a gloss what goes on after it: "X (i.e. a Y) does", "X, i.e. a Y, is", "if by X you mean Y, I"."""
    if candidate.gloss is None or candidate.before or candidate.form not in OPEN_LEFT | {_CONDITION}:
        return candidate
    start, end = candidate.gloss
    if "(" in text[candidate.term[1] : start]:
        end = _find_closing_bracket(text, start, end)
    inside = [token for token in sentence if start <= token.idx < end]
    commas = [index for index, token in enumerate(inside[:-1]) if token.text == "," and index]
    goes_on = _OPENS_CLAUSE if candidate.form == _CONDITION else _FINITE
    ends = [inside[index].idx for index in commas if inside[index + 1].tag_ in goes_on]
    gloss = trim_gloss(text, start, ends[0] if ends else end)
    return replace(candidate, gloss=gloss)


def _find_closing_bracket(text: str, start: int, end: int) -> int:
    """Return where the bracket closes that was opened before `start`, or `end`."""
    depth = 1
    for index in range(start, end):
        depth += (text[index] == "(") - (text[index] == ")")
        if not depth:
            return index
    return end


def _marked_only(candidate: DefinitionCandidate, text: str, setting: Setting) -> DefinitionCandidate:
    """Take what is marked in a term for the term: "we call this mitigation *reward targeting*"."""
    inside = [
        mark
        for mark in setting.marked
        if candidate.term[0] <= mark[0] and mark[1] <= candidate.term[1] and mark != candidate.term
    ]
    term = trim_term(text, *inside[0]) if len(inside) == 1 and candidate.form in _NAMING else None
    return replace(candidate, term=term) if term else candidate


def _with_before(candidate: DefinitionCandidate, text: str, before: "Span | None") -> DefinitionCandidate:
    """Take the sentence before for the gloss where a form points back: "I call this X"."""
    if not candidate.before:
        return candidate
    near = before if before is not None and len(before) <= _LONGEST_BEFORE else None
    gloss = trim_gloss(text, near.start_char, near.end_char) if near is not None else None
    return replace(candidate, gloss=gloss, before=gloss is not None)
