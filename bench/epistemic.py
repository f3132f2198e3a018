"""Measure stated probabilities and kinds of claims against labels made by reading.

The labels stand in `bench/gold/epistemic/` as references (data set, utterance or file, offsets, a digest of the
sentence); the words are looked up in the data: `python -m bench.epistemic --data DATA --seeds SEEDS`. `--half tune` is
what the patterns were worked out on; `--half held` was labelled before and not looked at while tuning. (Stated
probabilities: value F1 0.951 on the held part when it was first opened, where four labels proved wrong; the faults of
ours seen then were mended since, so that only what comes after is blind.)
A stated probability counts as found where the place overlaps and both bounds agree to 1 %; places labelled `maybe`
(a number that only the sentences before make a probability) count neither way.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.epistemic.credence import find_credences
from ingest.epistemic.kinds import classify_kind

GOLD = Path(__file__).parent / "gold" / "epistemic"
Found = list[tuple[int, int, float, float]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence looked up by its reference, with its row of labels."""

    text: str
    row: dict


class Texts:
    """The texts that the references point into, each file read once."""

    def __init__(self, data: Path, seeds: Path | None) -> None:
        self._data, self._seeds = data, seeds
        self._known: dict[tuple[str, str], str] = {}

    def get(self, dataset: str, name: str) -> str | None:
        """Give the text of an utterance or file, or None where it is not at hand."""
        if (dataset, name) not in self._known:
            self._read(dataset, name)
        return self._known.get((dataset, name))

    def _read(self, dataset: str, name: str) -> None:
        utterances = self._data / dataset / "utterances.jsonl"
        if utterances.exists():
            with utterances.open(encoding="utf-8") as lines:
                for line in lines:
                    row = json.loads(line)
                    self._known[dataset, row["id"]] = row["text"]
            return
        folder = self._seeds if dataset == "seeds" else self._data / dataset
        if folder is not None and (folder / name).exists():
            self._known[dataset, name] = (folder / name).read_text(encoding="utf-8")


def labelled(name: str, texts: Texts, half: str) -> list[Labelled]:
    """Look up every labelled sentence of a gold file; say on stderr how many are not at hand or have changed."""
    found, lost = [], 0
    for line in (GOLD / name).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = texts.get(row["dataset"], row["utterance"])
        sentence = text[row["start"] : row["end"]] if text else ""
        if hashlib.sha256(sentence.encode()).hexdigest()[:12] != row["sha"]:
            lost += 1
        elif half in ("all", row["half"]):
            found.append(Labelled(sentence, row))
    if lost:
        print(f"{name}: {lost} sentences are not in the data given", file=sys.stderr)
    return found


def every_percentage(text: str) -> Found:
    """Take every percentage for a probability: the baseline."""
    numbers = re.finditer(r"(\d+(?:\.\d+)?|\.\d+)\s?(?:%|percent)", text)
    return [(n.start(), n.end(), float(n[1]) / 100, float(n[1]) / 100) for n in numbers]


def ours(text: str) -> Found:
    """Find stated probabilities as Crosstalk does."""
    return [(c.start, c.end, c.low, c.high) for c in find_credences(text)]


def same_value(a: float, b: float) -> bool:
    """Tell whether two probabilities agree to 1 % of the smaller."""
    return abs(a - b) <= 0.01 * min(abs(a), abs(b)) + 1e-9


def measure_credences(sentences: Iterable[Labelled], find: Callable[[str], Found], errors: bool) -> dict[str, float]:
    """Count places and values found, missed and made up."""
    count: Counter[str] = Counter()
    for sentence in sentences:
        found, wanted = find(sentence.text), [tuple(c) for c in sentence.row["credences"]]
        maybe = sentence.row["maybe"]
        for start, end, low, high in wanted:
            hits = [f for f in found if f[0] < end and start < f[1]]
            count["wanted"] += 1
            count["place"] += bool(hits)
            right = any(same_value(f[2], low) and same_value(f[3], high) for f in hits)
            count["value"] += right
            if errors and not right:
                shown = f"wrong value {hits}" if hits else "missed"
                print(f"  {shown}: {sentence.text[start:end]!r} ({low:.4g}..{high:.4g}) in {sentence.text[:400]!r}")
        for start, end, *_ in found:
            if any(start < e and s < end for s, e, *_ in wanted):
                count["found"] += 1
            elif not any(start < e and s < end for s, e in maybe):
                count["found"] += 1
                if errors:
                    place = sentence.text[max(0, start - 120) : end + 60]
                    print(f"  made up: {sentence.text[start:end]!r} in {place!r}")
    return {"n": count["wanted"], **scores(count, "place"), **scores(count, "value")}


def scores(count: Counter[str], what: str) -> dict[str, float]:
    """Give precision, recall and F1 of one way of counting."""
    precision = count[what] / count["found"] if count["found"] else 0.0
    recall = count[what] / count["wanted"] if count["wanted"] else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {f"{what}_p": round(precision, 3), f"{what}_r": round(recall, 3), f"{what}_f1": round(f1, 3)}


def measure_kinds(sentences: Iterable[Labelled], errors: bool) -> Iterator[dict[str, object]]:
    """Yield accuracy against the majority kind, then F1 kind by kind."""
    pairs = []
    for sentence in sentences:
        wanted, got = sentence.row["kinds"], str(classify_kind(sentence.text, sentence.text) or "none")
        pairs.append((wanted[0], got if got not in wanted else wanted[0]))
        if errors and got not in wanted:
            print(f"  {got} for {'/'.join(wanted)}: {sentence.text[:300]!r}")
    majority = Counter(wanted for wanted, _ in pairs).most_common(1)[0]
    right = sum(wanted == got for wanted, got in pairs)
    yield {"n": len(pairs), "accuracy": round(right / len(pairs), 3), "majority": majority[0],
           "majority_accuracy": round(majority[1] / len(pairs), 3)}  # fmt: skip
    for kind in sorted({wanted for wanted, _ in pairs}):
        count = Counter(
            {
                "wanted": sum(w == kind for w, _ in pairs),
                "found": sum(g == kind for _, g in pairs),
                "kind": sum(w == g == kind for w, g in pairs),
            }
        )
        yield {"kind": kind, "n": count["wanted"], **scores(count, "kind")}


def main() -> None:
    """Print one JSON object a measure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=os.environ.get("CROSSTALK_DATA"), help="or $CROSSTALK_DATA")
    options.add_argument("--seeds", type=Path)
    options.add_argument("--half", choices=("tune", "held", "all"), default="held")
    options.add_argument("--errors", action="store_true", help="print every error (of the half named)")
    chosen = options.parse_args()
    if chosen.data is None:
        options.error("name the data folder with --data or $CROSSTALK_DATA")
    texts = Texts(Path(chosen.data), chosen.seeds)
    sentences = labelled("credences.jsonl", texts, chosen.half)
    negatives = sum(not sentence.row["credences"] for sentence in sentences)
    for name, find in (("ours", ours), ("every percentage", every_percentage)):
        figures = measure_credences(sentences, find, chosen.errors and find is ours)
        print(json.dumps({"measure": "credences", "half": chosen.half, "by": name, "sentences": len(sentences),
                          "without": negatives, **figures}))  # fmt: skip
    if (GOLD / "kinds.jsonl").exists():
        for figures in measure_kinds(labelled("kinds.jsonl", texts, chosen.half), chosen.errors):
            print(json.dumps({"measure": "kinds", "half": chosen.half, **figures}))


if __name__ == "__main__":
    main()
