"""Where a new voice begins on a page without author marks, and how likely. Nobody is named.

In: the paragraphs of a page, in order. Out: for each the probability that somebody else (or the same person, at
another time) begins there. Two readings make a probability: whether the page holds several voices at all (an essay
does not, whatever its paragraphs look like), and if so, whether one begins here.
How the weights were learned and what they are worth is in MODEL_CARD.md.
"""

from collections.abc import Sequence, Set
from functools import cache
from importlib.resources import files

import orjson

from ingest.turns.features import describe_paragraphs
from ingest.turns.probabilities import TurnWeights, predict_starts

_MOST_PARAGRAPHS = 20_000  # paragraphs; more are no thread, and are left whole
LIKELY_START = 0.35  # of ten cuts at this or more about seven are right on forum threads; see MODEL_CARD.md


def predict_turn_starts(paragraphs: Sequence[str], quoted: Set[int] = frozenset()) -> list[float]:
    """Return for each paragraph of a page the probability that it begins a turn; 1 for the first one.

    `quoted` are the paragraphs known to be quotations. Linear in the length of the page.
    """
    if len(paragraphs) < 2 or len(paragraphs) > _MOST_PARAGRAPHS:
        return [1.0, *[0.0] * (len(paragraphs) - 1)][: len(paragraphs)]
    return predict_starts(describe_paragraphs(paragraphs, quoted), _weights())


@cache
def _weights() -> TurnWeights:
    return TurnWeights.from_json(orjson.loads(files("ingest.turns").joinpath("weights.json").read_bytes()))
