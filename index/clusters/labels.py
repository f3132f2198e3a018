"""What a cluster is called: the terms that set it apart (class-based TF-IDF: Grootendorst 2022, arXiv:2203.05794)."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from index.clusters.settings import SETTINGS
from index.clusters.wordings import extract_content_words


class Vocabulary:
    """The terms of all wordings, one or two content words long, each counted once a wording."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._total = len(texts)
        self._of = [frozenset(_terms(extract_content_words(text))) for text in texts]
        self._everywhere: Counter[str] = Counter(term for terms in self._of for term in terms)

    def label(self, members: Sequence[int]) -> tuple[str, ...]:
        """Return the terms that set some wordings apart from all, the most telling first."""
        inside: Counter[str] = Counter(term for position in members for term in self._of[position])
        least = max(2, SETTINGS.label_share * len(members))
        scored = [
            (-self._score(term, count, len(members)), term) for term, count in inside.items() if count >= least
        ] or [(-self._score(term, count, len(members)), term) for term, count in inside.items()]
        chosen: list[str] = []
        for _, term in sorted(scored):
            if any(set(term.split()) & set(other.split()) for other in chosen):
                continue
            chosen.append(term)
            if len(chosen) == SETTINGS.label_terms:
                break
        return tuple(chosen)

    def _score(self, term: str, inside: int, size: int) -> float:
        longer = 1.25 if " " in term else 1.0  # two words together say more than either
        return longer * inside / size * math.log(1 + self._total / self._everywhere[term])


def _terms(words: Sequence[str]) -> list[str]:
    pairs = [f"{candidate} {other}" for candidate, other in pairwise(words) if candidate != other]
    return [*words, *pairs]
