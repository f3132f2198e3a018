"""Learn the weights of `ingest.turns`: python -m bench.training.turns --data FOLDER --mail FOLDER --samples FOLDER.

Threads with known authors are flattened: every line is a paragraph, quotation marks and other markup are gone, replies
stand below what they answer. Boosted trees learn at which paragraphs an utterance begins; two logistic regressions
learn from their scores, on pages that the trees had not seen, how often voices change and which pages are essays.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.training.boosting import grow_trees
from corpus.boosted_trees import Tree, score, tree_from_json
from corpus.model import Conversation, Utterance
from ingest.sources.formats import read_source
from ingest.sources.gather import gather
from ingest.sources.source import Failure, Hints
from ingest.turns.features import Features, describe_paragraphs, drop_word_features
from ingest.turns.probabilities import TurnWeights, describe_scores, predict_if_several, summarize_page

FOLDS = 5
_MAIL_HEADER = re.compile(r"(?:On .{5,120}wrote:|.{0,60}(?:writes|wrote|said|schrieb):)\s*$", re.DOTALL)
_MAIL_THREADS = 500
_LONGEST = 200  # paragraphs of a mail thread that is learned from
_TREES, _LEAVES, _RATE, _PENALTY, _SMALLEST = 150, 8, 0.05, 5.0, 30


@dataclass(frozen=True, slots=True)
class Page:
    """A flattened page. `begins` tells for each paragraph whether an utterance begins there.

    Pages of one `fold` are judged by what was learned from the others.
    """

    paragraphs: list[str]
    begins: list[bool]
    weight: float = 1.0
    fold: int = 0
    described: tuple[Features, ...] = ()

    @property
    def several(self) -> bool:
        """Whether more than one utterance is on the page."""
        return sum(self.begins) > 1


def pages(folder: Path, *, mail: bool = False, weight: float = 1.0) -> list[Page]:
    """Flatten every conversation that the readers find in a folder."""
    found = []
    for source in gather([str(folder)], Hints(), None):
        for loaded in () if isinstance(source, Failure) else read_source(source):
            if isinstance(loaded, Conversation) and any(each.text.strip() for each in loaded.utterances):
                found.append(flatten(loaded, mail=mail, weight=weight))
    return found


def flatten(conversation: Conversation, *, mail: bool = False, weight: float = 1.0) -> Page:
    """Give the paragraphs of a conversation in reading order. Lines of a mail run on; those of a page do not."""
    paragraphs: list[str] = []
    begins: list[bool] = []
    for utterance in in_reading_order(conversation.utterances):
        first = True
        for text in _mail_blocks(utterance.text) if mail else utterance.text.split("\n"):
            if text.strip():
                paragraphs.append(text.strip())
                begins.append(first)
                first = False
    return Page(paragraphs, begins, weight)


def _mail_blocks(text: str) -> Iterator[str]:
    """Cut a mail at blank lines and where quoted and own lines meet; headers of quotations and signatures go."""
    for block in re.split(r"\n\s*\n", text):
        held: list[str] = []
        was_quoted = False
        for line in [*block.splitlines(), None]:
            quoted = line is not None and line.lstrip().startswith(">")
            if held and (line is None or quoted != was_quoted):
                joined = " ".join(" ".join(held).split())
                if not _MAIL_HEADER.match(joined) and not joined.startswith("--"):
                    yield joined
                held = []
            was_quoted = quoted
            if line is not None:
                held.append(re.sub(r"^(?:\s{0,3}>\s?)+", "", line))


def in_reading_order(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Order utterances as a page shows them: every reply below what it answers."""
    known = {utterance.id for utterance in utterances}
    children: dict[str | None, list[Utterance]] = {}
    for utterance in utterances:
        children.setdefault(utterance.reply_to if utterance.reply_to in known else None, []).append(utterance)
    ordered: list[Utterance] = []
    stack = list(reversed(children.get(None, [])))
    while stack:
        ordered.append(stack.pop())
        stack.extend(reversed(children.get(ordered[-1].id, [])))
    return ordered


def described(page: Page) -> Page:
    """Add the features of the paragraphs."""
    return replace(page, described=tuple(describe_paragraphs(page.paragraphs)))


def fit(training: Sequence[Page]) -> TurnWeights:
    """Learn the three readings from pages with features."""
    return read_pages(training, unseen_scores(training), _grown(training))


def unseen_scores(training: Sequence[Page]) -> dict[int, list[float]]:
    """Score every page (by its id()) with trees that were grown without it."""
    found: dict[int, list[float]] = {}
    for fold in range(FOLDS):
        trees = _grown([page for page in training if page.fold != fold])
        found |= {id(p): [score(trees, here) for here in p.described[1:]] for p in training if p.fold == fold}
    return found


def read_pages(training: Sequence[Page], scores: Mapping[int, list[float]], trees: tuple[Tree, ...]) -> TurnWeights:
    """Learn, by the scores of pages that the trees had not seen, how often voices change and which pages hold several.

    To tell threads from essays, a page counts once, whatever its length.
    """
    threads = [page for page in training if page.several]
    level = _regression(
        [row for page in threads for row in describe_scores(page.described, scores[id(page)])],
        [begins for page in threads for begins in page.begins[1:]],
        [page.weight for page in threads for _ in page.begins[1:]],
    )
    asked = [page for page in training if len(page.paragraphs) > 1]
    several = _regression(
        [summarize_page(page.described, predict_if_several(page.described, scores[id(page)], level)) for page in asked],
        [page.several for page in asked],
        [page.weight if page.several else 0.5 for page in asked],
    )
    return TurnWeights(trees, level, several)


def _regression(rows: Sequence[Features], told: Sequence[bool], counts: Sequence[float]) -> dict[str, float]:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    model = LogisticRegression(C=1.0, max_iter=2000, fit_intercept=False)
    model.fit(vectorizer.fit_transform(rows), told, sample_weight=counts)
    names = vectorizer.get_feature_names_out()
    return {str(name): round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)}


def _grown(training: Sequence[Page]) -> tuple[Tree, ...]:
    """Grow boosted trees; the first is the mean's log odds."""
    rows = [here for page in training for here in page.described[1:]]
    grown = grow_trees(
        rows,
        [begins for page in training for begins in page.begins[1:]],
        drop_word_features(sorted({name for row in rows for name in row})),
        weights=[page.weight for page in training for _ in page.begins[1:]],
        digits=5,
        max_iter=_TREES,
        learning_rate=_RATE,
        max_leaf_nodes=_LEAVES,
        l2_regularization=_PENALTY,
        min_samples_leaf=_SMALLEST,
        max_features=0.5,
    )
    return tuple(tree_from_json(tree) for tree in grown)


def training_pages(data: Path, mail: Path | None, samples: Path | None) -> list[Page]:
    """Read what may be shipped: Arbital, Turner's essays, the Twisted lists and the bundled samples."""
    chance = random.Random(7)
    forum = pages(data / "arbital-dev") + (pages(samples) if samples else [])
    chance.shuffle(forum)
    essays = pages(data / "turntrout", weight=0.15)
    mails = [page for page in pages(mail, mail=True, weight=0.15) if page.several] if mail else []
    chance.shuffle(mails)
    mails = [page for page in mails if len(page.paragraphs) < _LONGEST][:_MAIL_THREADS]
    known = [replace(page, fold=place % FOLDS) for place, page in enumerate(forum + essays + mails)]
    return [described(page) for page in known]


def written(weights: TurnWeights) -> str:
    """Write weights as JSON, one tree a line."""
    trees = ",\n".join(json.dumps(tree) for tree in weights.trees)
    rest = {"level": weights.level, "several": weights.several}
    return f'{{"trees": [\n{trees}\n],\n{json.dumps(rest, indent=1)[1:]}\n'


def main() -> None:
    """Write `weights.json` beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds arbital-dev and turntrout")
    parser.add_argument("--mail", type=Path, help="the unpacked twisted-mail corpus")
    parser.add_argument("--samples", type=Path, help="the bundled samples")
    given = parser.parse_args()
    weights = fit(training_pages(given.data, given.mail, given.samples))
    (Path(__file__).parents[2] / "ingest" / "turns" / "weights.json").write_text(written(weights), encoding="utf-8")


if __name__ == "__main__":
    main()
