"""Who said this? A query in anybody's words → claims, by meaning, by words, or by both.

Both rankings come from the store, to a fixed depth, and are fused here, so that every store and every page of an answer
has one order. What one speaker wrote several times is one hit with `others`; equal words of two speakers are two hits.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from corpus.model import Attribution, Claim, Heading, Utterance
from corpus.record import Record
from index import passages
from index.answers import Facet, Group, Grouping, Hit, Mode, Page, Query, Said
from index.cursors import pack, unpack
from index.encoding.bm25 import Lexicon, Weights
from index.encoding.sentence_encoder import Encoder
from index.people.names_in_query import Named
from index.people.people import People
from index.search.filters import Aliases, Filters, check, named, standing
from index.search.grouping import Gathered, gathered, without_slips
from index.search.query_language import understood
from index.search.ranking import Ranked, folded, fuse, raised
from index.search.reranker import READ, chosen, reordered
from index.store.points import EVERYTHING, UNDATED, Condition, Found, Vectors, Where, most_first, scroll_all

DEPTH = 200  # of each ranking
FACETS = ("speaker", "site", "kind")
_FACET_VALUES = 50
_MANY_PEOPLE = 10_000


@dataclass(frozen=True, slots=True)
class Search:
    """What a search needs. Holds nothing of its own."""

    record: Record
    vectors: Vectors
    encoder: Encoder
    lexicon: Lexicon
    people: Callable[[], People]
    aliases: Aliases = lambda _: ()

    def search(self, query: Query) -> Page[Hit]:
        """Answer a query. Raises `WrongUsage` for one that makes no sense."""
        began = time.perf_counter()
        query = self.understood(query)
        where = self.where(query)
        if where is None:
            page: Page[Hit] = Page(())
        elif query.text.strip():
            page = self._ranked(query, where)
        else:
            page = self._newest(query, where)
        took = (time.perf_counter() - began) * 1000
        return Page(page.items, page.next, page.total, page.facets, took)

    @staticmethod
    def understood(query: Query) -> Query:
        """Read the line of a query into its filters. Raises `WrongUsage`."""
        check(query)
        return understood(query)

    def where(self, query: Query) -> Where | None:
        """Give the filters of a query as the store takes them; None where nothing can pass them."""
        return Filters(self.vectors, self.people, self.aliases).where(query)

    # ---- ranked ----------------------------------------------------------------------------------------------------

    def _ranked(self, query: Query, where: Where) -> Page[Hit]:
        asked = named(query)
        at, depth = 0, max(DEPTH, 3 * query.limit)
        if query.cursor:
            place = unpack(query.cursor, asked)
            at, depth = int(place["at"]), int(place["depth"])
        words = self.lexicon.of_query(query.text)
        candidates = self._reranked(query, without_slips(folded(self.candidates(query, where, words, depth))))
        groups = gathered(candidates, query.group) if query.group else None
        until = at + query.limit
        following = pack(asked, at=until, depth=depth) if until < len(groups or candidates) else None
        if groups is None:
            hits = self.hits(candidates[at:until], query, where, words)
        else:
            hits = self._grouped(groups[at:until], query, where, words)
        return Page(tuple(hits), following, len(candidates), self._facets_of(candidates))

    def _reranked(self, query: Query, candidates: list[Ranked]) -> list[Ranked]:
        name = chosen(query.rerank)
        if name is None:
            return candidates
        claims = self.record.claims(one.id for one in candidates[:READ])
        there = [one for one in candidates if one.id in claims]
        texts = [claims[one.id].standalone or claims[one.id].text for one in there]
        behind = candidates[READ:]
        return [*reordered(name, query.text, there, texts), *(replace(one, score=one.score / 2) for one in behind)]

    def _grouped(self, groups: Sequence[Gathered], query: Query, where: Where, words: Weights) -> list[Hit]:
        """Give one hit a group, the others of it in its `group`."""
        assert query.group is not None
        ranked = [one for group in groups for one in (group.best, *group.more)]
        hits = {hit.claim.id: hit for hit in self.hits(ranked, query, where, words)}
        shown = []
        for group in groups:
            found = [hits[one.id] for one in (group.best, *group.more) if one.id in hits]
            if found:
                best = found[0]
                speaker, heading = best.claim.speaker, best.conversation
                id_, label = (heading.id, heading.title)
                if query.group is Grouping.PERSON:
                    id_, label = (speaker.id, speaker.name) if speaker else (None, None)
                shown.append(replace(best, group=Group(query.group, id_, label, group.count, tuple(found[1:]))))
        return shown

    def candidates(self, query: Query, where: Where, words: Weights, depth: int) -> list[Ranked]:
        """Rank what may answer a query, best first."""
        dense: list[Found] = []
        lexical: list[Found] = []
        heaviest: dict[int, float] = {}
        if query.mode is not Mode.DENSE:
            lexical = self.vectors.matching(words, where, depth)
            heaviest = self._heaviest(words)
        if query.mode is not Mode.LEXICAL:
            vector = self.encoder.encode_query(query.text)
            dense = self.vectors.nearest(vector, where, depth)
            if query.mode is Mode.HYBRID:  # every candidate is judged by both
                by_meaning, by_words = {one.id for one in dense}, {one.id for one in lexical}
                if rest := tuple(sorted(by_words - by_meaning)):
                    dense += self.vectors.nearest(vector, Where(where.conditions, rest), len(rest))
                if rest := tuple(sorted(by_meaning - by_words)):
                    lexical += self.vectors.matching(words, Where(where.conditions, rest), len(rest))
        most = sum(heaviest.values())
        if query.mode is not Mode.HYBRID:
            return fuse(dense, lexical, most, query.mode)
        texts = {one.id: one.payload.get("uses", "") for one in (*dense, *lexical)}
        coverage = {id_: self.lexicon.coverage(heaviest, text) for id_, text in texts.items()}
        ranked = fuse(dense, lexical, most, query.mode, coverage, listed=self.lexicon.is_list(query.text))
        named = self.people().called_so.within(query.text)
        if not named.ids or query.speakers:
            return ranked
        return raised(ranked, self._of_named(query, where, named, depth))

    def _of_named(self, query: Query, where: Where, named: Named, depth: int) -> list[Ranked]:
        """Rank what those say whom a query names, by the words beside the names."""
        theirs = where.and_(Condition("speaker", named.ids))
        rest = replace(query, text=named.rest or query.text, speakers=named.ids)
        return self.candidates(rest, theirs, self.lexicon.of_query(rest.text), depth)

    def _heaviest(self, words: Weights) -> dict[int, float]:
        """Give the most that each word of a query weighs anywhere; an unknown one counts as the rarest."""
        heaviest = {}
        for word, value in zip(words.words, words.values, strict=True):
            found = self.vectors.matching(Weights((word,), (value,)), EVERYTHING, 1)
            heaviest[word] = found[0].score if found else 0.0
        rarest = max(heaviest.values(), default=0.0)
        return {word: weight or rarest for word, weight in heaviest.items()}

    def similar(self, claim: Claim, limit: int) -> Page[Hit]:
        """Give the claims closest in meaning to one, whoever made them; quoted and retracted ones are left out."""
        began = time.perf_counter()
        vector = self.vectors.dense_of([claim.id]).get(claim.id)
        if vector is None:
            vector = self.encoder.encode_query(claim.standalone or claim.text)
        query = Query(text=claim.text, mode=Mode.DENSE, limit=limit, plain=True)
        where = self.where(query) or EVERYTHING
        depth = max(DEPTH, 3 * limit)
        own = self.vectors.scroll(Where(ids=(claim.id,)), 1)
        same = {one.payload.get("fold") for one in own}
        found = [one for one in self.vectors.nearest(vector, where, depth) if one.payload.get("fold") not in same]
        candidates = without_slips(folded(fuse(found, [], 0.0, Mode.DENSE)))
        hits = self.hits(candidates[:limit], query, where, Weights((), ()))
        return Page(tuple(hits), None, len(candidates), {}, (time.perf_counter() - began) * 1000)

    # ---- newest first ----------------------------------------------------------------------------------------------

    def _newest(self, query: Query, where: Where) -> Page[Hit]:
        asked = named(query)
        after = None
        if query.cursor:
            place = unpack(query.cursor, asked)
            after = (int(place["time"]), str(place["id"]))
        found = self._newest_from(where, after, query.limit + 1)
        shown = [Ranked(one.id, one.payload, 0.0, {}) for one in found[: query.limit]]
        following = None
        if len(found) > query.limit:
            last = shown[-1]
            following = pack(asked, time=last.payload["newest"], id=last.id)
        hits = self.hits(shown, query, None, Weights((), ()))
        if query.group:
            ranked = [Ranked(hit.claim.id, one.payload, 0.0, {}) for hit, one in zip(hits, shown, strict=False)]
            hits = self._grouped(gathered(ranked, query.group), query, where, Weights((), ()))
        return Page(tuple(hits), following, self.vectors.count(where), self._facets_where(where))

    def _newest_from(self, where: Where, after: tuple[int, str] | None, count: int) -> list[Found]:
        """Give the next points by time, newest first, those of one time in order of id.

        The store orders by time but not within one; so each time that may be cut in two is read by id.
        """
        found: list[Found] = []
        below = where
        if after is not None:
            moment, last = after
            found = self.vectors.scroll(where.and_(_at(moment)), count, last)
            below = where.and_(Condition("newest", below=moment))
        if len(found) < count:
            later = self.vectors.latest(below, count - len(found))
            if later:
                oldest = min(one.payload["newest"] for one in later)
                whole = sorted(
                    (one for one in later if one.payload["newest"] > oldest),
                    key=lambda one: (-one.payload["newest"], one.id),
                )
                missing = count - len(found) - len(whole)
                found += whole + self.vectors.scroll(where.and_(_at(oldest)), missing)
        return found

    # ---- hits ------------------------------------------------------------------------------------------------------

    def hits(self, ranked: Sequence[Ranked], query: Query, where: Where | None, words: Weights) -> list[Hit]:
        """Read what was found from the record. What the record has since dropped or changed is left out."""
        others = self._others(ranked, where) if where is not None else {}
        said = self._said(ranked, query) if where is not None else {}
        claims = self.record.claims(
            [one.id for one in ranked] + [other.id for more in others.values() for other in more]
        )
        utterances = self.record.utterances({claim.utterance_id for claim in claims.values()})
        headings = self.record.headings({utterance.conversation_id for utterance in utterances.values()})
        hits = []
        for one in ranked:
            claim = claims.get(one.id)
            utterance = utterances.get(claim.utterance_id) if claim else None
            if claim is None or utterance is None or not _may_show(claim, query):
                continue
            same = (other for fold in one.folds for other in others.get(fold, ()))
            again = [claims[other.id] for other in same if other.id in claims]
            heading = headings[utterance.conversation_id]
            hits.append(
                Hit(
                    claim=claim,
                    conversation=heading,
                    posted_at=utterance.posted_at,
                    karma=utterance.karma,
                    url=_link(claim, utterance, heading),
                    before=passages.before(utterance.text, claim.start),
                    after=passages.after(utterance.text, claim.end),
                    score=one.score,
                    score_parts=one.parts,
                    highlights=self.lexicon.highlights(words, claim.text),
                    others=tuple(
                        (other.utterance_id, _link(other, place, headings[place.conversation_id]))
                        for other in again
                        if other.id != one.id and (place := utterances.get(other.utterance_id)) is not None
                    ),
                    said=said.get(one.id),
                )
            )
        return hits

    def show(self, claims: Sequence[Claim]) -> dict[str, Hit]:
        """Give claims where they stand, by id, whatever they are."""
        anything = Query("", include_quotes=True, include_retracted=True, plain=True)
        ranked = [Ranked(id_, {}, 0.0, {}) for id_ in dict.fromkeys(claim.id for claim in claims)]
        return {hit.claim.id: hit for hit in self.hits(ranked, anything, None, Weights((), ()))}

    def link(self, utterance: Utterance, start: int, end: int) -> str | None:
        """Give an address that opens at words of an utterance."""
        heading = self.record.headings([utterance.conversation_id]).get(utterance.conversation_id)
        url = utterance.url or (heading.url if heading else None)
        return passages.permalink(url, utterance.text, start, end)

    def _others(self, ranked: Sequence[Ranked], where: Where) -> dict[str, list[Found]]:
        """Give all that passes the filters and says the same as one of the hits, by what is the same."""
        folds = tuple(dict.fromkeys(fold for one in ranked for fold in one.folds))
        others: dict[str, list[Found]] = {}
        for start in range(0, len(folds), DEPTH):
            same = where.and_(Condition("fold", folds[start : start + DEPTH]))
            for found in scroll_all(self.vectors, same):
                others.setdefault(found.payload["fold"], []).append(found)
        return others

    def _said(self, ranked: Sequence[Ranked], query: Query) -> dict[str, Said]:
        """Count, for each hit, who said nearly the same words anywhere: each of them once, whatever the filters.

        What is only quoted is not said again; what was taken back counts only where it was asked for.
        """
        keys = {one.id: one.payload["says"] for one in ranked if "says" in one.payload}
        where = standing(replace(query, include_quotes=False))
        asked = tuple(dict.fromkeys(keys.values()))
        times = dict(self.vectors.facet("says", where.and_(Condition("says", asked)), len(asked))) if asked else {}
        people = {
            key: len(self.vectors.facet("speaker", where.and_(Condition("says", (key,))), _MANY_PEOPLE))
            for key, count in times.items()
            if count > 1
        }
        said = {}
        for one in ranked:
            key = keys.get(one.id)
            if key is not None:
                known = 1 if one.payload.get("speaker") else 0
                said[one.id] = Said(max(1, times.get(key, 0)), max(people.get(key, 0), known))
        return said

    # ---- facets ----------------------------------------------------------------------------------------------------

    def facets(self, query: Query) -> dict[str, tuple[Facet, ...]]:
        """Count by speaker, site and kind: what a query considers or, without words, all that passes its filters."""
        query = self.understood(query)
        where = self.where(query)
        if where is None:
            return {}
        if not query.text.strip():
            return self._facets_where(where)
        words = self.lexicon.of_query(query.text)
        return self._facets_of(folded(self.candidates(query, where, words, max(DEPTH, 3 * query.limit))))

    def _facets_of(self, ranked: Iterable[Ranked]) -> dict[str, tuple[Facet, ...]]:
        counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        of_speaker: dict[str, str] = {}
        for one in ranked:
            for name in FACETS:
                if value := one.payload.get(name):
                    counts[name][value] = counts[name].get(value, 0) + 1
            of_speaker.setdefault(one.payload.get("speaker", ""), one.id)
        top = {name: most_first(counts[name].items())[:_FACET_VALUES] for name in FACETS}
        claims = self.record.claims(of_speaker[id_] for id_, _ in top["speaker"])
        labels = {claim.speaker.id: claim.speaker.name for claim in claims.values() if claim.speaker}
        return {name: _labelled(top[name], labels if name == "speaker" else {}) for name in FACETS}

    def _facets_where(self, where: Where) -> dict[str, tuple[Facet, ...]]:
        top = {name: self.vectors.facet(name, where, _FACET_VALUES) for name in FACETS}
        labels = self.people().names() if top["speaker"] else {}
        return {name: _labelled(top[name], labels if name == "speaker" else {}) for name in FACETS}


def _labelled(counts: Iterable[tuple[str, int]], labels: Mapping[str, str]) -> tuple[Facet, ...]:
    return tuple(Facet(value, labels.get(value, value), count) for value, count in counts)


def _at(moment: int) -> Condition:
    return Condition("newest", at_least=moment, below=moment + 1)


def epoch(moment: datetime | None) -> int:
    """Give whole seconds since 1970, `UNDATED` where there is no time."""
    return int(moment.timestamp() // 1) if moment else UNDATED


def _may_show(claim: Claim, query: Query) -> bool:
    quoted = claim.attribution is Attribution.QUOTED
    return (query.include_quotes or not quoted) and (query.include_retracted or not claim.retracted)


def _link(claim: Claim, utterance: Utterance, heading: Heading) -> str | None:
    return passages.permalink(utterance.url or heading.url, utterance.text, claim.start, claim.end)
