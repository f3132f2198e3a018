"""Names for clusters that last: a cluster keeps the id of the one before that most of its claims were in."""

# pyright: standard

from collections import Counter
from collections.abc import Mapping, Sequence

from index.clusters.settings import SETTINGS
from index.text_keys import compute_short_hash


def carry_over_ids(groups: Sequence[Sequence[str]], before: Mapping[str, str], letter: str) -> list[str]:
    """Name each group of claim ids by an id. `before` says in which cluster each claim was.

    The two clusters that share most are matched first, equal ones in order of id; an id goes to one group only. What is
    new is named after its claims, so that two bases with the same claims have the same ids.
    """
    sizes = Counter(before.values())
    shared = []
    for number, group in enumerate(groups):
        for id_, both in Counter(before[claim] for claim in group if claim in before).items():
            if both / (sizes[id_] + len(group) - both) >= SETTINGS.kept_share:
                shared.append((-both, id_, number))
    names: dict[int, str] = {}
    given: set[str] = set()
    for _, id_, number in sorted(shared):
        if number not in names and id_ not in given:
            names[number] = id_
            given.add(id_)
    for number, group in enumerate(groups):
        if number not in names:
            names[number] = _fresh(group, letter, given | set(sizes))
            given.add(names[number])
    return [names[number] for number in range(len(groups))]


def _fresh(group: Sequence[str], letter: str, taken: set[str]) -> str:
    whole = "\n".join(sorted(group))
    name = letter + compute_short_hash(whole)[:10]
    while name in taken:
        whole += "\n"
        name = letter + compute_short_hash(whole)[:10]
    return name
