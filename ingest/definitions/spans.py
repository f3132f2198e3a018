"""What may stand as a term, and where a term and a gloss begin and end in running words."""

import re

from corpus.english import FUNCTION_WORDS

Place = tuple[int, int]

_LEADING = re.compile(
    r"(?:the|called|termed|said to be|known as|let|letting|consider|suppose|assume|an?|this|that|these|those"
    r"|my|your|our|some|any|every|just|really|being|or|and|either|word|words|term|terms|concept|notion|phrase"
    r"|(?:word|term|concept|notion|phrase|meaning|definition) of)\s+",
    re.IGNORECASE,
)
_EDGE = " \t\n\"“”'‘’*_`,;:.()[]—–-…"
_GLOSS_EDGE = " \t\n,;:—–-"
_NO_TERM = frozenset(
    """
    it this that these those which what who whom he she they we i you one there here so and or but all some
    any something anything nothing someone everyone anyone everybody people things thing way ways case cases
    point points part lot one's its kind sort example examples time times result results answer answers
    question questions reason reasons problem idea ideas goal's first second other another such same latter
    former above below following next last main whole rest others more most less least both each either
    neither true false not why how when where then now issue issues fact approach post comment page section
    chapter article paper essay user difference analogy hope good bad right wrong something's everything title
    author intention purpose key trick step story conclusion suggestion concern moral upshot implication link
    picture figure mine yours ours theirs his hers him her them me us myself yes no ok well thus hence
    therefore however also only even very too let letting definition definitions
    """.split()
)
_NOT_AT_ENDS = FUNCTION_WORDS | frozenset(
    "since because whereas unless once until whether one every each these those he she his her said says say "
    "really onto like also here how why where while though although".split()
)
_CLAUSE = re.compile(r"\b(?:you|i|we|they|he|she|it|that|there|who|what)['’](?:re|m|s|d|ll|ve)\b|n['’]t\b|[<>=]")
_NOT_IN_NAME = re.compile(r"\$|\[\d")  # a formula, a footnote
_MOST_WORDS = 7
_MOST_CHARS = 70


def trim_term(text: str, start: int, end: int) -> Place | None:
    """Leave articles, marks of quotation and the like out of a term; None where nothing to define is left.

    >>> trim_term('a "wug"', 0, 7)
    (3, 6)
    """
    foreign = _NOT_IN_NAME.search(text, start, end)
    start, end = _inward(text, start, foreign.start() if foreign else end)
    while led := _LEADING.match(text, start, end):
        start, end = _inward(text, led.end(), end)
    if start and text[start - 1] in '"“' and text.count('"', start, end) % 2 + ("”" in text[start:end]) == 1:
        start -= 1  # 'a "weak" oracle': only a part is quoted
    term = text[start:end].casefold()
    words = term.split()
    if not words or len(words) > _MOST_WORDS or len(term) > _MOST_CHARS or term in _NO_TERM or not has_letters(term):
        return None
    if words[0] in _NOT_AT_ENDS or words[-1] in _NOT_AT_ENDS or all(w in _NO_TERM | _NOT_AT_ENDS for w in words):
        return None
    if _CLAUSE.search(term):
        return None
    return start, end


def has_letters(term: str) -> bool:
    """Tell whether there are two letters to speak of."""
    return sum(c.isalpha() for c in term) >= 2


def _inward(text: str, start: int, end: int) -> Place:
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def trim_gloss(text: str, start: int, end: int) -> Place | None:
    """Leave blanks, the mark that leads in and the full stop out of a gloss; None where nothing is left."""
    while start < end and text[start] in _GLOSS_EDGE:
        start += 1
    if text.startswith("and only if ", start, end):
        start += len("and only if ")
    while end > start and (text[end - 1] in _GLOSS_EDGE or (text[end - 1] in ".!?" and text[end - 2 : end] != "..")):
        end -= 1
    if end > start and text[end - 1] == ")" and "(" not in text[start:end]:
        end -= 1
    return (start, end) if end - start >= 2 else None


def is_overlapping(span: Place, other: Place) -> bool:
    """Tell whether two stretches share a character."""
    return span[0] < other[1] and other[0] < span[1]
