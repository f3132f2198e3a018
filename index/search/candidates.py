"""What may answer a query, ranked: by meaning, by words, or by both, and by whom it names."""

# pyright: standard

from collections.abc import Callable
from dataclasses import dataclass, replace

from index.answers import Mode, Query
from index.encoding.bm25 import Bm25, SparseWeights
from index.encoding.sentence_encoder import Encoder
from index.people.directory import SpeakerDirectory
from index.people.names_in_query import NamedSpeakers
from index.search.ranking import RankedClaim, fuse, raise_named
from index.store.points import EVERYTHING, Condition, StoredPoint, Vectors, Where

DEPTH = 200  # of each ranking


@dataclass(frozen=True, slots=True)
class Ranker:
    """Ranks claims. Both rankings come from the store, to a fixed depth, and are fused here."""

    vectors: Vectors
    encoder: Encoder
    bm25: Bm25
    read_directory: Callable[[], SpeakerDirectory]

    def rank(self, query: Query, where: Where, words: SparseWeights, depth: int) -> list[RankedClaim]:
        """Return what may answer a query, best first; of each ranking at most `depth`."""
        dense: list[StoredPoint] = []
        lexical: list[StoredPoint] = []
        heaviest: dict[int, float] = {}
        if query.mode is not Mode.DENSE:
            lexical = self.vectors.find_matching(words, where, depth)
            heaviest = self._weigh_heaviest(words)
        if query.mode is not Mode.LEXICAL:
            vector = self.encoder.encode_query(query.text)
            dense = self.vectors.find_nearest(vector, where, depth)
            if query.mode is Mode.HYBRID:  # every candidate is judged by both
                by_meaning, by_words = {point.id for point in dense}, {point.id for point in lexical}
                if rest := tuple(sorted(by_words - by_meaning)):
                    dense += self.vectors.find_nearest(vector, Where(where.conditions, rest), len(rest))
                if rest := tuple(sorted(by_meaning - by_words)):
                    lexical += self.vectors.find_matching(words, Where(where.conditions, rest), len(rest))
        most = sum(heaviest.values())
        if query.mode is not Mode.HYBRID:
            return fuse(dense, lexical, most, query.mode)
        texts = {point.id: point.payload.get("uses", "") for point in (*dense, *lexical)}
        coverage = {id_: self.bm25.compute_coverage(heaviest, text) for id_, text in texts.items()}
        ranked = fuse(dense, lexical, most, query.mode, coverage, listed=self.bm25.is_word_list(query.text))
        named = self.read_directory().names.find_names(query.text)
        if not named.ids or query.speakers:
            return ranked
        return raise_named(ranked, self._rank_named(query, where, named, depth))

    def _rank_named(self, query: Query, where: Where, named: NamedSpeakers, depth: int) -> list[RankedClaim]:
        """Rank what those say whom a query names, by the words beside the names."""
        theirs = where.narrow(Condition("speaker", named.ids))
        rest = replace(query, text=named.rest or query.text, speakers=named.ids)
        return self.rank(rest, theirs, self.bm25.weigh_query(rest.text), depth)

    def _weigh_heaviest(self, words: SparseWeights) -> dict[int, float]:
        """Return the most that each word of a query weighs anywhere; an unknown one counts as the rarest."""
        heaviest = {}
        for word, value in zip(words.words, words.values, strict=True):
            points = self.vectors.find_matching(SparseWeights((word,), (value,)), EVERYTHING, 1)
            heaviest[word] = points[0].score if points else 0.0
        rarest = max(heaviest.values(), default=0.0)
        return {word: weight or rarest for word, weight in heaviest.items()}
