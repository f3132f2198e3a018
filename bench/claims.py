"""How good claims are to a reader: python -m bench.claims [--data DIR --seeds DIR].

gold/claims/read.jsonl holds one reader's verdicts: random claims with their context, half drawn before the commonest
faults were mended and others after. A row has the claim's id (a digest of its place and words), its source and the
verdict: "right", or the class of the fault. With the data at hand, it is also counted which of them are still made:
those that were right should be, those at fault should not.
"""

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import orjson

READ = Path(__file__).parent / "gold" / "claims" / "read.jsonl"
RIGHT = "right"
FAULTS = (
    "torn",  # half a clause, or a word that needs what was cut off
    "glued",  # two sentences in one
    "furniture",  # the page's words, or the recording's
    "wrong kind",
    "wrong attribution",
    "wrong standalone",  # does not read out of its context
    "not a claim",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader thought of one claim; `verdict` is RIGHT or one of FAULTS."""

    round: int
    source: str
    claim: str
    verdict: str


def verdicts(path: Path = READ) -> list[Verdict]:
    """Read the verdicts.

    Raises:
        ValueError: a verdict is of no known class.
    """
    read = [Verdict(**orjson.loads(line)) for line in path.read_bytes().splitlines()]
    for each in read:
        if each.verdict not in (RIGHT, *FAULTS):
            raise ValueError(f"{path.name}: {each.verdict!r} is no class of fault")
    return read


def table(read: list[Verdict]) -> list[str]:
    """Give the table: a row a class, a column a round, and shares of what was read."""
    rounds = sorted({each.round for each in read})
    counts = {number: Counter(each.verdict for each in read if each.round == number) for number in rounds}
    lines = ["| | " + " | ".join(f"round {number} (n={counts[number].total()})" for number in rounds) + " |"]
    lines.append("|---" * (len(rounds) + 1) + "|")
    for name in (RIGHT, *FAULTS):
        shares = (f"{counts[number][name] / counts[number].total():.0%}" for number in rounds)
        lines.append(f"| {name} | " + " | ".join(shares) + " |")
    return lines


def made(sources: list[Path]) -> set[str]:
    """Give the ids of all claims that are made of some sources today."""
    from ingest.pipeline import preview_ingest
    from ingest.sources.source import Failure, Hints

    read = (one for one in preview_ingest([str(source) for source in sources], Hints()) if not isinstance(one, Failure))
    return {claim.id for _, extraction in read for claim in extraction.claims}


def main() -> None:
    """Print the verdicts by class, and what became of the claims."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder that holds arbital-dev and axrp-dev")
    parser.add_argument("--seeds", type=Path)
    given = parser.parse_args()
    read = verdicts()
    print("\n".join(table(read)))
    where = {"arbital-dev": given.data, "axrp-dev": given.data, "seeds": given.seeds}
    there = [name for name, folder in where.items() if folder is not None]
    if there:
        today = made([where[name] / name if name != "seeds" else where[name] for name in there])
        print()
        for what, among in ((RIGHT, True), ("at fault", False)):
            old = [each for each in read if each.source in there and (each.verdict == RIGHT) == among]
            print(f"{what}: {sum(each.claim in today for each in old)} of {len(old)} still made word for word")


if __name__ == "__main__":
    main()
