"""Who said this? A query in anybody's words → claims, by meaning, by words, or by both.

Both rankings come from the store, to a fixed depth, and are fused here, so that every store and every page of an answer
has one order. What one speaker wrote several times is one hit with `others`; equal words of two speakers are two hits.
"""

# pyright: standard

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from index.answers import Facet, Grouping, Hit, HitGroup, Mode, Page, Query
from index.cursors import pack, unpack
from index.encoding.bm25 import SparseWeights
from index.people.directory import SpeakerDirectory
from index.search.candidates import DEPTH, Ranker
from index.search.filters import FilterBuilder, ListForms, check_query, name_query
from index.search.grouping import RankedGroup, fold_typos, group_candidates
from index.search.hits import ANYTHING, NO_WORDS, HitReader
from index.search.query_language import parse_query
from index.search.ranking import RankedClaim, fold_repeats, fuse
from index.search.reranker import READ, choose_reranker, rerank
from index.store.base_index import BaseIndex
from index.store.points import EVERYTHING, Condition, StoredPoint, Where, sort_by_count

FACETS = ("speaker", "site", "kind")
_FACET_VALUES = 50


class Search:
    """Answers searches of a base: which claims, how many of what, and what is close to one of them."""

    def __init__(
        self,
        index: BaseIndex,
        hits: HitReader,
        read_directory: Callable[[], SpeakerDirectory],
        list_forms: ListForms = lambda _: (),
    ) -> None:
        self._index = index
        self._hits = hits
        self._read_directory = read_directory
        self._filters = FilterBuilder(index.vectors, read_directory, list_forms)
        self._ranker = Ranker(index.vectors, index.encoder, index.bm25, read_directory)

    def find(self, query: Query) -> Page[Hit]:
        """Return a page of claims that answer a query. Raises `WrongUsage` for one that makes no sense."""
        began = time.perf_counter()
        query = _read_line(query)
        where = self._filters.build(query)
        if where is None:
            page: Page[Hit] = Page(())
        elif query.text.strip():
            page = self._find_ranked(query, where)
        else:
            page = self._find_newest(query, where)
        return replace(page, took_ms=(time.perf_counter() - began) * 1000)

    def find_similar(self, claim_id: str, limit: int = 20) -> Page[Hit]:
        """Return the claims closest in meaning to one, whoever made them; quoted and retracted ones are left out.

        Raises `NotFound`.
        """
        began = time.perf_counter()
        claim = self._index.record.get_claim(claim_id)
        vectors = self._index.vectors
        vector = vectors.get_dense([claim.id]).get(claim.id)
        if vector is None:
            vector = self._index.encoder.encode_query(claim.standalone or claim.text)
        query = Query(text=claim.text, mode=Mode.DENSE, limit=limit, plain=True)
        where = self._filters.build(query) or EVERYTHING
        depth = max(DEPTH, 3 * limit)
        same = {point.payload.get("fold") for point in vectors.scroll(Where(ids=(claim.id,)), 1)}
        nearest = [
            point for point in vectors.find_nearest(vector, where, depth) if point.payload.get("fold") not in same
        ]
        candidates = fold_typos(fold_repeats(fuse(nearest, [], 0.0, Mode.DENSE)))
        hits = self._hits.read(candidates[:limit], query, where)
        return Page(tuple(hits), None, len(candidates), {}, (time.perf_counter() - began) * 1000)

    def get_hit(self, claim_id: str) -> Hit:
        """Return one claim where it stands, quoted or retracted or not. Raises `NotFound`."""
        claim = self._index.record.get_claim(claim_id)
        return self._hits.read([RankedClaim(claim.id, {}, 0.0, {})], ANYTHING, None)[0]

    def count_facets(self, query: Query) -> dict[str, tuple[Facet, ...]]:
        """Count by speaker, site and kind: what a query considers or, without words, all that passes its filters."""
        query = _read_line(query)
        where = self._filters.build(query)
        if where is None:
            return {}
        if not query.text.strip():
            return self._count_stored(where)
        words = self._index.bm25.weigh_query(query.text)
        return self._count_ranked(fold_repeats(self._ranker.rank(query, where, words, max(DEPTH, 3 * query.limit))))

    # ---- ranked ----------------------------------------------------------------------------------------------------

    def _find_ranked(self, query: Query, where: Where) -> Page[Hit]:
        name = name_query(query)
        start, depth = 0, max(DEPTH, 3 * query.limit)
        if query.cursor:
            cursor = unpack(query.cursor, name)
            start, depth = int(cursor["at"]), int(cursor["depth"])
        words = self._index.bm25.weigh_query(query.text)
        candidates = fold_typos(fold_repeats(self._ranker.rank(query, where, words, depth)))
        candidates = self._rerank(query, candidates)
        groups = group_candidates(candidates, query.group) if query.group else None
        end = start + query.limit
        following = pack(name, at=end, depth=depth) if end < len(groups or candidates) else None
        if groups is None:
            hits = self._hits.read(candidates[start:end], query, where, words)
        else:
            hits = self._read_groups(groups[start:end], query, where, words)
        return Page(tuple(hits), following, len(candidates), self._count_ranked(candidates))

    def _rerank(self, query: Query, candidates: list[RankedClaim]) -> list[RankedClaim]:
        name = choose_reranker(query.rerank)
        if name is None:
            return candidates
        claims = self._index.record.get_claims(candidate.id for candidate in candidates[:READ])
        kept = [candidate for candidate in candidates if candidate.id in claims]
        texts = [claims[candidate.id].standalone or claims[candidate.id].text for candidate in kept]
        behind = [replace(candidate, score=candidate.score / 2) for candidate in candidates[READ:]]
        return [*rerank(name, query.text, kept, texts), *behind]

    def _read_groups(
        self, groups: Sequence[RankedGroup], query: Query, where: Where, words: SparseWeights
    ) -> list[Hit]:
        """Return one hit a group, the others of it in its `group`."""
        assert query.group is not None
        ranked = [candidate for group in groups for candidate in (group.best, *group.more)]
        hits = {hit.claim.id: hit for hit in self._hits.read(ranked, query, where, words)}
        shown = []
        for group in groups:
            members = [hits[candidate.id] for candidate in (group.best, *group.more) if candidate.id in hits]
            if members:
                best = members[0]
                speaker, heading = best.claim.speaker, best.conversation
                id_, label = (heading.id, heading.title)
                if query.group is Grouping.PERSON:
                    id_, label = (speaker.id, speaker.name) if speaker else (None, None)
                shown.append(replace(best, group=HitGroup(query.group, id_, label, group.count, tuple(members[1:]))))
        return shown

    # ---- newest first ----------------------------------------------------------------------------------------------

    def _find_newest(self, query: Query, where: Where) -> Page[Hit]:
        name = name_query(query)
        after = None
        if query.cursor:
            cursor = unpack(query.cursor, name)
            after = (int(cursor["time"]), str(cursor["id"]))
        points = self._list_newest(where, after, query.limit + 1)
        shown = [RankedClaim(point.id, point.payload, 0.0, {}) for point in points[: query.limit]]
        following = None
        if len(points) > query.limit:
            last = shown[-1]
            following = pack(name, time=last.payload["newest"], id=last.id)
        hits = self._hits.read(shown, query, None)
        if query.group:
            ranked = [
                RankedClaim(hit.claim.id, candidate.payload, 0.0, {})
                for hit, candidate in zip(hits, shown, strict=False)
            ]
            hits = self._read_groups(group_candidates(ranked, query.group), query, where, NO_WORDS)
        return Page(tuple(hits), following, self._index.vectors.count(where), self._count_stored(where))

    def _list_newest(self, where: Where, after: tuple[int, str] | None, count: int) -> list[StoredPoint]:
        """Return the next points by time, newest first, those of one time in order of id.

        The store orders by time but not within one; so each time that may be cut in two is read by id.
        """
        vectors = self._index.vectors
        points: list[StoredPoint] = []
        below = where
        if after is not None:
            moment, last = after
            points = vectors.scroll(where.narrow(_posted_in(moment)), count, last)
            below = where.narrow(Condition("newest", below=moment))
        if len(points) < count:
            later = vectors.list_latest(below, count - len(points))
            if later:
                oldest = min(point.payload["newest"] for point in later)
                whole = sorted(
                    (point for point in later if point.payload["newest"] > oldest),
                    key=lambda point: (-point.payload["newest"], point.id),
                )
                missing = count - len(points) - len(whole)
                points += whole + vectors.scroll(where.narrow(_posted_in(oldest)), missing)
        return points

    # ---- facets ----------------------------------------------------------------------------------------------------

    def _count_ranked(self, ranked: Iterable[RankedClaim]) -> dict[str, tuple[Facet, ...]]:
        counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        of_speaker: dict[str, str] = {}
        for candidate in ranked:
            for name in FACETS:
                if value := candidate.payload.get(name):
                    counts[name][value] = counts[name].get(value, 0) + 1
            of_speaker.setdefault(candidate.payload.get("speaker", ""), candidate.id)
        top = {name: sort_by_count(counts[name].items())[:_FACET_VALUES] for name in FACETS}
        claims = self._index.record.get_claims(of_speaker[id_] for id_, _ in top["speaker"])
        labels = {claim.speaker.id: claim.speaker.name for claim in claims.values() if claim.speaker}
        return _make_facets(top, labels)

    def _count_stored(self, where: Where) -> dict[str, tuple[Facet, ...]]:
        top = {name: self._index.vectors.count_values(name, where, _FACET_VALUES) for name in FACETS}
        return _make_facets(top, self._read_directory().map_names() if top["speaker"] else {})


def _read_line(query: Query) -> Query:
    """Read the line of a query into its filters. Raises `WrongUsage`."""
    check_query(query)
    return parse_query(query)


def _make_facets(
    counts: Mapping[str, Iterable[tuple[str, int]]], names: Mapping[str, str]
) -> dict[str, tuple[Facet, ...]]:
    """Label the values of each field: speakers by their `names`, the others by themselves."""
    return {
        field: tuple(
            Facet(value, names.get(value, value) if field == "speaker" else value, count) for value, count in values
        )
        for field, values in counts.items()
    }


def _posted_in(second: int) -> Condition:
    return Condition("newest", at_least=second, below=second + 1)
