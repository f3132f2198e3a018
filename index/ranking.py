"""Two rankings into one: by meaning and by words.

A cosine says how close two meanings are. A BM25 weight says nothing by itself; it is put as a share of the most that
the query's words could weigh together. Hybrid is a convex combination of the two (Bruch, Gai & Ingber, TOIS 2023: it
needs no more tuning than rank fusion, and does better), the share squared: a few common words in common mean little,
nearly all of them mean much. On the dev threads' labelled queries it beats either part, and reciprocal rank fusion.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.answers import Mode
from index.vectors import YES, Found

MEANING = 0.4  # the weight of the cosine in a hybrid score
NAMED = 0.2  # of a hybrid score, where the query names the speaker


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its place in the answer. `parts`: its cosine (`dense`) and its share of words (`lexical`).

    `folds` name what else was folded into it (`words.fold_key`).
    """

    id: str
    payload: Mapping[str, Any]
    score: float
    parts: Mapping[str, float]
    folds: tuple[str, ...] = ()


def fuse(dense: Sequence[Found], lexical: Sequence[Found], most: float, mode: Mode) -> list[Ranked]:
    """Join two rankings into one, best first, equal scores in order of id.

    `most` is what a claim with all the query's words would weigh at best, 0 where the query has only common words: then
    meaning alone decides. Scores are in 0..1.
    """
    payloads = {one.id: one.payload for one in (*dense, *lexical)}
    cosines = {one.id: min(1.0, max(0.0, one.score)) for one in dense}
    shares = {one.id: min(1.0, one.score / most) for one in lexical} if most > 0 else {}
    meaning = {Mode.DENSE: 1.0, Mode.LEXICAL: 0.0, Mode.HYBRID: MEANING if most > 0 else 1.0}[mode]
    ranked = []
    for id_, payload in payloads.items():
        share = shares.get(id_, 0.0)
        words = share if mode is Mode.LEXICAL else share * share
        score = meaning * cosines.get(id_, 0.0) + (1 - meaning) * words
        parts = {name: part[id_] for name, part in (("dense", cosines), ("lexical", shares)) if id_ in part}
        ranked.append(Ranked(id_, payload, score, parts))
    return sorted(ranked, key=_place)


def raised(ranked: Sequence[Ranked], theirs: Sequence[Ranked]) -> list[Ranked]:
    """Raise what was said by those whom a query names; `theirs` are ranked by the words beside the names.

    Everything else keeps its order, below its peers: the query may be about the person, too.
    """
    best = {one.id: replace(one, score=(1 - NAMED) * one.score) for one in ranked}
    for one in theirs:
        before = best.get(one.id)
        meant = NAMED + (1 - NAMED) * one.score
        if before is None or meant > before.score:
            best[one.id] = replace(one, score=meant, parts={**one.parts, "name": 1.0})
    return sorted(best.values(), key=_place)


def folded(ranked: Iterable[Ranked]) -> list[Ranked]:
    """Keep one of those that say the same, in the place of the best: what still stands, and was said first."""
    groups: dict[str, list[Ranked]] = {}
    for one in ranked:
        groups.setdefault(one.payload.get("fold", one.id), []).append(one)
    kept = []
    for group in groups.values():
        first = min(group, key=lambda one: (one.payload.get("retracted") == YES, _said_at(one), one.id))
        folds = (first.payload["fold"],) if "fold" in first.payload else ()
        kept.append(replace(first, score=group[0].score, parts=group[0].parts, folds=folds))
    return sorted(kept, key=_place)


def _place(one: Ranked) -> tuple[float, str]:
    return (-one.score, one.id)


def _said_at(one: Ranked) -> float:
    return one.payload.get("posted_at", float("inf"))
