"""The door: vectors of terms in their sentences, and two calibrated questions about them."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.encoder import DEFAULT_MODEL, Encoder, best_precision
from index.senses.heads import PARTS, Heads, joined
from index.senses.marked import Marked, defined, marked, tokenizer_in
from index.senses.transformer import FIRST, LAYERS, SIZE, Transformer

if TYPE_CHECKING:
    import numpy as np
    import torch

WEIGHTS = Path(__file__).with_name("weights.safetensors")
Progress = Callable[[int, int], None]
# Always this many rows of one length at a time, as the encoder does it: the vector of a use depends on its text alone.
_ROWS, _TOKENS = 8, 4


@dataclass(frozen=True, slots=True)
class Use:
    """A term where somebody uses it: `text[place[0]:place[1]]` is the term."""

    text: str
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Gloss:
    """What a term is said to mean; `hypernyms`, where they are known, name what it is a kind of, nearest first."""

    term: str
    gloss: str
    hypernyms: tuple[str, ...] = ()


class SenseEncoder:
    """The default encoder with the deltas that tell senses apart. Nothing heavy is loaded before the first text."""

    def __init__(self, folder: Path, weights: Path = WEIGHTS) -> None:
        self._folder, self._path = folder, weights
        self._loading = threading.RLock()
        self._loaded: tuple[Any, Transformer, Heads] | None = None

    @classmethod
    @cache
    def load(cls) -> "SenseEncoder":
        """Find the default encoder and the shipped deltas. Raises `NotFound` where the encoder's package is missing.

        Always the default encoder, whichever one a base is searched with: the deltas fit no other.
        """
        return cls(Encoder.load(DEFAULT_MODEL).checked_folder())

    @property
    def size(self) -> int:
        """Say how many numbers the vector of a use has."""
        return len(PARTS) * SIZE

    def usages(
        self, texts: Sequence[str], places: Sequence[tuple[int, int]], progress: Progress | None = None
    ) -> "np.ndarray":
        """Give the vector of each use, shape (uses, size), float32. A place is the span (start, end) of its term.

        Of a long text a window of 128 tokens around the term is read. Uses in one text cost one reading of it. A place
        that covers nothing gives the vector of the whole text. Raises `ValueError` unless each text has a place.
        """
        tokenizer, transformer, heads = self._parts()
        return self._vectors(marked(tokenizer, texts, places), transformer, heads, progress)

    def meanings(self, definitions: Sequence[Gloss]) -> "np.ndarray":
        """Give the vector of each definition, shape (definitions, size), float32, to be compared by `match`."""
        tokenizer, transformer, heads = self._parts()
        found = defined(tokenizer, [one.term for one in definitions], [one.gloss for one in definitions])
        return self._vectors(found, transformer, heads, None)

    def same_sense(self, a: "np.ndarray", b: "np.ndarray") -> "np.ndarray":
        """Give the probability that uses have the same sense: shape (len(a), len(b)), float32, of vectors by `usages`.

        Calibrated for an even chance: 0.5 is where as much speaks for one sense as for two.
        """
        return self._parts()[2].same_sense(a, b)

    def match(self, uses: "np.ndarray", meanings: "np.ndarray") -> "np.ndarray":
        """Give the probability that uses match definitions, by vectors: shape (len(uses), len(meanings)), float32.

        Cheap and for many; `fits` reads closer.
        """
        return self._parts()[2].match(uses, meanings)

    def fits(self, uses: Sequence[Use], definitions: Sequence[Gloss]) -> "np.ndarray":
        """Give the probability that each use has the sense of its definition, shape (pairs,), float32.

        The i-th use is asked with the i-th definition. Raises `ValueError` where they are not as many.
        """
        if len(uses) != len(definitions):
            raise ValueError(f"{len(uses)} uses with {len(definitions)} definitions; there must be one for each")
        vectors = self.usages([use.text for use in uses], [use.place for use in uses])
        return self._parts()[2].fits(vectors, self.meanings(definitions))

    def _parts(self) -> tuple[Any, Transformer, Heads]:
        with self._loading:
            if self._loaded is None:
                import torch
                from safetensors.torch import load_file

                learned = load_file(self._path)
                deltas = {name: learned.pop(name) for name in list(learned) if name.endswith((".down", ".up"))}
                heads = Heads({name: value.float().numpy() for name, value in learned.items()})
                base = load_file(self._folder / "model.safetensors")
                transformer = Transformer(base, deltas).merged(getattr(torch, best_precision()))
                self._loaded = tokenizer_in(self._folder), transformer, heads
            return self._loaded

    def _vectors(
        self, found: Sequence[Marked], transformer: Transformer, heads: Heads, progress: Progress | None
    ) -> "np.ndarray":
        """Read each window once, whatever number of terms is marked in it."""
        import numpy as np

        vectors = np.zeros((len(found), self.size), dtype=np.float32)
        windows: dict[tuple[int, ...], list[int]] = {}
        for at, one in enumerate(found):
            windows.setdefault(tuple(one.ids.tolist()), []).append(at)
        by_length: dict[int, list[tuple[int, ...]]] = {}
        for ids in windows:
            by_length.setdefault(-(-len(ids) // _TOKENS) * _TOKENS, []).append(ids)
        done = 0
        for length, alike in sorted(by_length.items()):
            for start in range(0, len(alike), _ROWS):
                batch = alike[start : start + _ROWS]
                for ids, states in zip(batch, _computed(transformer, batch, length), strict=True):
                    for at in windows[ids]:
                        term, context = (
                            found[at].term @ states[:, : len(ids)],
                            found[at].context @ states[:, : len(ids)],
                        )
                        vectors[at] = joined(term[None], context[None], heads.of_term, heads.of_context)[0].numpy()
                        done += 1
                if progress is not None:
                    progress(done, len(found))
        return vectors


def _computed(transformer: Transformer, batch: Sequence[tuple[int, ...]], length: int) -> "list[torch.Tensor]":
    """Give the states before the adapted layers and after each: (layers + 1, length, size) for every row."""
    import torch

    rows = [*batch, *[batch[0]] * (_ROWS - len(batch))]
    with torch.inference_mode():
        states = transformer.embedded([torch.tensor([*ids, *[0] * (length - len(ids))]) for ids in rows])
        after = transformer.layers(states, [length] * _ROWS, [len(ids) for ids in rows], 0, LAYERS)
        kept = torch.stack(after[FIRST - 1 :]).float().view(-1, _ROWS, length, SIZE)
        return [kept[:, row] for row in range(len(batch))]
