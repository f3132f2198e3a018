"""The senses of one term: uses and definitions in, senses with labels, shares and the test of people out."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.model import Speaker
from index.findings.findings import Gloss, Sense, Share, Term, Usage
from index.senses import Gloss as Meaning
from index.terms.context_model import Contexts
from index.terms.labels import label
from index.terms.permutation_test import divided
from index.terms.places import Place
from index.terms.record_view import Meant
from index.terms.sense_induction import NONE, Heaps, Split, by_utterance, clusters, divide, heaped
from index.terms.stated_senses import followed, stated
from index.terms.vocabulary import Chosen
from index.text_keys import near_words, short_hash

if TYPE_CHECKING:
    import numpy as np

# Asked with a term and places: the probability that each place fits each of its definitions.
Fits = Callable[[Chosen, Sequence[Place]], "np.ndarray"]
_SHOWN = 12  # uses of a sense that are kept with it


@dataclass(frozen=True, slots=True)
class Looked:
    """The uses of a term that are looked at: their places, taken together by person, and by utterance.

    `alike` (uses, uses) is the log odds that two of them have one sense; `split` the best division of the people in
    two, if there is any. Where too little is known to compare contexts, `model` and what follows from it is None.
    """

    places: Sequence[Place]
    model: Contexts | None = None
    alike: "np.ndarray | None" = None
    people: Heaps | None = None
    person_of: Sequence[int] = ()
    split: Split | None = None
    utterances: Heaps | None = None
    utterance_of: Sequence[int] = ()

    @classmethod
    def at(cls, places: Sequence[Place], contexts: "np.ndarray", model: Contexts | None) -> "Looked":
        """Take together what each person wrote: `contexts` (places, n) are the vectors of what the places call for."""
        if model is None:
            return cls(places)
        seen = model.seen(contexts)
        told = _told_once(places)
        utterances, voices = [utterance for utterance, _ in told], [voice for _, voice in told]
        people, person_of = heaped(seen, utterances, voices)
        split, alike = divide(model, people), model.alike(seen, seen)
        return cls(places, model, alike, people, person_of, split, *heaped(seen, utterances, utterances))

    def sorted(self, bar: float) -> list[int]:
        """Give the number of the sense of each use; `bar` is what a division must gain."""
        if self.model is None or self.people is None or self.utterances is None:
            return [0] * len(self.places)
        of_person = clusters(self.model, self.people, bar, self.split)
        meant = [0] * len(self.utterances.counts)
        for person, utterance in zip(self.person_of, self.utterance_of, strict=True):
            meant[utterance] = of_person[person]
        of_utterance = by_utterance(self.model, self.utterances, meant)
        return [of_utterance[utterance] for utterance in self.utterance_of]

    def divided(self, seed: int) -> float | None:
        """Give the probability that people differ so much by chance, where it can be told."""
        if self.alike is None:
            return None
        utterances, voices = [place.said.utterance_id for place in self.places], [one.said.voice for one in self.places]
        return divided(self.alike, utterances, voices, seed)


def _told_once(places: Sequence[Place]) -> list[tuple[str, str]]:
    """Give the utterance and voice of each use; equal words that stand in several places are taken to be told in one.

    Which one does not hang on the order of the places.
    """
    keys = [near_words(place.said.text) for place in places]
    told: dict[str, tuple[str, str]] = {}
    for key, place in zip(keys, places, strict=True):
        here = place.said.utterance_id, place.said.voice
        told[key] = min(told.get(key, here), here)
    return [told[key] for key in keys]


@dataclass(frozen=True, slots=True)
class Sorting:
    """The number of the sense of each use and definition, `NONE` where it cannot be told; whether people differ."""

    of_uses: tuple[int, ...]
    of_definitions: tuple[int, ...]
    divided: float | None


def plain(chosen: Chosen, standing: Sequence[Place]) -> Term:
    """Give a term without its senses."""
    return Term(chosen.name, chosen.aliases, len(standing), shares(standing), chosen.termhood)


def with_senses(
    chosen: Chosen,
    standing: Sequence[Place],
    looked: Looked,
    bar: float,
    glosses: "Mapping[str, np.ndarray]",
    fits: Fits,
) -> Term:
    """Give a term with its senses, the most used first. `glosses` are sentence vectors of those of its definitions."""
    term = plain(chosen, standing)
    if not looked.places:
        return term
    sorting = sorted_by_sense(chosen, looked, bar, glosses, fits)
    found = []
    for number in sorted({*sorting.of_uses, *sorting.of_definitions} - {NONE}):
        members = [at for at, its in enumerate(sorting.of_uses) if its == number]
        meant = [each for each, its in zip(chosen.meant, sorting.of_definitions, strict=True) if its == number]
        found.append(_sense(looked, members, meant))
    found.sort(key=lambda sense: -sense.size)
    return replace(term, divided=sorting.divided, senses=tuple(found))


def sorted_by_sense(
    chosen: Chosen, looked: Looked, bar: float, glosses: "Mapping[str, np.ndarray]", fits: Fits
) -> Sorting:
    """Sort the uses of a term that are looked at, and its definitions, by sense.

    Where definitions differ, they say which senses there are; else the uses do. `fits` is asked only for the former.
    """
    apart = looked.divided(int(short_hash(chosen.keys[0])[:8], 16))
    of_definitions = stated(chosen.meant, glosses)
    if max(of_definitions, default=NONE) > 0:
        voices = [place.said.voice for place in looked.places]
        of_uses = followed(of_definitions, chosen.meant, voices, fits(chosen, looked.places))
    else:
        of_uses = looked.sorted(bar)
        of_definitions = _attached(chosen, looked.places, of_uses)
    return Sorting(tuple(of_uses), tuple(of_definitions), apart)


def _attached(chosen: Chosen, places: Sequence[Place], of_uses: Sequence[int]) -> list[int]:
    """Give the sense of each definition: that of a use in it, else the one that its author means elsewhere."""
    if max(of_uses) <= 0:
        return [0] * len(chosen.meant)
    found = []
    for each in chosen.meant:
        own = [at for at, place in enumerate(places) if place.said.voice == each.voice]
        inside = [at for at in own if _is_in(places[at], each)]
        counts = Counter(of_uses[at] for at in inside or own)
        found.append(max(counts, key=lambda its: (counts[its], -its), default=NONE))
    return found


def is_defining(chosen: Chosen, place: Place) -> bool:
    """Tell whether a use stands in the sentence of one of the term's definitions."""
    return any(_is_in(place, each) for each in chosen.meant)


def meaning(each: Meant) -> Meaning:
    """Give a definition as the sense encoder reads it."""
    return Meaning(each.definition.term, each.definition.gloss or each.definition.term)


def _is_in(place: Place, each: Meant) -> bool:
    """Tell whether a use stands in the sentence of a definition."""
    said, definition = place.said, each.definition
    return said.utterance_id == definition.utterance_id and (
        definition.start <= said.start + place.start and said.start + place.end <= definition.end
    )


def _sense(looked: Looked, members: Sequence[int], meant: Sequence[Meant]) -> Sense:
    import numpy as np

    alike = looked.alike[np.ix_(members, members)] if looked.alike is not None else np.zeros((len(members),) * 2)
    within = alike.mean(axis=1) if members else np.zeros(0)
    order = sorted(range(len(members)), key=lambda at: (-round(float(within[at]), 2), looked.places[members[at]].name))
    typical = [looked.places[members[at]] for at in order]
    return Sense(
        label(meant, typical),
        len(members),
        tuple(_gloss(each) for each in meant),
        tuple(_usage(place) for place in _varied(typical)),
        shares([looked.places[at] for at in members]),
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
