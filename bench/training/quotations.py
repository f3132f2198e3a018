"""Learn what an unmarked, answered quotation looks like: `python -m bench.training.quotations MAIL DATA [--write]`.

MAIL is an unpacked ConvoKit corpus of mails with `>` quotes (the marks are the labels), DATA the folder of the
development sets. Mails and comments are made to look like a page that lost its markup (`bench.bare_pages`): several of
one author's in a row, lines unwrapped, attributions and signatures gone, quotations cut as people cut them, and on most
pages left out, so that answers without a quotation are learned too. A regression judges each paragraph between its
neighbours; trees then judge it by what the regression says of the page around it. Authors of the test part are not in
the training part; of Arbital, half of the conversations.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from bench.bare_pages import Paragraph, choose_half, cut_quotation, is_held_out, make_pages, thin_quotations
from bench.quotations import conversations
from bench.training.boosting import grow_trees
from corpus.boosted_trees import score, tree_from_json
from corpus.logistic import logistic_array
from corpus.model import Utterance
from ingest.quotations.answered_paragraphs import PAGE_FEATURES, WEIGHTS, compare_with_page, describe_paragraphs

_OFTEN = 60  # times that a feature must be seen
_SHIFT = -0.5  # of the log odds: what is called 0.7 is then right nine times of ten (the tuning half of held-out mail)
_TREES: Mapping[str, Any] = {"max_iter": 150, "learning_rate": 0.08, "max_leaf_nodes": 12, "min_samples_leaf": 60}
_LIKE_FORUM = 5  # times that a comment counts for a mail
# What the trees are told of a paragraph itself, beside the regression's judgement of it and its page.
LOOKS = (
    "length",
    "no stop",
    "no stop, as nobody here",
    "starts low",
    "starts low, as nobody here",
    "starts low alone, after a stop",
    "starts low, amid a sentence",
    "shared with answer",
    "rather with answer",
    "asks",
    "first",
    "last",
    "you",
    "I",
    "answer I",
    "answer you",
    "before I",
    "one sentence",
    "phrase in answer",
    "phrase in before",
    "answer longer",
    "before longer",
    "no I, then I",
    "before shared with answer",
    "led over to",
    "answer agrees",
    "answer denies",
    "answer asks",
    "answer takes up",
    "answer yields",
    "answer thinks",
    "answer continues",
    "here continues",
    "here opens",
    "here agrees",
    "here denies",
    "here thinks",
    "before agrees",
    "listed",
    "asks, agreed or denied",
)

Page = Sequence[dict[str, float]]


def examples(made: Sequence[list[Paragraph]], chance: random.Random, *, thin: bool) -> tuple[list[Page], list[bool]]:
    """Describe every paragraph, page by page, and say which is quoted; with `thin`, most quotations are left out."""
    described: list[Page] = []
    labels: list[bool] = []
    for whole in made:
        page = thin_quotations(whole, chance) if thin else whole
        texts = [cut_quotation(text, chance) if quoted else text for text, quoted in page]
        described.append(describe_paragraphs(texts))
        labels += [quoted for _, quoted in page]
    return described, labels


def matrix(described: Sequence[Mapping[str, float]], columns: dict[str, int]) -> csr_matrix:
    """Lay features out as a sparse matrix, shape (paragraphs, columns)."""
    rows, places, values = [], [], []
    for row, features in enumerate(described):
        for name, value in features.items():
            if name in columns and value:
                rows.append(row)
                places.append(columns[name])
                values.append(value)
    return csr_matrix((values, (np.array(rows, np.int32), np.array(places, np.int32))), (len(described), len(columns)))


def fit(pages: Sequence[Page], labels: Sequence[bool], columns: dict[str, int]) -> LogisticRegression:
    """Fit the regression that judges a paragraph between its neighbours."""
    rows = [features for page in pages for features in page]
    model = LogisticRegression(C=0.1, max_iter=200, solver="liblinear")
    return model.fit(matrix(rows, columns), np.array(labels))


def judge(model: LogisticRegression, pages: Sequence[Page], columns: dict[str, int]) -> list[list[float]]:
    """Return what the regression says of each paragraph, as log odds, page by page."""
    return [model.decision_function(matrix(page, columns)).tolist() if page else [] for page in pages]


def compare(judged: Sequence[list[float]], pages: Sequence[Page]) -> list[dict[str, float]]:
    """Give each paragraph what the trees are told of it."""
    return [row for scores, page in zip(judged, pages, strict=True) for row in compare_with_page(scores, page)]


def report(name: str, labels: np.ndarray, scores: np.ndarray) -> None:
    """Print how well quotations are told from the rest, and whether the probabilities hold."""
    short = f"AP {average_precision_score(labels, scores):.3f} (chance {labels.mean():.3f})"
    print(f"{name}: {len(labels)} paragraphs, {int(labels.sum())} quoted, {short}")
    for low in (0.35, 0.5, 0.6, 0.7, 0.8):
        above = scores >= low
        if above.any():
            right, recall = labels[above].mean(), labels[above].sum() / labels.sum()
            print(f"  from {low:.2f}: n={int(above.sum())}, precision {right:.3f}, recall {recall:.3f}")


def main() -> None:
    """Train, report, and with --write replace the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mail", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    chance = random.Random(1)
    mails = [(c.id, u) for c in conversations(given.mail) for u in c.utterances if u.speaker is not None]
    comments = [(c.id, u) for c in conversations(given.data / "arbital-dev") for u in c.utterances[1:]]
    learned = make_pages([u for _, u in mails if not is_held_out(_author(u))], chance)
    forum = make_pages([u for id_, u in comments if choose_half(id_) == 0], chance)
    tested = make_pages([u for id_, u in mails if is_held_out(_author(u)) and choose_half(id_) == 0], chance)
    pages, labels = examples(learned, chance, thin=True)
    described, quoted = examples(forum, chance, thin=False)
    pages += described * _LIKE_FORUM
    labels += quoted * _LIKE_FORUM
    seen = Counter(name for page in pages for features in page for name in features)
    # Openings that only occur in mail (names, "regards") would not help elsewhere.
    elsewhere = Counter(name for page in described for features in page for name in features)
    named = ("answer: ", "here: ")
    names = sorted(n for n in seen if seen[n] >= _OFTEN and (not n.startswith(named) or elsewhere[n] > 1))
    columns = {name: place for place, name in enumerate(names)}
    # The trees learn from what a regression says of pages that it has not seen.
    parts: list[tuple[list[Page], list[bool]]] = [([], []), ([], [])]
    start = 0
    for number, page in enumerate(pages):
        parts[number % 2][0].append(page)
        parts[number % 2][1].extend(labels[start : start + len(page)])
        start += len(page)
    rows: list[dict[str, float]] = []
    for (pages_here, _), (pages_there, labels_there) in (parts, parts[::-1]):
        rows += compare(judge(fit(pages_there, labels_there, columns), pages_here, columns), pages_here)
    trees = grow_trees(rows, [*parts[0][1], *parts[1][1]], [*PAGE_FEATURES, *LOOKS], digits=3, **_TREES)
    trees[0] = round(trees[0] + _SHIFT, 4)
    model = fit(pages, labels, columns)
    grown = [tree_from_json(tree) for tree in trees]
    for thin in (True, False):
        described, quoted = examples(tested, random.Random(2), thin=thin)
        scores = [score(grown, row) for row in compare(judge(model, described, columns), described)]
        report(f"mail, other authors{', thinned' if thin else ''}", np.array(quoted), logistic_array(np.array(scores)))
    if given.write:
        write(float(model.intercept_[0]), dict(zip(names, model.coef_[0], strict=True)), trees)


def _author(utterance: Utterance) -> str:
    return utterance.speaker.id if utterance.speaker is not None else ""


def write(bias: float, weights: dict[str, float], trees: Sequence[Any]) -> None:
    """Write the weights, one a line, small ones left out, and the trees, one a line."""
    kept = {name: round(float(weight), 3) for name, weight in sorted(weights.items()) if abs(weight) >= 0.02}
    lines = ",\n".join(f"{json.dumps(name, ensure_ascii=False)}: {weight}" for name, weight in kept.items())
    grown = ",\n".join(json.dumps(tree, ensure_ascii=False) for tree in trees)
    written = f'{{\n"bias": {bias:.3f},\n"weights": {{\n{lines}\n}},\n"trees": [\n{grown}\n]\n}}\n'
    WEIGHTS.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
