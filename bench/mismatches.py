"""How well mismatches are found: `python -m bench.mismatches --kb BASE --gold mismatches.jsonl [--also BASE GOLD]`.

BASE holds the corpus of the labels. Every exchange that is not labelled counts as a negative; what is labelled as
unsure is left out. All figures are cross-validated by conversation: no conversation is weighed by a model that has seen
it, nor its terms chosen by one (what is learned from beside it, `--also`, is seen by all); or, with `--shipped`, by the
shipped weights, for a corpus that they have not seen.
"""

import argparse
import random
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from bench.training.mismatches.exchange_data import CorpusTerms, LabelledExchange, label_exchanges, learn, rate_term
from bench.training.mismatches.sentence_data import (
    SentenceTrainingSet,
    assign_folds,
    get_pair,
    read_labels,
    read_made_up,
    score_out_of_fold,
    select_positives,
)
from bench.training.mismatches.train import ALSO, open_context, read_training_set
from corpus.term_key import make_term_key
from index.mismatches.cues import find_cues
from index.mismatches.exchange_scorer import MismatchModels, load_models
from index.mismatches.find import find_in_conversation
from index.mismatches.sentence_scorer import load_sentence_scorer

# Shares of the conversations, each with what it is judged by.
JudgedRun = Sequence[tuple[Collection[str], MismatchModels]]
FOLDS = 8


def measure_ranking(order: Sequence[bool], positives: int) -> tuple[float, float, float]:
    """Return (average precision, precision at 10, at 20) of a ranking; `positives` counts all there are.

    >>> measure_ranking([True, False, True], 2)[1:]
    (0.2, 0.1)
    """
    hits, total = 0, 0.0
    for place, right in enumerate(order, 1):
        if right:
            hits += 1
            total += hits / place
    return total / positives, sum(order[:10]) / 10, sum(order[:20]) / 20


def judge_ranking(order: Sequence[frozenset[str]], gold: Sequence[dict]) -> tuple[list[bool], int]:
    """Say of each exchange of a ranking whether it is a mismatch; and how many mismatches there are.

    Labels with an `episode` are of talk by turns: one episode is found once, by a labelled exchange or by the answer to
    its question; what is found of it after that counts neither way.
    """
    positive = select_positives(gold)
    exact = {get_pair(one): one.get("episode", get_pair(one)) for one in positive}
    asked = {one["b"]["id"]: one["episode"] for one in positive if "episode" in one}
    unsure = {get_pair(one) for one in gold if one["kind"] == "unsure"}
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


def learn_runs(mine: Sequence[LabelledExchange], beside: Sequence[LabelledExchange]) -> list[JudgedRun]:
    """Share the conversations out, three times; each share with what was learned from the others, and from `beside`."""
    runs = []
    for seed in range(3):
        fold = assign_folds({one.conversation_id for one in mine}, FOLDS, seed)
        shares = [{id_ for id_, its in fold.items() if its == number} for number in range(FOLDS)]
        runs.append(
            [(share, learn([*(one for one in mine if one.conversation_id not in share), *beside])) for share in shares]
        )
    return runs


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--made-up", type=Path, default=Path(__file__).parent / "gold" / "mismatches" / "made_up.txt")
    parser.add_argument("--also", type=Path, nargs=2, metavar=("BASE", "GOLD"), help="What is learned from beside.")
    parser.add_argument("--shipped", action="store_true", help="Weigh by the shipped weights: for what they never saw.")
    asked = parser.parse_args()
    gold = read_labels(asked.gold)
    beside: tuple[SentenceTrainingSet, CorpusTerms] | None = None
    if asked.also:
        with open_context(asked.also[0], "bench") as context:
            beside = read_training_set(context, asked.also[1], ALSO)
    with open_context(asked.kb, "bench") as context:
        held, reading = read_training_set(context, asked.gold)
        encoder = context.encoder
    if asked.shipped:
        for thread in held.views:
            thread.score_sentences(load_sentence_scorer())
        mine = list(label_exchanges(held, reading))
        runs: list[JudgedRun] = [[({one.conversation_id for one in mine}, load_models())]]
    else:
        score_out_of_fold(held + beside[0] if beside else held, read_made_up(asked.made_up), encoder, FOLDS)
        mine = list(label_exchanges(held, reading))
        runs = learn_runs(mine, list(label_exchanges(*beside)) if beside else [])
    _print_ranking(held, mine, gold, runs)
    _print_findings(held, reading, gold, runs[0])


def _print_ranking(
    held: SentenceTrainingSet, mine: Sequence[LabelledExchange], gold: Sequence[dict], runs: Sequence[JudgedRun]
) -> None:
    scored = [
        {
            one.pair: models.scorer.predict_probability(one.combine_features(models.term))
            for share, models in run
            for one in mine
            if one.conversation_id in share
        }
        for run in runs
    ]
    pairs = [frozenset((one.earlier.id, one.later.id)) for thread in held.views for one in thread.exchanges]
    ours = [measure_ranking(*judge_ranking(sorted(run, key=lambda pair: -run[pair]), gold)) for run in scored]
    cues = {
        frozenset((one.earlier.id, one.later.id)): max(
            (len(find_cues(sentence.text)) for sentence in thread.sentences[one.later.id]), default=0
        )
        for thread in held.views
        for one in thread.exchanges
    }
    by_cues = measure_ranking(*judge_ranking(sorted(cues, key=lambda pair: -cues[pair]), gold))
    random.Random(0).shuffle(pairs)
    chance = measure_ranking(*judge_ranking(pairs, gold))
    among = len(set(pairs) & set(held.gold))
    print(f"{len(pairs)} exchanges, {len(held.gold)} labelled as mismatches ({among} among those)")
    print("| | AP | P@10 | P@20 |\n|---|---|---|---|")
    for name, figures in (
        ("ours", np.mean(ours, axis=0)),
        ("most cues", by_cues),
        ("chance", chance),
    ):
        print(f"| {name} | " + " | ".join(f"{one:.2f}" for one in figures) + " |")
    wrong = [(pair in held.gold) - scored[0].get(pair, 0.0) for pair in pairs]
    print(f"Brier score {np.mean(np.square(wrong)):.3f} (always the share: {_base(pairs, held):.3f})")


def _base(pairs: Sequence[frozenset[str]], held: SentenceTrainingSet) -> float:
    share = sum(one in held.gold for one in pairs) / len(pairs)
    return share * (1 - share)


def _print_findings(held: SentenceTrainingSet, reading: CorpusTerms, gold: Sequence[dict], run: JudgedRun) -> None:
    """What is made of the exchanges that are found: term, kind, hard negatives raised."""
    found = []
    for share, models in run:
        for thread in held.views:
            id_ = thread.conversation.id
            if id_ in share:
                found += find_in_conversation(thread, reading.definitions[id_], reading.term_index, models)
    found.sort(key=lambda one: (-one.mismatch.score, one.mismatch.id))
    pairs = [one.pair for one in found]
    ap, at_10, at_20 = measure_ranking(*judge_ranking(pairs, gold))
    print(f"as listed, with a term: AP {ap:.2f}, P@10 {at_10:.2f}, P@20 {at_20:.2f}")
    right = [(one.mismatch, held.gold[pair]) for one, pair in zip(found, pairs, strict=True) if pair in held.gold]
    terms = [rate_term(make_term_key(one.term), label["term"]) for one, label in right]
    kinds = {"dispute": "disagreement", "clarify": "clarification", "unnoticed": "implicit"}
    kind = sum(one.kind.value == kinds.get(label["kind"], label["kind"]) for one, label in right)
    print(
        f"of {len(right)} right exchanges: the term as labelled in {sum(one == 1 for one in terms)}, or a word of it "
        f"{sum(one > 0 for one in terms)}, kind as labelled {kind}"
    )
    hard = {get_pair(one) for one in gold if one["kind"] == "none"} - set(held.gold)
    for least in (0.2, 0.4):
        raised = [pair for one, pair in zip(found, pairs, strict=True) if one.mismatch.score >= least]
        verdicts = judge_ranking(raised, gold)[0]
        print(
            f"score ≥ {least}: {len(verdicts)} listed, {sum(verdicts)} right, "
            f"{sum(pair in hard for pair in raised)} of {len(hard)} hard negatives"
        )


if __name__ == "__main__":
    main()
