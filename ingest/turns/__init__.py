"""Turns of a page without author marks: where a new voice begins, and how likely. Nobody is named.

In: the paragraphs of a page, in order. Out: for each the probability that somebody else (or the same person, at
another time) begins there, and the page cut into turns. Two readings make a probability: whether the page holds
several voices at all (an essay does not, whatever its paragraphs look like), and if so, whether one begins here.
How the weights were learned and what they are worth is in MODEL_CARD.md.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import orjson

from ingest.turns.features import features
from ingest.turns.probabilities import Weights, probabilities

__all__ = ["PROBABLY", "Turn", "cut", "turns"]

MANY = 20_000  # paragraphs; more are no thread, and are left whole
PROBABLY = 0.35  # of ten cuts at this or more about seven are right on forum threads; see MODEL_CARD.md


@dataclass(frozen=True, slots=True)
class Turn:
    """The paragraphs `first` to `last` (both are part of it). `begins`: the probability that a voice begins here."""

    first: int
    last: int
    begins: float


def cut(paragraphs: Sequence[str], quoted: Set[int] = frozenset()) -> list[float]:
    """Give for each paragraph of a page the probability that it begins a turn; 1 for the first one.

    `quoted` are the paragraphs known to be quotations. Linear in the length of the page.
    """
    if len(paragraphs) < 2 or len(paragraphs) > MANY:
        return [1.0, *[0.0] * (len(paragraphs) - 1)][: len(paragraphs)]
    return probabilities(features(paragraphs, quoted), _weights())


def turns(paragraphs: Sequence[str], least: float = PROBABLY) -> list[Turn]:
    """Cut a page into turns where one begins with a probability of `least` or more; every paragraph is in one turn."""
    begins = cut(paragraphs)
    firsts = [place for place, likely in enumerate(begins) if place == 0 or likely >= least]
    lasts = [place - 1 for place in firsts[1:]] + [len(paragraphs) - 1]
    return [Turn(first, last, begins[first]) for first, last in zip(firsts, lasts, strict=True)] if paragraphs else []


@cache
def _weights() -> Weights:
    return Weights.of(orjson.loads(files(__name__).joinpath("weights.json").read_bytes()))
