"""Learn weights.safetensors: `python -m bench.training.senses.train --data FOLDER [--deltas]`.

FOLDER holds wic-tsv, and for --deltas also arbital-dev, turntrout, kpa2021 and ud-ewt; weights learned from them may be
shipped. Without --deltas the encoder stays as it is and only the heads are learned (ten minutes on two cores). With
them, five models, each without a fifth of the terms, first say what the closer look may expect of the vectors; then one
learns from everything. The same folder gives the same weights on the same machine.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.training.senses.examples import SenseExample, assign_parts, make_disguised, read_wic_tsv
from bench.training.senses.learning import (
    SenseModel,
    SenseTrainingSet,
    SenseTrainingSettings,
    encoder_weights,
    learn,
    read_training_set,
)
from index.encoding.sentence_encoder import DEFAULT_MODEL, Encoder
from index.senses.heads import MATCH, SAME, compute_cosines
from index.senses.sense_encoder import WEIGHTS

PARTS = 5
WITHOUT_KINDS = 31  # so many features need no hypernyms; they come first


def list_pairs(examples: Sequence[SenseExample]) -> Iterator[tuple[int, int, bool]]:
    """Return the pairs of uses of one term of which it is known whether they have one sense."""
    for one, first in enumerate(examples):
        for other in range(one):
            second = examples[other]
            if first.term != second.term:
                continue
            if first.gloss == second.gloss:
                if first.fits or second.fits:
                    yield one, other, first.fits and second.fits
            elif first.fits and second.fits:
                yield one, other, False


def learn_frozen_heads(
    folder: Path, given: SenseTrainingSet, parts: Sequence[int]
) -> tuple[dict[str, Any], np.ndarray]:
    """Learn heads over the encoder as it is. Returns their numbers, and log odds by heads that did not see the part."""
    from sklearn.linear_model import LogisticRegression

    model = SenseModel(encoder_weights(folder), SenseTrainingSettings(first_layer=50.0))
    uses = model.embed(given.uses).numpy()
    meanings = model.embed(given.glosses).numpy()[list(given.gloss_of)]
    gold, part = np.array([example.fits for example in given.examples]), np.array(parts)
    matched, odds = compute_cosines(uses, meanings, MATCH), np.zeros(len(gold), dtype=np.float32)
    for held in sorted(set(parts)):
        regression = LogisticRegression(C=10).fit(matched[part != held], gold[part != held])
        odds[part == held] = regression.decision_function(matched[part == held])
    match = LogisticRegression(C=10).fit(matched, gold)
    one, other, alike = (np.array(column) for column in zip(*list_pairs(given.examples), strict=True))
    same = LogisticRegression(C=1, class_weight="balanced").fit(compute_cosines(uses[one], uses[other], SAME), alike)
    numbers = model.export_weights()
    return {
        "of_term": numbers["of_term"],
        "of_context": numbers["of_context"],
        "same": _tensor(np.append(same.coef_[0], same.intercept_)),
        "match": _tensor(np.append(match.coef_[0], match.intercept_)),
    }, odds


def main() -> None:
    """Learn from everything and write the weights."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--deltas", action="store_true")
    asked = parser.parse_args()
    from safetensors.torch import save_file

    folder, examples = Encoder.load(DEFAULT_MODEL).get_checked_folder(), read_wic_tsv(asked.data / "wic-tsv")
    parts = assign_parts(examples, PARTS)
    given = read_training_set(folder, examples, make_disguised(asked.data) if asked.deltas else [])
    if asked.deltas:
        numbers = learn(folder, given, range(len(examples)), SenseTrainingSettings(), _report).export_weights()
    else:
        numbers, _ = learn_frozen_heads(folder, given, parts)
    save_file(numbers, asked.out)


def _tensor(numbers: np.ndarray) -> Any:
    import torch

    return torch.tensor(numbers, dtype=torch.float32)


def _report(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
