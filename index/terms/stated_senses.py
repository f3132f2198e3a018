"""Senses as people state them: definitions of one term that say different things, and whose uses follow which.

Definitions are taken together by voice: nobody is made to contradict himself. Two people's are one sense unless their
glosses are clearly unlike. A use belongs to the sense that its author defines; of somebody who defines nothing all
uses together must clearly fit one definition better than the others, or they are left to none: a guess would be an
attribution.
"""

# pyright: standard

from collections.abc import Mapping, Sequence

import numpy as np

from corpus.model import Definition, Stance
from index.terms.record_view import AttributedDefinition
from index.terms.sense_induction import NONE

UNLIKE = 0.5  # cosine of sentence vectors: glosses that paraphrase each other have more
_FEWEST_WORDS, _SURE = 4, 0.7  # of a gloss that can be compared; of "probably a definition"
# What begins so tells of somebody, not of the term.
PERSONS = frozenset("i i'm i've i'd we you he she they my our your his her their".split())
_FITS, _CLEARLY = 0.5, 0.15  # least probability that uses fit a definition, and by how much more than the next


def is_comparable(definition: Definition) -> bool:
    """Return whether a definition says enough to be a sense of its own."""
    words = definition.gloss.casefold().split()
    surely = definition.stance is Stance.STATED and definition.probability >= _SURE
    return surely and len(words) >= _FEWEST_WORDS and words[0] not in PERSONS


def group_definitions(definitions: Sequence[AttributedDefinition], glosses: Mapping[str, np.ndarray]) -> list[int]:
    """Return the number of the sense that each definition states, `NONE` for those that state none.

    `glosses` are sentence vectors of the glosses. Senses are numbered in order of their first definition.
    """
    of_voice: dict[str, list[int]] = {}
    for index, definition in enumerate(definitions):
        if is_comparable(definition.definition) and definition.definition.gloss in glosses:
            of_voice.setdefault(definition.voice, []).append(index)
    groups = [members for _, members in sorted(of_voice.items())]
    vectors = [np.stack([glosses[definitions[index].definition.gloss] for index in members]) for members in groups]
    while len(groups) > 1:
        pairs = [(group, other) for group in range(len(groups)) for other in range(group)]
        alike = {pair: float((vectors[pair[0]] @ vectors[pair[1]].T).max()) for pair in pairs}
        group, other = max(pairs, key=lambda pair: (round(alike[pair], 4), pair))
        if alike[group, other] < UNLIKE:
            break
        groups[other] += groups.pop(group)
        vectors[other] = np.concatenate([vectors[other], vectors.pop(group)])
    of_definitions = [NONE] * len(definitions)
    for number, members in enumerate(sorted(groups, key=min)):
        for index in members:
            of_definitions[index] = number
    return of_definitions


def has_several_senses(definitions: Sequence[AttributedDefinition], glosses: Mapping[str, np.ndarray]) -> bool:
    """Return whether the definitions of a term state more senses than one."""
    return max(group_definitions(definitions, glosses), default=NONE) > 0


def follow_definitions(
    of_definitions: Sequence[int], definitions: Sequence[AttributedDefinition], voices: Sequence[str], fits: np.ndarray
) -> list[int]:
    """Return the number of the sense of each use, `NONE` where that cannot be told.

    `voices` says whose each use is; `fits` (uses, definitions) is the probability that it fits each definition.
    """
    own = {definition.voice: its for definition, its in zip(definitions, of_definitions, strict=True) if its != NONE}
    numbers = sorted(set(of_definitions) - {NONE})
    columns = [[index for index, its in enumerate(of_definitions) if its == number] for number in numbers]
    of_uses = []
    for voice in voices:
        if voice not in own:
            rows = np.array([other == voice for other in voices])
            means = [float(fits[rows][:, column].max(axis=1).mean()) for column in columns]
            first, second = sorted(range(len(means)), key=lambda index: -means[index])[:2]
            clear = means[first] >= _FITS and means[first] - means[second] >= _CLEARLY
            own[voice] = numbers[first] if clear else NONE
        of_uses.append(own[voice])
    return of_uses
