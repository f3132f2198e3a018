"""How often the kind of a claim is right where it is told: `python -m bench.kinds --data DATA [--half tune|unseen]`.

`bench/gold/kinds/` holds claims by place with the kinds that each reader would accept. A kind is right where all
readers accept it; claims on which they differ count neither way. The baseline tells every kind. An assertion is told
by no face, and stands apart.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.views import Labelled, look_up_all, make_options, read_options, read_rows
from corpus.model import ClaimKind
from ingest.epistemic.kinds import classify_kind
from ingest.epistemic.sure_kinds import is_surely

GOLD = Path(__file__).parent / "gold" / "kinds"


def measure(labelled: Sequence[Labelled], is_told: Callable[[ClaimKind, str], bool]) -> dict[ClaimKind, list[bool]]:
    """Return, for each kind that is told, whether it is right of each claim of which it is told."""
    right: dict[ClaimKind, list[bool]] = defaultdict(list)
    for claim in labelled:
        kind = classify_kind(claim.text, claim.text)
        accepted = {kind is not None and str(kind) in kinds for kinds in claim.row["readers"]}
        if kind is not None and len(accepted) == 1 and is_told(kind, claim.text):
            right[kind].append(accepted.pop())
    return right


def print_row(name: str, told: Sequence[bool], every: Sequence[bool]) -> None:
    """Print how many are told and right, beside what telling every kind gives."""
    share = sum(told) / max(1, len(told))
    print(f"| {name} | {len(every)} | {sum(every) / max(1, len(every)):.3f} | {len(told)} | {share:.3f} |")


def main() -> None:
    """Print the table."""
    chosen = read_options(make_options(__doc__, ("tune", "unseen")))
    labelled = look_up_all(read_rows(GOLD / f"{chosen.half}.jsonl"), chosen)
    every, told = measure(labelled, lambda kind, text: True), measure(labelled, is_surely)
    print("| kind | claims | right | told | right of those told |\n|---|---|---|---|---|")
    for kind in ClaimKind:
        if every[kind]:
            print_row(str(kind), told[kind], every[kind])
    others = [kind for kind in ClaimKind if kind is not ClaimKind.ASSERTION]
    print_row(
        "all but assertions",
        [right for kind in others for right in told[kind]],
        [right for kind in others for right in every[kind]],
    )


if __name__ == "__main__":
    main()
