"""How surely two claims make the same point: the cosine of their vectors, their common words, their common letters.

A cosine of sentence vectors knows what a claim is about; the words and the runs of letters that two claims share know
better whether they say the same of it. The three are weighed by a logistic regression, trained on arguments and the key
points that they make (likeness.md); the weights are four numbers in likeness.json.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

_LETTERS = 4  # letters a run
_WEIGHTS = Path(__file__).with_name("likeness.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the logistic regression."""

    cosine: float
    words: float
    letters: float
    bias: float


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """Read the weights that come with the program."""
    values = orjson.loads(_WEIGHTS.read_bytes())
    return Weights(**{name: float(values[name]) for name in ("cosine", "words", "letters", "bias")})


@dataclass(frozen=True, slots=True)
class Likeness:
    """Some texts, made comparable. Rarity of words is counted over these texts."""

    dense: "np.ndarray"
    words: Any  # sparse (texts, words), rows of length 1 or 0
    letters: Any
    weights: Weights

    @classmethod
    def of(cls, texts: "Sequence[str]", dense: "np.ndarray", weights: Weights | None = None) -> "Likeness":
        """Count the words and letters of texts; `dense` holds their vectors, rows of length 1."""
        import numpy as np

        words, letters = vectorizers()
        return cls(
            dense,
            _counted(words, texts).astype(np.float32),
            _counted(letters, texts).astype(np.float32),
            weights or shipped(),
        )

    def pairs(self, rows: "np.ndarray", columns: "np.ndarray", cosines: "np.ndarray | None" = None) -> "np.ndarray":
        """Give the log odds that each pair (rows[i], columns[i]) makes the same point."""
        import numpy as np

        odds = np.empty(len(rows), dtype=np.float32)
        for at in range(0, len(rows), 65_536):
            part = slice(at, at + 65_536)
            some, others = rows[part], columns[part]
            cosine = (self.dense[some] * self.dense[others]).sum(axis=1) if cosines is None else cosines[part]
            words = np.asarray(self.words[some].multiply(self.words[others]).sum(axis=1)).ravel()
            letters = np.asarray(self.letters[some].multiply(self.letters[others]).sum(axis=1)).ravel()
            odds[part] = self._weighed(cosine, words, letters)
        return odds

    def between(self, rows: "np.ndarray", columns: "np.ndarray") -> "np.ndarray":
        """Give the log odds for every row with every column, shape (rows, columns)."""
        return self._weighed(
            self.dense[rows] @ self.dense[columns].T,
            (self.words[rows] @ self.words[columns].T).toarray(),
            (self.letters[rows] @ self.letters[columns].T).toarray(),
        )

    def _weighed(self, cosine: "np.ndarray", words: "np.ndarray", letters: "np.ndarray") -> "np.ndarray":
        weights = self.weights
        return cosine * weights.cosine + words * weights.words + letters * weights.letters + weights.bias


def vectorizers() -> tuple[Any, Any]:
    """Give what counts words, and runs of letters within words; common English words are left out of the first."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(_LETTERS, _LETTERS), sublinear_tf=True)
    return words, letters


def _counted(vectorizer: Any, texts: "Sequence[str]") -> Any:
    from scipy.sparse import csr_matrix

    try:
        return csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:  # none of the texts holds a word
        return csr_matrix((len(texts), 1))
