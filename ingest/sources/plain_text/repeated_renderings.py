"""A page that stands in one file twice: the two renderings become one text, each passage stored once.

Scrapers often save a thread as two programs saw it. The renderings differ: one loses block quotes, the other short
lines, one breaks lines where the other does not. What only one of them has is kept, in its place; the order is that
of the first. A passage that somebody quotes stands twice too, but alone: only a rendering repeats most of a page in
order, and that is what is looked for.
"""

# pyright: standard

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from rapidfuzz.fuzz import partial_ratio, ratio

from corpus.merge import reduce_to_letters

_SPACE = re.compile(r"\s")
_BEGINNINGS = 5  # the second rendering begins with one of so many first paragraphs of the first
_SHARE = 0.5  # of the shorter rendering's letters that must be repeated in order
_SHARE_OF_LONGER = 0.2  # the same of the longer one: a long quotation is no rendering of the page
_LEAST = 200  # letters that must be repeated
_QUOTE = 30  # letters of a quotation that can be told from a short line that a program left out
_REPEATS = 85.0
_REPEAT_SHARE = 1 / 3
_MOST_QUOTES, _MOST_LETTERS = 500, 2_000_000  # beyond that the search would take long
_KEY = 20  # letters of a first paragraph that is worth looking for
_CANDIDATES = 16
_ROUNDS = 10
_LONG, _TOO_LONG = 100, 5_000  # letters of a paragraph that is recognised although some letters differ
_LIKENESS = 92.0
_REACH = 60  # paragraphs of a gap that are compared with one another


@dataclass(frozen=True, slots=True)
class RenderedParagraph:
    """A paragraph. `only`: of two renderings of the page, the one (1 or 2) that alone has it; 0 if both have it."""

    text: str
    only: int = 0


def join_repeated_renderings(paragraphs: Sequence[str]) -> list[RenderedParagraph]:
    """Return the paragraphs with repeated renderings of the page joined into one.

    Of the paragraphs a, b, c, d, a, b, x, c, d, if they are long enough, a, b, x, c, d are left.
    """
    pieces = [RenderedParagraph(text) for text in paragraphs]
    for _ in range(_ROUNDS):
        start = _find_second_rendering([reduce_to_letters(piece.text) for piece in pieces])
        if start is None:
            break
        pieces = _join_renderings(pieces[:start], pieces[start:])
    return pieces


def find_quotations(pieces: Sequence[RenderedParagraph]) -> set[int]:
    """Return the block quotes of a page rendered twice: some programs leave out all of them, others none.

    Which of the two did so shows by what only the other has: if a good part of that repeats earlier passages of the
    page, as quotes do, then all of it that is not short was quoted, the words of outsiders included. Empty where
    nothing shows it.
    """
    quoted: set[int] = set()
    keys = [reduce_to_letters(piece.text) for piece in pieces]
    for rendering in (1, 2):
        alone = [n for n, piece in enumerate(pieces) if piece.only == rendering and len(keys[n]) >= _QUOTE]
        above = "".join(keys[: alone[-1]]) if alone else ""
        if not 2 <= len(alone) <= _MOST_QUOTES or len(above) > _MOST_LETTERS:
            continue
        ends = list(accumulate(map(len, keys)))
        repeats = sum(partial_ratio(keys[n], above[: ends[n] - len(keys[n])]) >= _REPEATS for n in alone)
        if repeats >= max(2, _REPEAT_SHARE * len(alone)):
            quoted.update(alone)
    return quoted


def _find_second_rendering(keys: list[str]) -> int | None:
    """Find where a second rendering begins; None if there is none."""
    beginnings: dict[str, int] = {}
    candidates: list[int] = []
    for index, key in enumerate(keys):
        if key in beginnings:
            if set(keys[index + 1 : index + 4]) & set(keys[beginnings[key] + 1 : beginnings[key] + 8]):
                candidates.append(index)
        elif len(beginnings) < _BEGINNINGS and len(key) >= _KEY:
            beginnings[key] = index
    whole = sum(map(len, keys))
    for start in candidates[:_CANDIDATES]:
        before = sum(map(len, keys[:start]))
        shorter, longer = sorted((before, whole - before))
        repeated = sum(len(keys[anchor]) for anchor, _ in _find_anchors(keys[:start], keys[start:]))
        if repeated >= max(_LEAST, _SHARE * shorter, _SHARE_OF_LONGER * longer):
            return start
    return None


def _find_anchors(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Pair equal paragraphs, each where it stands first, in the longest order that both keep (patience diff)."""
    places, others = _index_first_places(first), _index_first_places(second)
    pairs = [(places[key], index) for key, index in others.items() if key in places]
    tails: list[int] = []  # smallest end in `first` of an increasing chain of each length
    ends: list[int] = []  # its pair
    before: list[int] = []
    for number, (first_index, _) in enumerate(pairs):
        length = bisect_left(tails, first_index)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [first_index]
        ends[length : length + 1] = [number]
    chain: list[tuple[int, int]] = []
    number_of_pair = ends[-1] if ends else -1
    while number_of_pair >= 0:
        chain.append(pairs[number_of_pair])
        number_of_pair = before[number_of_pair]
    return chain[::-1]


def _index_first_places(keys: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for index, key in enumerate(keys):
        if key:
            places.setdefault(key, index)
    return places


def _join_renderings(first: list[RenderedParagraph], second: list[RenderedParagraph]) -> list[RenderedParagraph]:
    """Join two renderings: common paragraphs once, what only one has in its place."""
    joined: list[RenderedParagraph] = []
    first_end = second_end = 0
    for first_index, second_index in _find_anchors(
        [reduce_to_letters(p.text) for p in first], [reduce_to_letters(p.text) for p in second]
    ):
        joined += _join_gap(first[first_end:first_index], second[second_end:second_index], inside=True)
        joined.append(first[first_index])
        first_end, second_end = first_index + 1, second_index + 1
    return joined + _join_gap(first[first_end:], second[second_end:], inside=False)


def _join_gap(
    first: list[RenderedParagraph], second: list[RenderedParagraph], *, inside: bool
) -> list[RenderedParagraph]:
    """Join what stands between two common paragraphs. `inside`: more of the second rendering follows."""
    joined: list[RenderedParagraph] = []
    while first and second and (match := _find_nearest_match(first, second)) is not None:
        span, other_span = match
        joined += _mark_alone(first[: span.start], 1) + _mark_alone(second[: other_span.start], 2)
        joined += _resegment(first[span], second[other_span])
        first, second = first[span.stop :], second[other_span.stop :]
    return joined + (_mark_alone(first, 1) + _mark_alone(second, 2) if inside else first + second)


def _mark_alone(pieces: list[RenderedParagraph], rendering: int) -> list[RenderedParagraph]:
    return [replace(piece, only=rendering) for piece in pieces]


def _find_nearest_match(first: list[RenderedParagraph], second: list[RenderedParagraph]) -> tuple[slice, slice] | None:
    """Find the first place where some paragraphs of both, put together, are the same words."""
    keys, others = (
        [reduce_to_letters(p.text) for p in first[:_REACH]],
        [reduce_to_letters(p.text) for p in second[:_REACH]],
    )
    for total in range(len(keys) + len(others) - 1):
        for index in range(max(0, total - len(others) + 1), min(total + 1, len(keys))):
            stops = _match_same_words(keys, index, others, total - index)
            if stops is not None:
                return slice(index, stops[0]), slice(total - index, stops[1])
    return _find_nearest_likeness(keys, others)


def _find_nearest_likeness(keys: list[str], others: list[str]) -> tuple[slice, slice] | None:
    """Find one long paragraph of the first rendering that the second has almost the same, perhaps in parts."""
    for index, key in enumerate(keys):
        if not _LONG <= len(key) <= _TOO_LONG:
            continue
        for start in range(len(others)):
            run = ""
            for stop in range(start, len(others)):
                run += others[stop]
                if len(run) > 1.1 * len(key):
                    break
                if len(run) > 0.9 * len(key) and ratio(key, run, score_cutoff=_LIKENESS) > 0:
                    return slice(index, index + 1), slice(start, stop + 1)
    return None


def _match_same_words(keys: list[str], index: int, others: list[str], other_index: int) -> tuple[int, int] | None:
    """Extend the shorter side until both sides are equal; None as soon as they differ."""
    mine, theirs = keys[index], others[other_index]
    index, other_index = index + 1, other_index + 1
    while mine and theirs and mine != theirs:
        if len(mine) < len(theirs) and theirs.startswith(mine) and index < len(keys):
            mine, index = mine + keys[index], index + 1
        elif len(theirs) < len(mine) and mine.startswith(theirs) and other_index < len(others):
            theirs, other_index = theirs + others[other_index], other_index + 1
        else:
            return None
    return (index, other_index) if mine and mine == theirs else None


def _resegment(first: list[RenderedParagraph], second: list[RenderedParagraph]) -> list[RenderedParagraph]:
    """Cut the same words where either rendering begins a paragraph, unless the other merely breaks a line there."""
    if len(first) == 1 and (
        len(second) == 1 or reduce_to_letters(first[0].text) != "".join(reduce_to_letters(p.text) for p in second)
    ):
        return first
    text, other = " ".join(p.text for p in first), " ".join(p.text for p in second)
    bounds, other_bounds = _list_bounds(first), _list_bounds(second)
    letters, other_letters = _index_letters(text), _index_letters(other)
    kept = other_bounds | {
        bound for bound in bounds if not _SPACE.search(other, other_letters[bound - 1], other_letters[bound])
    }
    cuts = []
    for bound in sorted(kept):
        space = _SPACE.search(text, letters[bound - 1], letters[bound])
        cuts.append(space.start() if space else letters[bound])
    parts = (text[start:stop].strip() for start, stop in pairwise([0, *cuts, len(text)]))
    return [RenderedParagraph(part) for part in parts if part]


def _list_bounds(pieces: list[RenderedParagraph]) -> set[int]:
    """Tell before which letters a paragraph begins, the first one aside."""
    return set(list(accumulate(len(reduce_to_letters(piece.text)) for piece in pieces))[:-1])


def _index_letters(text: str) -> list[int]:
    """Return the place in `text` of each letter of its key."""
    return [index for index, char in enumerate(text) for _ in reduce_to_letters(char)]
