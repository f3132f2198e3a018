"""Whether two phrases are about one word: they share a stem, or one holds the other."""

import re
from functools import cache

from corpus.english import FUNCTION_WORDS
from corpus.term_key import make_term_key

_SUFFIX = re.compile(
    r"(?:ibilities|abilities|ibility|ability|ization|isation|ically|ational|ation|ition|ative|itive|izing|ising|izer|"
    r"iser|ized|ised|izes|ises|ize|ise|ments?|ness|ings?|ances?|ences?|ency|ancy|ists?|isms?|ible|able|ally|ions?|"
    r"ors?|ers?|ies|ied|ical|ial|ive|ous|ful|ant|ent|ial|ity|ly|al|ic|ed|es|e|y|s)$"
)
_SHORTEST = 4  # letters of a stem; what is shorter stays as it is


@cache
def make_stem(word: str) -> str:
    """Return the stem of a word, roughly: derived forms share it.

    >>> {make_stem(word) for word in ("corrigible", "corrigibility")}
    {'corrig'}
    """
    stem = word
    while True:
        match = _SUFFIX.search(stem)
        if match is None or match.start() < _SHORTEST:
            return stem
        stem = stem[: match.start()]


@cache
def find_stems(phrase: str) -> frozenset[str]:
    """Return the stems of the words of a phrase that carry meaning; of all its words where none does."""
    words = make_term_key(phrase).split()
    return frozenset(make_stem(word) for word in words if word not in FUNCTION_WORDS) or frozenset(words)


def is_related(a: str, b: str) -> bool:
    """Return whether two phrases share most of their stems, or one holds the other.

    >>> is_related("corrigible agents", "corrigibility"), is_related("outer alignment", "outer space")
    (True, False)
    """
    first, second = find_stems(a), find_stems(b)
    if not first or not second:
        return False
    return first <= second or second <= first or 2 * len(first & second) > min(len(first), len(second))
