"""Changes of mind: the same proposition by the same person, with the other polarity or another probability.

Precision first. Two claims are one proposition where their vectors are close and their content words are the same, all
but what says "not" or how likely. "Not certain" beside "certain" is no change, and neither are two claims of one day's
post: an author who writes both sides in one place argues, and does not change their mind.
"""

# pyright: standard

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from corpus.model import Claim, ClaimKind
from index.text_keys import reduce_to_near_words

CLOSE = 0.75  # cosine below which two claims are not compared
SAME_WORDS = 0.8  # of all content words of both, how many must be the same
_LEAST_WORDS = 3
_FAR = 0.2  # between two probabilities
_BLOCK = 512
_NUMBER = re.compile(r"\d+")
_NOT = frozenset("not no never none nobody nothing neither nor cannot hardly isn aren wasn doesn don didn".split())
_SLIGHT = frozenset(
    "i we you it is are was were be been am will would shall to of in on at by for with as if or do does did has have "
    "had my our your their its this that these those there think believe expect say put about around some any "
    "much".split()
)
_SURE = frozenset("probability chance percent likely unlikely probably confident sure certain odds credence".split())
_STATED = (ClaimKind.ASSERTION, ClaimKind.PREDICTION, ClaimKind.RECOMMENDATION, ClaimKind.EXPERIENCE)


class ChangeKind(StrEnum):
    """In what a person changed their mind."""

    POLARITY = "polarity"
    PROBABILITY = "probability"


@dataclass(frozen=True, slots=True)
class ChangedClaims:
    """Two claims of one person, the earlier and the later one; `similarity` is their cosine."""

    kind: ChangeKind
    before: Claim
    after: Claim
    similarity: float


def find_changes(
    claims: Sequence[Claim], dense: Mapping[str, np.ndarray], times: Mapping[str, datetime | None]
) -> list[ChangedClaims]:
    """Find changes of mind among one person's claims, surest first. Claims without a time are left out."""

    able = [one for one in claims if times.get(one.id) is not None and one.kind in _STATED and one.id in dense]
    if len(able) < 2:
        return []
    words = [_content(one) for one in able]
    matrix = np.stack([dense[one.id] for one in able])
    changes = []
    for start in range(0, len(able), _BLOCK):
        close = matrix[start : start + _BLOCK] @ matrix.T
        for row, column in zip(*np.nonzero(close >= CLOSE), strict=True):
            first, second = start + int(row), int(column)
            if first >= second or not _one_proposition(words[first], words[second]):
                continue
            one, other = sorted((able[first], able[second]), key=lambda claim: (times[claim.id], claim.id))
            kind = _difference(one, other)
            if kind is not None and one.utterance_id != other.utterance_id and times[one.id] != times[other.id]:
                changes.append(ChangedClaims(kind, one, other, round(float(close[row, column]), 4)))
    return sorted(changes, key=lambda change: (-change.similarity, change.before.id, change.after.id))


def _difference(earlier: Claim, later: Claim) -> ChangeKind | None:
    if earlier.credence and later.credence:
        middle = [sum(credence) / 2 for credence in (earlier.credence, later.credence)]
        apart = abs(middle[0] - middle[1]) >= _FAR
        return ChangeKind.PROBABILITY if apart and _negations(earlier) == _negations(later) else None
    if earlier.credence or later.credence:
        return None
    if _NUMBER.findall(earlier.text) != _NUMBER.findall(later.text):
        return None
    return ChangeKind.POLARITY if _negations(earlier) % 2 != _negations(later) % 2 else None


def _negations(claim: Claim) -> int:
    return sum(word in _NOT for word in reduce_to_near_words(claim.text).split())


def _content(claim: Claim) -> frozenset[str]:
    """Return the words that make the proposition: no negation, probability or slight word, plural endings off."""
    words = re.sub(r"\d+(?: \d+)*", " ", reduce_to_near_words(claim.text)).split()
    kept = (word for word in words if word not in _NOT and word not in _SLIGHT and word not in _SURE)
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in kept)


def _one_proposition(words: frozenset[str], other: frozenset[str]) -> bool:
    if min(len(words), len(other)) < _LEAST_WORDS:
        return False
    return len(words & other) / len(words | other) >= SAME_WORDS
