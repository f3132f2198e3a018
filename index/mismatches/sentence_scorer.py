"""How likely a sentence is about what a word means, rather than about the world.

Two logistic models, added: one over the cues (cues.py) and the sentence's vector, one over its skeleton: word n-grams
in which everything but function words and words about words is blotted out, so that no topic is learned.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from index.mismatches.cues import CUES, find_cues, find_mentions, is_question

WEIGHTS = Path(__file__).with_name("weights.json")
SCALE = 5.0  # of the vector beside the flags: its numbers are small
SKELETON_SHARE = 0.5  # of the skeleton's log-odds in the sum
NOTHING = -4.0  # log-odds where there is no sentence to speak of

_FORMULA = re.compile(r"\$[^$]*\$")
_MENTION = re.compile(r"[\"“][^\"“”]{1,60}[\"”]")
_TOKEN = re.compile(r"QUO|MATH|[A-Za-z']+|[?!:;,—-]")


def split_tokens(text: str) -> list[str]:
    """Return the tokens that a skeleton is made of, lower-cased; "QUO" for a mentioned phrase, "MATH" for a formula."""
    plain = _MENTION.sub(" QUO ", _FORMULA.sub(" MATH ", text)).replace("’", "'")
    return [token if token in ("QUO", "MATH") else token.lower() for token in _TOKEN.findall(plain)]


def make_skeleton(text: str, kept: frozenset[str]) -> list[str]:
    """Blot out every word that is not `kept`; a run of blots is one.

    >>> " ".join(make_skeleton("By goal I mean it", frozenset({"by", "i", "mean", "it"})))
    'BOS by X i mean it EOS'
    """
    tokens = ["BOS"]
    for token in split_tokens(text):
        shown = token if not token[0].isalpha() or token in kept or token in ("QUO", "MATH") else "X"
        if not (shown == "X" and tokens[-1] == "X"):
            tokens.append(shown)
    return [*tokens, "EOS"]


def count_ngrams(tokens: Sequence[str]) -> Counter[str]:
    """Count the word n-grams, n = 1 to 3."""
    return Counter(" ".join(tokens[start : start + n]) for n in (1, 2, 3) for start in range(len(tokens) - n + 1))


def describe_sentence(text: str, emphasised: bool = False) -> list[float]:
    """Describe a sentence by its cues and its form, each about 0 to 1."""
    cues = find_cues(text)
    mentioned = bool(find_mentions(text)) or emphasised
    asks = is_question(text)
    return [
        *(float(cue.name in cues) for cue in CUES),
        min(len(cues), 4) / 4,
        float(len(cues) >= 2),
        float(mentioned),
        float(mentioned and bool(cues)),
        float(asks),
        float(asks and bool(cues)),
        math.log(max(len(text), 1)) / 5,
        float(len(text) < 60),
    ]


@dataclass(frozen=True, slots=True)
class SentenceScorer:
    """The trained models; read with `negotiation()`."""

    kept: frozenset[str]
    grams: Mapping[str, tuple[float, float]]  # n-gram → (idf, weight)
    grams_bias: float
    weights: Sequence[float]
    bias: float

    def compute_log_odds(self, texts: Sequence[str], emphasised: Sequence[bool], vectors: np.ndarray) -> np.ndarray:
        """Return the log-odds of each sentence; `vectors` has shape (texts, size), each row of length 1."""
        if not texts:
            return np.zeros(0)
        described = np.array([describe_sentence(text, marked) for text, marked in zip(texts, emphasised, strict=True)])
        straight = np.hstack([described, vectors * SCALE]) @ np.asarray(self.weights) + self.bias
        return straight + SKELETON_SHARE * np.array([self._by_skeleton(text) for text in texts])

    def _by_skeleton(self, text: str) -> float:
        total = norm = 0.0
        for gram, count in count_ngrams(make_skeleton(text, self.kept)).items():
            known = self.grams.get(gram)
            if known is not None:
                value = (1 + math.log(count)) * known[0]
                norm += value * value
                total += value * known[1]
        return self.grams_bias + (total / math.sqrt(norm) if norm else 0.0)


def sentence_scorer_from_json(body: Mapping[str, Any]) -> SentenceScorer:
    """Read the models from what the training wrote."""
    known = {gram: (idf, weight) for gram, (idf, weight) in body["grams"].items()}
    return SentenceScorer(frozenset(body["kept"]), known, body["grams_bias"], body["weights"], body["bias"])


@cache
def load_weights() -> dict[str, Any]:
    """Read `weights.json`."""
    return json.loads(WEIGHTS.read_bytes())


@cache
def load_sentence_scorer() -> SentenceScorer:
    """Return the shipped models."""
    return sentence_scorer_from_json(load_weights()["negotiation"])
