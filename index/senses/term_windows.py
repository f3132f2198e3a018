"""A term in its sentence, as the tokens of a window around it."""

# pyright: standard

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

WINDOW = 128  # tokens, the two markers included
_NEAR = 2_000  # characters on either side that are read at all: more than any window takes
_TERM = 400  # characters of a term that are read


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Token ids of a window, and two weightings of them that each add up to 1: the term's tokens, and the context's.

    The context of a use is the whole window; of a definition, what follows the term.
    """

    ids: "torch.Tensor"
    term: "torch.Tensor"
    context: "torch.Tensor"


def load_tokenizer(folder: Path) -> "Tokenizer":
    """Read the tokenizer of a model, without its own padding and truncation."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def mark_terms(tokenizer: "Tokenizer", texts: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[MarkedText]:
    """Cut a window around each place. A place that covers no token (empty, outside the text) is read as the whole text.

    Raises `ValueError` where there are not as many places as texts.
    """
    cut = [_cut_near(text, span) for text, span in zip(texts, spans, strict=True)]
    tokenized = _tokenize(tokenizer, [text for text, _ in cut])
    return [_make_window(ids, offsets, span) for (ids, offsets), (_, span) in zip(tokenized, cut, strict=True)]


def mark_definitions(tokenizer: "Tokenizer", terms: Sequence[str], glosses: Sequence[str]) -> list[MarkedText]:
    """Write definitions as "term: gloss", the term marked; what follows it is the context."""
    terms = [_clean(term[:_TERM]) for term in terms]
    texts = [f"{term}: {_clean(gloss[:_NEAR])}" for term, gloss in zip(terms, glosses, strict=True)]
    definitions = []
    for (ids, offsets), term in zip(_tokenize(tokenizer, texts), terms, strict=True):
        window = _make_window(ids, offsets, (0, len(term)))
        definitions.append(MarkedText(window.ids, window.term, _weigh_gloss(window)))
    return definitions


def _cut_near(text: str, span: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """Leave out what is too far off to be read."""
    start, end = max(0, span[0]), max(0, span[1])
    end = min(end, start + _TERM)
    first = max(0, start - _NEAR)
    return _clean(text[first : end + _NEAR]), (start - first, end - first)


def _clean(text: str) -> str:
    """Replace what no tokenizer takes: lone surrogates become question marks, one for one."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _tokenize(tokenizer: "Tokenizer", texts: Sequence[str]) -> list[tuple[list[int], list[tuple[int, int]]]]:
    encodings = tokenizer.encode_batch(list(texts))
    return [(encoding.ids, encoding.offsets) for encoding in encodings]


def _make_window(ids: Sequence[int], offsets: Sequence[tuple[int, int]], span: tuple[int, int]) -> MarkedText:
    import torch

    inside = [index for index, (start, end) in enumerate(offsets) if end > start and start < span[1] and end > span[0]]
    inner = WINDOW - 2
    inside = inside[:inner]
    if len(ids) > WINDOW:
        middle = (inside[0] + inside[-1] + 1) // 2 if inside else 0
        first = min(max(1, middle - inner // 2), len(ids) - 1 - inner)
        ids = [ids[0], *ids[first : first + inner], ids[-1]]
        inside = [index - first + 1 for index in inside]
    size = len(ids)
    term = torch.zeros(size)
    term[inside or range(size)] = 1.0
    return MarkedText(torch.tensor(ids), term / term.sum(), torch.full((size,), 1 / size))


def _weigh_gloss(definition: MarkedText) -> "torch.Tensor":
    """Weigh what follows the term and its colon; all of it where nothing follows."""
    import torch

    last = int(definition.term.nonzero().max())
    context = torch.zeros(len(definition.ids))
    context[last + 2 : -1] = 1.0
    return context / context.sum() if context.any() else definition.context
