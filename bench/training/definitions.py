"""Learn weights.json.

`python -m bench.training.definitions --data FOLDER --mail FOLDER --gold FOLDER --samples FOLDER`.

FOLDER of --data holds arbital-dev and turntrout; --mail is twisted-mail, unpacked; --gold is bench:
definitions/read.jsonl (verdicts on single candidates, by digest, so that no text is kept; those from the mail name
the digest of their thread), definitions/invented.jsonl and samples/gold.jsonl, the hand labels of --samples.
What is known of a candidate comes from, surest first: a verdict; the gold definitions; a page that opens by defining
its title; and the forms that comments hardly ever define with.
"""

import argparse
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.logistic import compute_log_odds
from corpus.model import Conversation, Stance, Utterance
from ingest.blocks import Block, parse_blocks
from ingest.definitions import iterate_settings
from ingest.definitions.candidates import propose_definitions
from ingest.definitions.detector import WEIGHTS, Detector
from ingest.definitions.features import compute_features
from ingest.definitions.forms import FORMS, DefinitionCandidate
from ingest.markup import read_markdown
from ingest.sources.formats import read_source
from ingest.sources.gather import gather
from ingest.sources.source import Hints

STRENGTH = 0.3
THRESHOLD = 0.5
LEAST_SEEN = 3
_WEAK = frozenset(
    {"X is a Y", "X, a Y that", "X is Ys", "X is doing", "X is to do", "X: G", "X consists in", "X. This is a Y"}
)
_OPENING = 3
_PRIOR = 10.0  # how many examples the guess of a form is worth
_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate, described, with what is known of it. `group` names where it is from: a group is in one fold."""

    described: Mapping[str, float]
    defines: bool
    weight: float
    group: str
    sentence: str = ""


def digest(form: str, term: str, sentence: str) -> str:
    """Name a candidate without telling its words.

    >>> len(digest("X means", "wug", "A wug means a bird.")) == 16
    True
    """
    return short_digest("\x1f".join((form, term, " ".join(sentence.split()))))


def short_digest(text: str) -> str:
    """Name a text without telling its words.

    >>> len(short_digest("thread 7")) == 16
    True
    """
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def same_term(one: str, other: str) -> bool:
    """Tell whether two terms are alike but for articles, plurals and length: the words of one are all in the other."""
    first, second = (frozenset(w.rstrip("s") for w in re.findall(r"[a-z0-9]+", term.lower())) for term in (one, other))
    return bool(first and second) and (first <= second or second <= first)


def from_pages(
    conversation: Conversation,
    read_blocks: Sequence[Block],
    verdicts: Mapping[str, bool],
    *,
    opens_with_title: bool = False,
    guess: bool = True,
) -> Iterator[Example]:
    """Give the candidates of a conversation of which something is known; where `guess`, by where they stand, too."""
    root = conversation.utterances[0].id if conversation.utterances else ""
    told: set[str] = set()  # what is quoted again and again in a thread is one lesson
    for block, sentence, before, setting in iterate_settings(conversation, read_blocks):
        for one in propose_definitions(sentence, block.text, setting, before):
            term = block.text[slice(*one.term)]
            words = block.text[sentence.start_char : sentence.end_char]
            name = digest(one.form, term, words)
            known, weight = verdicts.get(name), 1.0
            if known is None and opens_with_title and block.utterance.id == root and setting.number < _OPENING:
                known, weight = (True, 0.5) if _is_title(one, term, conversation.title) else (None, 0.0)
            if known is None and guess and block.utterance.id != root and one.form in _WEAK:
                known, weight = False, 0.25
            if known is not None and name not in told:
                told.add(name)
                described = compute_features(one, sentence, block.text, setting)
                yield Example(described, known, weight, conversation.id, words)


def judged(path: Path) -> tuple[dict[str, bool], set[str]]:
    """Read verdicts on single candidates: (whether it defines, by its digest; digests of the mail's threads)."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["candidate"]: bool(row["defines"]) for row in rows}, {row["thread"] for row in rows if "thread" in row}


def from_mail(folder: Path, verdicts: Mapping[str, bool], threads: Collection[str]) -> Iterator[Example]:
    """Give the judged candidates of the mail, whose `threads` that were read are named by digests."""
    for each in conversations(folder):
        if short_digest(each.id) in threads:
            yield from from_pages(each, list(parse_blocks(each)), verdicts, guess=False)


def _is_title(one: DefinitionCandidate, term: str, title: str) -> bool:
    """Tell whether a candidate has the page's title for its term."""
    return same_term(term, title) and one.form in {"X is a Y", "X is one that", "X means", "X is when", "X occurs when"}


def from_gold(rows: Iterable[tuple[str, Conversation, str | None]]) -> Iterator[Example]:
    """Give the candidates of labelled sentences: (group, a conversation of that sentence, its term or None)."""
    for group, conversation, term in rows:
        for block, sentence, before, setting in iterate_settings(conversation, list(parse_blocks(conversation))):
            for one in propose_definitions(sentence, block.text, setting, before):
                right = term is not None and same_term(block.text[slice(*one.term)], term)
                if right or term is None:
                    described = compute_features(one, sentence, block.text, setting)
                    yield Example(described, right, 1.0, group, sentence.text)


def page_gold(path: Path) -> Iterator[tuple[str, Conversation, str | None]]:
    """Read definitions.jsonl of arbital-dev."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        markup = read_markdown(row["text"], dialect="arbital")
        said = Utterance(row["id"], row["id"], markup.text, passages=markup.passages)
        yield row["page"], Conversation(row["id"], "", (said,)), row["term"] if row["label"] == "definition" else None


def from_samples(
    conversation: Conversation, read_blocks: Sequence[Block], labelled: Sequence[tuple[str, str]]
) -> Iterator[Example]:
    """Give the candidates of a bundled conversation; `labelled` are all (term, sentences) that define in it."""
    stretches = [(term, " ".join(text.split())) for term, text in labelled]
    for block, sentence, before, setting in iterate_settings(conversation, read_blocks):
        words = " ".join(sentence.text.split())
        for one in propose_definitions(sentence, block.text, setting, before):
            term = block.text[slice(*one.term)]
            here = [label for label, text in stretches if text in words or words in text]
            right = any(same_term(term, label) for label in here)
            if here and not right:
                continue
            yield Example(
                compute_features(one, sentence, block.text, setting),
                right,
                1.0 if right else 0.6,
                conversation.id,
                words,
            )


def invented(path: Path) -> Iterator[tuple[str, Conversation, str | None]]:
    """Read sentences made up for the forms that pages seldom show: (group, sentence, term or None)."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        yield f"invented {number}", Conversation("i", "", (Utterance("i", "i", row["text"]),)), row["term"]


def expected() -> Iterator[Example]:
    """Give what is expected of each form before anything was seen: many forms are rarer than the pages can teach."""
    for form in FORMS:
        for asks in (False, True):
            described = {"likely": compute_log_odds(form.likely), f"form={form.name}": 1.0}
            if asks:
                described |= {"asks": 1.0, "ends=?": 1.0}
            for defines, share in ((True, form.likely), (False, 1 - form.likely)):
                if not asks or form.stance is Stance.ASKED:
                    yield Example(described, defines, _PRIOR * share, "expected")


def sample_gold(path: Path) -> list[tuple[str, str]]:
    """Read the labelled definitions of the bundled samples: (term, sentences)."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["term"], row["text"]) for row in rows if row["label"] == "definition"]


def learn(examples: Sequence[Example], strength: float = STRENGTH) -> Detector:
    """Fit a logistic regression; features seen once are left out."""
    import numpy as np
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    examples = [*examples, *expected()]
    seen: dict[str, int] = {}
    for each in examples:
        for name in each.described:
            seen[name] = seen.get(name, 0) + 1
    common = [{n: v for n, v in each.described.items() if seen[n] >= LEAST_SEEN} for each in examples]
    columns = DictVectorizer()
    matrix = columns.fit_transform(common)
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(matrix, np.array([each.defines for each in examples]), sample_weight=[each.weight for each in examples])
    weights = {
        str(name): round(float(value), _DECIMALS)
        for name, value in zip(columns.get_feature_names_out(), model.coef_[0], strict=True)
        if abs(value) >= 10**-_DECIMALS
    }
    return Detector(round(float(np.asarray(model.intercept_)[0]), _DECIMALS), weights, THRESHOLD)


def cross_validated(examples: Sequence[Example], folds: int = 5, strength: float = STRENGTH) -> list[float]:
    """Give each example the probability by weights that saw nothing of its group."""
    place = [int(hashlib.sha256(each.group.encode()).hexdigest(), 16) % folds for each in examples]
    found = [0.0] * len(examples)
    for fold in range(folds):
        by = learn([each for each, at in zip(examples, place, strict=True) if at != fold], strength)
        for number, each in enumerate(examples):
            if place[number] == fold:
                found[number] = by.estimate_probability(each.described)
    return found


def write(by: Detector, path: Path = WEIGHTS) -> None:
    """Write the weights, largest first, one a line."""
    ordered = dict(sorted(by.weights.items(), key=lambda pair: (-abs(pair[1]), pair[0])))
    text = json.dumps({"bias": by.bias, "threshold": by.threshold, "weights": ordered}, ensure_ascii=False, indent=0)
    path.write_text(text + "\n", encoding="utf-8")


def conversations(folder: Path) -> Iterator[Conversation]:
    """Read every conversation of a folder."""
    for source in gather([str(folder)], Hints(), None):
        for loaded in read_source(source):  # type: ignore[arg-type]
            if isinstance(loaded, Conversation):
                yield loaded


def main() -> None:
    """Read, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--mail", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True, help="bench/gold: holds definitions/ and samples/")
    parser.add_argument("--samples", type=Path, required=True)
    given = parser.parse_args()
    verdicts, threads = judged(given.gold / "definitions" / "read.jsonl")
    labelled = sample_gold(given.gold / "samples" / "gold.jsonl")
    examples = list(from_gold(page_gold(given.data / "arbital-dev" / "gold" / "definitions.jsonl")))
    examples += from_gold(invented(given.gold / "definitions" / "invented.jsonl"))
    for name in ("arbital-dev", "turntrout"):
        for each in conversations(given.data / name):
            examples += from_pages(each, list(parse_blocks(each)), verdicts, opens_with_title=name == "arbital-dev")
    examples += from_mail(given.mail, verdicts, threads)
    for each in conversations(given.samples):
        examples += from_samples(each, list(parse_blocks(each)), labelled)
    write(learn(examples))


if __name__ == "__main__":
    main()
