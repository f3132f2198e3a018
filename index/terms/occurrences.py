"""Where the terms stand in people's own words, and which of those places are looked at when there are many."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.terms.record_view import OwnClaim
from index.terms.vocabulary import VocabularyTerm, make_matcher
from index.text_keys import compute_short_hash

MOST = 200  # places of one term whose senses are compared


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A term at `[start, end)` of the text of a claim."""

    claim: OwnClaim
    start: int
    end: int

    @property
    def location(self) -> str:
        """Name the place by where it is: the same whatever was read before it."""
        return f"{self.claim.utterance_id}\x1f{self.claim.start + self.start}"

    @property
    def key(self) -> str:
        """Name the use by its words alone, for what is kept of it."""
        return compute_short_hash(f"{self.claim.text}\x1f{self.start}\x1f{self.end}")


def find_occurrences(claims: Iterable[OwnClaim], terms: Sequence[VocabularyTerm]) -> dict[str, list[Occurrence]]:
    """Find every place of every term, by its name. In nested terms only the longest counts."""
    occurrences: dict[str, list[Occurrence]] = {term.name: [] for term in terms}
    finder = make_matcher(terms)
    for claim in claims:
        for start, end, name in finder.find(claim.text):
            occurrences[name].append(Occurrence(claim, start, end))
    return occurrences


def sample_occurrences(
    occurrences: Sequence[Occurrence],
    most: int = MOST,
    is_wanted: Callable[[Occurrence], bool] = lambda occurrence: False,
) -> list[Occurrence]:
    """Choose places evenly among the voices, by lot that depends on the places alone; in order of their names.

    Of each voice those come first for which `is_wanted` is true.
    """
    if len(occurrences) <= most:
        return sorted(occurrences, key=lambda occurrence: occurrence.location)
    by_voice: dict[str, list[tuple[str, Occurrence]]] = {}
    for occurrence in occurrences:
        by_voice.setdefault(occurrence.claim.voice, []).append(
            (f"{not is_wanted(occurrence)}{compute_short_hash(occurrence.location)}", occurrence)
        )
    drawn = [
        (turn, lot, occurrence)
        for lots in by_voice.values()
        for turn, (lot, occurrence) in enumerate(sorted(lots, key=_lot))
    ]
    chosen = sorted(drawn, key=lambda entry: (entry[0], entry[1]))[:most]
    return sorted((occurrence for _, _, occurrence in chosen), key=lambda occurrence: occurrence.location)


def _lot(pair: tuple[str, Occurrence]) -> str:
    return pair[0]
