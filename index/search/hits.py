"""Claims where they stand: what was ranked is read from the record, with the words around it and its other places."""

# pyright: standard

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.model import Attribution, Claim, Heading, Utterance
from corpus.record import Record
from index import passages
from index.answers import Hit, Query, Repetition
from index.encoding.bm25 import Bm25, SparseWeights
from index.search.filters import build_visibility
from index.search.ranking import RankedClaim
from index.store.points import Condition, StoredPoint, Vectors, Where, scroll_all

NO_WORDS = SparseWeights((), ())
ANYTHING = Query("", include_quotes=True, include_retracted=True, include_hidden=True, plain=True)
_FOLDS_AT_ONCE = 200
_MANY_PEOPLE = 10_000


@dataclass(frozen=True, slots=True)
class HitReader:
    """Reads hits. What the record has since dropped or changed so that a query must not see it is left out."""

    record: Record
    vectors: Vectors
    bm25: Bm25

    def read(
        self, ranked: Sequence[RankedClaim], query: Query, where: Where | None, words: SparseWeights = NO_WORDS
    ) -> list[Hit]:
        """Return the hits of ranked claims, in their order. `words` are highlighted.

        `where` are the filters of the query, within which other places of the same words are looked for; without them
        nothing is, and nobody is counted who said the same.
        """
        others = self._find_others(ranked, where) if where is not None else {}
        said = self._count_said(ranked, query) if where is not None else {}
        claims = self.record.get_claims(
            [candidate.id for candidate in ranked] + [other.id for points in others.values() for other in points]
        )
        utterances = self.record.get_utterances({claim.utterance_id for claim in claims.values()})
        headings = self.record.get_headings({utterance.conversation_id for utterance in utterances.values()})
        sentences = self.record.get_sentences(
            {claims[candidate.id].utterance_id for candidate in ranked if candidate.id in claims}
        )
        hits = []
        for candidate in ranked:
            claim = claims.get(candidate.id)
            utterance = utterances.get(claim.utterance_id) if claim else None
            if claim is None or utterance is None or not _may_show(claim, query):
                continue
            same = (other for fold in candidate.folds for other in others.get(fold, ()))
            again = [claims[other.id] for other in same if other.id in claims]
            heading = headings[utterance.conversation_id]
            hits.append(
                Hit(
                    claim=claim,
                    conversation=heading,
                    posted_at=utterance.posted_at,
                    karma=utterance.karma,
                    url=_link(claim, utterance, heading),
                    before=passages.extract_before(utterance.text, claim.start, sentences.get(utterance.id, ())),
                    after=passages.extract_after(utterance.text, claim.end, sentences.get(utterance.id, ())),
                    score=candidate.score,
                    score_parts=candidate.parts,
                    highlights=self.bm25.find_highlights(words, claim.text),
                    others=tuple(
                        (other.utterance_id, _link(other, source, headings[source.conversation_id]))
                        for other in again
                        if other.id != candidate.id and (source := utterances.get(other.utterance_id)) is not None
                    ),
                    said=said.get(candidate.id),
                )
            )
        return hits

    def read_all(self, claim_ids: Sequence[str], query: Query = ANYTHING) -> dict[str, Hit]:
        """Return claims where they stand, by id: by default whatever they are, else those that `query` may see."""
        ranked = [RankedClaim(id_, {}, 0.0, {}) for id_ in dict.fromkeys(claim_ids)]
        return {hit.claim.id: hit for hit in self.read(ranked, query, None)}

    def make_link(self, utterance: Utterance, start: int, end: int) -> str | None:
        """Return an address that opens at the words `[start, end)` of an utterance, if it has one."""
        heading = self.record.get_headings([utterance.conversation_id]).get(utterance.conversation_id)
        url = utterance.url or (heading.url if heading else None)
        return passages.make_permalink(url, utterance.text, start, end)

    def _find_others(self, ranked: Sequence[RankedClaim], where: Where) -> dict[str, list[StoredPoint]]:
        """Return all that passes the filters and says the same as one of the claims, by what is the same."""
        folds = tuple(dict.fromkeys(fold for candidate in ranked for fold in candidate.folds))
        others: dict[str, list[StoredPoint]] = {}
        for start in range(0, len(folds), _FOLDS_AT_ONCE):
            same = where.narrow(Condition("fold", folds[start : start + _FOLDS_AT_ONCE]))
            for point in scroll_all(self.vectors, same):
                others.setdefault(point.payload["fold"], []).append(point)
        return others

    def _count_said(self, ranked: Sequence[RankedClaim], query: Query) -> dict[str, Repetition]:
        """Count, for each claim, who said nearly the same words anywhere: each of them once, whatever the filters.

        What is only quoted is not said again; what was taken back counts only where it was asked for.
        """
        keys = {candidate.id: candidate.payload["says"] for candidate in ranked if "says" in candidate.payload}
        where = build_visibility(replace(query, include_quotes=False))
        asked = tuple(dict.fromkeys(keys.values()))
        times = self._count_times(where, asked)
        people = {
            key: len(self.vectors.count_values("speaker", where.narrow(Condition("says", (key,))), _MANY_PEOPLE))
            for key, count in times.items()
            if count > 1
        }
        said = {}
        for candidate in ranked:
            key = keys.get(candidate.id)
            if key is not None:
                known = 1 if candidate.payload.get("speaker") else 0
                said[candidate.id] = Repetition(max(1, times.get(key, 0)), max(people.get(key, 0), known))
        return said

    def _count_times(self, where: Where, keys: tuple[str, ...]) -> Mapping[str, int]:
        if not keys:
            return {}
        return dict(self.vectors.count_values("says", where.narrow(Condition("says", keys)), len(keys)))


def _may_show(claim: Claim, query: Query) -> bool:
    quoted = claim.attribution is Attribution.QUOTED
    return (
        (query.include_quotes or not quoted)
        and (query.include_retracted or not claim.retracted)
        and (query.include_hidden or claim.shown)
    )


def _link(claim: Claim, utterance: Utterance, heading: Heading) -> str | None:
    return passages.make_permalink(utterance.url or heading.url, utterance.text, claim.start, claim.end)
