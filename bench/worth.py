"""Which claims say something by themselves: `python -m bench.worth --data DATA [--seeds SEEDS] [--half tune|unseen]`.

`bench/gold/worth/` holds claims by place, each judged by two readers apart. Counted are those that Crosstalk makes
claims of and both readers judge alike, `border` aside. `precision`: the share of what is shown that readers call
claims; `recall`: the share of what readers call claims that is shown. The baseline shows everything. Below the table,
the best precision at each recall, whatever the threshold.
"""

from collections.abc import Sequence
from pathlib import Path

from bench.views import Labelled, look_up_all, make_options, read_options, read_rows
from ingest.claims.worth import SHOWN_AT, estimate_worth

GOLD = Path(__file__).parent / "gold" / "worth"
RECALLS = (1.0, 0.98, 0.95, 0.93, 0.9, 0.85, 0.8)
Judged = tuple[float, bool]  # the probability, and whether readers call it a claim


def judge(labelled: Labelled) -> Judged:
    """Return the product's probability for a claim, and the readers' verdict."""
    span = labelled.block.doc.char_span(labelled.start, labelled.end, alignment_mode="expand")
    return estimate_worth(span, labelled.text), labelled.row["readers"] == ["yes", "yes"]


def measure(judged: Sequence[Judged], threshold: float) -> tuple[float, float, int]:
    """Return precision, recall and how many are shown at a threshold."""
    shown = [is_claim for worth, is_claim in judged if worth >= threshold]
    claims = sum(is_claim for _, is_claim in judged)
    return sum(shown) / max(1, len(shown)), sum(shown) / max(1, claims), len(shown)


def main() -> None:
    """Print the table and the curve."""
    chosen = read_options(make_options(__doc__, ("tune", "unseen")))
    rows = read_rows(GOLD / f"{chosen.half}.jsonl")
    agreed = [row for row in rows if row["claimed"] and row["readers"] in (["yes", "yes"], ["no", "no"])]
    judged = [judge(labelled) for labelled in look_up_all(agreed, chosen)]
    print(f"{len(judged)} claims\n\n| | precision | recall | shown |\n|---|---|---|---|")
    for name, threshold in (("crosstalk", SHOWN_AT), ("everything shown", 0.0)):
        precision, recall, count = measure(judged, threshold)
        print(f"| {name} | {precision:.3f} | {recall:.3f} | {count} |")
    print("\n| recall at least | precision | threshold |\n|---|---|---|")
    figures = [(measure(judged, worth)[:2], worth) for worth, _ in judged]
    for least in RECALLS:
        (precision, _), threshold = max(one for one in figures if one[0][1] >= least)
        print(f"| {least:.2f} | {precision:.3f} | {threshold:.3f} |")


if __name__ == "__main__":
    main()
