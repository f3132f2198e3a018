"""Where the terms stand in people's own words, and which of those places are looked at when there are many."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.terms.record_view import Said
from index.terms.vocabulary import Chosen, matcher
from index.text_keys import short_hash

MOST = 200  # places of one term whose senses are compared


@dataclass(frozen=True, slots=True)
class Place:
    """A term at `[start, end)` of the text of a claim."""

    said: Said
    start: int
    end: int

    @property
    def name(self) -> str:
        """Name the place by where it is: the same whatever was read before it."""
        return f"{self.said.utterance_id}\x1f{self.said.start + self.start}"

    @property
    def key(self) -> str:
        """Name the use by its words alone, for what is kept of it."""
        return short_hash(f"{self.said.text}\x1f{self.start}\x1f{self.end}")


def places(said: Iterable[Said], terms: Sequence[Chosen]) -> dict[str, list[Place]]:
    """Find every place of every term, by its name. In nested terms only the longest counts."""
    found: dict[str, list[Place]] = {one.name: [] for one in terms}
    finder = matcher(terms)
    for one in said:
        for start, end, name in finder.find(one.text):
            found[name].append(Place(one, start, end))
    return found


def sample(
    standing: Sequence[Place], most: int = MOST, surely: Callable[[Place], bool] = lambda place: False
) -> list[Place]:
    """Choose places evenly among the voices, by lot that depends on the places alone; in order of their names.

    Of each voice those come first that are `surely` wanted.
    """
    if len(standing) <= most:
        return sorted(standing, key=lambda place: place.name)
    by_voice: dict[str, list[tuple[str, Place]]] = {}
    for place in standing:
        by_voice.setdefault(place.said.voice, []).append((f"{not surely(place)}{short_hash(place.name)}", place))
    drawn = [
        (turn, lot, place) for lots in by_voice.values() for turn, (lot, place) in enumerate(sorted(lots, key=_lot))
    ]
    chosen = sorted(drawn, key=lambda one: (one[0], one[1]))[:most]
    return sorted((place for _, _, place in chosen), key=lambda place: place.name)


def _lot(pair: tuple[str, Place]) -> str:
    return pair[0]
