"""Measure where turns are cut: `python -m bench.turns DATA [--mail FOLDER] [--samples FOLDER]`.

DATA is the folder of the development sets (or $CROSSTALK_DATA). Threads are flattened as the training does it. What is
learned from is measured by folds: nothing is judged by weights that saw it. AXRP is judged by the shipped weights,
which never saw it. WindowDiff is that of Pevzner and Hearst (2002), the window half a mean turn of the page; a
boundary counts where a turn other than the first begins.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.training.turns import FOLDS, Page, pages, read_pages, training_pages, unseen_scores
from ingest.turns.probabilities import predict_from_scores
from ingest.turns.turn_starts import LIKELY_START, predict_turn_starts

Probabilities = list[float]
_LEVELS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.01)
_FEWEST = 3  # utterances of a thread that is measured


def window_diff(gold: Sequence[bool], cuts: Sequence[bool]) -> float | None:
    """Give the share of windows that hold a different number of beginnings; None where the page is too short."""
    window = max(2, round(len(gold) / sum(gold) / 2))
    if len(gold) <= window:
        return None
    places = range(len(gold) - window)
    wrong = sum(sum(gold[p + 1 : p + window + 1]) != sum(cuts[p + 1 : p + window + 1]) for p in places)
    return wrong / len(places)


def measured(found: Sequence[tuple[Page, Sequence[bool]]]) -> str:
    """Write precision, recall and F of boundaries, and the mean WindowDiff."""
    pairs = [pair for page, cuts in found for pair in zip(page.begins[1:], cuts[1:], strict=True)]
    right = sum(gold and cut_ for gold, cut_ in pairs)
    precision = right / max(1, sum(cut_ for _, cut_ in pairs))
    recall = right / max(1, sum(gold for gold, _ in pairs))
    both = 2 * precision * recall / max(1e-9, precision + recall)
    windows = [value for page, cuts in found if (value := window_diff(page.begins, cuts)) is not None]
    return f"P {precision:.3f}  R {recall:.3f}  F {both:.3f}  WindowDiff {sum(windows) / max(1, len(windows)):.3f}"


def by_folds(training: Sequence[Page]) -> Iterator[tuple[Page, Probabilities]]:
    """Judge every page by weights learned from the other folds."""
    scores = unseen_scores(training)
    for fold in range(FOLDS):
        weights = read_pages([page for page in training if page.fold != fold], scores, ())
        for page in training:
            if page.fold == fold and len(page.paragraphs) > 1:
                yield page, predict_from_scores(page.described, scores[id(page)], weights)


def report(name: str, judged: Sequence[tuple[Page, Probabilities]]) -> None:
    """Print the figures of threads beside the baselines."""
    paragraphs, beginnings = (sum(len(p.begins) for p, _ in judged), sum(sum(p.begins) for p, _ in judged))
    every = max(1, round(paragraphs / beginnings))
    print(f"{name}: {len(judged)} threads, {paragraphs:,} paragraphs, {beginnings:,} turns")
    baselines: tuple[tuple[str, Callable[[int], bool]], ...] = (
        ("each paragraph", lambda _: True),
        (f"every {every} paragraphs", lambda place: place % every == 0),
        ("never", lambda place: place == 0),
    )
    for label, rule in baselines:
        print(f"  {label:24} {measured([(p, [rule(at) for at in range(len(p.begins))]) for p, _ in judged])}")
    for least in (0.2, LIKELY_START, 0.5, 0.7):
        print(f"  begins >= {least:<14} {measured([(p, [q >= least for q in found]) for p, found in judged])}")


def reliability(judged: Sequence[tuple[Page, Probabilities]]) -> None:
    """Print how often a voice begins where the probability is so and so."""
    pairs = [pair for page, found in judged for pair in zip(found[1:], page.begins[1:], strict=True)]
    low = 0.0
    for high in _LEVELS:
        inside = [(q, gold) for q, gold in pairs if low <= q < high]
        if inside:
            said, true = (sum(each) / len(inside) for each in zip(*inside, strict=True))
            print(f"  {low:.2f}-{min(high, 1):.2f}: {len(inside):6,} paragraphs, said {said:.3f}, true {true:.3f}")
        low = high


def false_cuts(name: str, judged: Sequence[tuple[Page, Probabilities]]) -> None:
    """Print how often one voice is cut."""
    for least in (LIKELY_START, 0.5, 0.7):
        cuts = [sum(q >= least for q in found[1:]) for _, found in judged]
        share = sum(cuts) / sum(len(page.begins) - 1 for page, _ in judged)
        whole = sum(each == 0 for each in cuts) / len(cuts)
        print(f"{name}, begins >= {least}: {share:.2%} of paragraphs cut, {whole:.0%} of {len(cuts)} pages whole")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=os.environ.get("CROSSTALK_DATA"))
    parser.add_argument("--mail", type=Path)
    parser.add_argument("--samples", type=Path)
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the folder of the development sets, or set CROSSTALK_DATA")
    report(
        "axrp-dev, shipped",
        [(page, predict_turn_starts(page.paragraphs)) for page in pages(Path(given.data) / "axrp-dev")],
    )
    training = training_pages(Path(given.data), given.mail, given.samples)
    judged = [each for each in by_folds(training) if each[0].weight == 1.0 or not each[0].several]
    report("arbital-dev and samples, by folds", [each for each in judged if sum(each[0].begins) >= _FEWEST])
    print("all forum pages and essays, by folds")
    reliability(judged)
    false_cuts("one voice: Arbital pages", [each for each in judged if not each[0].several and each[0].weight == 1.0])
    false_cuts("one voice: Turner's essays", [each for each in judged if each[0].weight < 1.0])


if __name__ == "__main__":
    main()
