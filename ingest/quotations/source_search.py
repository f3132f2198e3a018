"""Find who said it first: the utterance in which given words are its author's own.

A reply that quotes a passage holds its words too, so holding the words is not enough: they must stand outside its
quotations, before the quoting utterance or above it in the tree (`precedence`).
"""

# pyright: standard

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corpus.model import BLOCKS, Conversation, Passage, PassageKind, Quotation, Speaker, Utterance
from ingest.quotations.alignment import GRAM, Alignment, GramIndex, WordSequence, align, split_words
from ingest.quotations.fingerprints import SourceLookup
from ingest.quotations.precedence import Precedence
from ingest.sentences import SentenceIndex

_ANCESTORS = 64  # how far up a chain of replies is looked
_CANDIDATES = 12
_QUOTING = 2  # of those who only quote the words, so many are looked at
_NEARLY = 0.04  # similarities that are as good as equal
_SHORT = 6  # so few words are rather taken from the nearest ancestor than from the earliest
_LONG, _LONG_WORDS = 6, 20  # a repeated paragraph of 20 words or more shares a run of 6 with its source,
_SHORT_RUN = 4  # and a shorter one a run of 4
_ELSEWHERE_WORDS = 8
_ELSEWHERE_SIMILARITY = 0.85


# A passage is shown with the marks that open and close it.
_OPENING = re.compile(r"[(\[\"'“‘*$]*$")
_CLOSING = re.compile(r"[)\]\"'”’*$.!?…]*")


@dataclass(frozen=True, slots=True)
class Demand:
    """How alike a source must be for quotations of at least `words` words; `near` of them if an ancestor holds it."""

    words: int
    similarity: float
    near: float
    longest: int


# Few words agree by chance, many do not: the shorter the quotation, the nearer and the more exact its source.
DEMANDS: tuple[Demand, ...] = (
    Demand(20, 0.80, 0.76, 7),
    Demand(8, 0.85, 0.80, 5),
    Demand(5, 0.95, 0.85, 3),
    Demand(4, 1.0, 0.95, 4),
    Demand(3, 2.0, 1.0, 3),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the words come from: `utterance.text[start:end]`, and how alike they are (0..1)."""

    utterance: Utterance
    start: int
    end: int
    similarity: float
    alignment: Alignment
    own: float = 1.0


def list_quote_regions(utterance: Utterance) -> list[Passage]:
    """List the marked quotations of an utterance, outer before inner."""
    return [passage for passage in utterance.passages if passage.kind is PassageKind.QUOTE]


def list_blocks(utterance: Utterance) -> list[Passage]:
    """List the blocks of an utterance; a text without passages is cut at its blank lines."""
    blocks = [passage for passage in utterance.passages if passage.kind in BLOCKS and not passage.inline]
    if blocks:
        return blocks
    pieces = split_paragraphs(utterance.text, 0, len(utterance.text))
    return [Passage(PassageKind.PARAGRAPH, start, end) for start, end in pieces]


def split_paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut `text[start:end]` at blank lines; without the white space at either end of a piece."""
    pieces: list[tuple[int, int]] = []
    offset = start
    while offset < end:
        stop = text.find("\n\n", offset, end)
        stop = end if stop < 0 else stop
        piece = text[offset:stop]
        trimmed = piece.strip()
        if trimmed:
            first = offset + len(piece) - len(piece.lstrip())
            pieces.append((first, first + len(trimmed)))
        offset = stop + 2
    return pieces


def flag_own_words(utterance: Utterance, words: WordSequence) -> np.ndarray:
    """Tell for each word whether it stands outside the marked quotations; bool, (words,)."""
    own = np.ones(len(words), bool)
    for region in list_quote_regions(utterance):
        first, last = words.find_range(region.start, region.end)
        own[first:last] = False
    return own


class SourceFinder:
    """A conversation made ready for looking up words: the words of each utterance, whose they are, and an index."""

    def __init__(
        self, conversation: Conversation, sentences: SentenceIndex, elsewhere: SourceLookup | None = None
    ) -> None:
        self.conversation = conversation
        self.sentences = sentences
        self.utterances: Sequence[Utterance] = conversation.utterances
        self.elsewhere = elsewhere
        self.words = [split_words(utterance.text) for utterance in self.utterances]
        own = [flag_own_words(utterance, words) for utterance, words in zip(self.utterances, self.words, strict=True)]
        self._owned = np.concatenate(own) if own else np.empty(0, bool)
        # Each utterance's part is a view of the whole, so that both tell the same.
        self.own = np.split(self._owned, np.cumsum([len(flags) for flags in own])[:-1]) if own else []
        self._numbers = {utterance.id: number for number, utterance in enumerate(self.utterances)}
        self._ancestors: dict[int, tuple[int, ...]] = {}
        self._precedence = Precedence(self.utterances)

    @cached_property
    def index(self) -> GramIndex:
        """Where each run of three words stands."""
        return GramIndex([words.codes for words in self.words])

    def find_ancestors(self, number: int) -> tuple[int, ...]:
        """Number the utterances above, the parent first; at most 64, and the first utterance of the conversation."""
        if number not in self._ancestors:
            parents, root = self._precedence.parents, self._precedence.root
            above: list[int] = []
            parent = parents[number]
            while parent is not None and len(above) < _ANCESTORS:
                above.append(parent)
                parent = parents[parent]
            if number != root and root not in above:
                above.append(root)
            self._ancestors[number] = tuple(above)
        return self._ancestors[number]

    def is_possible_source(self, number: int, other: int, *, marked: bool, own: bool) -> bool:
        """Tell whether utterance `number` may have words of `other`, which are its `own` or only quoted there.

        Where neither replies nor clocks tell, the one with a mark quotes (`marked`: this one); without any mark the
        order of the source decides.
        """
        before = self._precedence.is_later(number, other)
        if before is None:
            return marked or (own and self._precedence.ranks[other] < self._precedence.ranks[number])
        return before

    def sort_by_time(self) -> tuple[int, ...]:
        """Number the utterances in the order in which they were written, as far as that is known."""
        return self._precedence.order

    def disown(self, number: int, start: int, end: int) -> None:
        """Note that the characters [start, end) of an utterance turned out to be somebody else's words."""
        first, last = self.words[number].find_range(start, end)
        self.own[number][first:last] = False

    def find_origin(self, quote: WordSequence, number: int, named: Speaker | None = None) -> Origin | None:
        """Find the source of words that utterance `number` quotes; None where no source is certain enough."""
        if len(quote) < GRAM:
            return self._origin_of_few(quote, number)
        candidates = self.find_candidates(quote, number)
        owned = [candidate for candidate in candidates if candidate[1].own >= 0.5]
        if owned:
            return self._first(owned, number, len(quote), named)
        if candidates or self.elsewhere is None:
            return None
        return self.find_elsewhere(quote, number, named)

    def align_within(self, quote: WordSequence, source_id: str) -> Origin | None:
        """Lay words along one utterance of this conversation, however little alike they are."""
        number = self._numbers.get(source_id)
        if number is None:
            return None
        words = self.words[number]
        numbers, places = GramIndex([words.codes]).find_seeds(quote.codes)
        return verify_origin(quote, self.utterances[number], words, self.own[number], numbers, places)

    def is_recurring(self, number: int, first: int, last: int) -> bool:
        """Tell whether a long run of the words [first, last) stands elsewhere in the conversation too."""
        repeated = self._repeated_long if last - first >= _LONG_WORDS else self._repeated_short
        size = _LONG if last - first >= _LONG_WORDS else _SHORT_RUN
        start = int(self.index.bounds[number])
        return bool(repeated[start + first : start + max(first, last - size + 1)].any())

    @cached_property
    def _long(self) -> GramIndex:
        return GramIndex([words.codes for words in self.words], _LONG)

    @cached_property
    def _short(self) -> GramIndex:
        return GramIndex([words.codes for words in self.words], _SHORT_RUN)

    @cached_property
    def _repeated_long(self) -> np.ndarray:
        return self._long.flag_repeated()

    @cached_property
    def _repeated_short(self) -> np.ndarray:
        return self._short.flag_repeated()

    def is_above(self, number: int, origin: Origin) -> bool:
        """Tell whether a source is the utterance itself or stands above it."""
        source = self._numbers.get(origin.utterance.id)
        return source is not None and (source == number or source in self.find_ancestors(number))

    def find_holders(self, words: WordSequence, number: int, upto: int) -> list[Origin]:
        """List who holds words that stand in utterance `number`, alike or not.

        An utterance of no known author may be several people's: its own words before word `upto` count too.
        """
        index = self._long if len(words) >= _LONG_WORDS else self._short
        index = self.index if words.breaks else index  # what an ellipsis leaves may be a few words
        return [origin for _, origin in self.find_candidates(words, number, index, demanding=False, upto=upto)]

    def choose_earliest(self, origins: Sequence[Origin], number: int, words: int) -> Origin:
        """Choose the source: one whose own words they are, above rather than aside, then the earliest."""
        owned = [origin for origin in origins if origin.own >= 0.5] or origins
        return self._first([(self._numbers[origin.utterance.id], origin) for origin in owned], number, words, None)

    def find_source(self, quotation: Quotation) -> Utterance | None:
        """Return the source of a quotation, if it is in this conversation."""
        number = self._numbers.get(quotation.source_utterance_id or "")
        return None if number is None else self.utterances[number]

    def find_adjacent(self, quotation: Quotation, words: WordSequence, *, after: bool) -> tuple[int, int] | None:
        """Say where words follow (or precede) the source of a quotation without anything between; None if not."""
        number = self._numbers.get(quotation.source_utterance_id or "")
        if number is None or quotation.source_start is None or quotation.source_end is None:
            return None
        source = self.words[number]
        first, last = source.find_range(quotation.source_start, quotation.source_end)
        first, last = (last, last + len(words)) if after else (first - len(words), first)
        if first < 0 or last > len(source) or not self.own[number][first:last].all():
            return None
        if not np.array_equal(source.codes[first:last], words.codes):
            return None
        return int(source.starts[first]), int(source.ends[last - 1])

    def find_candidates(
        self,
        quote: WordSequence,
        number: int,
        index: GramIndex | None = None,
        *,
        demanding: bool = True,
        upto: int | None = None,
    ) -> list[tuple[int, Origin]]:
        """List the utterances that hold the words and could be their source, with their number."""
        index = index or self.index
        numbers, positions = index.find_seeds(quote.codes)
        owners = index.find_owners(positions)
        if upto is not None:
            earlier = (owners != number) | (positions + index.size <= int(self.index.bounds[number]) + upto)
            numbers, positions, owners = numbers[earlier], positions[earlier], owners[earlier]
        above = frozenset(self.find_ancestors(number))
        itself = upto is not None and self.utterances[number].speaker is None
        candidates: list[tuple[int, Origin]] = []
        for owner in self._likeliest(numbers, positions, owners, number, above, itself=itself, marked=upto is None):
            in_owner = owners == owner
            places = positions[in_owner] - int(index.bounds[owner])
            holder = self.utterances[owner]
            origin = verify_origin(
                quote, holder, self.words[owner], self.own[owner], numbers[in_owner], places, index.size
            )
            if origin is not None and not demanding:
                candidates.append((owner, origin))
            elif origin is not None and is_similar_enough(origin, len(quote), near=owner in above):
                candidates.append((owner, origin))
        return candidates

    def _likeliest(
        self,
        numbers: np.ndarray,
        positions: np.ndarray,
        owners: np.ndarray,
        number: int,
        above: frozenset[int],
        *,
        itself: bool,
        marked: bool,
    ) -> list[int]:
        """Choose whom to look at: those who share most, whose own words they are; a few who only quote them."""
        order = np.lexsort((numbers, owners))
        sorted_owners, numbers, owned = owners[order], numbers[order], self._owned[positions[order]]
        # A word of the quotation that stands several times in one utterance counts once.
        once = (
            np.r_[True, (np.diff(sorted_owners) != 0) | (np.diff(numbers) != 0)]
            if len(sorted_owners)
            else np.empty(0, bool)
        )
        holders, index = np.unique(sorted_owners, return_inverse=True)
        shared = np.bincount(index, weights=once, minlength=len(holders))
        share = np.bincount(index, weights=owned, minlength=len(holders)) / np.maximum(np.bincount(index), 1)
        hits = [
            (count, owner, own >= 0.3)
            for count, owner, own in zip(shared.tolist(), holders.tolist(), share.tolist(), strict=True)
            if (owner == number and itself)
            or (
                owner != number
                and (owner in above or self.is_possible_source(number, owner, marked=marked, own=own >= 0.3))
            )
        ]
        hits.sort(key=lambda hit: (-hit[0], hit[1] not in above, hit[1]))
        least = max((count for count, _, _ in hits), default=0) / 4
        own = [owner for count, owner, is_own in hits if is_own and count >= least]
        chosen = [owner for index, owner in enumerate(own) if index < _CANDIDATES or owner in above]
        quoting = [owner for count, owner, is_own in hits if not is_own and count >= least]
        return chosen[: 2 * _CANDIDATES] + quoting[:_QUOTING]

    def _first(
        self, candidates: Sequence[tuple[int, Origin]], number: int, words: int, named: Speaker | None
    ) -> Origin:
        best = max(origin.similarity for _, origin in candidates)
        alike = [(owner, origin) for owner, origin in candidates if origin.similarity >= best - _NEARLY]
        above = {owner: distance for distance, owner in enumerate(self.find_ancestors(number))}

        def rank_origin(candidate: tuple[int, Origin]) -> tuple:
            owner, origin = candidate
            speaker = origin.utterance.speaker
            misnamed = named is not None and (speaker is None or speaker.id != named.id)
            if words <= _SHORT and owner in above:
                return (misnamed, False, above[owner])
            return (misnamed, owner not in above, self._precedence.ranks[owner])

        return min(alike, key=rank_origin)[1]

    def _origin_of_few(self, quote: WordSequence, number: int) -> Origin | None:
        """Two words are taken for a quotation of the parent, where they stand there; one word never."""
        if len(quote) != 2 or not self.find_ancestors(number):
            return None
        parent = self.find_ancestors(number)[0]
        codes = self.words[parent].codes
        places = np.flatnonzero((codes[:-1] == quote.codes[0]) & (codes[1:] == quote.codes[1]))
        places = [word_number for word_number in places.tolist() if self.own[parent][word_number]]
        if not places:
            return None
        alignment = Alignment(0, 2, places[0], places[0] + 2, 2, 2, 1.0, ((0, places[0], 2),))
        words = self.words[parent]
        start, end = int(words.starts[places[0]]), int(words.ends[places[0] + 1])
        return Origin(self.utterances[parent], start, end, 1.0, alignment)

    def find_elsewhere(self, quote: WordSequence, number: int, named: Speaker | None = None) -> Origin | None:
        """Find the source in other conversations; the earliest that holds the words as its author's own."""
        quoting = self.utterances[number]
        if self.elsewhere is None or len(quote) < _ELSEWHERE_WORDS:
            return None
        text = quote.text[int(quote.starts[0]) : int(quote.ends[-1])]
        origins: list[Origin] = []
        for utterance in self.elsewhere.find(text):
            if utterance.conversation_id == quoting.conversation_id or _is_later(utterance, quoting):
                continue
            words = split_words(utterance.text)
            numbers, places = GramIndex([words.codes]).find_seeds(quote.codes)
            origin = verify_origin(quote, utterance, words, flag_own_words(utterance, words), numbers, places)
            if origin is not None and origin.similarity >= _ELSEWHERE_SIMILARITY and origin.own >= 0.5:
                origins.append(origin)
        if not origins:
            return None
        best = max(origin.similarity for origin in origins)
        alike = [origin for origin in origins if origin.similarity >= best - _NEARLY]
        return min(alike, key=lambda origin: _rank_elsewhere(origin, named))


def _is_later(utterance: Utterance, than: Utterance) -> bool:
    """Tell whether an utterance of another conversation was not there yet: by what it answers, then by the clocks."""
    if than.id == utterance.reply_to or utterance.id == than.reply_to:
        return than.id == utterance.reply_to
    return utterance.posted_at is not None and than.posted_at is not None and utterance.posted_at > than.posted_at


def _rank_elsewhere(origin: Origin, named: Speaker | None) -> tuple:
    speaker, posted_at = origin.utterance.speaker, origin.utterance.posted_at
    misnamed = named is not None and (speaker is None or speaker.name.casefold() != named.name.casefold())
    return (misnamed, posted_at is None, posted_at.timestamp() if posted_at else 0.0, origin.utterance.id)


def _length(match: re.Match[str] | None) -> int:
    return len(match.group()) if match else 0


def verify_origin(
    quote: WordSequence,
    utterance: Utterance,
    words: WordSequence,
    own: np.ndarray,
    numbers: np.ndarray,
    places: np.ndarray,
    size: int = GRAM,
) -> Origin | None:
    """Lay the quotation along one utterance; None if they have no run of words in common."""
    alignment = align(quote, words, numbers, places, size)
    if alignment is None:
        return None
    mine = sum(int(own[first_word : first_word + length].sum()) for _, first_word, length in alignment.pairs)
    start, end = int(words.starts[alignment.source_first]), int(words.ends[alignment.source_last - 1])
    return Origin(
        utterance,
        start - _length(_OPENING.search(utterance.text[max(0, start - 4) : start])),
        end + _length(_CLOSING.match(utterance.text[end : end + 4])),
        round(alignment.similarity, 4),
        alignment,
        mine / max(1, alignment.matched),
    )


def is_similar_enough(origin: Origin, words: int, *, near: bool) -> bool:
    """Tell whether a source is alike enough for a quotation of so many words."""
    for demand in DEMANDS:
        if words >= demand.words:
            least = demand.near if near else demand.similarity
            return origin.similarity >= least and origin.alignment.longest >= demand.longest
    return False
