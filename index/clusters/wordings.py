"""What is compared: each wording once, whoever wrote it and however often.

Two claims of the same words, whatever the punctuation, are one wording; so are two that differ in a letter or two. A
wording with hardly a word of its own ("I agree") makes no point that it could share, and is not compared.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.model import Attribution, Claim
from corpus.words import term_key

if TYPE_CHECKING:
    import numpy as np

_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’](?=[^\W_]))*")
_LEAST_WORDS = 2  # content words that a comparable claim has
_SAME_COSINE, _SAME_LETTERS = 0.95, 93.0  # of near-identical wordings; letters: rapidfuzz's ratio


def comes_in(claim: Claim) -> bool:
    """Tell whether a claim may stand in a cluster: somebody's own words, and not taken back."""
    return claim.attribution is Attribution.OWN and not claim.retracted


def told(claim: Claim) -> str:
    """Give the words by which a claim is compared: readable alone, as its vector has it."""
    return claim.standalone or claim.text


def content(text: str) -> tuple[str, ...]:
    """Give the words of a text that carry meaning, each in the form under which it is compared.

    Example: content("The goals of an agent") -> ("goal", "agent")
    """
    common = _common()
    bare = (word.removesuffix("'s") for word in _words(text) if word not in common)
    return tuple(_form(word) for word in bare if len(word) > 1 and "'" not in word and word not in common)


@lru_cache(maxsize=100_000)
def _form(word: str) -> str:
    """Give the form under which a word is compared; kept, since the same words come again and again."""
    return term_key(word)


def _words(text: str) -> list[str]:
    return [match.group().casefold().replace("’", "'") for match in _WORD.finditer(text)]


def _common() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


@dataclass(frozen=True, slots=True)
class Wordings:
    """`of[i]` is the number of claim i's wording, -1 where it is not compared; `texts`, `dense`: one a wording."""

    of: "np.ndarray"
    texts: tuple[str, ...]
    dense: "np.ndarray"


def wordings(claims: Sequence[Claim], dense: "np.ndarray") -> Wordings:
    """Put claims of one wording together. Which claims come first does not matter, if they are in order of id."""
    import numpy as np

    number: dict[str, int] = {}
    first: list[int] = []
    of = np.full(len(claims), -1)
    for place, claim in enumerate(claims):
        text = told(claim)
        key = " ".join(_words(text))
        if key not in number:
            number[key] = len(first) if len(set(content(text))) >= _LEAST_WORDS else -1
            if number[key] >= 0:
                first.append(place)
        of[place] = number[key]
    texts = tuple(told(claims[place]) for place in first)
    return _joined(of, texts, dense[first])


def _joined(of: "np.ndarray", texts: tuple[str, ...], dense: "np.ndarray") -> Wordings:
    """Join wordings that differ in a letter or two; each goes to the first of its kind."""
    import numpy as np
    from rapidfuzz.fuzz import ratio

    from index.clusters.neighbours import neighbours

    rows, columns, _ = neighbours(dense, 3, _SAME_COSINE)
    same = np.arange(len(texts))
    for a, b in zip(rows.tolist(), columns.tolist(), strict=True):
        if a != b and ratio(texts[a].casefold(), texts[b].casefold()) >= _SAME_LETTERS:
            low, high = sorted((int(same[a]), int(same[b])))
            same[same == high] = low
    kept, renumbered = np.unique(same, return_inverse=True)
    of = np.where(of >= 0, renumbered[np.maximum(of, 0)] if len(texts) else -1, -1)
    return Wordings(of, tuple(texts[place] for place in kept), dense[kept])
