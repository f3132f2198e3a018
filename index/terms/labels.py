"""What to call a sense: in the authors' own words, word for word."""

import re
from collections.abc import Sequence

from corpus.model import Definition, Stance
from index.terms.occurrences import Occurrence
from index.terms.record_view import AttributedDefinition
from index.terms.stated_senses import PERSONS

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_FEWEST, _LONGEST = 2, 90  # words, characters of a gloss that can be a label
_SURE = 0.8  # of "probably a definition"
_AROUND = 5  # words on each side of a term that is shown in its place
_EDGE = " \t\n,\"“”'‘’"
_STOP = re.compile(r"[.;:!?()\[\]—\n]")


def label_sense(definitions: Sequence[AttributedDefinition], typical: Sequence[Occurrence]) -> str:
    """Return the shortest good gloss of a sense, else the words around the term where it stands most typically."""
    stated = [definition.definition for definition in definitions if definition.definition.stance is Stance.STATED]
    glosses = [definition for definition in stated if len(_WORD.findall(definition.gloss)) >= _FEWEST]
    if glosses:
        return _shorten_gloss(min(glosses, key=_poorness).gloss.strip())
    return cut_fragment(typical[0]) if typical else ""


def _poorness(definition: Definition) -> tuple[bool, bool, bool, int, str]:
    """Order glosses: those that are surely one, about nobody in particular, and fit; the shortest of them."""
    gloss = definition.gloss.strip()
    personal = gloss.split(maxsplit=1)[0].casefold() in PERSONS
    return definition.probability < _SURE, personal, len(gloss) > _LONGEST, len(gloss), gloss


def cut_fragment(occurrence: Occurrence) -> str:
    """Return the term with a few words around it, as they stand, within the clause.

    Of "No: it keeps its goal in an empty house, too." that is "it keeps its goal in an empty house, too".
    """
    text = occurrence.claim.text
    left = max((match.end() for match in _STOP.finditer(text, 0, occurrence.start)), default=0)
    stop = _STOP.search(text, occurrence.end)
    right = stop.start() if stop else len(text)
    before = [match.start() for match in _WORD.finditer(text, left, occurrence.start)]
    after = [match.end() for match in _WORD.finditer(text, occurrence.end, right)]
    start = before[-_AROUND] if len(before) >= _AROUND else left
    end = after[_AROUND - 1] if len(after) >= _AROUND else right
    return text[start:end].strip(_EDGE)


def _shorten_gloss(gloss: str) -> str:
    """Cut a gloss that is too long at a blank."""
    return gloss if len(gloss) <= _LONGEST else gloss[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;:—– ")
