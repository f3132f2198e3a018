"""Compare words with words: what the letters say once punctuation, case and markup are set aside.

A text becomes `Words`: one 32-bit code a word and the place of every word in the text, so that whatever is found can
be told in the characters of the original. `align` lays a quotation along a source by seed and chain: common runs of
three words are joined into the best chain in reading order, and what lies between two runs is compared letter by
letter. It is linear in the length of both but for the capped number of runs.
"""

# pyright: standard

import re
import unicodedata
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz

GRAM = 3  # words in a seed
_FREQUENT = 200  # a seed found more often than this says nothing
_SEEDS = 400_000  # seeds looked at for one quotation, the rarest first
_RUNS = 64  # runs kept for one chain
_GAP_WORDS = 40  # unmarked words that may be left out or put in at one place
_GAP_CHARS = 2_000
_BRACKET_WORDS = 12  # words of the source that "[...]"-like replacements may stand for

# Dropped on both sides: footnote marks "[3]" and the names of TeX commands, which a rendered page does not show.
_WORD = re.compile(
    r"(?P<dropped>\[\^?\d{1,3}\]|\\[A-Za-z]+)"
    r"|(?P<word>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
    r"(?:['’ʼ][^\W_]{1,3}(?![^\W_]))?)"
)
_ELLIPSIS = re.compile(r"[\[(<]\s*(?:\.\s?\.\s?\.+|…|snip(?:ped)?|elided|cut)\s*[\])>]|\.\s?\.\s?\.+|…", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\[\]\n]{1,80}\]")
_APOSTROPHES = str.maketrans("", "", "'’ʼ")


@dataclass(frozen=True, slots=True)
class WordSequence:
    """The words of a text: `codes[k]` (uint32) stands for `text[starts[k]:ends[k]]`.

    `weights` counts the characters of a word. `breaks` are word numbers before which an ellipsis stands; `loose`
    tells the words within square brackets, which an author may have put for others.
    """

    text: str
    codes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    breaks: frozenset[int] = frozenset()
    loose: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def weights(self) -> np.ndarray:
        """Count the characters of each word."""
        return self.ends - self.starts

    def find_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the word numbers [first, last) that lie within the characters [start, end)."""
        first = int(np.searchsorted(self.starts, start, side="left"))
        last = int(np.searchsorted(self.ends, end, side="right"))
        return first, max(first, last)

    def spell(self, first: int, last: int) -> str:
        """Spell words [first, last) in plain letters, with nothing between them."""
        return "".join(
            normalize_word(self.text[start:end])
            for start, end in zip(self.starts[first:last], self.ends[first:last], strict=True)
        )


def normalize_word(word: str) -> str:
    """Reduce a word to the letters that matter.

    >>> normalize_word("Don’t")
    'dont'
    """
    if word.isascii():
        return word.lower().replace("'", "")
    return unicodedata.normalize("NFKC", word).casefold().translate(_APOSTROPHES)


def split_words(text: str, start: int = 0, end: int | None = None, *, quoting: bool = False) -> WordSequence:
    """Take the words of `text[start:end]`; offsets stay those of `text`.

    `quoting` also reads what a quotation may do to its source: ellipses and bracketed replacements.

    >>> len(split_words("So, [1] “don’t”").codes)
    2
    """
    end = len(text) if end is None else end
    starts: list[int] = []
    ends: list[int] = []
    codes: list[int] = []
    simple = text.isascii()
    for match in _WORD.finditer(text, start, end):
        if match.lastgroup == "word":
            word = match.group()
            starts.append(match.start())
            ends.append(match.end())
            word = word.lower().replace("'", "") if simple else normalize_word(word)
            codes.append(zlib.crc32(word.encode("utf-8", "surrogatepass")))
    words = WordSequence(text, np.array(codes, np.uint32), np.array(starts, np.int64), np.array(ends, np.int64))
    return take_quotation(words, start, end) if quoting else words


def take_quotation(words: WordSequence, start: int, end: int) -> WordSequence:
    """Take the words within the characters [start, end) as those of a quotation, with its ellipses and brackets."""
    first, last = words.find_range(start, end)
    starts, ends, text = words.starts[first:last], words.ends[first:last], words.text
    breaks = frozenset(int(np.searchsorted(starts, gap.end())) for gap in _ELLIPSIS.finditer(text, start, end))
    loose = frozenset(
        number
        for bracket in _BRACKETS.finditer(text, start, end)
        for number in range(*np.searchsorted(starts, (bracket.start(), bracket.end())).tolist())
    )
    # What stands in brackets altogether is not a replacement within a quotation.
    loose = frozenset() if len(loose) * 2 > len(starts) else loose
    return WordSequence(text, words.codes[first:last], starts, ends, breaks, loose)


def hash_grams(codes: np.ndarray, size: int = GRAM) -> np.ndarray:
    """Hash every run of `size` words to 64 bits; shape (len(codes) - size + 1,), empty if there are fewer words."""
    count = len(codes) - size + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    hashed = np.zeros(count, np.uint64)
    for offset in range(size):
        hashed = (hashed ^ codes[offset : offset + count].astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        hashed ^= hashed >> np.uint64(29)
    return hashed


class GramIndex:
    """Where runs of words stand in a row of texts. Positions count words over all the texts, one after another."""

    def __init__(self, texts: Sequence[np.ndarray], size: int = GRAM) -> None:
        self.size = size
        self.bounds = np.concatenate([[0], np.cumsum([len(codes) for codes in texts])]).astype(np.int64)
        hashed = [hash_grams(codes, size) for codes in texts]
        places = [
            np.arange(len(hashes), dtype=np.int64) + bound for hashes, bound in zip(hashed, self.bounds, strict=False)
        ]
        every = np.concatenate(hashed) if hashed else np.empty(0, np.uint64)
        order = np.argsort(every, kind="stable")
        self._hashes = every[order]
        self._places = (np.concatenate(places) if places else np.empty(0, np.int64))[order]

    def flag_repeated(self) -> np.ndarray:
        """Tell for every word position whether the run that begins there begins elsewhere too; bool, (words,)."""
        mask = np.zeros(int(self.bounds[-1]), bool)
        if len(self._hashes) > 1:
            same = self._hashes[1:] == self._hashes[:-1]
            mask[self._places[1:][same]] = True
            mask[self._places[:-1][same]] = True
        return mask

    def find_seeds(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Find the runs of `codes` in the texts: (word number in `codes`, word position in the texts), equal length.

        Runs found more than 200 times are left out unless there are no others.
        """
        wanted = hash_grams(codes, self.size)
        left = np.searchsorted(self._hashes, wanted, side="left")
        counts = np.searchsorted(self._hashes, wanted, side="right") - left
        telling = (counts > 0) & (counts <= _FREQUENT)
        if not telling.any():
            telling = counts > 0
            counts = np.minimum(counts, _FREQUENT)
        numbers = np.flatnonzero(telling)
        if counts[numbers].sum() > _SEEDS:
            rarest = numbers[np.argsort(counts[numbers], kind="stable")]
            numbers = np.sort(rarest[np.cumsum(counts[rarest]) <= _SEEDS])
        counts = counts[numbers]
        total = int(counts.sum())
        if total == 0:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(numbers, counts), self._places[np.repeat(left[numbers], counts) + offsets]

    def find_owners(self, positions: np.ndarray) -> np.ndarray:
        """Say in which text each position lies."""
        return np.searchsorted(self.bounds, positions, side="right") - 1


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a quotation lies along a source. Numbers count words; `similarity` is 0..1.

    Words [first, last) of the quotation were found at [source_first, source_last); `matched` words are the same,
    `longest` of them in one run. `pairs` lists the runs: (word of the quotation, of the source, how many).
    """

    first: int
    last: int
    source_first: int
    source_last: int
    matched: int
    longest: int
    similarity: float
    pairs: tuple[tuple[int, int, int], ...]


def align(
    quote: WordSequence, source: WordSequence, numbers: np.ndarray, places: np.ndarray, size: int = GRAM
) -> Alignment | None:
    """Lay a quotation along a source from their common runs of `size` words at (`numbers`, `places`).

    None if there is no common run at all.
    """
    runs = _runs(numbers, places, size)
    if not runs:
        return None
    chain = _chain(runs, quote)
    head_quote, head_source = _head(quote, source, chain[0])
    tail_quote, tail_source = _tail(quote, source, chain[-1])
    weights = quote.weights
    same = sum(int(weights[number : number + length].sum()) for number, _, length in chain)
    likeness = 2.0 * same + head_quote[1] + tail_quote[1]
    whole = float(same * 2 + head_source[1] + tail_source[1])
    for (number, source_number, length), (following, there, _) in pairwise(chain):
        credit, cost = _compare_gap(quote, source, (number + length, following), (source_number + length, there))
        likeness += credit
        whole += cost
    first, last = chain[0][0] - head_quote[0], chain[-1][0] + chain[-1][2] + tail_quote[0]
    whole += _weight(quote, 0, first, weights) + _weight(quote, last, len(quote), weights)
    source_first = chain[0][1] - head_source[0]
    source_last = chain[-1][1] + chain[-1][2] + tail_source[0]
    return Alignment(
        first,
        last,
        source_first,
        source_last,
        sum(length for _, _, length in chain),
        max(length for _, _, length in chain),
        min(1.0, likeness / whole) if whole else 0.0,
        tuple(chain),
    )


def _weight(words: WordSequence, first: int, last: int, weights: np.ndarray) -> int:
    if last <= first:
        return 0
    return int(weights[first:last].sum()) - sum(int(weights[k]) for k in words.loose if first <= k < last)


def _runs(numbers: np.ndarray, places: np.ndarray, size: int) -> list[tuple[int, int, int]]:
    if not len(numbers):
        return []
    diagonal = places - numbers
    order = np.lexsort((numbers, diagonal))
    numbers, places, diagonal = numbers[order], places[order], diagonal[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(diagonal) != 0) | (np.diff(numbers) != 1)])
    lengths = np.diff(np.r_[starts, len(numbers)]) + size - 1
    if len(starts) > _RUNS:
        best = np.sort(np.argsort(-lengths, kind="stable")[:_RUNS])
        starts, lengths = starts[best], lengths[best]
    runs = zip(numbers[starts].tolist(), places[starts].tolist(), lengths.tolist(), strict=True)
    return sorted(runs)


def _chain(runs: list[tuple[int, int, int]], quote: WordSequence) -> list[tuple[int, int, int]]:
    """Choose the heaviest row of runs that goes forward in both texts (dynamic programming over at most 64 runs)."""
    whole = [run for run in runs if run[2] == len(quote)]
    if whole:
        return whole[:1]
    free = sorted(quote.breaks | quote.loose)
    totals: list[float] = []
    previous: list[tuple[int, int]] = []  # (run before, words that both hold)
    for index, (number, source_number, length) in enumerate(runs):
        total, link = float(length), (-1, 0)
        for before in range(index):
            other_number, other_place, other_length = runs[before]
            if other_number >= number or other_place >= source_number:
                continue
            shared = max(other_number + other_length - number, other_place + other_length - source_number, 0)
            if shared >= length:
                continue
            gap = number + shared - other_number - other_length
            source_gap = source_number + shared - other_place - other_length
            at_free = bisect_left(free, other_number + other_length)
            if at_free < len(free) and free[at_free] <= number + shared:
                penalty = 0.5 + 0.0005 * source_gap
            elif abs(gap - source_gap) > _GAP_WORDS:
                continue
            else:
                penalty = 0.3 * abs(gap - source_gap) + 0.05 * min(gap, source_gap)
            if totals[before] + length - shared - penalty > total:
                total, link = totals[before] + length - shared - penalty, (before, shared)
        totals.append(total)
        previous.append(link)
    last = max(range(len(runs)), key=lambda k: (totals[k], -k))
    chain = []
    while last >= 0:
        before, shared = previous[last]
        number, source_number, length = runs[last]
        chain.append((number + shared, source_number + shared, length - shared))
        last = before
    return chain[::-1]


def _likeness(quoted: str, sourced: str) -> float:
    if not quoted or not sourced or max(len(quoted), len(sourced)) > _GAP_CHARS:
        return 0.0
    ratio = fuzz.ratio(quoted, sourced) / 100
    return ratio if ratio >= 0.6 else 0.0


def _compare_gap(
    quote: WordSequence, source: WordSequence, gap: tuple[int, int], there: tuple[int, int]
) -> tuple[float, float]:
    """Compare what lies between two runs: (letters alike on both sides, letters that count)."""
    quoted = _weight(quote, *gap, quote.weights)
    sourced = int(source.weights[there[0] : there[1]].sum())
    if any(number in quote.breaks for number in range(gap[0], gap[1] + 1)):
        return 0.0, float(quoted)
    if any(number in quote.loose for number in range(gap[0] - 1, gap[1] + 1)) and there[1] - there[0] <= _BRACKET_WORDS:
        return 0.0, float(quoted)
    if gap[1] - gap[0] > _GAP_CHARS or there[1] - there[0] > _GAP_CHARS:
        return 0.0, float(quoted + sourced)
    ratio = _likeness(quote.spell(*gap), source.spell(*there))
    return ratio * (quoted + sourced), float(quoted + sourced)


_Side = tuple[int, float]  # words taken, letters credited or counted


def _head(quote: WordSequence, source: WordSequence, run: tuple[int, int, int]) -> tuple[_Side, _Side]:
    source_number = run[1]
    count = min(run[0], source_number)
    if count == 0 or run[0] > _GAP_WORDS:
        return (0, 0.0), (0, 0.0)
    return _edge(quote, source, (0, run[0]), (source_number - count, source_number))


def _tail(quote: WordSequence, source: WordSequence, run: tuple[int, int, int]) -> tuple[_Side, _Side]:
    end, source_number = run[0] + run[2], run[1] + run[2]
    count = min(len(quote) - end, len(source) - source_number)
    if count == 0 or len(quote) - end > _GAP_WORDS:
        return (0, 0.0), (0, 0.0)
    return _edge(quote, source, (end, len(quote)), (source_number, source_number + count))


def _edge(
    quote: WordSequence, source: WordSequence, span: tuple[int, int], source_span: tuple[int, int]
) -> tuple[_Side, _Side]:
    """Compare the words before the first run, or after the last, with as many of the source."""
    quoted = _weight(quote, *span, quote.weights)
    sourced = int(source.weights[source_span[0] : source_span[1]].sum())
    ratio = _likeness(quote.spell(*span), source.spell(*source_span))
    if not ratio:
        return (0, 0.0), (0, 0.0)
    return (span[1] - span[0], ratio * (quoted + sourced)), (source_span[1] - source_span[0], float(quoted + sourced))
