"""The senses of one term: uses and definitions in, senses with labels, shares and the test of people out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.model import Speaker
from index.findings import Gloss, Sense, Share, Term, Usage
from index.senses import Gloss as Meaning
from index.terms.clustering import clusters
from index.terms.division import divided
from index.terms.labels import label
from index.terms.reading import Meant
from index.terms.stated import NONE, followed, stated
from index.terms.usages import Place, sample
from index.terms.vectors import Senses
from index.terms.vocabulary import Chosen
from index.words import short_hash

if TYPE_CHECKING:
    import numpy as np

_SHOWN = 12  # uses of a sense that are kept with it


@dataclass(frozen=True, slots=True)
class Sorting:
    """The number of the sense of each use and definition, `NONE` where it cannot be told; whether people differ."""

    of_uses: tuple[int, ...]
    of_definitions: tuple[int, ...]
    divided: float | None
    alike: "np.ndarray"


def plain(chosen: Chosen, standing: Sequence[Place]) -> Term:
    """Give a term without its senses."""
    return Term(chosen.name, chosen.aliases, len(standing), shares(standing), chosen.termhood)


def with_senses(
    chosen: Chosen,
    standing: Sequence[Place],
    vectors: "Mapping[str, np.ndarray]",
    glosses: "Mapping[str, np.ndarray]",
    senses: Senses,
) -> Term:
    """Give a term with its senses, the most used first.

    `vectors` are those of its uses by `Place.key`, `glosses` sentence vectors of the glosses of its definitions.
    """
    import numpy as np

    term = plain(chosen, standing)
    looked_at = sample(standing)
    if not looked_at:
        return term
    matrix = np.stack([vectors[place.key] for place in looked_at]).astype(np.float32)
    sorting = sorted_by_sense(chosen, looked_at, matrix, glosses, senses)
    found = []
    for number in sorted({*sorting.of_uses, *sorting.of_definitions} - {NONE}):
        members = [at for at, its in enumerate(sorting.of_uses) if its == number]
        meant = [each for each, its in zip(chosen.meant, sorting.of_definitions, strict=True) if its == number]
        found.append(_sense(looked_at, members, meant, sorting.alike))
    found.sort(key=lambda sense: -sense.size)
    return replace(term, divided=sorting.divided, senses=tuple(found))


def sorted_by_sense(
    chosen: Chosen,
    looked_at: Sequence[Place],
    matrix: "np.ndarray",
    glosses: "Mapping[str, np.ndarray]",
    senses: Senses,
) -> Sorting:
    """Sort the uses of a term, whose vectors are the rows of `matrix`, and its definitions by sense.

    Where definitions differ, they say which senses there are; else the uses do.
    """
    alike = senses.same_sense(matrix, matrix)
    utterances = [place.said.utterance_id for place in looked_at]
    voices = [place.said.voice for place in looked_at]
    seed = int(short_hash(chosen.keys[0])[:8], 16)
    apart = divided(alike, utterances, voices, seed)
    of_definitions = stated(chosen.meant, glosses)
    if max(of_definitions, default=NONE) > 0:
        fits = senses.match(matrix, senses.meanings([_meaning(each) for each in chosen.meant]))
        of_uses = followed(of_definitions, chosen.meant, voices, fits)
    else:
        of_uses = clusters(alike, utterances)
        of_definitions = _attached(chosen, looked_at, matrix, of_uses, senses)
    return Sorting(tuple(of_uses), tuple(of_definitions), apart, alike)


def _meaning(each: Meant) -> Meaning:
    return Meaning(each.definition.term, each.definition.gloss or each.definition.term)


def _attached(
    chosen: Chosen, looked_at: Sequence[Place], matrix: "np.ndarray", of_uses: Sequence[int], senses: Senses
) -> list[int]:
    """Give the sense of each definition: that of a use in it, else the one whose uses it fits best."""
    import numpy as np

    if max(of_uses) == 0:
        return [0] * len(chosen.meant)
    sense_of = np.array(of_uses)
    found = []
    for each in chosen.meant:
        inside = next((at for at, place in enumerate(looked_at) if _is_in(place, each)), None)
        if inside is not None:
            found.append(of_uses[inside])
        else:
            fits = senses.match(matrix, senses.meanings([_meaning(each)]))[:, 0]
            found.append(int(np.argmax([fits[sense_of == number].mean() for number in range(max(of_uses) + 1)])))
    return found


def _is_in(place: Place, each: Meant) -> bool:
    """Tell whether a use stands in the sentence of a definition."""
    said, definition = place.said, each.definition
    return said.utterance_id == definition.utterance_id and (
        definition.start <= said.start + place.start and said.start + place.end <= definition.end
    )


def _sense(looked_at: Sequence[Place], members: Sequence[int], meant: Sequence[Meant], alike: "np.ndarray") -> Sense:
    import numpy as np

    within = alike[np.ix_(members, members)].mean(axis=1) if members else np.zeros(0)
    order = sorted(range(len(members)), key=lambda at: (-round(float(within[at]), 4), looked_at[members[at]].name))
    typical = [looked_at[members[at]] for at in order]
    return Sense(
        label(meant, typical),
        len(members),
        tuple(_gloss(each) for each in meant),
        tuple(_usage(place) for place in _varied(typical)),
        shares([looked_at[at] for at in members]),
    )


def _varied(typical: Sequence[Place]) -> list[Place]:
    """Choose what is shown: the most typical use of each voice in turn."""
    turns: Counter[str] = Counter()
    ranked = []
    for rank, place in enumerate(typical):
        ranked.append((turns[place.said.voice], rank, place))
        turns[place.said.voice] += 1
    ranked.sort(key=lambda one: (one[0], one[1]))
    return [place for _, _, place in ranked[:_SHOWN]]


def shares(standing: Sequence[Place]) -> tuple[Share, ...]:
    """Count the uses of each voice, most first. Each voice that nobody can name has a share of its own."""
    uses = Counter(place.said.voice for place in standing)
    who: dict[str, Speaker | None] = {place.said.voice: place.said.speaker for place in standing}
    return tuple(
        Share(who[voice], count) for voice, count in sorted(uses.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _usage(place: Place) -> Usage:
    said = place.said
    return Usage(said.speaker, said.utterance_id, said.start, said.end, said.text, (place.start, place.end))


def _gloss(each: Meant) -> Gloss:
    one = each.definition
    return Gloss(one.speaker, one.utterance_id, one.start, one.end, each.text, one.gloss, one.stance)
