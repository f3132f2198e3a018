"""How well senses are told apart: `python -m bench.senses --data DIR [--parts 5] [--deltas]`.

DIR (or $CROSSTALK_DATA) holds wic-tsv and mcl-wic, and for learning what bench/training/senses/train.py needs. Figures:

wic-tsv    does a use match a definition? Accuracy by parts, no term in two parts, everything learned anew for each
           (with --deltas those too: minutes a part); beside it the frozen encoder: the cosine of sentence and gloss
           with the best threshold, and a logistic regression over cosines of all layers
mcl-wic    do two uses have one sense? English development part, never learned from: the shipped weights at
           probability 0.5; beside it the cosine of the term at layer 4 with the best threshold, and a logistic
           regression over the cosines of all layers, learned on this very set by parts (no term in two)
cost       uses a second, and how long 100,000 would take
"""

import argparse
import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.training.senses.closer import TermInText, compute_features, make_plain_reader
from bench.training.senses.examples import SenseExample, assign_parts, make_disguised, read_wic_tsv
from bench.training.senses.learning import (
    SenseTrainingSettings,
    encoder_weights,
    learn_logistic,
    predict_held_out,
    read_training_set,
)
from bench.training.senses.train import WITHOUT_KINDS, learn_frozen_heads
from corpus.logistic import logistic_array
from index.encoding.sentence_encoder import DEFAULT_MODEL, Encoder
from index.senses import SenseEncoder, TermGloss
from index.senses.lora_transformer import LAYERS, SIZE, LoraTransformer
from index.senses.term_windows import MarkedText, load_tokenizer, mark_definitions, mark_terms

FOLDER = Encoder.load(DEFAULT_MODEL).get_checked_folder()


def compute_frozen(rows: Sequence[MarkedText], batch: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Return what the encoder as it is says of terms and contexts: two arrays (rows, layers + 1, size)."""
    import torch

    plain = LoraTransformer(encoder_weights(FOLDER), {})
    order = sorted(range(len(rows)), key=lambda at: len(rows[at].ids))
    terms = np.zeros((len(rows), LAYERS + 1, SIZE), dtype=np.float32)
    contexts = terms.copy()
    with torch.inference_mode():
        for start in range(0, len(order), batch):
            members = order[start : start + batch]
            sizes = [len(rows[at].ids) for at in members]
            states = plain.embed([rows[at].ids for at in members])
            layers = torch.stack([states, *plain.run_layers(states, sizes, sizes, 0, LAYERS)])
            for at, own in zip(members, layers.split(sizes, dim=1), strict=True):
                terms[at], contexts[at] = (rows[at].term @ own).numpy(), (rows[at].context @ own).numpy()
    return terms, contexts


def compute_cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosines along the last axis."""
    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)


def find_best_accuracy(scores: np.ndarray, gold: np.ndarray) -> float:
    """Accuracy at the threshold that suits these very scores best: flattered, a ceiling for thresholds."""
    return max(float(((scores >= threshold) == gold).mean()) for threshold in np.sort(scores))


def predict_by_parts(found: np.ndarray, gold: np.ndarray, parts: Sequence[int]) -> np.ndarray:
    """Probabilities of a logistic regression that did not see the part."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    part, probability = np.array(parts), np.zeros(len(gold))
    for held in sorted(set(parts)):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
        model.fit(found[part != held], gold[part != held])
        probability[part == held] = model.predict_proba(found[part == held])[:, 1]
    return probability


def measure_pairs(probability: np.ndarray, gold: np.ndarray) -> dict[str, float]:
    """Accuracy at 0.5 and at best, area under the curve, Brier score, expected calibration error (ten bins)."""
    from sklearn.metrics import roc_auc_score

    bins = np.clip((probability * 10).astype(int), 0, 9)
    gaps = [
        abs(probability[bins == one].mean() - gold[bins == one].mean()) * (bins == one).mean()
        for one in sorted(set(bins))
    ]
    return {
        "accuracy": round(float(((probability > 0.5) == gold).mean()), 3),
        "at the best threshold": round(find_best_accuracy(probability, gold), 3),
        "auc": round(float(roc_auc_score(gold, probability)), 3),
        "brier": round(float(((probability - gold) ** 2).mean()), 3),
        "ece": round(float(sum(gaps)), 3),
    }


def measure_wic_baselines(
    examples: Sequence[SenseExample], parts: Sequence[int]
) -> Iterator[tuple[str, dict[str, float]]]:
    """What the frozen encoder gives on definitions."""
    tokenizer = load_tokenizer(FOLDER)
    gold = np.array([example.fits for example in examples])
    terms, contexts = compute_frozen(
        mark_terms(tokenizer, [one.text for one in examples], [one.place for one in examples])
    )
    named, glosses = compute_frozen(
        mark_definitions(tokenizer, [one.term for one in examples], [one.gloss for one in examples])
    )
    summary = compute_cosines(contexts[:, -1], glosses[:, -1])
    yield "cosine of sentence and gloss, best threshold", {"accuracy": round(find_best_accuracy(summary, gold), 3)}
    found = np.hstack(
        [compute_cosines(terms, named), compute_cosines(terms, glosses), compute_cosines(contexts, glosses)]
    )
    accuracy = float(((predict_by_parts(found, gold, parts) > 0.5) == gold).mean())
    yield "logistic over the cosines of all layers", {"accuracy": round(accuracy, 3)}


def measure_wic_ours(
    data: Path, examples: Sequence[SenseExample], parts: Sequence[int], *, deltas: bool
) -> Iterator[tuple[str, dict[str, float]]]:
    """Everything learned anew for each part: by vectors alone (`match`), and closer (`features`).

    Closer without hypernyms, and with.

    The closer look learns from odds of models that did not see the part of each example, but may have seen the part
    held out here: one weight of 32 or 57 is learned that way.
    """
    gold = np.array([example.fits for example in examples])
    given = read_training_set(FOLDER, examples, make_disguised(data) if deltas else [])
    odds = (
        predict_held_out(FOLDER, given, parts, SenseTrainingSettings())
        if deltas
        else learn_frozen_heads(FOLDER, given, parts)[1]
    )
    yield "ours, by vectors", measure_pairs(logistic_array(odds), gold)
    uses = [TermInText(example.text, example.place) for example in examples]
    definitions = [TermGloss(example.term, example.gloss, example.hypernyms) for example in examples]
    found = compute_features(make_plain_reader(FOLDER), uses, definitions, kinds=True)
    plain = np.c_[found[:, :WITHOUT_KINDS], odds]
    draw = np.random.default_rng(0).integers(0, len(set(parts)), len(gold)).tolist()
    yield "ours, closer, gloss only", measure_pairs(predict_closer_by_parts(plain, gold, parts), gold)
    yield (
        "ours, closer, gloss and hypernyms",
        measure_pairs(predict_closer_by_parts(np.c_[found, odds], gold, parts), gold),
    )
    yield (
        "the same, random parts (terms in several)",
        measure_pairs(predict_closer_by_parts(np.c_[found, odds], gold, draw), gold),
    )


def predict_closer_by_parts(features: np.ndarray, gold: np.ndarray, parts: Sequence[int]) -> np.ndarray:
    """Probabilities of the closer look, learned without the part."""
    part, odds = np.array(parts), np.zeros(len(gold))
    for held in sorted(set(parts)):
        weights = learn_logistic(features[part != held], gold[part != held])
        odds[part == held] = features[part == held] @ weights[:-1] + weights[-1]
    return logistic_array(odds)


def read_mcl_wic(folder: Path) -> tuple[list[TermInText], list[TermInText], list[str], np.ndarray]:
    """Read the English development part: uses, uses, lemmas, whether they have one sense."""
    pairs = json.loads((folder / "dev.en-en.data").read_text(encoding="utf-8"))
    tags = {row["id"]: row["tag"] == "T" for row in json.loads((folder / "dev.en-en.gold").read_text(encoding="utf-8"))}
    sides = [
        [TermInText(pair[f"sentence{n}"], (int(pair[f"start{n}"]), int(pair[f"end{n}"]))) for pair in pairs]
        for n in (1, 2)
    ]
    return sides[0], sides[1], [pair["lemma"] for pair in pairs], np.array([tags[pair["id"]] for pair in pairs])


def measure_mcl(folder: Path, every: int = 1) -> Iterator[tuple[str, dict[str, float]]]:
    """The shipped weights beside the frozen encoder."""
    first, second, lemmas, gold = (column[::every] for column in read_mcl_wic(folder))
    senses, tokenizer = SenseEncoder.load(), load_tokenizer(FOLDER)
    a, b = (senses.encode_uses([use.text for use in side], [use.place for use in side]) for side in (first, second))
    probability = np.array([senses.predict_same_sense(x[None], y[None])[0, 0] for x, y in zip(a, b, strict=True)])
    yield "ours, shipped weights", measure_pairs(probability, gold)
    (terms_a, around_a), (terms_b, around_b) = (
        compute_frozen(mark_terms(tokenizer, [use.text for use in side], [use.place for use in side]))
        for side in (first, second)
    )
    term = compute_cosines(terms_a, terms_b)
    yield "layer-4 cosine of the term", {"at the best threshold": round(find_best_accuracy(term[:, 4], gold), 3)}
    parts = [sorted(set(lemmas)).index(lemma) % 5 for lemma in lemmas]
    yield "logistic over the term's cosines, learned here", measure_pairs(predict_by_parts(term, gold, parts), gold)
    both = np.hstack([term, compute_cosines(around_a, around_b)])
    yield "the same with the sentence's cosines", measure_pairs(predict_by_parts(both, gold, parts), gold)


def measure_cost(folder: Path, every: int = 1) -> dict[str, float]:
    """Uses a second, on sentences of 25 words or so."""
    first, second, _, _ = read_mcl_wic(folder)
    uses = (first + second)[: 1000 // every]
    senses = SenseEncoder.load()
    senses.encode_uses([uses[0].text], [uses[0].place])
    start, spent = time.perf_counter(), time.process_time()
    senses.encode_uses([use.text for use in uses], [use.place for use in uses])
    taken, spent = time.perf_counter() - start, time.process_time() - spent
    return {
        "uses a second": round(len(uses) / taken, 1),
        "uses a processor second": round(len(uses) / spent, 1),
        "minutes for 100,000": round(taken * 100_000 / len(uses) / 60, 1),
    }


def print_table(title: str, rows: "Iterator[tuple[str, dict[str, Any]]]") -> None:
    """Print a table."""
    print(f"\n## {title}", flush=True)
    for name, figures in rows:
        print(f"{name:48} " + "  ".join(f"{key} {value}" for key, value in figures.items()), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=os.environ.get("CROSSTALK_DATA"))
    parser.add_argument("--parts", type=int, default=5)
    parser.add_argument("--deltas", action="store_true")
    parser.add_argument("--every", type=int, default=1, help="take every N-th row only, to see that it runs")
    asked = parser.parse_args()
    if asked.data is None:
        parser.error("--data or $CROSSTALK_DATA must say where the data lie")
    examples = read_wic_tsv(asked.data / "wic-tsv")[:: asked.every]
    parts = assign_parts(examples, asked.parts)
    print_table("cost", iter([("usages", measure_cost(asked.data / "mcl-wic", asked.every))]))
    print_table("mcl-wic, English development part", measure_mcl(asked.data / "mcl-wic", asked.every))
    print_table(
        f"wic-tsv, {asked.parts} parts, no term in two, n = {len(examples)}", measure_wic_baselines(examples, parts)
    )
    print_table("the same, ours", measure_wic_ours(asked.data, examples, parts, deltas=asked.deltas))


if __name__ == "__main__":
    main()
