"""What sentences about meaning are learned from: labelled exchanges, and made-up sentences.

Labels are JSON lines, an exchange each: `a` and `b` with `id` (of the utterance) and `text`, `kind` ("none" for what
looks like a mismatch and is none, "unsure" for what counts neither way). A corpus that was read whole: what is not
listed is a negative.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from corpus.term_key import make_term_key
from index.mismatches.conversation_view import ConversationView
from index.mismatches.cues import find_cues
from index.mismatches.exchanges import OwnSentence
from index.mismatches.sentence_scorer import (
    SCALE,
    count_ngrams,
    describe_sentence,
    make_skeleton,
    sentence_scorer_from_json,
    split_tokens,
)

if TYPE_CHECKING:
    from index.encoding.sentence_encoder import Encoder

_FILLED = 3  # times that each made-up sentence is used, with other terms
_TERMS = (
    "goal", "agent", "optimizer", "corrigibility", "utility function", "oracle", "scaling", "deceptive alignment",
    "evidence", "intelligence explosion", "impact", "value learning", "consciousness", "prior", "reward", "consent",
    "fairness", "the self", "risk", "understanding", "capability", "market", "truth", "rights", "robustness",
    "simulator",
    "knowledge", "intent", "harm", "freedom", "general intelligence", "takeoff", "world model", "myopia", "honesty",
    "alignment tax", "natural abstraction",
)  # fmt: skip
_COMMON = 250  # words of the corpus that a skeleton keeps, beside those of the made-up sentences
_POSITIVE, _MADE_UP = 2.0, 1.0  # weights of a labelled sentence, and of one that was made up
_LOOSE = 0.01  # of the weights of cues and vector (the larger the less they are held to nought)
_LEAST_MET = 2  # sentences in which an n-gram must be met


@dataclass(slots=True)
class SentenceTrainingSet:
    """Sentences with labels, and the exchanges that hold them, by conversation.

    `gold` are the mismatches by pair, `unsure` the pairs that count neither way; `worth` says how much a conversation
    counts.
    """

    views: list[ConversationView]
    gold: dict[frozenset[str], Mapping[str, Any]]
    unsure: frozenset[frozenset[str]]
    worth: dict[str, float]
    texts: list[str] = field(default_factory=list)
    emphasised: list[bool] = field(default_factory=list)
    rows: list[np.ndarray] = field(default_factory=list)
    labels: list[bool] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)

    def __add__(self, other: "SentenceTrainingSet") -> "SentenceTrainingSet":
        """Return the sentences of two corpora together."""
        return SentenceTrainingSet(
            self.views + other.views,
            self.gold | other.gold,
            self.unsure | other.unsure,
            self.worth | other.worth,
            self.texts + other.texts,
            self.emphasised + other.emphasised,
            self.rows + other.rows,
            self.labels + other.labels,
            self.groups + other.groups,
        )


def read_labels(path: Path) -> list[dict[str, Any]]:
    """Read labels, of a corpus' own file or of one that labels many things (bench/gold/samples)."""
    rows = [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
    return [_plain(row) for row in rows if row.get("label", "mismatch") in ("mismatch", "negative", "unsure")]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    if "label" not in row:
        return row
    sides = {side: row[side] | {"id": row[side]["utterance_id"]} for side in ("a", "b")}
    return row | sides | {"kind": {"negative": "none", "unsure": "unsure"}.get(row["label"]) or row["kind"]}


def get_pair(label: Mapping[str, Any]) -> frozenset[str]:
    """The ids of the two utterances of a label."""
    return frozenset((label["a"]["id"], label["b"]["id"]))


def select_positives(gold: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The labels that say that there is a mismatch."""
    return [one for one in gold if one["kind"] not in ("none", "unsure")]


def gather_sentences(
    voices: Iterable[ConversationView], gold: Sequence[Mapping[str, Any]], worth: float = 1.0
) -> SentenceTrainingSet:
    """Gather the sentences of all that answers something, each with whether it is part of a labelled mismatch."""
    positive = select_positives(gold)
    pairs = {get_pair(one): one for one in positive}
    unsure = frozenset(get_pair(one) for one in gold if one["kind"] == "unsure")
    threads = list(voices)
    held = SentenceTrainingSet(threads, pairs, unsure, {one.conversation.id: worth for one in threads})
    told: dict[str, list[tuple[str, bool]]] = {}
    for one in positive:
        for side in ("a", "b"):
            if words := _letters(one[side].get("text", "")):
                told.setdefault(one[side]["id"], []).append((words, side == "b"))
    for thread in held.views:
        posts = {one.id for one in thread.conversation.utterances[:1]}
        for utterance_id, said in thread.sentences.items():
            if utterance_id in posts:
                continue
            labelled = _labelled(said, told.get(utterance_id, ()))
            for row, sentence in enumerate(said):
                held.texts.append(sentence.text)
                held.emphasised.append(len(thread.find_mentions(sentence)) > 0)
                held.rows.append(thread.vectors[utterance_id][row])
                held.labels.append(sentence.start in labelled)
                held.groups.append(thread.conversation.id)
    return held


def _labelled(said: Sequence[OwnSentence], told: Sequence[tuple[str, bool]]) -> set[int]:
    """Find the sentences that a label quotes: of several those with a cue; of the answered side only those."""
    found: set[int] = set()
    for quoted, answering in told:
        within = [
            one for one in said if _letters(one.text) and (_letters(one.text) in quoted or quoted in _letters(one.text))
        ]
        cued = [one for one in within if find_cues(one.text)]
        found.update(one.start for one in (cued or (within if answering else [])))
    return found


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def read_made_up(path: Path) -> tuple[list[str], list[bool]]:
    """Read made-up sentences ("+ …" is about meaning, "- …" is not) and fill in terms; returns (texts, labels)."""
    dice = random.Random(0)
    texts, labels = [], []
    for line in path.read_text().splitlines():
        if line[:1] in ("+", "-"):
            for _ in range(_FILLED):
                term, other = dice.sample(_TERMS, 2)
                texts.append(line[2:].replace("{T}", term).replace("{U}", other))
                labels.append(line[0] == "+")
    return texts, labels


def learn_sentences(
    held: SentenceTrainingSet, chosen: np.ndarray, invented: tuple[Sequence[str], Sequence[bool]], encoder: "Encoder"
) -> dict[str, Any]:
    """Learn what a sentence about meaning looks like, from the `chosen` rows and the made-up ones.

    Returns the body of `negotiation_of`.
    """
    from sklearn.linear_model import LogisticRegression

    rows = np.flatnonzero(chosen)
    texts = [held.texts[row] for row in rows] + list(invented[0])
    labels = np.array([held.labels[row] for row in rows] + list(invented[1]), dtype=int)
    weights = np.where(labels == 1, _POSITIVE, 1.0)
    weights[: len(rows)] *= [held.worth[held.groups[row]] for row in rows]
    weights[len(rows) :] = _MADE_UP
    vectors = np.vstack([np.array([held.rows[row] for row in rows]), encoder.encode(list(invented[0]))])
    marked = [held.emphasised[row] for row in rows] + [False] * len(invented[0])
    described_ = np.array([describe_sentence(text, one) for text, one in zip(texts, marked, strict=True)])
    straight = LogisticRegression(C=_LOOSE, max_iter=1000)
    straight.fit(np.hstack([described_, vectors * SCALE]), labels, sample_weight=weights)
    kept = _kept(held.texts, invented[0])
    known, bias = _learn_skeletons([count_ngrams(make_skeleton(text, kept)) for text in texts], labels, weights)
    return {
        "kept": sorted(kept),
        "grams": known,
        "grams_bias": bias,
        "weights": [round(float(one), 5) for one in np.asarray(straight.coef_)[0]],
        "bias": round(float(np.asarray(straight.intercept_)[0]), 5),
    }


def _kept(texts: Sequence[str], invented: Sequence[str]) -> frozenset[str]:
    """Choose the words that a skeleton shows: those of the made-up sentences (not their terms), and the commonest."""
    from collections import Counter

    slots = {word for term in _TERMS for word in make_term_key(term).split()}
    own = {word for text in invented for word in split_tokens(text)} - slots
    common = Counter(word for text in texts for word in set(split_tokens(text)))
    ordered = sorted(common.items(), key=lambda one: (-one[1], one[0]))
    return frozenset(own | {word for word, _ in ordered[:_COMMON]})


def _learn_skeletons(
    counted: "Sequence[Mapping[str, int]]", labels: np.ndarray, weights: np.ndarray
) -> tuple[dict[str, tuple[float, float]], float]:
    from collections import Counter
    from math import log

    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import normalize

    met = Counter(gram for one in counted for gram in one)
    names = sorted(gram for gram, number in met.items() if number >= _LEAST_MET)
    idf = {gram: log((1 + len(counted)) / (1 + met[gram])) + 1 for gram in names}
    place = {gram: column for column, gram in enumerate(names)}
    cells = [
        (row, place[gram], (1 + log(count)) * idf[gram])
        for row, one in enumerate(counted)
        for gram, count in one.items()
        if gram in place
    ]
    at, columns, values = zip(*cells, strict=True)
    matrix = normalize(csr_matrix((values, (at, columns)), shape=(len(counted), len(names))))
    model = LogisticRegression(C=1.0, max_iter=1000).fit(matrix, labels, sample_weight=weights)
    known = {
        gram: (round(idf[gram], 4), round(float(weight), 4))
        for gram, weight in zip(names, np.asarray(model.coef_)[0], strict=True)
        if abs(weight) >= 0.005
    }
    return known, round(float(np.asarray(model.intercept_)[0]), 5)


def score_out_of_fold(
    held: SentenceTrainingSet, invented: tuple[Sequence[str], Sequence[bool]], encoder: "Encoder", folds: int = 8
) -> None:
    """Weigh every conversation with a sentence model that has not seen it."""
    fold = assign_folds({thread.conversation.id for thread in held.views}, folds)
    groups = np.array([fold[one] for one in held.groups])
    for number in range(folds):
        model = sentence_scorer_from_json(learn_sentences(held, groups != number, invented, encoder))
        for thread in held.views:
            if fold[thread.conversation.id] == number:
                thread.score_sentences(model)


def assign_folds(conversations: Iterable[str], folds: int, seed: int = 0) -> dict[str, int]:
    """Share conversations out to folds."""
    ids = sorted(conversations)
    random.Random(seed).shuffle(ids)
    return {id_: place % folds for place, id_ in enumerate(ids)}
