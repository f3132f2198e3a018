"""BM25 weights of words, and what a query's words match.

BM25 is Robertson & Zaragoza's (2009), as Qdrant's own embedder computes it: words are lowercased, stemmed, and very
common ones left out. The store multiplies by the inverse document frequency.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from index.text_keys import make_encodable, reduce_to_words

_WORD = re.compile(r"[^\W_]+")


# Claims are short: 9.6 words are left of one when common ones are gone (mean of 21,964 claims of the Arbital threads).
_MEAN_WORDS = 10.0


_LISTED = 0.9  # of a query's words that are not common, from which it is a bare list


_KNOWN_WORDS = 100_000


@dataclass(frozen=True, slots=True)
class SparseWeights:
    """A sparse vector: a number for each distinct word, by the word's number."""

    words: tuple[int, ...]
    values: tuple[float, ...]


class Bm25:
    """Turn texts into weights of words, and find a query's words in a text."""

    def __init__(self) -> None:
        self._numbers: dict[str, int | None] = {}

    @cached_property
    def _model(self) -> Any:
        import qdrant_edge as edge

        return edge.Bm25(edge.Bm25Config(avg_len=_MEAN_WORDS, ascii_folding=True))

    def weigh_claim(self, text: str, standalone: str) -> SparseWeights:
        """Weigh the words of a claim: those that stand there, and those that make it readable alone."""
        weights = self._read_weights(self._model.embed_document(make_encodable(text)))
        if standalone in (text, ""):
            return weights
        both = self._read_weights(self._model.embed_document(make_encodable(standalone)))
        best = dict(zip(weights.words, weights.values, strict=True))
        for word, value in zip(both.words, both.values, strict=True):
            best[word] = max(value, best.get(word, 0.0))
        words = tuple(sorted(best))
        return SparseWeights(words, tuple(best[word] for word in words))

    def weigh_query(self, text: str) -> SparseWeights:
        """Weigh the words of a query: 1 each. None at all where it has only common words."""
        return self._read_weights(self._model.embed_query(make_encodable(text)))

    def find_highlights(self, query: SparseWeights, text: str) -> tuple[tuple[int, int], ...]:
        """Return (start, end) of each word of `text` that the query asks for, whatever its ending.

        "agents", asked of "An agent acts", gives ((3, 8),).
        """
        asked = set(query.words)
        if not asked:
            return ()
        return tuple(
            match.span()
            for match in _WORD.finditer(text)
            if not asked.isdisjoint(self._model.embed_query(make_encodable(match.group())).indices)
        )

    def compute_coverage(self, weights: Mapping[int, float], text: str) -> float:
        """Say how much of a query's words, by their weights, stand in a text that `reduce_to_words` gave.

        Where "agent" weighs 3 and "goal" 1, "an agent acts" has 0.75.
        """
        whole = sum(weights.values())
        if not whole:
            return 0.0
        held = {self.get_number(word) for word in text.split()}
        return sum(weight for word, weight in weights.items() if word in held) / whole

    def is_word_list(self, query: str) -> bool:
        """Tell a bare list of words from a sentence: hardly any of its words is a common one."""
        words = reduce_to_words(query).split()
        return bool(words) and sum(self.get_number(word) is not None for word in words) >= _LISTED * len(words)

    def get_number(self, word: str) -> int | None:
        """Return the number of a word as BM25 has it, whatever its ending; None for common words."""
        known = self._numbers.get(word, -1)
        if known == -1:
            if len(self._numbers) >= _KNOWN_WORDS:
                self._numbers.clear()
            known = next(iter(self._model.embed_query(word).indices), None)
            self._numbers[word] = known
        return known

    @staticmethod
    def _read_weights(sparse: Any) -> SparseWeights:
        return SparseWeights(tuple(sparse.indices), tuple(sparse.values))
