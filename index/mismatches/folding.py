"""One finding a dispute, and their order: what a reader would sign stands first.

Two exchanges of a conversation are one dispute where their terms are related and the same two people speak, or where
they share a message; or where they are shown by the same words (of one side, where one of them names no term). The best
is shown, the others go with it (`also`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.logistic import compute_log_odds
from index.findings.findings import Mismatch, MismatchCertainty, MismatchSides, Side
from index.mismatches.related_terms import is_related

_SHORT_ANSWER = 120  # characters of a passage; who answers in fewer, and without a gloss, settles it in a line
_TURNS = 3  # exchanges of one dispute, from which it is of many turns
_ODDS = 0.5  # what the log-odds of the score weigh beside the signs


@dataclass(frozen=True, slots=True)
class FoundMismatch:
    """A mismatch with what folding asks of it: `pair`, the two utterances of its exchange."""

    mismatch: Mismatch
    pair: frozenset[str]

    @property
    def utterance_ids(self) -> frozenset[str]:
        """Return the utterances of its exchange and those shown."""
        return self.pair | {self.mismatch.a.utterance_id, self.mismatch.b.utterance_id}

    @property
    def voices(self) -> frozenset[str]:
        """Return who speaks; the unattributed are each somebody else."""
        return frozenset(side.speaker.id if side.speaker else f"?{side.utterance_id}" for side in _sides(self.mismatch))


def fold_mismatches(mismatches_found: Sequence[FoundMismatch]) -> list[Mismatch]:
    """Return one mismatch for each dispute among those of one conversation, in order (`rank_mismatch`)."""
    groups: list[list[FoundMismatch]] = []
    for candidate in sorted(mismatches_found, key=_order_mismatches):
        joined = [group for group in groups if any(_are_one_dispute(candidate, other) for other in group)]
        merged = [member for group in joined for member in group] + [candidate]
        groups = [group for group in groups if group not in joined] + [merged]
    folded: list[Mismatch] = []
    for group in groups:
        ordered = sorted(group, key=_order_mismatches)
        also = tuple(MismatchSides(candidate.mismatch.a, candidate.mismatch.b) for candidate in ordered[1:])
        folded.append(replace(ordered[0].mismatch, also=also))
    return sorted(folded, key=lambda mismatch: (rank_mismatch(mismatch), mismatch.id))


def rank_mismatch(mismatch: Mismatch) -> tuple[bool, float]:
    """Return what mismatches are ordered by, the best the least: possible ones first, then by signs and score."""
    senses_told = sum(side.sense is not None for side in _sides(mismatch))
    signs = 1.0 * senses_told + 1.0 * mismatch.admitted + 0.7 * (len(mismatch.also) + 1 >= _TURNS)
    signs -= 1.0 * (not mismatch.terms)
    signs -= 1.0 * (senses_told == 0 and len(mismatch.b.text) < _SHORT_ANSWER)
    odds = compute_log_odds(min(max(mismatch.score, 0.01), 0.99))
    return mismatch.certainty is not MismatchCertainty.POSSIBLE, -(signs + _ODDS * odds)


def _order_mismatches(candidate: FoundMismatch) -> tuple[tuple[bool, float], str]:
    return rank_mismatch(candidate.mismatch), candidate.mismatch.id


def _are_one_dispute(candidate: FoundMismatch, other: FoundMismatch) -> bool:
    shown_twice = sum(_show_same(side, its) for side in _sides(candidate.mismatch) for its in _sides(other.mismatch))
    if shown_twice == 2 or (shown_twice and not (candidate.mismatch.terms and other.mismatch.terms)):
        return True
    if not is_related(candidate.mismatch.term, other.mismatch.term):
        return False
    return candidate.voices == other.voices or bool(candidate.utterance_ids & other.utterance_ids)


def _show_same(side: Side, other: Side) -> bool:
    return side.utterance_id == other.utterance_id and side.start < other.end and other.start < side.end


def _sides(mismatch: Mismatch) -> Iterator[Side]:
    yield mismatch.a
    yield mismatch.b
