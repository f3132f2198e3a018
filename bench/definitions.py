"""How well definitions are found: `python -m bench.definitions --data DIR [--deft N] [--mail DIR]`.

DIR (or $CROSSTALK_DATA) holds arbital-dev, turntrout and deft; --mail is twisted-mail, unpacked. Figures:

pages      gold sentences of arbital-dev, defining or not: precision, recall, F1; term right among those found
samples    the bundled conversations, by the hand labels in bench/gold/samples: recall of terms, and of terms with their
           stance; the share of what was found that is labelled
deft       every N-th sentence of DEFT (textbooks; a kind of text that the weights never saw): sentence F1 at the
           shipped threshold and the best over thresholds; then the same features trained on DEFT itself, in five
           parts, with the words of the sentence as further features, with the encoder's vector of it, and both alone
judged     with --mail: single candidates of all three corpora that a reader judged
(bench/gold/definitions/read.jsonl; rare
           forms and doubtful ones were drawn oftener), by weights that saw nothing of their conversation

`pages` and `samples` come twice: with the shipped weights, which saw them, and with weights that did not (five parts by
conversation).
"""

import argparse
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.training.definitions import (
    Example,
    conversations,
    cross_validated,
    from_gold,
    from_mail,
    from_pages,
    from_samples,
    invented,
    judged,
    learn,
    page_gold,
    same_term,
    sample_gold,
)
from corpus.model import Conversation
from ingest.blocks import Block, parse_blocks
from ingest.definitions import find_definitions
from ingest.definitions.candidates import propose_definitions
from ingest.definitions.detector import Detector, load_detector
from ingest.definitions.features import Setting, compute_features

if TYPE_CHECKING:
    import numpy as np

FOLDS = 5
HERE = Path(__file__).parent
VERDICTS = HERE / "gold" / "definitions" / "read.jsonl"
SAMPLES = HERE.parent / "corpus" / "samples"


def prf(right: int, gold: int, found: int) -> dict[str, float]:
    """Precision, recall and their harmonic mean."""
    precision, recall = right / max(found, 1), right / max(gold, 1)
    return {
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
    }


def of_sentences(gold: Sequence[bool], scores: Sequence[float], threshold: float) -> dict[str, float]:
    """Sentence precision, recall, F1 at a threshold."""
    right = sum(is_one and score >= threshold for is_one, score in zip(gold, scores, strict=True))
    return prf(right, sum(gold), sum(score >= threshold for score in scores))


def pages(rows: Sequence[tuple[str, Conversation, str | None]], by: Detector) -> dict[str, float]:
    """Measure on labelled sentences; `terms` is the share of the sentences rightly found whose term is right."""
    read = [(term, find_definitions(each, by=by)) for _, each, term in rows]
    right = [(term, found) for term, found in read if term is not None and found]
    terms = sum(any(same_term(one.term, term) for one in found) for term, found in right)
    figures = prf(len(right), sum(term is not None for term, _ in read), sum(bool(found) for _, found in read))
    return figures | {"terms": round(terms / max(len(right), 1), 3)}


def samples(
    read: Sequence[tuple[Conversation, list[Block]]], gold: Sequence[dict[str, Any]], by: Detector
) -> dict[str, float]:
    """Measure on conversations that are labelled through."""
    found_terms = found_stances = found = right = 0
    matched: set[str] = set()
    for conversation, parsed in read:
        text = {each.id: each.text for each in conversation.utterances}
        for one in find_definitions(conversation, parsed, by=by):
            found += 1
            words = _plain(text[one.utterance_id][one.start : one.end])
            labels = [row for row in gold if same_term(row["term"], one.term) and _meet(_plain(row["text"]), words)]
            right += bool(labels)
            for row in labels:
                if row["id"] not in matched:
                    matched.add(row["id"])
                    found_terms += 1
                    found_stances += row["stance"] == one.stance
    return {
        "recall": round(found_terms / len(gold), 3),
        "recall_with_stance": round(found_stances / len(gold), 3),
        "labelled_share": round(right / max(found, 1), 3),
        "found": found,
    }


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _meet(one: str, other: str) -> bool:
    return one in other or other in one


def judged_candidates(data: Path, mail: Path, rest: Sequence[Example]) -> dict[str, Any]:
    """Measure on candidates that were judged one by one, each by weights that saw nothing of its conversation."""
    verdicts, threads = judged(VERDICTS)
    examples: list[Example] = []
    for name in ("arbital-dev", "turntrout"):
        for each in conversations(data / name):
            examples += from_pages(each, list(parse_blocks(each)), verdicts, guess=False)
    examples += from_mail(mail, verdicts, threads)
    scores = cross_validated([*examples, *rest])[: len(examples)]
    gold = [each.defines for each in examples]
    return {"candidates": len(gold), "defining": sum(gold)} | of_sentences(gold, scores, load_detector().threshold)


def deft(path: Path, every: int) -> dict[str, Any]:
    """Measure on DEFT, as it is and with the features trained on it."""
    from index.encoding.sentence_encoder import Encoder
    from ingest.language import parse, split_sentences

    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][::every]
    texts = [detokenized(row["tokens"]) for row in rows]
    gold = ["B-Definition" in row["tags"] for row in rows]
    by = load_detector()
    zero: list[float] = []
    described: list[Example] = []
    setting = Setting(number=9, in_block=3)
    for number, (text, doc) in enumerate(zip(texts, parse(texts), strict=True)):
        best: float = 0.0
        whole: dict[str, float] = {}
        for sentence in split_sentences(doc):
            for one in propose_definitions(sentence, text, setting):
                found = compute_features(one, sentence, text, setting)
                probability = by.estimate_probability(found)
                if probability > best:
                    best = probability
                whole |= found
                whole[f"found {one.form}"] = 1.0
        zero.append(best)
        described.append(Example(whole, gold[number], 1.0, str(number // 50)))
    trained = trained_on(texts, [each.described for each in described], gold)
    vectors = Encoder.load().encode(texts)
    encoded = trained_on(texts, [each.described for each in described], gold, vectors)
    plain = trained_on(texts, [], gold, vectors)
    steps = [step / 50 for step in range(1, 45)]
    at_best = max(steps, key=lambda step: of_sentences(gold, zero, step)["f1"])
    return {
        "sentences": len(gold),
        "shipped": of_sentences(gold, zero, by.threshold),
        "shipped, best threshold": of_sentences(gold, zero, at_best) | {"threshold": at_best},
        "with a candidate": of_sentences(gold, [1.0 if score > 0 else 0.0 for score in zero], 0.5),
        "trained on deft": of_sentences(gold, trained, 0.5),
        "trained on deft, with the encoder's vectors": of_sentences(gold, encoded, 0.5),
        "trained on deft, words and vectors only": of_sentences(gold, plain, 0.5),
    }


def trained_on(
    texts: Sequence[str],
    described: Sequence[Mapping[str, float]],
    gold: Sequence[bool],
    vectors: "np.ndarray | None" = None,
) -> list[float]:
    """Give each sentence the probability of a logistic regression that learned from the other parts."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import KFold, cross_val_predict

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"\w+|[^\w\s]")
    columns = [words.fit_transform(texts) * 3]
    columns += [DictVectorizer().fit_transform(described) * 0.3] if described else []
    columns += [csr_matrix(vectors * 4)] if vectors is not None else []
    matrix = hstack(columns).tocsr()
    model = LogisticRegression(C=1.0, max_iter=2000, class_weight="balanced")
    return list(cross_val_predict(model, matrix, gold, cv=KFold(FOLDS), method="predict_proba")[:, 1])


def detokenized(tokens: Iterable[str]) -> str:
    """Put a sentence together as people write it."""
    text = " ".join(tokens)
    for spaced, written in ((r" ([,.;:?!)\]%])", r"\1"), (r"([(\[]) ", r"\1"), ("“ ", "“"), (" ”", "”")):
        text = re.sub(spaced, written, text)
    return re.sub(r"(\w) - (\w)", r"\1-\2", re.sub(r" (['’]s|n['’]t)\b", r"\1", text))


def main() -> None:
    """Print every figure as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("CROSSTALK_DATA"))
    parser.add_argument("--deft", type=int, default=6)
    parser.add_argument("--mail", type=Path)
    given = parser.parse_args()
    data = Path(given.data)
    labelled = [json.loads(line) for line in (HERE / "gold" / "samples" / "gold.jsonl").read_text().splitlines()]
    labelled = [row for row in labelled if row["label"] == "definition"]
    rows = list(page_gold(data / "arbital-dev" / "gold" / "definitions.jsonl"))
    read = [(each, list(parse_blocks(each))) for each in conversations(SAMPLES)]
    terms = sample_gold(HERE / "gold" / "samples" / "gold.jsonl")
    verdicts = judged(VERDICTS)[0]
    of_rows = [list(from_gold([row])) for row in rows]
    of_samples = [list(from_samples(each, parsed, terms)) for each, parsed in read]
    rest = list(from_gold(invented(HERE / "gold" / "definitions" / "invented.jsonl")))
    labelled_through = [one for some in (*of_rows, *of_samples) for one in some]
    of_verdicts = judged_candidates(data, given.mail, [*labelled_through, *rest]) if given.mail else None
    gold_pages = {row[0] for row in rows}
    for each in conversations(data / "arbital-dev"):
        if each.id not in gold_pages:
            rest += from_pages(each, list(parse_blocks(each)), verdicts, opens_with_title=True)
    unseen_pages = learn(rest + [one for some in of_samples for one in some])
    unseen_samples = learn(rest + [one for some in of_rows for one in some])
    print(
        json.dumps(
            {
                "pages, shipped": pages(rows, load_detector()),
                "pages, unseen": pages(rows, unseen_pages),
                "samples, shipped": samples(read, labelled, load_detector()),
                "samples, unseen": samples(read, labelled, unseen_samples),
                "judged, unseen": of_verdicts,
                "deft": deft(data / "deft" / "train.jsonl", given.deft),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
