"""Learn weights.safetensors: `python -m index.senses.train --data FOLDER`.

FOLDER holds wic-tsv, arbital-dev, turntrout, kpa2021 and ud-ewt; all of them may be trained on and shipped. The same
folder and seed give the same weights on the same machine.
"""

import argparse
import sys
from pathlib import Path

from index.encoder import DEFAULT_MODEL, Encoder
from index.senses.examples import disguised, wic_tsv
from index.senses.learning import Settings, learn, lessons
from index.senses.sense_encoder import WEIGHTS


def _report(line: str) -> None:
    sys.stderr.write(line + "\n")


def main() -> None:
    """Learn from everything and write the weights."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    asked = parser.parse_args()
    from safetensors.torch import save_file

    folder = Encoder.load(DEFAULT_MODEL).checked_folder()
    given = lessons(folder, wic_tsv(asked.data / "wic-tsv"), disguised(asked.data))
    model = learn(folder, given, range(len(given.examples)), Settings(), _report)
    save_file(model.learned(), asked.out)


if __name__ == "__main__":
    main()
