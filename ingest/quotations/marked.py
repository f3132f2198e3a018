"""Resolve the quotations that show: blockquotes and `>`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.convokit_format import UNATTRIBUTED
from corpus.model import Passage, Quotation, QuotationKind, Speaker
from ingest.quotations.alignment import take_quotation
from ingest.quotations.source_search import Origin, SourceFinder, list_quote_regions, split_paragraphs
from ingest.quotations.speaker_names import PROPOSING, SAYING, SpeakerNames, find_introduction, read_introduction

_FEW = 4  # a paragraph of so few words goes with its neighbours
_NEIGHBOUR_SIMILARITY = 0.55
_PROPOSED_SIMILARITY = 0.97  # "How about:" leads over to the author's own version
_NAMED_PROBABILITY = 0.9
_UNRESOLVED_PROBABILITY = 0.9  # people set proposals and examples as quotations too


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph of a quotation, and its source."""

    start: int
    end: int
    words: int
    origin: Origin | None


def resolve_marked_quotations(thread: SourceFinder, number: int, names: SpeakerNames) -> Iterator[Quotation]:
    """Resolve every marked quotation of an utterance, outer and nested ones.

    A region gives one quotation; where its paragraphs come from different utterances, one for each run of paragraphs.
    The words of a nested region belong to that alone, and a region that holds nothing else gives none.
    """
    utterance = thread.utterances[number]
    regions = list_quote_regions(utterance)
    line, ended = "", 0
    for index, region in enumerate(regions):
        # What leads over to a quotation leads over to those that follow it with nothing between.
        if index == 0 or utterance.text[ended : region.start].strip() or region.start < ended:
            line = find_introduction(utterance, region.start, thread.sentences)
        ended = max(ended, region.end)
        site = utterance.speaker.site if utterance.speaker is not None else None
        is_nobody = region.note == UNATTRIBUTED
        marked = names.identify(region.note, site) if region.note and not is_nobody else None
        named = None if is_nobody else _find_named_speaker(thread, number, line, names)
        named = marked if marked is not None and names.is_known(marked) else named
        least = _PROPOSED_SIMILARITY if PROPOSING.search(line) and not SAYING.search(line) else 0.0
        pieces = [
            _resolve_piece(thread, number, (start, end), named, least)
            for stretch in _stretches(region, regions[index + 1 :])
            for start, end in split_paragraphs(utterance.text, *stretch)
        ]
        # Only a name is evidence enough where the words are not found: "I" and "you" choose between sources. It names
        # whoever is quoted, not whom he quotes with his first words.
        inner = any(outer.start == region.start and region.end <= outer.end for outer in regions[:index])
        credited = marked or (None if inner or is_nobody else read_introduction(line, names).speaker)
        credited = credited if credited != utterance.speaker else None
        yield from _quotations(utterance.id, region, _settle(thread, number, pieces, least), credited)


def _stretches(region: Passage, following: Sequence[Passage]) -> list[tuple[int, int]]:
    """Return what lies in a region but in none of the regions within it, which follow it in the order of passages."""
    stretches: list[tuple[int, int]] = []
    start = region.start
    for inner in following:
        if start <= inner.start and inner.end <= region.end:
            stretches.append((start, inner.start))
            start = inner.end
    return [*stretches, (start, region.end)]


def _find_named_speaker(thread: SourceFinder, number: int, line: str, names: SpeakerNames) -> Speaker | None:
    """Say whom the line before a quotation names, if that is somebody of this conversation."""
    utterance = thread.utterances[number]
    named = read_introduction(line, names)
    if named.author:
        return utterance.speaker
    if named.addressee and utterance.reply_to is not None and thread.find_ancestors(number):
        return thread.utterances[thread.find_ancestors(number)[0]].speaker
    return named.speaker


def _resolve_piece(
    thread: SourceFinder, number: int, span: tuple[int, int], named: Speaker | None, least: float
) -> _Piece:
    words = take_quotation(thread.words[number], *span)
    origin = thread.find_origin(words, number, named)
    return _Piece(*span, len(words), origin if origin is not None and origin.similarity >= least else None)


def _settle(thread: SourceFinder, number: int, pieces: Sequence[_Piece], least: float) -> list[_Piece]:
    """Let a paragraph that its own words could not place follow the source of its neighbours.

    Few words go along; more must be found in that source, with less likeness than a source of their own would need.
    """
    settled = list(pieces)
    for index, piece in enumerate(pieces):
        if piece.origin is not None:
            continue
        neighbours = [settled[k].origin for k in (index - 1, index + 1) if 0 <= k < len(settled)]
        sources = {origin.utterance.id: origin for origin in neighbours if origin is not None}
        if len(sources) != 1:
            continue
        (neighbour,) = sources.values()
        if piece.words > _FEW:
            quote = take_quotation(thread.words[number], piece.start, piece.end)
            origin = thread.align_within(quote, neighbour.utterance.id)
            if origin is None or origin.similarity < max(least, _NEIGHBOUR_SIMILARITY):
                continue
            neighbour = origin
        settled[index] = replace(piece, origin=neighbour)
    return settled


def _quotations(
    utterance_id: str, region: Passage, pieces: Sequence[_Piece], named: Speaker | None
) -> Iterator[Quotation]:
    """Join neighbouring paragraphs of one source; a region of one source is one quotation from end to end."""
    runs = [list(run) for _, run in groupby(pieces, key=_source_id)]
    for run in runs:
        alone = len(runs) == 1
        start, end = (region.start, region.end) if alone else (run[0].start, run[-1].end)
        origins = [piece.origin for piece in run if piece.origin is not None]
        if not origins:
            yield Quotation(
                utterance_id,
                start,
                end,
                QuotationKind.MARKED,
                speaker=named,
                probability=_NAMED_PROBABILITY if named else _UNRESOLVED_PROBABILITY,
            )
            continue
        sizes = [piece.end - piece.start for piece in run]
        likeness = sum(size * origin.similarity for size, origin in zip(sizes, origins, strict=True)) / sum(sizes)
        yield Quotation(
            utterance_id,
            start,
            end,
            QuotationKind.MARKED,
            source_utterance_id=origins[0].utterance.id,
            source_start=min(origin.start for origin in origins),
            source_end=max(origin.end for origin in origins),
            speaker=origins[0].utterance.speaker,
            similarity=round(likeness, 4),
        )


def _source_id(piece: _Piece) -> str | None:
    return piece.origin.utterance.id if piece.origin is not None else None
