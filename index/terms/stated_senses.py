"""Senses as people state them: definitions of one term that say different things, and whose uses follow which.

Definitions are taken together by voice: nobody is made to contradict himself. Two people's are one sense unless their
glosses are clearly unlike. A use belongs to the sense that its author defines; of somebody who defines nothing all
uses together must clearly fit one definition better than the others, or they are left to none: a guess would be an
attribution.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from corpus.model import Definition, Stance
from index.terms.record_view import Meant
from index.terms.sense_induction import NONE

if TYPE_CHECKING:
    import numpy as np

UNLIKE = 0.5  # cosine of sentence vectors: glosses that paraphrase each other have more
_FEWEST_WORDS, _SURE = 4, 0.7  # of a gloss that can be compared; of "probably a definition"
# What begins so tells of somebody, not of the term.
PERSONS = frozenset("i i'm i've i'd we you he she they my our your his her their".split())
_FITS, _CLEARLY = 0.5, 0.15  # least probability that uses fit a definition, and by how much more than the next


def defines(definition: Definition) -> bool:
    """Tell whether a definition says enough to be a sense of its own."""
    words = definition.gloss.casefold().split()
    surely = definition.stance is Stance.STATED and definition.probability >= _SURE
    return surely and len(words) >= _FEWEST_WORDS and words[0] not in PERSONS


def stated(meant: Sequence[Meant], glosses: "Mapping[str, np.ndarray]") -> list[int]:
    """Give the number of the sense that each definition states, `NONE` for those that state none.

    `glosses` are sentence vectors of the glosses. Senses are numbered in order of their first definition.
    """
    import numpy as np

    of_voice: dict[str, list[int]] = {}
    for at, each in enumerate(meant):
        if defines(each.definition) and each.definition.gloss in glosses:
            of_voice.setdefault(each.voice, []).append(at)
    groups = [members for _, members in sorted(of_voice.items())]
    vectors = [np.stack([glosses[meant[at].definition.gloss] for at in members]) for members in groups]
    while len(groups) > 1:
        pairs = [(one, other) for one in range(len(groups)) for other in range(one)]
        alike = {pair: float((vectors[pair[0]] @ vectors[pair[1]].T).max()) for pair in pairs}
        one, other = max(pairs, key=lambda pair: (round(alike[pair], 4), pair))
        if alike[one, other] < UNLIKE:
            break
        groups[other] += groups.pop(one)
        vectors[other] = np.concatenate([vectors[other], vectors.pop(one)])
    found = [NONE] * len(meant)
    for number, members in enumerate(sorted(groups, key=min)):
        for at in members:
            found[at] = number
    return found


def differs(meant: Sequence[Meant], glosses: "Mapping[str, np.ndarray]") -> bool:
    """Tell whether the definitions of a term state more senses than one."""
    return max(stated(meant, glosses), default=NONE) > 0


def followed(
    of_definitions: Sequence[int], meant: Sequence[Meant], voices: Sequence[str], fits: "np.ndarray"
) -> list[int]:
    """Give the number of the sense of each use, `NONE` where that cannot be told.

    `voices` says whose each use is; `fits` (uses, definitions) is the probability that it fits each definition.
    """
    import numpy as np

    own = {each.voice: its for each, its in zip(meant, of_definitions, strict=True) if its != NONE}
    numbers = sorted(set(of_definitions) - {NONE})
    columns = [[at for at, its in enumerate(of_definitions) if its == number] for number in numbers]
    found = []
    for voice in voices:
        if voice not in own:
            rows = np.array([other == voice for other in voices])
            means = [float(fits[rows][:, column].max(axis=1).mean()) for column in columns]
            first, second = sorted(range(len(means)), key=lambda at: -means[at])[:2]
            clear = means[first] >= _FITS and means[first] - means[second] >= _CLEARLY
            own[voice] = numbers[first] if clear else NONE
        found.append(own[voice])
    return found
