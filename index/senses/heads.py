"""From states to vectors, and from vectors to probabilities: the few numbers behind the questions.

A vector has three parts, each of length 1: the term in its place; the text around it at the layers that tell senses
best; the text around it as the last layer sums it up.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from corpus.logistic import logistic_array

if TYPE_CHECKING:
    import torch

TERM, AROUND, SUMMARY = PARTS = range(3)
# What is compared with what. Of a use and a definition the use comes first.
SAME = ((TERM, TERM), (AROUND, AROUND), (SUMMARY, SUMMARY))
MATCH = ((TERM, TERM), (SUMMARY, SUMMARY), (TERM, SUMMARY), (SUMMARY, TERM), (AROUND, AROUND))


def join_parts(
    terms: "torch.Tensor", contexts: "torch.Tensor", of_term: "torch.Tensor", of_context: "torch.Tensor"
) -> "torch.Tensor":
    """Join what the layers say of terms and of the texts around them: shape (uses, 3 · size).

    `terms` and `contexts` are of shape (uses, layers, size); the other two weigh the layers.
    """
    import torch

    def normalize(states: "torch.Tensor") -> "torch.Tensor":
        return torch.nn.functional.normalize(states, dim=-1)

    terms, contexts = normalize(terms), normalize(contexts)
    term = normalize((terms * of_term[:, None]).sum(dim=-2))
    around = normalize((contexts * of_context[:, None]).sum(dim=-2))
    return torch.cat([term, around, contexts[:, -1]], dim=-1)


def compute_cosines(a: np.ndarray, b: np.ndarray, compared: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Return the comparisons of the vectors at the same place in `a` and `b`: shape (vectors, comparisons)."""
    a, b = (vectors.reshape(len(vectors), len(PARTS), -1) for vectors in (a, b))
    return np.stack([(a[:, mine] * b[:, theirs]).sum(axis=-1) for mine, theirs in compared], axis=1)


class SenseHeads:
    """Logistic regressions over cosines between parts of vectors.

    `learned` has "of_term" and "of_context" (layers,), "same" and "match": a weight for each comparison, and the bias.
    """

    def __init__(self, learned: Mapping[str, np.ndarray]) -> None:
        import torch

        self.of_term, self.of_context = torch.tensor(learned["of_term"]), torch.tensor(learned["of_context"])
        self._same, self._match = learned["same"], learned["match"]

    def predict_same_sense(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Return a probability for each use in `a` with each in `b`."""
        return compute_probabilities(_fold_weights(a, self._same, SAME) @ b.T + self._same[-1])

    def predict_match(self, uses: np.ndarray, meanings: np.ndarray) -> np.ndarray:
        """Return a probability for each use with each meaning."""
        return compute_probabilities(_fold_weights(uses, self._match, MATCH) @ meanings.T + self._match[-1])


def _fold_weights(vectors: np.ndarray, weights: np.ndarray, compared: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Fold the weights into one side, so that all comparisons together are one product with the other side."""
    size = vectors.shape[-1] // len(PARTS)
    folded = np.zeros_like(vectors)
    for weight, (mine, theirs) in zip(weights[:-1], compared, strict=True):
        folded[:, theirs * size : (theirs + 1) * size] += weight * vectors[:, mine * size : (mine + 1) * size]
    return folded


def compute_probabilities(odds: np.ndarray) -> np.ndarray:
    """Turn log odds into probabilities, float32."""
    return logistic_array(odds).astype(np.float32)
