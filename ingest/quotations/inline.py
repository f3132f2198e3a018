"""Find the quotations that stand within a sentence, between quotation marks.

Quotation marks are put around titles, terms and words held at arm's length too. Somebody is quoted where the words are
found in what he wrote, or where the sentence says that somebody said them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from corpus.model import BLOCKS, Passage, PassageKind, Quotation, QuotationKind, Speaker, Utterance
from ingest.blocks import trim
from ingest.quotations.alignment import WordSequence, take_quotation
from ingest.quotations.source_search import Origin, SourceFinder, list_blocks, list_quote_regions
from ingest.quotations.speaker_names import SAYING, SpeakerNames, read_introduction

_LONGEST = 4_000  # characters between two marks that belong together
_MOST = 2_000  # pairs of marks that are looked at in one utterance
_UNPAIRED = 100  # marks without a partner after which a block is given up
_BEFORE, _AFTER = 90, 60  # characters of the sentence around a quotation that may name its source
_TOLD = 3  # words of the shortest quotation where the sentence says that it is one,
_FOUND = 5  # and where only its being found does
_CLAUSE = 8  # words that are hardly the same by chance
_ALONE = 12  # words of an unresolved quotation that is taken for one without a verb of saying

_OPENING = re.compile(r"(?<![\w\"”’'])(?:(?P<straight>\")(?=[^\s\"])|(?P<curly>“)|(?P<low>„)|(?P<single>[‘'])(?=\w))")
_CLOSING = {
    "straight": re.compile(r"(?<=[^\s(\[])\"(?!\w)"),
    "curly": re.compile(r"”"),
    "low": re.compile(r"[“”]"),
    "single": re.compile(r"(?<=[\w.,!?…])['’](?!\w)"),
}
_NOT_SAID = re.compile(
    r"\b(?:would|could|might|may|can|should|will|must|if|suppose|imagine|someone|somebody|anyone|people|everyone|"
    r"nobody|one|they|we|let['’]s)\b|['’](?:d|ll)\b",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\s*(?:--?|—|–)\s*[*_]?[A-Z][a-z]+")
_SOMEBODY = re.compile(
    r"(?:\b(?:[Yy]ou|[Hh]e|[Ss]he)\b|\b(?!(?:The|This|That|These|When|Any|But|And|For|What|There|Then|Here|Its?)\b)"
    r"[A-Z][a-z]{2,}\b)[^.?!;:]{0,40}[,:]?\s*$"
)
_ADDRESSED = re.compile(r"\b(?:you|your)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _QuotedSpan:
    """Words between quotation marks: `[start, end)` without the marks, `[outer_start, outer_end)` with them."""

    outer_start: int
    start: int
    end: int
    outer_end: int
    single: bool


def find_inline_quotations(thread: SourceFinder, number: int, names: SpeakerNames) -> Iterator[Quotation]:
    """Find the inline quotations of an utterance outside its marked ones. Places are without the quotation marks."""
    utterance = thread.utterances[number]
    regions = list_quote_regions(utterance)
    left = _MOST
    silent = [p for p in utterance.passages if p.kind in (PassageKind.CODE, PassageKind.MATH)]
    for block in list_blocks(utterance):
        if block.kind in (PassageKind.CODE, PassageKind.MATH, PassageKind.EMBED):
            continue
        if any(region.start <= block.start and block.end <= region.end for region in regions):
            continue
        for span in islice(_spans(utterance.text, block), left):
            left -= 1
            if not any(p.start < span.end and span.start < p.end and p.kind not in BLOCKS for p in silent):
                quotation = _quotation(thread, number, span, block, names)
                if quotation is not None:
                    yield quotation


def _spans(text: str, block: Passage) -> Iterator[_QuotedSpan]:
    """Pair the quotation marks of a block; the outermost pairs only, each mark looked at a bounded number of times."""
    offset, unpaired = block.start, 0
    while unpaired < _UNPAIRED and (opening := _OPENING.search(text, offset, block.end)):
        kind = opening.lastgroup or "straight"
        closing = _CLOSING[kind].search(text, opening.end(), min(block.end, opening.end() + _LONGEST))
        if closing is None:
            offset, unpaired = opening.end(), unpaired + 1
            continue
        yield _QuotedSpan(opening.start(), opening.end(), closing.start(), closing.end(), kind == "single")
        offset = closing.end() if kind != "single" else opening.end()


def _quotation(
    thread: SourceFinder, number: int, span: _QuotedSpan, block: Passage, names: SpeakerNames
) -> Quotation | None:
    utterance = thread.utterances[number]
    words = take_quotation(thread.words[number], span.start, span.end)
    # A path or an address has many words and says nothing.
    if min(len(words), len(utterance.text[span.start : span.end].split())) < _TOLD:
        return None
    before, after = _find_framing(thread, utterance, span, block)
    signed = _SIGNED.match(utterance.text, span.outer_end, min(block.end, span.outer_end + _AFTER)) is not None
    said = SAYING.search(before[-50:]) is not None or SAYING.search(after[:40]) is not None
    said = said or signed
    supposed = _NOT_SAID.search(before[-60:]) is not None
    named = _find_named_speaker(thread, number, before, after, names) if said and not supposed else None
    origin = _origin(thread, number, words, named, is_reported=said or _ADDRESSED.search(before) is not None)
    if origin is not None:
        return Quotation(
            utterance.id,
            span.start,
            span.end,
            QuotationKind.INLINE,
            source_utterance_id=origin.utterance.id,
            source_start=origin.start,
            source_end=origin.end,
            speaker=origin.utterance.speaker,
            similarity=origin.similarity,
            probability=0.95 if len(words) > _FOUND else 0.85,
        )
    somebody = said and not supposed and (signed or _SOMEBODY.search(before) is not None)
    probability = _probability(utterance.text, span, len(words), said=somebody, named=named is not None)
    if probability == 0.0:
        return None
    return Quotation(utterance.id, span.start, span.end, QuotationKind.INLINE, speaker=named, probability=probability)


def _find_framing(thread: SourceFinder, utterance: Utterance, span: _QuotedSpan, block: Passage) -> tuple[str, str]:
    """Return what leads up to a quotation and what follows it up to a semicolon, within a sentence each.

    Where it begins or ends its sentence that is the sentence beside: 'You said so. "It fails." I doubt it.'
    """
    text = utterance.text
    lead_start, lead_end = trim(text, block.start, span.outer_start)
    if lead_start < lead_end:
        lead_start = max(
            thread.sentences.find_around(utterance, lead_end - 1)[0], span.outer_start - _BEFORE, lead_start
        )
    rest_start, rest_end = trim(text, span.outer_end, block.end)
    if rest_start < rest_end:
        rest_end = min(thread.sentences.find_around(utterance, rest_start)[1], span.outer_end + _AFTER, rest_end)
    after = re.split(r";(?:\s|$)", text[span.outer_end : rest_end], maxsplit=1)[0]
    return text[lead_start : span.outer_start], after


def _find_named_speaker(
    thread: SourceFinder, number: int, before: str, after: str, names: SpeakerNames
) -> Speaker | None:
    named = (
        read_introduction(before.rstrip(" ,:—-"), names)
        if SAYING.search(before[-50:])
        else read_introduction(after, names)
    )
    author = thread.utterances[number].speaker
    return named.speaker if author is None or named.speaker is None or named.speaker.id != author.id else None


def _origin(
    thread: SourceFinder, number: int, words: WordSequence, named: Speaker | None, *, is_reported: bool
) -> Origin | None:
    """Look for the words in this conversation, exactly if they are few; nobody is found to quote himself."""
    if len(words) < (_TOLD if is_reported else _FOUND):
        return None
    origin = thread.find_origin(words, number, named)
    if origin is None:
        return None
    author, speaker = thread.utterances[number].speaker, origin.utterance.speaker
    if author is not None and speaker is not None and author.id == speaker.id:
        return None
    if named is not None and speaker is not None and speaker.id != named.id:
        return None
    near = thread.is_above(number, origin)
    long = len(words) >= _CLAUSE
    far = long or (is_reported and len(words) >= _FOUND and origin.similarity >= 0.98)
    return origin if origin.similarity >= (0.85 if long else 0.95) and (near or far) else None


def _probability(text: str, span: _QuotedSpan, words: int, *, said: bool, named: bool) -> float:
    """Judge by its looks whether an unresolved quotation is somebody's words; 0 for scare quotes, titles and terms.

    What somebody might say is not said, but where it makes a sentence of its own it is not the author's view either.
    """
    if named:
        return 0.8 if words > _TOLD else 0.0
    whole = text[span.start].isupper() and text[span.start : span.end].rstrip().endswith((".", "!", "?", "…", ","))
    if said and words >= _FOUND:
        return 0.6
    return 0.4 if whole and words >= _ALONE and not span.single else 0.0


def exclude_contained(quotations: Sequence[Quotation], others: Sequence[Quotation]) -> list[Quotation]:
    """Keep the quotations that do not lie within one of the others."""
    return [
        quotation
        for quotation in quotations
        if not any(other.start <= quotation.start and quotation.end <= other.end for other in others)
    ]
