"""A term in its sentence, as the tokens of a window around it."""

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
class Marked:
    """Token ids of a window, and two weightings of them that each add up to 1: the term's tokens, and the context's.

    The context of a use is the whole window; of a definition, what follows the term.
    """

    ids: "torch.Tensor"
    term: "torch.Tensor"
    context: "torch.Tensor"


def tokenizer_in(folder: Path) -> "Tokenizer":
    """Read the tokenizer of a model, without its own padding and truncation."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def marked(tokenizer: "Tokenizer", texts: Sequence[str], places: Sequence[tuple[int, int]]) -> list[Marked]:
    """Cut a window around each place. A place that covers no token (empty, outside the text) is read as the whole text.

    Raises `ValueError` where there are not as many places as texts.
    """
    cut = [_near(text, place) for text, place in zip(texts, places, strict=True)]
    read = _read(tokenizer, [text for text, _ in cut])
    return [_window(ids, offsets, place) for (ids, offsets), (_, place) in zip(read, cut, strict=True)]


def defined(tokenizer: "Tokenizer", terms: Sequence[str], glosses: Sequence[str]) -> list[Marked]:
    """Write definitions as "term: gloss", the term marked; what follows it is the context."""
    terms = [_clean(term[:_TERM]) for term in terms]
    texts = [f"{term}: {_clean(gloss[:_NEAR])}" for term, gloss in zip(terms, glosses, strict=True)]
    found = []
    for (ids, offsets), term in zip(_read(tokenizer, texts), terms, strict=True):
        one = _window(ids, offsets, (0, len(term)))
        found.append(Marked(one.ids, one.term, _after(one)))
    return found


def _near(text: str, place: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """Leave out what is too far off to be read."""
    start, end = max(0, place[0]), max(0, place[1])
    end = min(end, start + _TERM)
    first = max(0, start - _NEAR)
    return _clean(text[first : end + _NEAR]), (start - first, end - first)


def _clean(text: str) -> str:
    """Replace what no tokenizer takes: lone surrogates become question marks, one for one."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _read(tokenizer: "Tokenizer", texts: Sequence[str]) -> list[tuple[list[int], list[tuple[int, int]]]]:
    read = tokenizer.encode_batch(list(texts))
    return [(one.ids, one.offsets) for one in read]


def _window(ids: Sequence[int], offsets: Sequence[tuple[int, int]], place: tuple[int, int]) -> Marked:
    import torch

    inside = [at for at, (start, end) in enumerate(offsets) if end > start and start < place[1] and end > place[0]]
    inner = WINDOW - 2
    inside = inside[:inner]
    if len(ids) > WINDOW:
        middle = (inside[0] + inside[-1] + 1) // 2 if inside else 0
        first = min(max(1, middle - inner // 2), len(ids) - 1 - inner)
        ids = [ids[0], *ids[first : first + inner], ids[-1]]
        inside = [at - first + 1 for at in inside]
    size = len(ids)
    term = torch.zeros(size)
    term[inside or range(size)] = 1.0
    return Marked(torch.tensor(ids), term / term.sum(), torch.full((size,), 1 / size))


def _after(one: Marked) -> "torch.Tensor":
    """Weigh what follows the term and its colon; all of it where nothing follows."""
    import torch

    last = int(one.term.nonzero().max())
    context = torch.zeros(len(one.ids))
    context[last + 2 : -1] = 1.0
    return context / context.sum() if context.any() else one.context
