"""How surely two claims make the same point: the cosine of their vectors, their common words, their common letters.

A cosine of sentence vectors knows what a claim is about; the words and the runs of letters that two claims share know
better whether they say the same of it. The three are weighed by a logistic regression, trained on arguments and the key
points that they make (similarity.md); the weights are four numbers in similarity.json.
"""

# pyright: standard

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson

_LETTERS = 4  # letters a run
_AT_ONCE = 65_536  # pairs
_WEIGHTS = Path(__file__).with_name("similarity.json")


@dataclass(frozen=True, slots=True)
class SimilarityWeights:
    """Of the logistic regression."""

    cosine: float
    words: float
    letters: float
    bias: float


@lru_cache(maxsize=1)
def load_weights() -> SimilarityWeights:
    """Read the weights that come with the program."""
    values = orjson.loads(_WEIGHTS.read_bytes())
    return SimilarityWeights(**{name: float(values[name]) for name in ("cosine", "words", "letters", "bias")})


@dataclass(frozen=True, slots=True)
class ClaimSimilarity:
    """Some texts, made comparable. Rarity of words is counted over these texts."""

    dense: np.ndarray
    words: Any  # sparse (texts, words), rows shorter than 1
    letters: Any
    weights: SimilarityWeights

    @classmethod
    def from_texts(
        cls, texts: Sequence[str], dense: np.ndarray, weights: SimilarityWeights | None = None
    ) -> "ClaimSimilarity":
        """Count the words and letters of texts; `dense` holds their vectors, rows of length 1."""
        words, letters = _vectorizers()
        return cls(dense, _count_rarity(words, texts), _count_rarity(letters, texts), weights or load_weights())

    def compare_pairs(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return the log odds that each pair (rows[i], columns[i]) makes the same point."""
        return self._weigh(*self.measure_parts(rows, columns))

    def measure_parts(self, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the cosine, common words and common letters of each pair (rows[i], columns[i])."""
        parts = np.empty((3, len(rows)), dtype=np.float32)
        for start in range(0, len(rows), _AT_ONCE):
            some, others = rows[start : start + _AT_ONCE], columns[start : start + _AT_ONCE]
            parts[0, start : start + _AT_ONCE] = (self.dense[some] * self.dense[others]).sum(axis=1)
            for part, counted in ((1, self.words), (2, self.letters)):
                shared = counted[some].multiply(counted[others]).sum(axis=1)
                parts[part, start : start + _AT_ONCE] = np.asarray(shared).ravel()
        return parts[0], parts[1], parts[2]

    def compare_all(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return the log odds for every row with every column, shape (rows, columns)."""
        return self._weigh(
            self.dense[rows] @ self.dense[columns].T,
            (self.words[rows] @ self.words[columns].T).toarray(),
            (self.letters[rows] @ self.letters[columns].T).toarray(),
        )

    def _weigh(self, cosine: np.ndarray, words: np.ndarray, letters: np.ndarray) -> np.ndarray:
        weights = self.weights
        return cosine * weights.cosine + words * weights.words + letters * weights.letters + weights.bias


def _vectorizers() -> tuple[Any, Any]:
    """Return what counts words, and runs of letters within words; common English words are left out of the first."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    unscaled: Any = None
    words = TfidfVectorizer(sublinear_tf=True, norm=unscaled, stop_words="english")
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(_LETTERS, _LETTERS), sublinear_tf=True, norm=unscaled)
    return words, letters


def _count_rarity(vectorizer: Any, texts: Sequence[str]) -> Any:
    """Weigh what texts hold by rarity; rows are as long as 1 only for long texts.

    Each is divided by its length plus that of a mean text: of two short texts that share a word, one cannot tell
    whether they say the same of it.
    """
    from scipy.sparse import csr_matrix, diags

    try:
        counted = csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:  # none of the texts holds a word
        return csr_matrix((len(texts), 1), dtype=np.float32)
    lengths = np.asarray(counted.multiply(counted).sum(axis=1)).ravel()
    return csr_matrix(diags(1.0 / np.sqrt(lengths + max(float(lengths.mean()), 1e-9))) @ counted, dtype=np.float32)
