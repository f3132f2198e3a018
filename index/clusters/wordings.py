"""What is compared: each wording once, whoever wrote it and however often.

Two claims of the same words, in the same order, are one wording, whatever their punctuation, number and common words;
only a "not" makes it another. A wording with hardly a word of its own ("I agree") makes no point that it could share,
and is not compared.
"""

# pyright: standard

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corpus.english import FUNCTION_WORDS
from corpus.model import Attribution, Claim
from corpus.term_key import make_term_key
from index.clusters.settings import SETTINGS

_WORD = re.compile(r"(?<!\\)\b[^\W\d_](?:[^\W_]|['’](?=[^\W_]))*")
NEGATION = re.compile(r"\b(?:not|never|no|none|nobody|nothing|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE)


def is_comparable(claim: Claim) -> bool:
    """Tell whether a claim may stand in a cluster: somebody's own words that say something, not taken back."""
    return claim.attribution is Attribution.OWN and claim.shown and not claim.retracted


def get_words(claim: Claim) -> str:
    """Return the words by which a claim is compared: readable alone, as its vector has it."""
    return claim.standalone or claim.text


def extract_content_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that carry meaning, each in the form under which it is compared.

    >>> extract_content_words("The goals of an agent")
    ('goal', 'agent')
    >>> extract_content_words("What a stone does")
    ('stone',)
    """
    common = _common()
    bare = (word.removesuffix("'s") for word in _words(text) if word not in common)
    return tuple(_form(word) for word in bare if len(word) > 1 and "'" not in word and word not in common)


@lru_cache(maxsize=100_000)
def _form(word: str) -> str:
    """Return the form under which a word is compared; kept, since the same words come again and again."""
    return make_term_key(word)


def _words(text: str) -> list[str]:
    return [match.group().casefold().replace("’", "'") for match in _WORD.finditer(text)]


def _common() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return FUNCTION_WORDS | ENGLISH_STOP_WORDS


@dataclass(frozen=True, slots=True)
class Wordings:
    """`of[i]` is the number of claim i's wording, -1 where it is not compared; `texts`, `dense`: one a wording."""

    of: np.ndarray
    texts: tuple[str, ...]
    dense: np.ndarray


def group_wordings(claims: Sequence[Claim], dense: np.ndarray) -> Wordings:
    """Put claims of one wording together; the first of each gives text and vector. Claims must be in order of id."""

    number: dict[tuple[str, ...], int] = {}
    first: list[int] = []
    of = np.full(len(claims), -1)
    for row, claim in enumerate(claims):
        text = get_words(claim)
        key = extract_content_words(text)
        if len(set(key)) < SETTINGS.least_words:
            continue
        key = (*key, "not") if NEGATION.search(text) else key
        if key not in number:
            number[key] = len(first)
            first.append(row)
        of[row] = number[key]
    return Wordings(of, tuple(get_words(claims[row]) for row in first), dense[first])
