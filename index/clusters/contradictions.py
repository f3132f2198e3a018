"""How the people in a cluster divide, as far as words show it: the same said once with and once without a "not".

Only near restatements are judged, whose content words are nearly the same: of claims in other words nobody can tell
from the words alone. So most clusters show no division, and the rest show who said what, to be read.
"""

# pyright: standard

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Claim, ClaimKind
from index.clusters.settings import SETTINGS
from index.clusters.wordings import NEGATION, extract_content_words, get_words

_NOT_DENIAL = re.compile(r"\b(?:not only|not just|not necessarily|no doubt|no matter|whether or not|if not)\b", re.I)
_JUDGED = frozenset({ClaimKind.ASSERTION, ClaimKind.PREDICTION, ClaimKind.RECOMMENDATION, ClaimKind.DEFINITION})


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two claims that say and deny nearly the same: the ids of `says` and `denies`."""

    says: str
    denies: str


def find_contradictions(claims: Sequence[Claim]) -> tuple[Contradiction, ...]:
    """Find pairs of claims of different people that contradict each other, the closest in words first."""
    judged = []
    for claim in claims[: SETTINGS.most_compared]:
        text = get_words(claim)
        words = frozenset(extract_content_words(text))
        if (
            claim.kind in _JUDGED
            and claim.speaker
            and len(words) >= SETTINGS.least_compared_words
            and not _NOT_DENIAL.search(text)
        ):
            judged.append((claim, words, len(NEGATION.findall(text))))
    contradictions = []
    for says, words, negations in judged:
        if negations:
            continue
        for denies, others, more in judged:
            if more != 1 or denies.speaker == says.speaker:
                continue
            shared = len(words & others) / len(words | others)
            if shared >= SETTINGS.shared_words:
                contradictions.append((-shared, says.id, denies.id))
    return tuple(Contradiction(says, denies) for _, says, denies in sorted(contradictions))
