"""How likely a candidate is a definition: a logistic regression. MODEL_CARD.md tells of its weights."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import CrosstalkError
from corpus.model import Stance
from ingest.definitions.features import Setting, features
from ingest.definitions.forms import OPEN_LEFT, Candidate, by_words
from ingest.definitions.genus import across, by_genus
from ingest.definitions.terms import gloss_at, overlap, term_at

if TYPE_CHECKING:
    from spacy.tokens import Span

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Detector:
    """`bias` and `weights` of the features; `threshold` is the probability from which a candidate counts."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def probability(self, found: Mapping[str, float]) -> float:
        """Weigh features."""
        total = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in found.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def detector() -> Detector:
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


def candidates(sentence: "Span", text: str, setting: Setting, before: "Span | None" = None) -> list[Candidate]:
    """Propose all that may define in a sentence; `before` is the sentence before it in the same passage."""
    found = [_with_before(one, text, before) for one in by_words(text, sentence.start_char, sentence.end_char)]
    found += by_genus(sentence, text)
    if before is not None:
        found += across(before, sentence, text, setting.marked)
    found = [_marked_only(_ending_phrase(one, sentence, text), text, setting) for one in found]
    return [one for one in found if one.gloss is not None or one.stance is not Stance.STATED]


def _ending_phrase(one: Candidate, sentence: "Span", text: str) -> Candidate:
    """Take the noun phrase that ends there for the term, where words do not tell where it begins."""
    if one.form not in OPEN_LEFT:
        return one
    inside = [token for token in sentence if token.idx < one.term[1] and one.term[0] <= token.idx]
    first = len(inside) - 1
    while first > 0 and inside[first - 1].pos_ in _OF_PHRASE:
        first -= 1
    whole = term_at(text, inside[first].idx, one.term[1]) if inside and first else None
    return replace(one, term=whole) if whole else one


_OF_PHRASE = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})


def _marked_only(one: Candidate, text: str, setting: Setting) -> Candidate:
    """Take what is marked in a term for the term: "we call this mitigation *reward targeting*"."""
    inside = [mark for mark in setting.marked if one.term[0] <= mark[0] and mark[1] <= one.term[1] and mark != one.term]
    term = term_at(text, *inside[0]) if len(inside) == 1 and one.form in _NAMING else None
    return replace(one, term=term) if term else one


_LONGEST_BEFORE = 45  # tokens: a longer sentence says more than what is named
_NAMING = frozenset({"call this X", "known as X", "G called X", "refer to G as X"})


def _with_before(one: Candidate, text: str, before: "Span | None") -> Candidate:
    """Take the sentence before for the gloss where a form points back: "I call this X"."""
    if not one.before:
        return one
    near = before if before is not None and len(before) <= _LONGEST_BEFORE else None
    gloss = gloss_at(text, near.start_char, near.end_char) if near is not None else None
    return replace(one, gloss=gloss, before=gloss is not None)


def scored(
    sentence: "Span", text: str, setting: Setting, before: "Span | None" = None, by: Detector | None = None
) -> Iterator[tuple[Candidate, float]]:
    """Give each candidate with the probability that it defines."""
    by = by or detector()
    for one in candidates(sentence, text, setting, before):
        yield one, by.probability(features(one, sentence, text, setting))


def best(found: Sequence[tuple[Candidate, float]], text: str) -> list[tuple[Candidate, float]]:
    """Keep the surest reading of each term: "what do you mean by X" also looks like "by X you mean"."""
    kept: list[tuple[Candidate, float]] = []
    for one, probability in sorted(found, key=lambda pair: (-pair[1], pair[0].gloss is None)):
        term = text[slice(*one.term)].casefold()
        if not any(overlap(one.term, other.term) or text[slice(*other.term)].casefold() == term for other, _ in kept):
            kept.append((one, probability))
    return kept
