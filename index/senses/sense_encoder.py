"""The door: vectors of terms in their sentences, and two calibrated questions about them."""

# pyright: standard

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.sentence_encoder import DEFAULT_MODEL, Encoder, choose_precision, count_rows
from index.senses.heads import PARTS, SenseHeads, join_parts
from index.senses.lora_transformer import FIRST, LAYERS, SIZE, LoraTransformer
from index.senses.term_windows import MarkedText, load_tokenizer, mark_definitions, mark_terms

if TYPE_CHECKING:
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
class TermGloss:
    """What a term is said to mean; `hypernyms`, where they are known, name what it is a kind of, nearest first."""

    term: str
    gloss: str
    hypernyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _LoadedParts:
    tokenizer: "Tokenizer"
    transformer: LoraTransformer  # with the deltas
    calling: LoraTransformer  # with those that say what a place calls for
    heads: SenseHeads


class SenseEncoder:
    """The default encoder with the deltas that tell senses apart. Nothing heavy is loaded before the first text."""

    def __init__(self, folder: Path, weights: Path = WEIGHTS) -> None:
        self._folder, self._path = folder, weights
        self._loading = threading.RLock()
        self._loaded: _LoadedParts | None = None

    @classmethod
    @cache
    def load(cls) -> "SenseEncoder":
        """Find the default encoder and the shipped deltas. Raises `NotFound` where the encoder's package is missing.

        Always the default encoder, whichever one a base is searched with: the deltas fit no other.
        """
        return cls(Encoder.load(DEFAULT_MODEL).get_checked_folder())

    @property
    def size(self) -> int:
        """Say how many numbers the vector of a use has."""
        return len(PARTS) * SIZE

    def encode_uses(
        self, texts: Sequence[str], term_spans: Sequence[tuple[int, int]], progress: Progress | None = None
    ) -> np.ndarray:
        """Return the vector of each use, shape (uses, size), float32. A place is the span (start, end) of its term.

        Of a long text a window of 128 tokens around the term is read. Uses in one text cost one reading of it. A place
        that covers nothing gives the vector of the whole text. Raises `ValueError` unless each text has a place.
        """
        parts = self._load_parts()
        return self._compute_vectors(mark_terms(parts.tokenizer, texts, term_spans), parts, progress)

    def encode_glosses(self, definitions: Sequence[TermGloss]) -> np.ndarray:
        """Return the vector of each definition, shape (definitions, size), float32, to be compared by `match`."""
        parts = self._load_parts()
        marked_texts = mark_definitions(
            parts.tokenizer,
            [definition.term for definition in definitions],
            [definition.gloss for definition in definitions],
        )
        return self._compute_vectors(marked_texts, parts, None)

    def encode_contexts(
        self, texts: Sequence[str], term_spans: Sequence[tuple[int, int]], hidden: Sequence[Sequence[tuple[int, int]]]
    ) -> np.ndarray:
        """Return what each place calls for whatever stands there: shape (uses, SIZE), float32, of length 1.

        It is the state at a mask in the stead of the term, of the encoder with changes that were learned for this.
        `hidden` are the spans of the text where the term stands, the place itself among them: all are masked, so that
        nothing gives it away. Raises `ValueError` unless each text has a place and its spans.
        """
        covered = [mask_spans(text, span, spans) for text, span, spans in zip(texts, term_spans, hidden, strict=True)]
        parts = self._load_parts()
        marked_texts = mark_terms(parts.tokenizer, [text for text, _ in covered], [span for _, span in covered])
        vectors = np.zeros((len(marked_texts), SIZE), dtype=np.float32)
        for row, term, _ in pool_states(marked_texts, parts.calling):
            vectors[row] = term[-1].numpy()
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def predict_same_sense(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Return the probability that uses have the same sense: shape (len(a), len(b)), float32.

        `a` and `b` are vectors by `encode_uses`. Calibrated for an even chance: at 0.5 as much speaks for one sense as
        for two.
        """
        return self._load_parts().heads.predict_same_sense(a, b)

    def predict_match(self, uses: np.ndarray, meanings: np.ndarray) -> np.ndarray:
        """Return the probability that uses match definitions, by vectors: shape (len(uses), len(meanings)), float32."""
        return self._load_parts().heads.predict_match(uses, meanings)

    def _load_parts(self) -> _LoadedParts:
        with self._loading:
            if self._loaded is None:
                import torch
                from safetensors.torch import load_file

                learned = load_file(self._path)
                deltas = {name: learned.pop(name) for name in list(learned) if name.endswith((".down", ".up"))}
                numbers = {name: value.float().numpy() for name, value in learned.items()}
                base, dtype = load_file(self._folder / "model.safetensors"), getattr(torch, choose_precision())
                self._loaded = _LoadedParts(
                    load_tokenizer(self._folder),
                    LoraTransformer(base, deltas).merge_deltas(dtype),
                    LoraTransformer(base, load_file(CONTEXT_WEIGHTS)).merge_deltas(dtype),
                    SenseHeads(numbers),
                )
            return self._loaded

    def _compute_vectors(
        self, marked: Sequence[MarkedText], parts: _LoadedParts, progress: Progress | None
    ) -> np.ndarray:
        vectors = np.zeros((len(marked), self.size), dtype=np.float32)
        heads = parts.heads
        for done, (row, term, context) in enumerate(pool_states(marked, parts.transformer), start=1):
            adapted = term[None, FIRST:], context[None, FIRST:]
            vectors[row] = join_parts(*adapted, heads.of_term, heads.of_context)[0].numpy()
            if progress is not None and (done % _REPORTED == 0 or done == len(marked)):
                progress(done, len(marked))
        return vectors


def mask_spans(text: str, span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> tuple[str, tuple[int, int]]:
    """Put a mask in the stead of each span; gives the text and where the mask at `place` is."""
    words, done, mask_span = [], 0, (0, 0)
    for start, end in sorted({*spans, span}):
        if start < done or end > len(text):
            continue
        words += [text[done:start], MASK]
        done = end
        if (start, end) == span:
            behind = sum(map(len, words))
            mask_span = behind - len(MASK), behind
    return "".join([*words, text[done:]]), mask_span


def pool_states(
    marked: Sequence[MarkedText], transformer: LoraTransformer
) -> "Iterator[tuple[int, torch.Tensor, torch.Tensor]]":
    """Yield the place of each marked text, and the states of its term and of the text around it: (layers + 1, size).

    Each window is read once, whatever number of terms is marked in it.
    """
    windows: dict[tuple[int, ...], list[int]] = {}
    for row, text in enumerate(marked):
        windows.setdefault(tuple(text.ids.tolist()), []).append(row)
    by_length: dict[int, list[tuple[int, ...]]] = {}
    for ids in windows:
        by_length.setdefault(-(-len(ids) // _TOKENS) * _TOKENS, []).append(ids)
    for length, same_length in sorted(by_length.items()):
        size = count_rows(length, _MOST_ROWS)
        for start in range(0, len(same_length), size):
            batch = same_length[start : start + size]
            for ids, states in zip(batch, _compute_states(transformer, batch, size, length), strict=True):
                tokens = states[:, : len(ids)]
                for row in windows[ids]:
                    yield row, marked[row].term @ tokens, marked[row].context @ tokens


def _compute_states(
    transformer: LoraTransformer, batch: Sequence[tuple[int, ...]], size: int, length: int
) -> "list[torch.Tensor]":
    """Return the states before the first layer and after each, shape (layers + 1, length, size), of every row."""
    import torch

    rows = [*batch, *[batch[0]] * (size - len(batch))]
    with torch.inference_mode():
        states = transformer.embed([torch.tensor([*ids, *[0] * (length - len(ids))]) for ids in rows])
        after = transformer.run_layers(states, [length] * size, [len(ids) for ids in rows], 0, LAYERS)
        kept = torch.stack([states, *after]).float().view(-1, size, length, SIZE)
        return [kept[:, row] for row in range(len(batch))]
