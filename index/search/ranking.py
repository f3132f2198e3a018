"""Two rankings into one: by meaning and by words.

A cosine says how close two meanings are. A BM25 weight says nothing by itself; it is put as a share of the most that
the query's words could weigh together, and mixed with the coverage: the share of the query's words, by their rarity,
that a claim has at all. BM25 alone lets two rare words in a short claim beat all the words in a longer one.

Hybrid is a convex combination of meaning and words (Bruch, Gai & Ingber, TOIS 2023: it needs no more tuning than rank
fusion, and does better). A sentence is asked for its meaning: there the words' part is squared, for a few words in
common mean little, and nearly all of them mean much. A bare list of words is asked for its words: meaning only orders
what has equally many. The weights were chosen on one half of bench/search.py's queries.
"""

# pyright: standard

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.answers import Mode
from index.store.points import YES, StoredPoint

MEANING = 0.4  # the weight of the cosine in a hybrid score
MEANING_OF_LISTED = 0.15  # the same, where the query is a bare list of words
COVERAGE = 0.6  # of the words' part; the rest is BM25's share
NAMED = 0.2  # of a hybrid score, where the query names the speaker


@dataclass(frozen=True, slots=True)
class RankedClaim:
    """A candidate with its place in the answer. `parts`: its cosine (`dense`) and its share of words (`lexical`).

    `folds` name what else was folded into it (`words.fold_key`).
    """

    id: str
    payload: Mapping[str, Any]
    score: float
    parts: Mapping[str, float]
    folds: tuple[str, ...] = ()


def fuse(
    dense: Sequence[StoredPoint],
    lexical: Sequence[StoredPoint],
    most: float,
    mode: Mode,
    coverage: Mapping[str, float] | None = None,
    *,
    listed: bool = False,
) -> list[RankedClaim]:
    """Join two rankings into one, best first, equal scores in order of id.

    `most` is what a claim with all the query's words would weigh at best, 0 where the query has only common words: then
    meaning alone decides. `coverage` is by claim id, `listed` says that the query is a bare list of words; both count
    in hybrid scores only. Scores are in 0..1.
    """
    payloads = {point.id: point.payload for point in (*dense, *lexical)}
    cosines = {point.id: min(1.0, max(0.0, point.score)) for point in dense}
    shares = {point.id: min(1.0, point.score / most) for point in lexical} if most > 0 else {}
    mixed = MEANING_OF_LISTED if listed else MEANING
    meaning = {Mode.DENSE: 1.0, Mode.LEXICAL: 0.0, Mode.HYBRID: mixed if most > 0 else 1.0}[mode]
    ranked = []
    for id_, payload in payloads.items():
        share = shares.get(id_, 0.0)
        words = share
        if mode is Mode.HYBRID:
            covered = share if coverage is None else coverage.get(id_, 0.0)
            words = ((1 - COVERAGE) * share + COVERAGE * covered) ** (1 if listed else 2)
        score = meaning * cosines.get(id_, 0.0) + (1 - meaning) * words
        parts = {name: part[id_] for name, part in (("dense", cosines), ("lexical", shares)) if id_ in part}
        ranked.append(RankedClaim(id_, payload, score, parts))
    return sorted(ranked, key=_sort_key)


def raise_named(ranked: Sequence[RankedClaim], theirs: Sequence[RankedClaim]) -> list[RankedClaim]:
    """Raise what was said by those whom a query names; `theirs` are ranked by the words beside the names.

    Everything else keeps its order, below its peers: the query may be about the person, too.
    """
    best = {candidate.id: replace(candidate, score=(1 - NAMED) * candidate.score) for candidate in ranked}
    for candidate in theirs:
        before = best.get(candidate.id)
        meant = NAMED + (1 - NAMED) * candidate.score
        if before is None or meant > before.score:
            best[candidate.id] = replace(candidate, score=meant, parts={**candidate.parts, "name": 1.0})
    return sorted(best.values(), key=_sort_key)


def fold_repeats(ranked: Iterable[RankedClaim]) -> list[RankedClaim]:
    """Keep one of those that say the same, in the place of the best: what still stands, and was said first."""
    groups: dict[str, list[RankedClaim]] = {}
    for candidate in ranked:
        groups.setdefault(candidate.payload.get("fold", candidate.id), []).append(candidate)
    kept = []
    for group in groups.values():
        first = min(group, key=_order_of_repeats)
        folds = (first.payload["fold"],) if "fold" in first.payload else ()
        kept.append(replace(first, score=group[0].score, parts=group[0].parts, folds=folds))
    return sorted(kept, key=_sort_key)


def _order_of_repeats(candidate: RankedClaim) -> tuple[bool, float, str]:
    return (candidate.payload.get("retracted") == YES, _posted_at(candidate), candidate.id)


def _sort_key(candidate: RankedClaim) -> tuple[float, str]:
    return (-candidate.score, candidate.id)


def _posted_at(candidate: RankedClaim) -> float:
    return candidate.payload.get("posted_at", float("inf"))
