"""The door: vectors of terms in their sentences, and two calibrated questions about them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.encoding.sentence_encoder import DEFAULT_MODEL, Encoder, best_precision, rows_of
from index.senses.heads import PARTS, Heads, joined
from index.senses.lora_transformer import FIRST, LAYERS, SIZE, Transformer
from index.senses.term_windows import Marked, defined, marked, tokenizer_in

if TYPE_CHECKING:
    import numpy as np
    import torch
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).with_name("weights.safetensors")
CONTEXT_WEIGHTS = Path(__file__).with_name("contexts.safetensors")
Progress = Callable[[int, int], None]
# Always as many rows of one length at a time, as the encoder does it: the vector of a use depends on its text alone.
_MOST_ROWS, _TOKENS = 8, 4
MASK = "[MASK]"
_REPORTED = 256  # uses between two reports of progress


@dataclass(frozen=True, slots=True)
class Gloss:
    """What a term is said to mean; `hypernyms`, where they are known, name what it is a kind of, nearest first."""

    term: str
    gloss: str
    hypernyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parts:
    tokenizer: "Tokenizer"
    transformer: Transformer  # with the deltas
    calling: Transformer  # with those that say what a place calls for
    heads: Heads


class SenseEncoder:
    """The default encoder with the deltas that tell senses apart. Nothing heavy is loaded before the first text."""

    def __init__(self, folder: Path, weights: Path = WEIGHTS) -> None:
        self._folder, self._path = folder, weights
        self._loading = threading.RLock()
        self._loaded: _Parts | None = None

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
        parts = self._parts()
        return self._vectors(marked(parts.tokenizer, texts, places), parts, progress)

    def meanings(self, definitions: Sequence[Gloss]) -> "np.ndarray":
        """Give the vector of each definition, shape (definitions, size), float32, to be compared by `match`."""
        parts = self._parts()
        found = defined(parts.tokenizer, [one.term for one in definitions], [one.gloss for one in definitions])
        return self._vectors(found, parts, None)

    def contexts(
        self, texts: Sequence[str], places: Sequence[tuple[int, int]], hidden: Sequence[Sequence[tuple[int, int]]]
    ) -> "np.ndarray":
        """Give what each place calls for whatever stands there: shape (uses, SIZE), float32, of length 1.

        It is the state at a mask in the stead of the term, of the encoder with changes that were learned for this.
        `hidden` are the spans of the text where the term stands, the place itself among them: all are masked, so that
        nothing gives it away. Raises `ValueError` unless each text has a place and its spans.
        """
        import numpy as np

        covered = [masked(text, place, spans) for text, place, spans in zip(texts, places, hidden, strict=True)]
        parts = self._parts()
        found = marked(parts.tokenizer, [text for text, _ in covered], [place for _, place in covered])
        vectors = np.zeros((len(found), SIZE), dtype=np.float32)
        for at, term, _ in pooled_states(found, parts.calling):
            vectors[at] = term[-1].numpy()
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def same_sense(self, a: "np.ndarray", b: "np.ndarray") -> "np.ndarray":
        """Give the probability that uses have the same sense: shape (len(a), len(b)), float32, of vectors by `usages`.

        Calibrated for an even chance: 0.5 is where as much speaks for one sense as for two.
        """
        return self._parts().heads.same_sense(a, b)

    def match(self, uses: "np.ndarray", meanings: "np.ndarray") -> "np.ndarray":
        """Give the probability that uses match definitions, by vectors: shape (len(uses), len(meanings)), float32."""
        return self._parts().heads.match(uses, meanings)

    def _parts(self) -> _Parts:
        with self._loading:
            if self._loaded is None:
                import torch
                from safetensors.torch import load_file

                learned = load_file(self._path)
                deltas = {name: learned.pop(name) for name in list(learned) if name.endswith((".down", ".up"))}
                numbers = {name: value.float().numpy() for name, value in learned.items()}
                base, dtype = load_file(self._folder / "model.safetensors"), getattr(torch, best_precision())
                self._loaded = _Parts(
                    tokenizer_in(self._folder),
                    Transformer(base, deltas).merged(dtype),
                    Transformer(base, load_file(CONTEXT_WEIGHTS)).merged(dtype),
                    Heads(numbers),
                )
            return self._loaded

    def _vectors(self, found: Sequence[Marked], parts: _Parts, progress: Progress | None) -> "np.ndarray":
        import numpy as np

        vectors = np.zeros((len(found), self.size), dtype=np.float32)
        heads = parts.heads
        for done, (at, term, context) in enumerate(pooled_states(found, parts.transformer), start=1):
            adapted = term[None, FIRST:], context[None, FIRST:]
            vectors[at] = joined(*adapted, heads.of_term, heads.of_context)[0].numpy()
            if progress is not None and (done % _REPORTED == 0 or done == len(found)):
                progress(done, len(found))
        return vectors


def masked(text: str, place: tuple[int, int], spans: Sequence[tuple[int, int]]) -> tuple[str, tuple[int, int]]:
    """Put a mask in the stead of each span; gives the text and where the mask at `place` is."""
    words, at, own = [], 0, (0, 0)
    for start, end in sorted({*spans, place}):
        if start < at or end > len(text):
            continue
        words += [text[at:start], MASK]
        at = end
        if (start, end) == place:
            behind = sum(map(len, words))
            own = behind - len(MASK), behind
    return "".join([*words, text[at:]]), own


def pooled_states(
    found: Sequence[Marked], transformer: Transformer
) -> "Iterator[tuple[int, torch.Tensor, torch.Tensor]]":
    """Yield the place of each marked text, and the states of its term and of the text around it: (layers + 1, size).

    Each window is read once, whatever number of terms is marked in it.
    """
    windows: dict[tuple[int, ...], list[int]] = {}
    for at, one in enumerate(found):
        windows.setdefault(tuple(one.ids.tolist()), []).append(at)
    by_length: dict[int, list[tuple[int, ...]]] = {}
    for ids in windows:
        by_length.setdefault(-(-len(ids) // _TOKENS) * _TOKENS, []).append(ids)
    for length, alike in sorted(by_length.items()):
        size = rows_of(length, _MOST_ROWS)
        for start in range(0, len(alike), size):
            batch = alike[start : start + size]
            for ids, states in zip(batch, _computed(transformer, batch, size, length), strict=True):
                text = states[:, : len(ids)]
                for at in windows[ids]:
                    yield at, found[at].term @ text, found[at].context @ text


def _computed(
    transformer: Transformer, batch: Sequence[tuple[int, ...]], size: int, length: int
) -> "list[torch.Tensor]":
    """Give the states before the first layer and after each, shape (layers + 1, length, size), of every row."""
    import torch

    rows = [*batch, *[batch[0]] * (size - len(batch))]
    with torch.inference_mode():
        states = transformer.embedded([torch.tensor([*ids, *[0] * (length - len(ids))]) for ids in rows])
        after = transformer.layers(states, [length] * size, [len(ids) for ids in rows], 0, LAYERS)
        kept = torch.stack([states, *after]).float().view(-1, size, length, SIZE)
        return [kept[:, row] for row in range(len(batch))]
