"""Hits put together: what is nearly the same said again, and what one person or one thread holds."""

# pyright: standard

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.answers import Grouping
from index.search.ranking import RankedClaim

MORE = 4  # hits of a group that stand under its best
_FIELDS = {Grouping.PERSON: "speaker", Grouping.THREAD: "conversation"}
_LEAST_WORDS, _LEAST_LETTERS = 6, 6  # of a claim, and of a word in it, before a slip of the pen can be told
_ONE_SLIP = 1


@dataclass(frozen=True, slots=True)
class RankedGroup:
    """The candidates of one person or thread: the best, the next best, and how many there are."""

    best: RankedClaim
    more: tuple[RankedClaim, ...]
    count: int


def group_candidates(candidates: Sequence[RankedClaim], by: Grouping) -> list[RankedGroup]:
    """Put candidates (best first) together, groups in order of their best.

    Nobody knows that two claims of unnamed people are of one: each of those is a group of its own.
    """
    groups: dict[str, list[RankedClaim]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.payload.get(_FIELDS[by]) or f"\x1f{candidate.id}", []).append(candidate)
    return [RankedGroup(group[0], tuple(group[1 : 1 + MORE]), len(group)) for group in groups.values()]


def fold_typos(candidates: Sequence[RankedClaim]) -> list[RankedClaim]:
    """Fold, of one person's candidates, those whose words differ by one slip of the pen in one long word.

    Linear: claims of as many words are compared only where all words but one are equal.
    """
    from rapidfuzz.distance import OSA

    kept: list[RankedClaim] = []
    places: dict[tuple[str, int, tuple[str, ...]], list[tuple[str, int]]] = {}
    for candidate in candidates:
        words = candidate.payload.get("uses", "").split()
        home = None
        holes = []
        if len(words) >= _LEAST_WORDS and candidate.payload.get("speaker"):
            who = f"{candidate.payload['speaker']} {candidate.payload.get('attribution')}"
            for n, word in enumerate(words):
                if len(word) < _LEAST_LETTERS:
                    continue
                hole = (who, n, (*words[:n], *words[n + 1 :]))
                holes.append((hole, word))
                for other, position in places.get(hole, ()):
                    same_start = other[:2] == word[:2] and word.isalpha() and other.isalpha()
                    if home is None and same_start and OSA.distance(word, other) <= _ONE_SLIP:
                        home = position
        if home is None:
            home = len(kept)
            kept.append(candidate)
        else:
            kept[home] = replace(kept[home], folds=(*kept[home].folds, *candidate.folds))
        for hole, word in holes:
            places.setdefault(hole, []).append((word, home))
    return kept
