"""What to call a sense: in the authors' own words, word for word."""

import re
from collections.abc import Sequence

from corpus.model import Stance
from index.terms.reading import Meant
from index.terms.usages import Place

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_FEWEST, _LONGEST = 2, 90  # words, characters of a gloss that can be a label
_AROUND = 5  # words on each side of a term that is shown in its place
_STOP = re.compile(r"[.;:!?()\[\]—\n]")


def label(meant: Sequence[Meant], typical: Sequence[Place]) -> str:
    """Give the shortest good gloss of a sense, else the words around the term where it stands most typically."""
    glosses = [
        each.definition.gloss.strip()
        for each in meant
        if each.definition.stance is Stance.STATED and len(_WORD.findall(each.definition.gloss)) >= _FEWEST
    ]
    if glosses:
        short = [gloss for gloss in glosses if len(gloss) <= _LONGEST]
        return min(short, key=lambda gloss: (len(gloss), gloss)) if short else _cut(min(glosses, key=len))
    return fragment(typical[0]) if typical else ""


def fragment(place: Place) -> str:
    """Give the term with a few words around it, as they stand, within the clause.

    Example: "No: it keeps its goal in an empty house, too." -> "it keeps its goal in an empty house, too"
    """
    text = place.said.text
    left = max((match.end() for match in _STOP.finditer(text, 0, place.start)), default=0)
    stop = _STOP.search(text, place.end)
    right = stop.start() if stop else len(text)
    before = [match.start() for match in _WORD.finditer(text, left, place.start)]
    after = [match.end() for match in _WORD.finditer(text, place.end, right)]
    start = before[-_AROUND] if len(before) >= _AROUND else left
    end = after[_AROUND - 1] if len(after) >= _AROUND else right
    return text[start:end].strip(" \t\n,\"“”'‘’")


def _cut(gloss: str) -> str:
    """Cut a long gloss at a blank."""
    return gloss[:_LONGEST].rsplit(" ", 1)[0]
