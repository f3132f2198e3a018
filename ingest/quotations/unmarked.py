"""Find the quotations whose marks were lost: what an utterance repeats, word for word, of an earlier one.

People share phrases, signatures and outside sources, and restate themselves; so the fewer the words, the nearer the
source must be and the more exactly it must agree, and nobody quotes himself here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.model import Passage, PassageKind, Quotation, QuotationKind, Utterance
from ingest.quotations.alignment import WordSequence, take_quotation
from ingest.quotations.answered_paragraphs import COMMON
from ingest.quotations.source_search import Origin, SourceFinder, list_blocks, list_quote_regions
from ingest.quotations.speaker_names import PROPOSING, find_introduction

_QUOTABLE = frozenset({PassageKind.PARAGRAPH, PassageKind.LIST_ITEM, PassageKind.MATH})
_SHORT = 8  # words below which a paragraph may just go with its neighbour
_LEAST = 4  # words of the shortest paragraph that can be recognised
_UNIT_LIKENESS = 0.85
_UNIT_WORDS = 8  # words of a run of sentences that begins a paragraph
_INNER_WORDS = 20  # words of one that does not
_ELSEWHERE_WORDS = 14
_ELSEWHERE_LIKENESS = 0.92
_ELSEWHERE_PROBABILITY = 0.9
_ANSWER_WORDS = 20  # words after what is quoted from elsewhere: an answer, and not only a list's footer
_SIGNS = re.compile(r"[{}()\[\]<>=_|\\/#;@*+]")
_CODE = re.compile(r"(?m)^\s*(?:def|class|import|from [\w.]+ import|function|return|var|let|const)\b.*[\w:;(){}]$")
_SIGN_CHARS = 25  # characters of prose to one such sign
_TAIL_CHARS = 40
_TELLING = 2  # uncommon words that a short paragraph must have: everybody thanks and agrees in the same words
_POLITE = COMMON | frozenset(
    "agree agreed agrees answer answers appreciate appreciated best cheers comment comments congratulations dear "
    "disagree edit exactly glad great hello help helped helps hope interesting kind link love nice okay post posting "
    "please question regards reply response sharing soon sorry thank thanks welcome writing written yeah".split()
)
_WORDLIKE = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True)
class Repeat:
    """How alike a repeated paragraph of at least `words` words must be: to an ancestor (`near`), to another (`far`).

    `answered` to any of them where something of the author's own follows: who quotes says something to it.
    `probability` that it is a quotation, measured on threads whose marks were taken away.
    """

    words: int
    near: float
    answered: float
    far: float
    probability: float


REPEATS: tuple[Repeat, ...] = (
    Repeat(20, 0.80, 0.82, 0.88, 0.99),
    Repeat(12, 0.85, 0.87, 0.92, 0.99),
    Repeat(8, 0.90, 0.92, 0.97, 0.98),
    Repeat(6, 0.95, 0.99, 2.0, 0.97),
    Repeat(4, 1.0, 2.0, 2.0, 0.9),
)


def find_unmarked_quotations(thread: SourceFinder, number: int) -> Iterator[Quotation]:
    """Find what an utterance repeats of an earlier one, outside its marked quotations."""
    utterance = thread.utterances[number]
    regions = list_quote_regions(utterance)
    blocks = [
        block
        for block in list_blocks(utterance)
        if block.kind in _QUOTABLE and not any(r.start <= block.start and block.end <= r.end for r in regions)
    ]
    quotations: list[Quotation | None] = []
    proposed: str | None = None
    for block in blocks:
        before = quotations[-1] if quotations else None
        quotation = _find_repeated(thread, number, block, before)
        if quotation is not None and _is_proposal(thread, utterance, block, before, proposed, quotation):
            proposed, quotation = quotation.source_utterance_id, None
        elif quotation is not None or len(take_quotation(thread.words[number], block.start, block.end)) >= _SHORT:
            proposed = None
        quotations.append(quotation)
    if utterance.speaker is None:
        _drop_renderings(utterance, blocks, quotations)
    for order in (range(len(blocks)), range(len(blocks) - 1, -1, -1)):
        _continue(thread, number, blocks, quotations, order)
    for quotation in quotations:
        if quotation is not None:
            thread.disown(number, quotation.start, quotation.end)
            yield quotation


def _is_proposal(
    thread: SourceFinder,
    utterance: Utterance,
    block: Passage,
    before: Quotation | None,
    proposed: str | None,
    quotation: Quotation,
) -> bool:
    """Tell whether a paragraph is how the author would have it: "How about:" and a version, perhaps adopted since.

    What follows such a paragraph and is like the same source goes with it.
    """
    if proposed is not None and proposed == quotation.source_utterance_id:
        return True
    line = find_introduction(utterance, block.start, thread.sentences)
    return before is None and line.endswith(":") and PROPOSING.search(line) is not None


def _drop_renderings(utterance: Utterance, blocks: Sequence[Passage], quotations: list[Quotation | None]) -> None:
    """Leave out what a page shows twice, as comments in another order: nobody answers it the second time.

    Such are paragraphs that repeat paragraphs which stand in a row, and everything at the end that is all repeated.
    """
    again = [quotation is not None and quotation.source_utterance_id == utterance.id for quotation in quotations]
    tail = len(again)
    while tail > 0 and again[tail - 1]:
        tail -= 1
    dropped = set(range(tail, len(again)))
    beginnings = {block.start: index for index, block in enumerate(blocks)}
    origins = [
        beginnings.get(quotation.source_start or 0) if quotation is not None and yes else None
        for quotation, yes in zip(quotations, again, strict=True)
    ]
    for index in range(len(again) - 1):
        origin, following = origins[index], origins[index + 1]
        if origin is not None and following == origin + 1:
            dropped |= {index, index + 1}
    for index in dropped:
        quotations[index] = None


def _continue(
    thread: SourceFinder,
    number: int,
    blocks: Sequence[Passage],
    quotations: list[Quotation | None],
    order: Sequence[int],
) -> None:
    """Let a paragraph too short to be recognised follow its neighbour, where the source goes on just so."""
    for before, index in pairwise(order):
        neighbour = quotations[before]
        if quotations[index] is not None or neighbour is None or neighbour.source_utterance_id is None:
            continue
        whole = (neighbour.start, neighbour.end) == (blocks[before].start, blocks[before].end)
        words = take_quotation(thread.words[number], blocks[index].start, blocks[index].end)
        if whole and 0 < len(words) < _SHORT:
            span = thread.find_adjacent(neighbour, words, after=index > before)
            if span is not None:
                quotations[index] = replace(
                    neighbour,
                    start=blocks[index].start,
                    end=blocks[index].end,
                    source_start=span[0],
                    source_end=span[1],
                    similarity=1.0,
                )


def _find_repeated(thread: SourceFinder, number: int, block: Passage, before: Quotation | None) -> Quotation | None:
    first, last = thread.words[number].find_range(block.start, block.end)
    if last - first < _LEAST or (last - first < _SHORT and _count_telling_words(thread, number, block) < _TELLING):
        return None
    words = take_quotation(thread.words[number], block.start, block.end)
    if thread.is_recurring(number, first, last):
        choices = thread.find_holders(words, number, upto=first)
        whole = _settle(thread, number, block, words, choices)
        if whole is not None:
            going_on = before is not None and before.source_utterance_id == whole.source_utterance_id
            return whole if going_on or not _is_boilerplate(thread, number, whole) else None
        part = _find_repeated_part(thread, number, block, words, choices)
        if part is not None:
            return part
    return _from_elsewhere(thread, number, block, words)


def _count_telling_words(thread: SourceFinder, number: int, block: Passage) -> int:
    """Count the different words of a paragraph that people do not say to one another every day."""
    words = _WORDLIKE.findall(thread.utterances[number].text[block.start : block.end].casefold())
    return len({word for word in words if len(word) > 3 and word not in _POLITE})


def _settle(
    thread: SourceFinder, number: int, block: Passage, words: WordSequence, choices: Sequence[Origin]
) -> Quotation | None:
    """Take a stretch as a whole, if one of those who hold its words is alike enough."""
    is_answered = _WORDLIKE.search(thread.utterances[number].text, block.end) is not None
    whole = [
        choice
        for choice in choices
        if _choose_rule(choice, len(words), thread.is_above(number, choice), is_answered) is not None
        and _to_both_ends(choice, len(words))
    ]
    if not whole:
        return None
    origin = thread.choose_earliest(whole, number, len(words))
    rule = _choose_rule(origin, len(words), thread.is_above(number, origin), is_answered)
    return _quotation(thread, number, (block.start, block.end), origin, rule.probability) if rule else None


def _to_both_ends(origin: Origin, words: int) -> bool:
    """Tell whether a paragraph is a repetition from end to end, and not a sentence that quotes some words."""
    laid = origin.alignment
    first, last = laid.first, laid.last
    if words < _SHORT:  # of few words, what is only like the source at either end may be the author's
        first, last = laid.pairs[0][0], laid.pairs[-1][0] + laid.pairs[-1][2]
    return first + words - last <= max(1, words // 12)


def _choose_rule(origin: Origin, words: int, is_near: bool, is_answered: bool) -> Repeat | None:
    for rule in REPEATS:
        if words >= rule.words:
            least = rule.near if is_near else rule.answered if is_answered else rule.far
            return rule if origin.similarity >= least else None
    return None


def _find_repeated_part(
    thread: SourceFinder, number: int, block: Passage, words: WordSequence, choices: Sequence[Origin]
) -> Quotation | None:
    """Look for a run of whole sentences or lines that are repeated; a short one must begin a line."""
    utterance = thread.utterances[number]
    units = thread.sentences.split(utterance, block.start, block.end)
    if len(units) < 2:
        return None
    best: tuple[int, Origin, int, int] | None = None
    for origin in choices:
        covered = _flag_covered(words, units, origin)
        for first, last in _runs(covered):
            start, end = units[first][0], units[last - 1][1]
            size = len(take_quotation(thread.words[number], start, end))
            at_line = first == 0 or utterance.text[start - 1] == "\n"
            if size >= (_UNIT_WORDS if at_line else _INNER_WORDS) and (best is None or size > best[0]):
                best = (size, origin, start, end)
    if best is None:
        return None
    _, _, start, end = best
    stretch = take_quotation(thread.words[number], start, end)
    holders = thread.find_holders(stretch, number, upto=thread.words[number].find_range(start, end)[0])
    return _settle(thread, number, Passage(PassageKind.PARAGRAPH, start, end), stretch, holders)


def _flag_covered(words: WordSequence, units: Sequence[tuple[int, int]], origin: Origin) -> list[bool]:
    """Tell which units are repeated; one without a word goes with what is before it."""
    weights = words.weights
    covered: list[bool] = []
    for start, end in units:
        first, last = words.find_range(start, end)
        whole = int(weights[first:last].sum())
        same = sum(
            int(weights[max(first, number) : min(last, number + length)].sum())
            for number, _, length in origin.alignment.pairs
        )
        covered.append(same >= _UNIT_LIKENESS * whole if whole else bool(covered and covered[-1]))
    return covered


def _runs(covered: Sequence[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start = None
    for index, is_covered in enumerate([*covered, False]):
        if is_covered and start is None:
            start = index
        elif not is_covered and start is not None:
            runs.append((start, index))
            start = None
    return runs


def _is_boilerplate(thread: SourceFinder, number: int, quotation: Quotation) -> bool:
    """Recognise a signature or footer: it ends both utterances, and nobody quotes to say nothing."""
    source = thread.find_source(quotation)
    if source is None or quotation.source_end is None or quotation.start == 0 or quotation.source_start == 0:
        return False
    answer = thread.utterances[number].text[quotation.end :]
    return not _WORDLIKE.search(answer) and len(source.text[quotation.source_end :].strip()) <= _TAIL_CHARS


def _quotation(
    thread: SourceFinder, number: int, span: tuple[int, int], origin: Origin, probability: float
) -> Quotation | None:
    """Credit the source, or nobody where the source only quotes; None if the author restates himself."""
    utterance, source = thread.utterances[number], origin.utterance
    if origin.own < 0.5:
        return Quotation(utterance.id, *span, QuotationKind.UNMARKED, probability=round(probability - 0.05, 2))
    if utterance.speaker is not None and _is_same_person(utterance, source):
        return None
    return Quotation(
        utterance.id,
        *span,
        QuotationKind.UNMARKED,
        source_utterance_id=source.id,
        source_start=origin.start,
        source_end=origin.end,
        speaker=source.speaker,
        similarity=origin.similarity,
        probability=round(probability if source.id != utterance.id else probability - 0.1, 2),
    )


def _is_same_person(utterance: Utterance, source: Utterance) -> bool:
    speaker, source_speaker = utterance.speaker, source.speaker
    if speaker is None or source_speaker is None:
        return False
    return speaker.id == source_speaker.id or speaker.name.casefold() == source_speaker.name.casefold()


def _from_elsewhere(thread: SourceFinder, number: int, block: Passage, words: WordSequence) -> Quotation | None:
    """Look in the record for a whole paragraph of prose; only what is known to be older can be its source.

    People of different conversations share advertisements, mottoes and code rather than each other's words: what ends
    an utterance, or looks like code, is left to its author.
    """
    utterance = thread.utterances[number]
    if thread.elsewhere is None or len(words) < _ELSEWHERE_WORDS or utterance.posted_at is None:
        return None
    text = utterance.text[block.start : block.end]
    answer = _WORDLIKE.findall(utterance.text[block.end :])
    code = _CODE.search(text) or len(_SIGNS.findall(text)) * _SIGN_CHARS > len(text)
    if code or len(answer) < _ANSWER_WORDS:
        return None
    origin = thread.find_elsewhere(words, number)
    if origin is None or origin.similarity < _ELSEWHERE_LIKENESS or origin.utterance.posted_at is None:
        return None
    rest = _WORDLIKE.findall(origin.utterance.text[origin.end :])
    if origin.utterance.posted_at == utterance.posted_at or (origin.start > 0 and len(rest) < _ANSWER_WORDS):
        return None
    return _quotation(thread, number, (block.start, block.end), origin, _ELSEWHERE_PROBABILITY)
