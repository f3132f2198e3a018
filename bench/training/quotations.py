"""Learn what an unmarked, answered quotation looks like: `python -m bench.training.quotations MAIL DATA [--write]`.

MAIL is an unpacked ConvoKit corpus of mails with `>` quotes (the marks are the labels), DATA the folder of the
development sets. Mails are made to look like a page that lost its markup: several of one author's in a row, lines
unwrapped, attributions and signatures gone, quotations cut as people cut them. Authors of the test part are not in the
training part; arbital-dev is not trained on at all.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from bench.quotations import conversations
from corpus.logistic import logistic_array
from corpus.model import PassageKind, Utterance
from ingest.quotations.answered_paragraphs import WEIGHTS, describe_paragraphs
from ingest.quotations.source_search import list_blocks, list_quote_regions

_ATTRIBUTION = re.compile(
    r"\b(?:wrote|writes|said|says|schrieb)\b.{0,60}:?\s*$|Original Message|^From:|^Quoting ", re.M
)
_FOOT = re.compile(r"^_{5,}|^-- ?$|^-{5,}|mailing list|attachment was scrubbed|https?://\S+/cgi-bin", re.M)
_OTHER_MARKS = re.compile(r"(?m)^\s*[|:%]|^\s*>|Original Message|^[A-Z]{1,4}>|BEGIN PGP")
_CODE = re.compile(r"(?m)^\s*(?:def|class|import|from \w+ import|File \"|Traceback|self\.)|[={};]\s*$|\(self")
_IN_A_ROW = 8  # utterances of one author on a page
_OFTEN = 60  # times that a feature must be seen
_PRIOR = 0.15  # share of quotations among the paragraphs of profile pages read by eye

Paragraph = tuple[str, bool]


def paragraphs(utterance: Utterance) -> list[Paragraph]:
    """Give the paragraphs of an utterance and whether each is quoted; [] where the marks are not to be trusted."""
    regions = list_quote_regions(utterance)
    found: list[Paragraph] = []
    for block in list_blocks(utterance):
        text = utterance.text[block.start : block.end]
        depth = sum(region.start <= block.start and block.end <= region.end for region in regions)
        if depth == 0 and _OTHER_MARKS.search(text):
            return []
        if depth == 0 and _FOOT.search(text):
            break
        lead = len(text) < 200 and _ATTRIBUTION.search(text[-160:])
        if depth > 1 or block.kind is PassageKind.CODE or lead or _FOOT.search(text) or _CODE.search(text):
            continue
        text = re.sub(r"\s*\n\s*", " ", text).strip()
        if re.search(r"\w", text):
            found.append((text, depth > 0))
    while found and found[-1][1]:
        found.pop()
    return found


def pages(utterances: Sequence[Utterance], chance: random.Random) -> list[list[Paragraph]]:
    """Put several utterances of each author in a row, as profile pages do."""
    by_author: dict[str, list[list[Paragraph]]] = {}
    for utterance in utterances:
        if utterance.speaker is not None and (found := paragraphs(utterance)):
            by_author.setdefault(utterance.speaker.id, []).append(found)
    made: list[list[Paragraph]] = []
    for author in sorted(by_author):
        texts = by_author[author]
        chance.shuffle(texts)
        for at in range(0, len(texts), _IN_A_ROW):
            made.append([paragraph for text in texts[at : at + _IN_A_ROW] for paragraph in text])
    return made


def cut(text: str, chance: random.Random) -> str:
    """Cut a quotation as people do: to a few of its sentences, sometimes into the middle of one."""
    if chance.random() < 0.55:
        return text
    sentences = re.split(r"(?<=[.!?])\s+", text)
    if len(sentences) > 1:
        kept = chance.randint(1, min(3, len(sentences)))
        at = chance.randint(max(0, len(sentences) - kept - 1), len(sentences) - kept)
        text = " ".join(sentences[at : at + kept])
    words = text.split(" ")
    if len(words) > 8 and chance.random() < 0.35:
        text = " ".join(words[chance.randint(1, len(words) // 3) :])
        if chance.random() < 0.4:
            text = text.rstrip(".,")
    return text


def examples(
    made: Sequence[list[Paragraph]], chance: random.Random | None
) -> tuple[list[dict[str, float]], np.ndarray]:
    """Describe every paragraph; `chance` cuts the quotations."""
    described: list[dict[str, float]] = []
    labels: list[bool] = []
    for page in made:
        described += describe_paragraphs([cut(text, chance) if chance and quoted else text for text, quoted in page])
        labels += [quoted for _, quoted in page]
    return described, np.array(labels)


def matrix(described: Sequence[dict[str, float]], columns: dict[str, int]) -> csr_matrix:
    """Lay features out as a sparse matrix, shape (paragraphs, columns)."""
    rows, places, values = [], [], []
    for row, features in enumerate(described):
        for name, value in features.items():
            if name in columns and value:
                rows.append(row)
                places.append(columns[name])
                values.append(value)
    return csr_matrix((values, (np.array(rows, np.int32), np.array(places, np.int32))), (len(described), len(columns)))


def report(name: str, labels: np.ndarray, scores: np.ndarray) -> None:
    """Print how well quotations are told from the rest, and whether the probabilities hold."""
    # Weighted to the share of quotations that pages have, so that calibration can be read off.
    share = labels.mean()
    weights = np.where(labels, _PRIOR / share, (1 - _PRIOR) / (1 - share))
    short = f"AP {average_precision_score(labels, scores):.3f} (chance {share:.3f})"
    print(f"{name}: {len(labels)} paragraphs, {int(labels.sum())} quoted, {short}")
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 1.0)):
        here = (scores >= low) & (scores < high)
        if here.any():
            true = np.average(labels[here], weights=weights[here])
            recall = labels[here].sum() / labels.sum()
            print(f"  {low:.1f}–{high:.1f}: n={int(here.sum())}, recall {recall:.3f}, true {true:.2f}")


def main() -> None:
    """Train, report, and with --write replace the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mail", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    chance = random.Random(1)
    mails = [utterance for conversation in conversations(given.mail) for utterance in conversation.utterances]
    authors = sorted({utterance.speaker.id for utterance in mails if utterance.speaker is not None})
    chance.shuffle(authors)
    held_out = set(authors[::5])
    arbital = [each for c in conversations(given.data / "arbital-dev") for each in c.utterances[1:]]
    parts = {
        "train": pages([each for each in mails if each.speaker and each.speaker.id not in held_out], chance),
        "mail, other authors": pages([each for each in mails if each.speaker and each.speaker.id in held_out], chance),
        "arbital-dev comments": pages(arbital, chance),
    }
    described, labels = examples(parts["train"], chance)
    # Openings that only occur in mail (names, "regards") would not help elsewhere.
    seen = Counter(name for features in described for name in features)
    elsewhere = Counter(name for f in examples(parts["arbital-dev comments"], None)[0] for name in f)
    named = ("answer: ", "here: ")
    names = sorted(n for n in seen if seen[n] >= _OFTEN and (not n.startswith(named) or elsewhere[n] > 3))
    columns = {name: place for place, name in enumerate(names)}
    model = LogisticRegression(C=0.1, max_iter=500, solver="liblinear").fit(matrix(described, columns), labels)
    shift = np.log(_PRIOR / (1 - _PRIOR)) - np.log(labels.mean() / (1 - labels.mean()))
    for name in ("mail, other authors", "arbital-dev comments"):
        tested, truth = examples(parts[name], chance if name.startswith("mail") else None)
        scores = model.decision_function(matrix(tested, columns)) + shift
        report(name, truth, logistic_array(scores))
    if given.write:
        write(model.intercept_[0] + shift, dict(zip(names, model.coef_[0], strict=True)))


def write(bias: float, weights: dict[str, float]) -> None:
    """Write the weights, one a line, small ones left out."""
    kept = {name: round(float(weight), 3) for name, weight in sorted(weights.items()) if abs(weight) >= 0.02}
    lines = ",\n".join(f"{json.dumps(name, ensure_ascii=False)}: {weight}" for name, weight in kept.items())
    WEIGHTS.write_text(f'{{\n"bias": {bias:.3f},\n"weights": {{\n{lines}\n}}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
