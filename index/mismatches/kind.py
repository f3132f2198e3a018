"""Whether people dispute what a word should mean, or one asks, or sets right, what the other meant.

A logistic model over the cues of the sentences that show it, learned from labelled exchanges
(bench/training/mismatches). On what nobody notices it has nothing to say (implicit.py).
"""

import re
from collections.abc import Sequence
from operator import mul

from index.findings.findings import MismatchKind
from index.mismatches.conversation_view import ConversationView, ScoredSentence
from index.mismatches.cues import CUES, find_cues, is_question
from index.mismatches.exchanges import Exchange

_SHOWING = 3  # sentences of an exchange, the plainest first, that show what it is
_DENIES = re.compile(r"\b(?:not|no|never)\b|n['’]t\b", re.IGNORECASE)


def describe_kind(view: ConversationView, exchange: Exchange, ranked: Sequence[ScoredSentence]) -> list[float]:
    """Describe an exchange by numbers, each 0 to 1; `ranked` are its sentences, the plainest first."""
    first, showing = ranked[0], [scored.sentence.text for scored in ranked[:_SHOWING]]
    cues = [find_cues(text) for text in showing]
    questions = [sentence.text for sentence in view.sentences[exchange.earlier.id] if is_question(sentence.text)]
    return [
        *(float(cue.name in cues[0]) for cue in CUES),
        *(float(any(cue.name in its for its in cues)) for cue in CUES),
        float(is_question(first.sentence.text)),
        float(first.has_answer),
        float(any(map(is_question, showing))),
        float(any(scored.has_answer for scored in ranked)),
        float(bool(questions)),
        float(any({"asks_meaning", "asks_reading"} & set(find_cues(scored)) for scored in questions)),
        float(_DENIES.search(first.sentence.text) is not None),
        first.closeness,
    ]


def classify_kind(features: Sequence[float], weights: Sequence[float]) -> MismatchKind:
    """Tell the kind; `weights` are those of the features, and the bias."""
    disputed = sum(map(mul, weights, [*features, 1.0])) > 0
    return MismatchKind.DISAGREEMENT if disputed else MismatchKind.CLARIFICATION
