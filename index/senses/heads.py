"""From states to vectors, and from vectors to probabilities: the few numbers behind the questions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import torch


def joined(terms: "torch.Tensor", contexts: "torch.Tensor", layers: "torch.Tensor") -> "torch.Tensor":
    """Join what the layers say of a term, and the last one of the text around it: shape (uses, 2 · size).

    `terms` is of shape (uses, layers, size); `layers` weighs them. Each half is of length 1.
    """
    import torch

    normalize = torch.nn.functional.normalize
    term = (normalize(terms, dim=-1) * layers[:, None]).sum(dim=-2)
    return torch.cat([normalize(term, dim=-1), normalize(contexts, dim=-1)], dim=-1)


class Heads:
    """Logistic regressions over cosines between halves of vectors: of a term in its place, and of the text around it.

    `learned` has "layers" (layers,), "same" (term·term, context·context, bias) and "match" (term·term, context·context,
    term·context, context·term, bias; the use comes first).
    """

    def __init__(self, learned: "Mapping[str, np.ndarray]") -> None:
        import torch

        self.layers = torch.tensor(learned["layers"])
        self._same, self._match = learned["same"], learned["match"]

    def same_sense(self, a: "np.ndarray", b: "np.ndarray") -> "np.ndarray":
        """Give a probability for each pair of uses."""
        (a_term, a_context), (b_term, b_context) = _halves(a), _halves(b)
        terms, contexts, bias = self._same
        return _sigmoid(a_term * terms @ b_term.T + a_context * contexts @ b_context.T + bias)

    def match(self, uses: "np.ndarray", meanings: "np.ndarray") -> "np.ndarray":
        """Give a probability for each use with each meaning."""
        (term, context), (named, gloss) = _halves(uses), _halves(meanings)
        terms, contexts, crossed, back, bias = self._match
        by_term = (term * terms + context * back) @ named.T
        return _sigmoid(by_term + (context * contexts + term * crossed) @ gloss.T + bias)

    def fits(self, uses: "np.ndarray", meanings: "np.ndarray") -> "np.ndarray":
        """Give a probability for each use with the meaning at its own place: shape (uses,)."""
        (term, context), (named, gloss) = _halves(uses), _halves(meanings)
        terms, contexts, crossed, back, bias = self._match
        by_term = ((term * terms + context * back) * named).sum(axis=-1)
        return _sigmoid(by_term + ((context * contexts + term * crossed) * gloss).sum(axis=-1) + bias)


def _halves(vectors: "np.ndarray") -> "tuple[np.ndarray, np.ndarray]":
    middle = vectors.shape[-1] // 2
    return vectors[..., :middle], vectors[..., middle:]


def _sigmoid(odds: "np.ndarray") -> "np.ndarray":
    import numpy as np

    return (1 / (1 + np.exp(-np.clip(odds, -60, 60)))).astype(np.float32)
