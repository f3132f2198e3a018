"""The default encoder's layers once more, with what learning changes in them: low-rank deltas on the upper ones.

The encoder itself stays as it is; `deltas` are added to copies of its matrices (LoRA; Hu et al., 2021). Rows are packed
end to end without padding: with sentences of all lengths half of the work of a padded batch is on padding (measured).
"""

# pyright: standard

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

LAYERS, HEADS, SIZE, EPSILON = 6, 12, 384, 1e-12
FIRST = 4  # layers below are the encoder's own
CALLING_FIRST = 2  # the same for what a place calls for
SCALE = 2.0
QUERY, KEY, VALUE, MIXED, INNER, OUTER = MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


def name_matrix(layer: int, matrix: str) -> str:
    """Return the name of a matrix in the weights of the encoder, without its ending.

    >>> name_matrix(3, "output.dense")
    'encoder.layer.3.output.dense'
    """
    return f"encoder.layer.{layer}.{matrix}"


class LoraTransformer:
    """MiniLM over packed rows. `deltas` has "NAME.down" (rank, in) and "NAME.up" (out, rank) for each adapted NAME."""

    def __init__(self, weights: "Mapping[str, torch.Tensor]", deltas: "Mapping[str, torch.Tensor]") -> None:
        self._weights, self._deltas = weights, deltas
        self.drop = 0.0  # while learning: the share of a delta's inner numbers that is dropped, alike in a whole row

    def merge_deltas(self, dtype: "torch.dtype") -> "LoraTransformer":
        """Return the same with the deltas added in, as fast as the encoder itself. It cannot learn any more."""
        weights = dict(self._weights)
        for name in {key.rsplit(".", 1)[0] for key in self._deltas}:
            change = self._deltas[f"{name}.up"].float() @ self._deltas[f"{name}.down"].float()
            weights[f"{name}.weight"] = weights[f"{name}.weight"] + SCALE * change
        return LoraTransformer({name: weight.to(dtype) for name, weight in weights.items()}, {})

    def embed(self, ids: "Sequence[torch.Tensor]") -> "torch.Tensor":
        """Return what goes into the first layer: shape (tokens of all rows, size)."""
        import torch

        prefix = "embeddings."
        positions = torch.cat([torch.arange(len(row)) for row in ids])
        states = (
            self._weights[prefix + "word_embeddings.weight"][torch.cat(list(ids))]
            + self._weights[prefix + "position_embeddings.weight"][positions]
            + self._weights[prefix + "token_type_embeddings.weight"][0]
        )
        return self._normalize(states, prefix + "LayerNorm")

    def run_layers(
        self, states: "torch.Tensor", sizes: Sequence[int], lengths: Sequence[int], first: int, last: int
    ) -> "list[torch.Tensor]":
        """Run layers first … last-1 over rows packed end to end; give the states after each.

        A row takes `sizes` places, of which the first `lengths` are text and the rest padding that nothing attends to.
        """
        import torch

        rows, widest = len(sizes), max(sizes)
        of_row = torch.repeat_interleave(torch.arange(rows), torch.tensor(sizes))
        spread = of_row * widest + torch.cat([torch.arange(size) for size in sizes])
        hidden = (torch.arange(widest)[None] >= torch.tensor(lengths)[:, None])[:, None, None, :]
        after = []

        def split_heads(packed: "torch.Tensor") -> "torch.Tensor":
            padded = packed.new_zeros(rows * widest, SIZE).index_copy(0, spread, packed)
            return padded.view(rows, widest, HEADS, -1).transpose(1, 2)

        for layer in range(first, last):
            query, key, value = (
                split_heads(self._apply_linear(states, name_matrix(layer, part), of_row)) for part in MATRICES[:3]
            )
            scores = (query @ key.transpose(2, 3) / math.sqrt(SIZE // HEADS)).masked_fill(hidden, -1e9).softmax(-1)
            mixed = (scores @ value).transpose(1, 2).reshape(rows * widest, SIZE)[spread]
            mixed = self._apply_linear(mixed, name_matrix(layer, MIXED), of_row)
            states = self._normalize(states + mixed, name_matrix(layer, "attention.output.LayerNorm"))
            inner = torch.nn.functional.gelu(self._apply_linear(states, name_matrix(layer, INNER), of_row))
            outer = self._apply_linear(inner, name_matrix(layer, OUTER), of_row)
            states = self._normalize(states + outer, name_matrix(layer, "output.LayerNorm"))
            after.append(states)
        return after

    def _apply_linear(self, states: "torch.Tensor", name: str, of_row: "torch.Tensor") -> "torch.Tensor":
        import torch

        given = torch.nn.functional.linear(states, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])
        down = self._deltas.get(f"{name}.down")
        if down is None:
            return given
        inner = states @ down.T
        if self.drop:
            kept = torch.rand(int(of_row[-1]) + 1, inner.shape[1]) >= self.drop
            inner = inner * kept[of_row] / (1 - self.drop)
        return given + SCALE * (inner @ self._deltas[f"{name}.up"].T)

    def _normalize(self, states: "torch.Tensor", name: str) -> "torch.Tensor":
        import torch

        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return torch.nn.functional.layer_norm(states, (SIZE,), weight, bias, EPSILON)


def make_deltas(rank: int, first: int = FIRST) -> "dict[str, Any]":
    """Return deltas that change nothing yet, to learn from (seed torch before)."""
    import torch

    deltas: dict[str, Any] = {}
    for layer in range(first, LAYERS):
        for matrix in MATRICES:
            out = 4 * SIZE if matrix == INNER else SIZE
            into = 4 * SIZE if matrix == OUTER else SIZE
            name = name_matrix(layer, matrix)
            deltas[f"{name}.down"] = (torch.randn(rank, into) / math.sqrt(into)).requires_grad_()
            deltas[f"{name}.up"] = torch.zeros(out, rank).requires_grad_()
    return deltas
