"""Senses told by the encoder's own inner layer, without weights of ours: the baseline, with the sense encoder's doors.

A use is the mean of the term's word pieces after the fourth layer; two uses are compared by cosine.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from index.encoder import Encoder
from index.senses import Gloss

if TYPE_CHECKING:
    import numpy as np

_LAYER = 4
_ROWS, _WINDOW = 32, 256
_SLOPE, _EVEN = 12.0, 0.55  # where a cosine speaks as much for one sense as for two


class PlainSenses:
    """Vectors of uses and of definitions, and probabilities that two of them are alike."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def usages(self, texts: Sequence[str], places: Sequence[tuple[int, int]]) -> "np.ndarray":
        """Give the vector of each use, shape (uses, size), float32, of length 1."""
        import numpy as np
        import torch

        model: Any = self._encoder._torch_model()
        tokenizer, transformer = model.tokenizer, model[0].auto_model
        at_text: dict[str, list[int]] = {}
        for at, text in enumerate(texts):
            at_text.setdefault(text, []).append(at)
        order = sorted(at_text, key=len)
        vectors = np.zeros((len(texts), transformer.config.hidden_size), dtype=np.float32)
        for start in range(0, len(order), _ROWS):
            rows = order[start : start + _ROWS]
            read = tokenizer(
                rows,
                padding=True,
                truncation=True,
                max_length=_WINDOW,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
            offsets = read.pop("offset_mapping")
            with torch.inference_mode():
                states = transformer(**read, output_hidden_states=True).hidden_states[_LAYER].float()
            for row, text in enumerate(rows):
                for at in at_text[text]:
                    left, right = places[at]
                    inside = (offsets[row, :, 1] > left) & (offsets[row, :, 0] < right) & (offsets[row, :, 1] > 0)
                    if not inside.any():
                        inside = read["attention_mask"][row].bool()
                    vectors[at] = torch.nn.functional.normalize(states[row][inside].mean(0), dim=0).numpy()
        return vectors

    def meanings(self, definitions: Sequence[Gloss]) -> "np.ndarray":
        """Give the vector of each definition."""
        texts = [f"{one.term}: {one.gloss}" for one in definitions]
        return self.usages(texts, [(0, len(one.term)) for one in definitions])

    def same_sense(self, a: "np.ndarray", b: "np.ndarray") -> "np.ndarray":
        """Give the probability that uses have one sense, shape (len(a), len(b))."""
        import numpy as np

        return 1 / (1 + np.exp(-_SLOPE * (a @ b.T - _EVEN)))

    def match(self, uses: "np.ndarray", meanings: "np.ndarray") -> "np.ndarray":
        """Give the probability that uses match definitions, shape (len(uses), len(meanings))."""
        return self.same_sense(uses, meanings)
