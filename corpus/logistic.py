"""From log odds to probabilities and back, for every model that weighs features."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_FARTHEST = 30.0  # log odds: no probability is so near to 0 or 1 that its logarithm, or that of the rest, is infinite


def logistic(odds: float) -> float:
    """Return the probability that log odds stand for, above 0 and below 1.

    >>> logistic(0.0), round(logistic(2.0), 3), 0 < logistic(-1e9) < logistic(1e9) < 1
    (0.5, 0.881, True)
    """
    return 1 / (1 + math.exp(-max(-_FARTHEST, min(_FARTHEST, odds))))


def compute_log_odds(probability: float) -> float:
    """Return the log odds of a probability above 0 and below 1.

    >>> compute_log_odds(0.5), round(compute_log_odds(logistic(2.0)), 6)
    (0.0, 2.0)
    """
    return math.log(probability / (1 - probability))


def logistic_array(odds: "np.ndarray") -> "np.ndarray":
    """Return the probabilities that an array of log odds stands for, of its shape and precision."""
    import numpy as np

    return 1 / (1 + np.exp(-np.clip(odds, -_FARTHEST, _FARTHEST)))
