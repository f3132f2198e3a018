"""A closer look at one use and one definition: what changes where the gloss, or what it is a kind of, takes its place.

Cosines between layers of the encoder as it is, weighed by a logistic regression. Costs four readings a pair, or six
where hypernyms are known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.sentence_encoder import choose_precision
from index.senses.lora_transformer import LAYERS, SIZE, LoraTransformer
from index.senses.sense_encoder import pool_states
from index.senses.term_windows import load_tokenizer, mark_terms

if TYPE_CHECKING:
    from index.senses.sense_encoder import TermGloss

# Reads marked texts: gives, for each, the states of its term and of the text around it, (texts, layers + 1, size) both.
Reader = Callable[[Sequence[str], Sequence[tuple[int, int]]], tuple[np.ndarray, np.ndarray]]
HYPERNYMS = 3  # as many are read


@dataclass(frozen=True, slots=True)
class TermInText:
    """A term where somebody uses it: `text[place[0]:place[1]]` is the term."""

    text: str
    place: tuple[int, int]


def make_plain_reader(folder: Path) -> Reader:
    """Return a reader of the default encoder in `folder` as it is, without what was learned here."""
    import torch
    from safetensors.torch import load_file

    tokenizer = load_tokenizer(folder)
    dtype = getattr(torch, choose_precision())
    transformer = LoraTransformer(load_file(folder / "model.safetensors"), {}).merge_deltas(dtype)

    def read(texts: Sequence[str], places: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
        terms = np.zeros((len(texts), LAYERS + 1, SIZE), dtype=np.float32)
        contexts = terms.copy()
        for row, term, context in pool_states(mark_terms(tokenizer, texts, places), transformer):
            terms[row], contexts[row] = term.numpy(), context.numpy()
        return terms, contexts

    return read


def compute_features(
    read: Reader, uses: Sequence[TermInText], definitions: "Sequence[TermGloss]", *, kinds: bool
) -> np.ndarray:
    """Return the cosines of each pair, shape (pairs, 31), or (pairs, 56) where hypernyms are read too."""
    glosses = [one.gloss for one in definitions]
    named = [f"{one.term}: {one.gloss}" for one in definitions]
    term, text = read([use.text for use in uses], [use.place for use in uses])
    defined, whole = read(named, [(0, len(one.term)) for one in definitions])
    _, gloss = read(glosses, [(0, len(one)) for one in glosses])
    put, around_put = read(*_replaced(uses, glosses))
    found = [
        _cosines(term, defined),
        _cosines(term, whole),
        _cosines(term, gloss),
        _cosines(text, gloss)[:, -1:],
        _cosines(text, whole)[:, -1:],
        _cosines(term, put),
        _cosines(text, around_put)[:, -1:],
    ]
    if kinds:
        hypernyms = [", ".join(one.hypernyms[:HYPERNYMS]) for one in definitions]
        _, kind = read(hypernyms, [(0, len(one)) for one in hypernyms])
        put, around_put = read(*_replaced(uses, [one.hypernyms[0] for one in definitions]))
        found += [
            _cosines(term, kind),
            _cosines(term, put),
            _cosines(text, around_put)[:, -1:],
            _cosines(whole, kind)[:, -1:],
            _cosines(put, defined),
            _cosines(around_put, whole)[:, -1:],
            _cosines(around_put, gloss)[:, -1:],
        ]
    return np.hstack(found)


def _replaced(uses: Sequence[TermInText], words: Sequence[str]) -> tuple[list[str], list[tuple[int, int]]]:
    """Put other words in the place of the term."""
    texts, places = [], []
    for use, word in zip(uses, words, strict=True):
        start = max(0, use.place[0])
        before = use.text[:start]
        texts.append(before + word + use.text[max(start, use.place[1]) :])
        places.append((len(before), len(before) + len(word)))
    return texts, places


def _cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
