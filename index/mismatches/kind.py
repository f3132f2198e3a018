"""Whether people dispute what a word should mean, or one asks, or sets right, what the other meant.

A logistic model over the cues of the sentences that show it, learned from labelled exchanges (train.py). On what nobody
notices it has nothing to say (implicit.py).
"""

import re
from collections.abc import Sequence
from operator import mul

from index.findings.findings import MismatchKind
from index.mismatches.conversation_view import Voices, Weighed
from index.mismatches.cues import CUES, cues_in, is_question
from index.mismatches.exchanges import Exchange

_SHOWING = 3  # sentences of an exchange, the plainest first, that show what it is
_DENIES = re.compile(r"\b(?:not|no|never)\b|n['’]t\b", re.IGNORECASE)


def described_kind(voices: Voices, exchange: Exchange, ranked: Sequence[Weighed]) -> list[float]:
    """Describe an exchange by numbers, each 0 to 1; `ranked` are its sentences, the plainest first."""
    first, showing = ranked[0], [one.sentence.text for one in ranked[:_SHOWING]]
    met = [cues_in(text) for text in showing]
    asked = [one.text for one in voices.said[exchange.earlier.id] if is_question(one.text)]
    return [
        *(float(cue.name in met[0]) for cue in CUES),
        *(float(any(cue.name in its for its in met)) for cue in CUES),
        float(is_question(first.sentence.text)),
        float(first.asked),
        float(any(map(is_question, showing))),
        float(any(one.asked for one in ranked)),
        float(bool(asked)),
        float(any({"asks_meaning", "asks_reading"} & set(cues_in(one)) for one in asked)),
        float(_DENIES.search(first.sentence.text) is not None),
        first.near,
    ]


def kind_of(features: Sequence[float], weights: Sequence[float]) -> MismatchKind:
    """Tell the kind; `weights` are those of the features, and the bias."""
    disputed = sum(map(mul, weights, [*features, 1.0])) > 0
    return MismatchKind.DISAGREEMENT if disputed else MismatchKind.CLARIFICATION
