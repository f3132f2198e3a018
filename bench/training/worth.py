"""Learn the weights of `ingest.claims.worth`: python -m bench.training.worth LABELS...

LABELS are lines of JSON: `text`, the claim; `claim`, whether it says something by itself (yes, no or border, which is
left out); `utt`, the utterance it is of. Learned from as well are short sentences of our own making
(`short_claims.txt`): among those of threads so few short ones are general that length alone seemed to tell. Prints how
well what was learned without an utterance judges it.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.training.boosting import grow_trees, select_features
from corpus.boosted_trees import score, tree_from_json
from corpus.logistic import logistic
from ingest.claims.claim_features import Features, describe_claim
from ingest.claims.worth import WEIGHTS
from ingest.language import parse

MADE_UP = Path(__file__).with_name("short_claims.txt")
FOLDS = 10
SHARES = (0.98, 0.95, 0.93, 0.9, 0.85)
_SELDOM = 8  # rows; a feature that fewer have is left out
_SETTINGS = {
    "max_iter": 150,
    "learning_rate": 0.05,
    "max_leaf_nodes": 6,
    "l2_regularization": 5.0,
    "min_samples_leaf": 15,
    "max_features": 0.3,
}


def read_made_up() -> list[dict[str, str]]:
    """Return the short sentences of our own making as labels."""
    lines = [line for line in MADE_UP.read_text(encoding="utf-8").splitlines() if line[:2] in ("+ ", "- ")]
    return [{"text": line[2:], "claim": "yes" if line[0] == "+" else "no", "utt": line} for line in lines]


def learn_worth(rows: Sequence[Features], answers: Sequence[bool]) -> list[Any]:
    """Return trees as JSON has them, the mean of three models."""
    return grow_trees(rows, answers, select_features(rows, _SELDOM), digits=5, seeds=3, **_SETTINGS)


def judge_unseen(rows: Sequence[Features], answers: Sequence[bool], groups: Sequence[str]) -> list[float]:
    """Return a probability for each row, from trees grown without any row of its group."""
    folds = [int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS for group in groups]
    judged = [0.0] * len(rows)
    for fold in range(FOLDS):
        known = [place for place in range(len(rows)) if folds[place] != fold]
        grown = learn_worth([rows[place] for place in known], [answers[place] for place in known])
        trees = tuple(tree_from_json(tree) for tree in grown)
        for place in range(len(rows)):
            if folds[place] == fold:
                judged[place] = logistic(score(trees, rows[place]))
    return judged


def print_curve(name: str, judged: Sequence[tuple[float, bool]]) -> None:
    """Print the precision at which each share of the claims is shown, with the threshold."""
    worths = sorted((worth for worth, is_claim in judged if is_claim), reverse=True)
    print(f"{len(judged)} {name}, {len(worths) / len(judged):.3f} say something")
    for share in SHARES:
        threshold = worths[int(share * len(worths)) - 1]
        shown = [is_claim for worth, is_claim in judged if worth >= threshold]
        precision = sum(shown) / len(shown)
        print(f"at {threshold:.3f}: shown of the claims {share:.2f}, claims of what is shown {precision:.3f}")


def main() -> None:
    """Write the weights, and print how well they do by folds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, nargs="+")
    given = parser.parse_args()
    lines = [json.loads(line) for path in given.labels for line in path.read_text(encoding="utf-8").splitlines()]
    read = [row for row in lines if row["claim"] != "border"]
    rows = [*read, *read_made_up()]
    docs = parse([row["text"] for row in rows])
    features = [describe_claim(doc[:], row["text"]) for doc, row in zip(docs, rows, strict=True)]
    answers = [row["claim"] == "yes" for row in rows]
    judged = list(zip(judge_unseen(features, answers, [row["utt"] for row in rows]), answers, strict=True))
    print_curve("of threads", judged[: len(read)])
    print_curve("made up", judged[len(read) :])
    trees = learn_worth(features, answers)
    WEIGHTS.write_text("[\n" + ",\n".join(json.dumps(tree) for tree in trees) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
