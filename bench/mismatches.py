"""How well mismatches are found: `python -m bench.mismatches --kb BASE --gold mismatches.jsonl`.

BASE holds the corpus of the labels. Every exchange that is not labelled counts as a negative; what is labelled as
unsure is left out. All figures are cross-validated by conversation: no conversation is weighed by a model that has seen
it; or, with `--shipped`, by the shipped weights, for a corpus that they have not seen.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.words import term_key
from index.analysis import Material
from index.knowledge_base import KnowledgeBase
from index.mismatches.cues import cues_in
from index.mismatches.find import conversation_of, mismatches
from index.mismatches.lessons import (
    Lessons,
    exchange_lessons,
    fold_of,
    gold_of,
    learn_exchanges,
    lessons,
    made_up,
    out_of_fold,
    pair_of,
    positives,
)
from index.mismatches.scoring import Scorer, scorer
from index.terms.matcher import Matcher

FOLDS = 8


def ranking(order: Sequence[bool], positives: int) -> tuple[float, float, float]:
    """Give (average precision, precision at 10, at 20) of a ranking; `positives` counts all there are.

    Example: ranking([True, False, True], 2) -> (0.8333…, 0.2, 0.1)
    """
    hits, total = 0, 0.0
    for place, right in enumerate(order, 1):
        if right:
            hits += 1
            total += hits / place
    return total / positives, sum(order[:10]) / 10, sum(order[:20]) / 20


def judged(order: Sequence[frozenset[str]], gold: Sequence[dict]) -> tuple[list[bool], int]:
    """Say of each exchange of a ranking whether it is a mismatch; and how many mismatches there are.

    Labels with an `episode` are of talk by turns: one episode is found once, by a labelled exchange or by the answer to
    its question; what is found of it after that counts neither way.
    """
    positive = positives(gold)
    exact = {pair_of(one): one.get("episode", pair_of(one)) for one in positive}
    asked = {one["b"]["id"]: one["episode"] for one in positive if "episode" in one}
    unsure = {pair_of(one) for one in gold if one["kind"] == "unsure"}
    met: set[object] = set()
    verdicts = []
    for pair in order:
        episode = exact.get(pair) or next((asked[id_] for id_ in sorted(pair) if id_ in asked), None)
        if episode is None and pair not in unsure:
            verdicts.append(False)
        elif episode is not None and episode not in met:
            verdicts.append(True)
            met.add(episode)
    return verdicts, len(set(exact.values()))


def cross_scored(held: Lessons, seed: int) -> dict[frozenset[str], float]:
    """Score every exchange by a model that has not seen its conversation."""
    fold = fold_of(held, FOLDS, seed)
    scores: dict[frozenset[str], float] = {}
    for number in range(FOLDS):
        model = _scorer_without(held, fold, number)
        for thread in held.voices:
            if fold[thread.conversation.id] == number:
                pairs, features, _ = exchange_lessons([thread], held.gold)
                scores.update(zip(pairs, map(model.probability, features), strict=True))
    return scores


def _scorer_without(held: Lessons, fold: dict[str, int], number: int) -> Scorer:
    seen = [thread for thread in held.voices if fold[thread.conversation.id] != number]
    _, features, labels = exchange_lessons(seen, held.gold)
    return learn_exchanges(features, labels)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--made-up", type=Path, default=Path(__file__).parent / "mismatches_gold" / "made_up.txt")
    parser.add_argument("--shipped", action="store_true", help="Weigh by the shipped weights: for what they never saw.")
    asked = parser.parse_args()
    gold = gold_of(asked.gold)
    with KnowledgeBase.open(asked.kb, purpose="bench") as base:
        material = Material(base.record, base.vectors, base.encoder, base.findings)
        read = [conversation_of(material, id_, weighed=asked.shipped) for id_ in base.record.conversations()]
        held = lessons([one for one in read if one is not None], gold)
        if not asked.shipped:
            out_of_fold(held, made_up(asked.made_up), base.encoder, FOLDS)
        _print_ranking(held, gold, asked.shipped)
        _print_findings(held, base, gold, asked.shipped)


def _by_shipped(held: Lessons) -> dict[frozenset[str], float]:
    pairs, features, _ = exchange_lessons(held.voices, held.gold)
    return dict(zip(pairs, map(scorer().probability, features), strict=True))


def _print_ranking(held: Lessons, gold: Sequence[dict], shipped: bool) -> None:
    runs = [_by_shipped(held)] if shipped else [cross_scored(held, seed) for seed in range(3)]
    pairs = list(runs[0])
    ours = [ranking(*judged(sorted(run, key=lambda pair: -run[pair]), gold)) for run in runs]
    cues = {
        frozenset((one.earlier.id, one.later.id)): max(
            (len(cues_in(sentence.text)) for sentence in thread.said[one.later.id]), default=0
        )
        for thread in held.voices
        for one in thread.exchanges
    }
    by_cues = ranking(*judged(sorted(cues, key=lambda pair: -cues[pair]), gold))
    random.Random(0).shuffle(pairs)
    chance = ranking(*judged(pairs, gold))
    among = len(set(pairs) & set(held.gold))
    print(f"{len(pairs)} exchanges, {len(held.gold)} labelled as mismatches ({among} among those)")
    print("| | AP | P@10 | P@20 |\n|---|---|---|---|")
    for name, figures in (
        ("ours", np.mean(ours, axis=0)),
        ("most cues", by_cues),
        ("chance", chance),
    ):
        print(f"| {name} | " + " | ".join(f"{one:.2f}" for one in figures) + " |")
    wrong = [(one in held.gold) - runs[0][one] for one in runs[0]]
    print(f"Brier score {np.mean(np.square(wrong)):.3f} (always the share: {_base(pairs, held):.3f})")


def _base(pairs: Sequence[frozenset[str]], held: Lessons) -> float:
    share = sum(one in held.gold for one in pairs) / len(pairs)
    return share * (1 - share)


def _print_findings(held: Lessons, base: KnowledgeBase, gold: Sequence[dict], shipped: bool) -> None:
    """What is made of the exchanges that are found: term, kind, hard negatives raised."""
    terms = Matcher.of(base.findings.find("term"))
    fold = fold_of(held, FOLDS)
    found = []
    for number in range(FOLDS):
        model = scorer() if shipped else _scorer_without(held, fold, number)
        for thread in held.voices:
            if fold[thread.conversation.id] == number:
                found += mismatches(thread, base.record.definitions_of(thread.conversation.id), terms, model)
    found.sort(key=lambda one: (-one.score, one.id))
    pairs = [frozenset((one.a.utterance_id, one.b.utterance_id)) for one in found]
    ap, at_10, at_20 = ranking(*judged(pairs, gold))
    print(f"as listed, with a term: AP {ap:.2f}, P@10 {at_10:.2f}, P@20 {at_20:.2f}")
    right = [(one, held.gold[pair]) for one, pair in zip(found, pairs, strict=True) if pair in held.gold]
    same = sum(bool(set(term_key(one.term).split()) & set(term_key(label["term"]).split())) for one, label in right)
    kinds = {"dispute": "disagreement", "clarify": "clarification", "unnoticed": "implicit"}
    kind = sum(one.kind.value == kinds.get(label["kind"], label["kind"]) for one, label in right)
    print(f"of {len(right)} right exchanges: a word of the labelled term in ours {same}, kind as labelled {kind}")
    hard = {pair_of(one) for one in gold if one["kind"] == "none"} - set(held.gold)
    for least in (0.2, 0.4):
        raised = [pair for one, pair in zip(found, pairs, strict=True) if one.score >= least]
        verdicts = judged(raised, gold)[0]
        print(
            f"score ≥ {least}: {len(verdicts)} listed, {sum(verdicts)} right, "
            f"{sum(pair in hard for pair in raised)} of {len(hard)} hard negatives"
        )


if __name__ == "__main__":
    main()
