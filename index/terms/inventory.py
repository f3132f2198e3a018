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
from index.terms.usages import Place, sample
from index.terms.vectors import Senses
from index.terms.vocabulary import Chosen
from index.words import short_hash

if TYPE_CHECKING:
    import numpy as np

_SHOWN = 12  # uses of a sense that are kept with it


@dataclass(frozen=True, slots=True)
class Sorting:
    """The number of the sense of each use and of each definition; whether people differ; how alike the uses are."""

    of_uses: tuple[int, ...]
    of_definitions: tuple[int, ...]
    divided: float | None
    alike: "np.ndarray"


def plain(chosen: Chosen, standing: Sequence[Place]) -> Term:
    """Give a term without its senses."""
    return Term(chosen.name, chosen.aliases, len(standing), shares(standing), chosen.termhood)


def with_senses(chosen: Chosen, standing: Sequence[Place], vectors: "Mapping[str, np.ndarray]", senses: Senses) -> Term:
    """Give a term with its senses, the most used first."""
    import numpy as np

    term = plain(chosen, standing)
    looked_at = sample(standing)
    if not looked_at:
        return term
    matrix = np.stack([vectors[place.key] for place in looked_at]).astype(np.float32)
    sorting = sorted_by_sense(chosen, looked_at, matrix, senses)
    found = []
    for number in range(max(sorting.of_uses) + 1):
        members = [at for at, its in enumerate(sorting.of_uses) if its == number]
        meant = [each for each, its in zip(chosen.meant, sorting.of_definitions, strict=True) if its == number]
        found.append(_sense(looked_at, members, meant, sorting.alike))
    return replace(term, divided=sorting.divided, senses=tuple(found))


def sorted_by_sense(chosen: Chosen, looked_at: Sequence[Place], matrix: "np.ndarray", senses: Senses) -> Sorting:
    """Sort the uses of a term, whose vectors are the rows of `matrix`, and its definitions by sense."""
    alike = senses.same_sense(matrix, matrix)
    utterances = [place.said.utterance_id for place in looked_at]
    voices = [place.said.voice for place in looked_at]
    at_definition = _defining(looked_at, chosen.meant)
    numbers = clusters(alike, utterances, sorted(at_definition.values()))
    of_definitions = _attached(chosen, matrix, numbers, at_definition, senses)
    seed = int(short_hash(chosen.keys[0])[:8], 16)
    return Sorting(tuple(numbers), tuple(of_definitions), divided(alike, utterances, voices, seed), alike)


def _defining(looked_at: Sequence[Place], meant: Sequence[Meant]) -> dict[int, int]:
    """Give number of a definition → the use in it."""
    found: dict[int, int] = {}
    for number, each in enumerate(meant):
        definition = each.definition
        for at, place in enumerate(looked_at):
            said = place.said
            if said.utterance_id == definition.utterance_id and (
                definition.start <= said.start + place.start and said.start + place.end <= definition.end
            ):
                found.setdefault(number, at)
    return found


def _attached(
    chosen: Chosen, matrix: "np.ndarray", numbers: list[int], at_definition: Mapping[int, int], senses: Senses
) -> list[int]:
    """Give the sense of each definition: that of the use in it, else the one whose uses it fits best."""
    import numpy as np

    loose = [at for at in range(len(chosen.meant)) if at not in at_definition]
    found = {at: numbers[use] for at, use in at_definition.items()}
    if loose and max(numbers) == 0:
        found |= dict.fromkeys(loose, 0)
    elif loose:
        definitions = [chosen.meant[at].definition for at in loose]
        meanings = senses.meanings([Meaning(each.term, each.gloss or each.term) for each in definitions])
        fits = senses.match(matrix, meanings)
        of_sense = np.array(numbers)
        means = np.stack([fits[of_sense == number].mean(axis=0) for number in range(max(numbers) + 1)])
        found |= dict(zip(loose, means.argmax(axis=0).tolist(), strict=True))
    return [found[at] for at in range(len(chosen.meant))]


def _sense(looked_at: Sequence[Place], members: Sequence[int], meant: Sequence[Meant], alike: "np.ndarray") -> Sense:
    import numpy as np

    within = alike[np.ix_(members, members)].mean(axis=1)
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
