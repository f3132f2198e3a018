"""How likely a candidate is a definition: a logistic regression. MODEL_CARD.md tells of its weights."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import CrosstalkError
from corpus.logistic import logistic
from ingest.definitions.candidates import propose_definitions
from ingest.definitions.features import Setting, compute_features
from ingest.definitions.forms import DefinitionCandidate
from ingest.definitions.spans import is_overlapping

if TYPE_CHECKING:
    from spacy.tokens import Span

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Detector:
    """`bias` and `weights` of the features; `threshold` is the probability from which a candidate counts."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def estimate_probability(self, features: Mapping[str, float]) -> float:
        """Weigh features."""
        total = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return logistic(total)


@cache
def load_detector() -> Detector:
    """Read the weights that ship with Crosstalk.

    Raises:
        CrosstalkError: they are missing or broken.
    """
    try:
        read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        return Detector(float(read["bias"]), read["weights"], float(read["threshold"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CrosstalkError(
            f"{WEIGHTS.name} of the definition detector cannot be read ({error}); reinstall crosstalk"
        ) from error


def score_candidates(
    sentence: "Span", text: str, setting: Setting, before: "Span | None" = None, by: Detector | None = None
) -> Iterator[tuple[DefinitionCandidate, float]]:
    """Yield each candidate with the probability that it defines."""
    by = by or load_detector()
    for candidate in propose_definitions(sentence, text, setting, before):
        yield candidate, by.estimate_probability(compute_features(candidate, sentence, text, setting))


def select_best(
    scored: Sequence[tuple[DefinitionCandidate, float]], text: str
) -> list[tuple[DefinitionCandidate, float]]:
    """Keep the surest reading of each term: "what do you mean by X" also looks like "by X you mean"."""
    kept: list[tuple[DefinitionCandidate, float]] = []
    for candidate, probability in sorted(scored, key=lambda pair: (-pair[1], pair[0].gloss is None)):
        term = text[slice(*candidate.term)].casefold()
        if not any(
            is_overlapping(candidate.term, other.term) or text[slice(*other.term)].casefold() == term
            for other, _ in kept
        ):
            kept.append((candidate, probability))
    return kept
