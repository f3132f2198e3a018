"""What authors have taken back: by the site's flag, by striking it out, or in words; with its scope, date, replacement.

A live view shown as retracted is worse than a retracted one shown as live. So a retraction points at words (`target`)
only where there is no doubt which words are meant; otherwise it is reported without a target and nothing is marked.
Conditions ("I would retract this if …"), other people's retractions, quotations, possibilities, life stories ("I used
to think …") and partial withdrawals point at nothing.
"""

# pyright: standard

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.english import FUNCTION_WORDS
from corpus.model import BLOCKS, Conversation, Passage, PassageKind, Status, Utterance
from ingest.epistemic import retraction_cues as words
from ingest.epistemic.retraction_cues import Reach, find_date
from ingest.epistemic.scope import blank_quotations
from ingest.sentences import SentenceIndex

# At least so many of the words that name a view must stand in the sentence that is taken for it.
_COVERAGE = 0.8
_FEWEST_NAMING_WORDS = 3
_LONGEST_PASSAGE = 4000
_COUNTS = {"two": 2, "three": 3, "four": 4}


class RetractionScope(StrEnum):
    """How much is taken back."""

    UTTERANCE = "utterance"
    PASSAGE = "passage"
    CLAIM = "claim"


class RetractionMark(StrEnum):
    """By what it is known."""

    SITE = "site"  # the site's own flag
    TITLE = "title"  # "[Retracted] …"
    STRUCK = "struck"
    WORDS = "words"
    CORRECTION = "correction"  # "[correction: …]"


@dataclass(frozen=True, slots=True)
class Retraction:
    """Something taken back.

    `utterance_id` and [start, end) are the words that take it back (all of the struck words, of a flagged utterance).
    `target_utterance_id` and `target` are the words taken back: None where it is not certain which they are. `when` is
    the date given; `replaced_by` is a stretch of the utterance `utterance_id` that says what holds instead.
    `probability` is how sure it is that exactly the target is taken back.
    """

    utterance_id: str
    start: int
    end: int
    scope: RetractionScope
    how: RetractionMark
    target_utterance_id: str | None = None
    target: tuple[int, int] | None = None
    when: date | None = None
    replaced_by: tuple[int, int] | None = None
    probability: float = 1.0


def find_retractions(conversation: Conversation, sentences: SentenceIndex) -> list[Retraction]:
    """Find everything that the authors of a conversation have taken back in it, in order of place.

    "I doubt it will rain. Edit: scratch that." takes back its first sentence.
    """
    retractions: list[Retraction] = []
    for number, utterance in enumerate(conversation.utterances):
        if utterance.status is Status.DELETED or not utterance.text:
            continue
        retractions += _find_flagged(conversation, utterance, is_post=number == 0)
        retractions += _find_struck(utterance)
        retractions += _find_in_words(conversation, utterance, sentences)
    return retractions


def select_retracted_spans(
    retractions: Sequence[Retraction], at_least: float = 0.75
) -> dict[str, list[tuple[int, int]]]:
    """Return the stretches taken back with enough probability: utterance id → spans. A claim within one is retracted.

    The words that take something back, and what they put in its place, still stand and are left out.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for retraction in retractions:
        if retraction.target is None or not retraction.target_utterance_id or retraction.probability < at_least:
            continue
        start, end = retraction.target
        pieces = [(start, end)]
        if retraction.how is RetractionMark.WORDS and retraction.target_utterance_id == retraction.utterance_id:
            until = max(retraction.end, retraction.replaced_by[1] if retraction.replaced_by else 0)
            pieces = [(start, min(end, retraction.start)), (max(start, until), end)]
        spans.setdefault(retraction.target_utterance_id, []).extend(piece for piece in pieces if piece[0] < piece[1])
    return spans


# --- by flag, title and strike


def _find_flagged(conversation: Conversation, utterance: Utterance, *, is_post: bool) -> Iterator[Retraction]:
    whole = (0, len(utterance.text))
    if utterance.status is Status.RETRACTED:
        yield Retraction(utterance.id, *whole, RetractionScope.UTTERANCE, RetractionMark.SITE, utterance.id, whole)
    elif is_post and re.match(
        r"\s*[\[(]?(?:retracted|withdrawn|no longer endorsed)(?:[\])]|:)", conversation.title, re.I
    ):
        yield Retraction(
            utterance.id, *whole, RetractionScope.UTTERANCE, RetractionMark.TITLE, utterance.id, whole, probability=0.95
        )


def _find_struck(utterance: Utterance) -> Iterator[Retraction]:
    """Yield struck-out stretches, but not those within a quotation: what is struck there is not the author's."""
    struck = [p for p in utterance.passages if p.kind is PassageKind.STRUCK]
    for passage in struck:
        if _is_inside(utterance, passage.start, passage.end, PassageKind.QUOTE):
            continue
        span = (passage.start, passage.end)
        rest = utterance.text[: passage.start] + utterance.text[passage.end :]
        scope = RetractionScope.PASSAGE if _letters(rest) else RetractionScope.UTTERANCE
        yield Retraction(
            utterance.id,
            *span,
            scope,
            RetractionMark.STRUCK,
            utterance.id,
            span,
            replaced_by=_replacement(utterance.text, passage),
        )


def _replacement(text: str, passage: Passage) -> tuple[int, int] | None:
    """Return the words directly after a strike, to the end of their clause; None where the block ends there."""
    follows = re.compile(r"[^\S\n]*(?:→|->)?[^\S\n]*(?P<new>[^\n.,;:!?()]{1,200})").match(text, passage.end)
    if follows is None or not _letters(follows["new"]):
        return None
    start, end = follows.span("new")
    return start, start + len(text[start:end].rstrip())


# --- in words


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A block of an utterance, or a sentence in it."""

    start: int
    end: int


def _find_in_words(conversation: Conversation, utterance: Utterance, index: SentenceIndex) -> Iterator[Retraction]:
    blocks = _own_blocks(utterance)
    for block_index, block in enumerate(blocks):
        sentences = _sentences(utterance, block, index)
        for order, sentence in enumerate(sentences):
            text = utterance.text[sentence.start : sentence.end]
            yield from _find_corrected(utterance, sentence, text)
            cue_match = _cue(blank_quotations(text))
            if cue_match is None:
                continue
            cue, match = cue_match
            yield _resolve(conversation, utterance, index, blocks, block_index, sentences, order, cue, match)


def _cue(text: str) -> tuple[words.RetractionCue, re.Match[str]] | None:
    """Find the first form of words by which a sentence takes something back, unless it is not meant so."""
    if text.rstrip("\"'”’)] ").endswith("?") or words.LIFE_STORY.search(text) or words.CONDITION_AHEAD.match(text):
        return None
    for cue in words.CUES:
        match = cue.pattern.search(text)
        if match is not None and not words.NOT_MEANT.search(text[: match.start()]):
            return cue, match
    return None


def _resolve(
    conversation: Conversation,
    utterance: Utterance,
    index: SentenceIndex,
    blocks: list[_Stretch],
    block_index: int,
    sentences: list[_Stretch],
    order: int,
    cue: words.RetractionCue,
    match: re.Match[str],
) -> Retraction:
    """Say what a form of words takes back, as far as that is certain."""
    sentence = sentences[order]
    said = utterance.text[sentence.start : sentence.end]
    scope, target_id, target = RetractionScope.CLAIM, utterance.id, None
    reach = Reach.UNSAID if words.PARTIAL.search(said) else cue.reach
    match reach:
        case Reach.WHOLE if (whole := _whole(conversation, utterance, _group(match, "noun"), block_index)) is not None:
            scope, target_id, target = RetractionScope.UTTERANCE, whole.id, (0, len(whole.text))
        case Reach.HERE if _is_pinned_to_all(utterance, blocks, block_index, order, said):
            scope, target = RetractionScope.UTTERANCE, (0, len(utterance.text))
        case Reach.HERE if order == 0 and block_index == 0:
            pass
        case Reach.BEFORE if _group(match, "part", "named").lower() in ("sentence", "paragraph"):
            count = _COUNTS.get(_group(match, "count", "counted").lower(), 1)
            scope, target = _choose_unit(
                blocks, block_index, sentences, order, _group(match, "part", "named").lower(), count, utterance, index
            )
        case Reach.HERE | Reach.BEFORE:
            scope, target = _choose_before(utterance, blocks, block_index, sentences, order, said)
        case Reach.ANSWERED:
            scope, target_id, target = _choose_answered(
                conversation,
                utterance,
                blocks,
                block_index,
                sentences,
                order,
                said,
                is_pointed=bool(_group(match, "this", "so")),
            )
        case Reach.AFTER if block_index + 1 < len(blocks):
            scope, target = RetractionScope.PASSAGE, (blocks[block_index + 1].start, blocks[block_index + 1].end)
        case Reach.MINE if not _group(match, "x") and (only := _only_earlier(conversation, utterance)) is not None:
            if _group(match, "noun"):
                scope, target_id, target = RetractionScope.UTTERANCE, only.id, (0, len(only.text))
        case Reach.NAMED | Reach.MINE:
            target_id, target = _find_named(conversation, utterance, index, sentence, _group(match, "x"))
    bracketed = match[0].startswith(("[", "("))
    return Retraction(
        utterance.id,
        sentence.start + match.start() if bracketed else sentence.start,
        sentence.start + match.end() if bracketed else sentence.end,
        scope,
        RetractionMark.WORDS,
        target_id if target is not None else None,
        target,
        find_date(said, utterance.posted_at) or _date_before(utterance, blocks[block_index], sentence),
        None if bracketed else _rest(utterance.text, blocks[block_index], sentence),
        cue.probability if target is not None else min(cue.probability, 0.5),
    )


def _whole(conversation: Conversation, utterance: Utterance, noun: str, block_index: int) -> Utterance | None:
    """Find what "this post" or "this comment" means: the utterance itself, or the author's own post at the root.

    Without an author a text may be several people's: then only at its head.
    """
    root = conversation.utterances[0]
    if not words.POST.match(noun) or utterance is root:
        return utterance if utterance.speaker is not None or block_index == 0 else None
    return root if utterance.voice == root.voice else None


def _is_pinned_to_all(utterance: Utterance, blocks: list[_Stretch], block_index: int, order: int, said: str) -> bool:
    """Tell whether a retraction that names no part takes back all of its utterance.

    It does at the head of a post, and of a reply where a mark ("Edit:", "[Retracted]") shows that it was put there
    later; at the end on a line of its own only where there is a single paragraph above it to take back.
    """
    if block_index == 0 and order == 0:
        return utterance.reply_to is None or words.MARK.match(said) is not None
    return utterance.speaker is not None and block_index == len(blocks) - 1 == 1 and order == 0


def _only_earlier(conversation: Conversation, utterance: Utterance) -> Utterance | None:
    """Return the one utterance that the same author wrote before this one, if there is just one."""
    earlier = [other for other in _earlier(conversation, utterance) if other is not utterance]
    return earlier[0] if len(earlier) == 1 else None


def _choose_before(
    utterance: Utterance, blocks: list[_Stretch], block_index: int, sentences: list[_Stretch], order: int, said: str
) -> tuple[RetractionScope, tuple[int, int] | None]:
    """Return what stands just before: the sentence; or, for a mark such as "Edit:", its line or else the line above.

    Lines rather than blocks, because a page scraped without markup is one long block of many voices.
    """
    if order == 0 and block_index == 0:
        return RetractionScope.CLAIM, None
    before = sentences[order - 1] if order > 0 else blocks[block_index - 1]
    if order > 0 and words.MARK.match(said) is None:
        return RetractionScope.CLAIM, (before.start, before.end)
    first = blocks[block_index].start if order > 0 else before.start
    start = max(first, utterance.text.rfind("\n", 0, before.end) + 1)
    while start > first and _is_wrapped(utterance.text, start):
        start = max(first, utterance.text.rfind("\n", 0, start - 1) + 1)
    near = before.end - start <= _LONGEST_PASSAGE
    return RetractionScope.PASSAGE, (start, before.end) if near else None


def _is_wrapped(text: str, start: int) -> bool:
    """Tell whether a line goes on with the one above: it begins low, and that one does not stop."""
    return text[start : start + 1].islower() and text[:start].rstrip()[-1:] not in ".!?:"


def _choose_unit(
    blocks: list[_Stretch],
    block_index: int,
    sentences: list[_Stretch],
    order: int,
    unit: str,
    count: int,
    utterance: Utterance,
    index: SentenceIndex,
) -> tuple[RetractionScope, tuple[int, int] | None]:
    """Return the sentences or paragraphs that "the last sentence", "the two paragraphs above" mean.

    Within a paragraph, "the paragraph above" may be that one or the one before it: then nothing.
    """
    if unit == "sentence":
        before = sentences[:order] or (_sentences(utterance, blocks[block_index - 1], index) if block_index else [])
        scope = RetractionScope.CLAIM
    elif order == 0:
        before, scope = blocks[:block_index], RetractionScope.PASSAGE
    else:
        before = [_Stretch(sentences[0].start, sentences[order - 1].end)] if block_index == 0 else []
        scope = RetractionScope.PASSAGE
    if len(before) < count:
        return scope, None
    span = (before[-count].start, before[-1].end)
    return scope, span if span[1] - span[0] <= _LONGEST_PASSAGE else None


def _choose_answered(
    conversation: Conversation,
    utterance: Utterance,
    blocks: list[_Stretch],
    block_index: int,
    sentences: list[_Stretch],
    order: int,
    said: str,
    *,
    is_pointed: bool,
) -> tuple[RetractionScope, str, tuple[int, int] | None]:
    """Return the one thing that the author said before "I've changed my mind based on …".

    That is what stands above in the same utterance, where it is one sentence or, of a mark, one paragraph, or where
    "this" points at it; at the head of a reply it is the author's own utterance that was answered in between, if it
    is one paragraph.
    """
    if block_index or order:
        only = block_index == 1 and order == 0 if words.MARK.match(said) else block_index == 0 and order == 1
        if not only and not is_pointed:
            return RetractionScope.CLAIM, utterance.id, None
        scope, target = _choose_before(utterance, blocks, block_index, sentences, order, said)
        return scope, utterance.id, target
    known = {other.id: other for other in conversation.utterances}
    parent = known.get(utterance.reply_to or "")
    earlier = known.get(parent.reply_to or "") if parent is not None else None
    is_own = earlier is not None and utterance.speaker is not None and earlier.speaker == utterance.speaker
    if earlier is None or not is_own or parent is None or parent.speaker in (None, utterance.speaker):
        return RetractionScope.UTTERANCE, utterance.id, None
    held = _own_blocks(earlier)
    is_one = len(held) == 1 and earlier is not conversation.utterances[0]
    return RetractionScope.PASSAGE, earlier.id, (held[0].start, held[0].end) if is_one else None


def _find_named(
    conversation: Conversation, utterance: Utterance, index: SentenceIndex, sentence: _Stretch, view: str
) -> tuple[str | None, tuple[int, int] | None]:
    """Find the one earlier sentence of the same author that says what is taken back; nothing where two might."""
    wanted = _naming_words(view)
    if len(wanted) < _FEWEST_NAMING_WORDS:
        return None, None
    candidates: list[tuple[str, tuple[int, int]]] = []
    for earlier in _earlier(conversation, utterance):
        for block in _own_blocks(earlier):
            for candidate in _sentences(earlier, block, index):
                if earlier is utterance and candidate.end > sentence.start:
                    break
                held = _naming_words(earlier.text[candidate.start : candidate.end])
                if len(wanted & held) >= _COVERAGE * len(wanted) and _asserts(earlier.text, candidate):
                    candidates.append((earlier.id, (candidate.start, candidate.end)))
    return candidates[0] if len(candidates) == 1 else (None, None)


def _earlier(conversation: Conversation, utterance: Utterance) -> Iterator[Utterance]:
    """Yield what the same author wrote before, in this conversation, and the utterance itself."""
    for other in conversation.utterances:
        if other is utterance:
            yield other
            return
        if other.voice == utterance.voice:
            yield other


def _asserts(text: str, candidate: _Stretch) -> bool:
    said = text[candidate.start : candidate.end]
    return not said.rstrip("\"'”’)] ").endswith("?") and _cue(blank_quotations(said)) is None


def _find_corrected(utterance: Utterance, sentence: _Stretch, text: str) -> Iterator[Retraction]:
    match = words.CORRECTION.search(text)
    if match is None or not _letters(text[: match.start()]):
        return
    start = sentence.start + match.start()
    yield Retraction(
        utterance.id,
        start,
        sentence.start + match.end(),
        RetractionScope.CLAIM,
        RetractionMark.CORRECTION,
        utterance.id,
        (sentence.start, sentence.start + len(text[: match.start()].rstrip())),
        find_date(match[0], utterance.posted_at),
        (sentence.start + match.start("new"), sentence.start + match.end("new")),
        0.7,
    )


# --- places


def _own_blocks(utterance: Utterance) -> list[_Stretch]:
    """Return the blocks in which the author speaks: no quotations, code, machine text or headings."""
    skipped = (PassageKind.QUOTE, PassageKind.MACHINE_TEXT)
    silent = (PassageKind.CODE, PassageKind.MATH, PassageKind.EMBED, PassageKind.HEADING)
    blocks = [p for p in utterance.passages if p.kind in BLOCKS and not p.inline]
    if not blocks:
        return [_Stretch(*m.span()) for m in re.finditer(r"\S(?:[^\n]|\n(?!\s*\n))*", utterance.text)]
    return [
        _Stretch(block.start, block.end)
        for block in blocks
        if block.kind not in silent and not any(_is_inside(utterance, block.start, block.end, kind) for kind in skipped)
    ]


def _sentences(utterance: Utterance, block: _Stretch, index: SentenceIndex) -> list[_Stretch]:
    """Return the sentences of each line of a block; a mark ("Edit 15 Dec:") goes with the sentence that it opens."""
    sentences: list[_Stretch] = []
    mark_start: int | None = None
    for start, end in index.split(utterance, block.start, block.end):
        if utterance.text[end - 1] == ":" and words.MARK.match(utterance.text[start:end]):
            mark_start = start if mark_start is None else mark_start
            continue
        is_marked = mark_start is not None and "\n" not in utterance.text[mark_start:start]
        sentences.append(_Stretch(mark_start if is_marked and mark_start is not None else start, end))
        mark_start = None
    return sentences


def _is_inside(utterance: Utterance, start: int, end: int, kind: PassageKind) -> bool:
    return any(p.kind is kind and p.start <= start and end <= p.end for p in utterance.passages)


def _rest(text: str, block: _Stretch, sentence: _Stretch) -> tuple[int, int] | None:
    """Return what follows the retraction in its line: what holds instead, or why."""
    line_end = text.find("\n", sentence.end, block.end)
    end = len(text[: line_end if line_end >= 0 else block.end].rstrip())
    start = sentence.end + len(text[sentence.end : end]) - len(text[sentence.end : end].lstrip())
    return (start, end) if _letters(text[start:end]) else None


def _date_before(utterance: Utterance, block: _Stretch, sentence: _Stretch) -> date | None:
    """Read the date of a mark that opens the same block: "Edit 6/26/23: … I no longer think …"."""
    opening = utterance.text[block.start : min(sentence.start, block.start + 60)]
    return find_date(opening, utterance.posted_at) if words.MARK.match(opening) else None


def _letters(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _group(match: re.Match[str], *names: str) -> str:
    """Return the words of the first of these groups that took part in a match; "" if none did."""
    return next((match[name] for name in names if name in match.re.groupindex and match[name]), "")


_COMMON = FUNCTION_WORDS | frozenset(
    "should them because more most very some such only also really think believe it's me may might no longer "
    "any all here even still much many way being".split()
)


def _naming_words(text: str) -> frozenset[str]:
    """Return the words of a stretch that name something, cut to their stems of at most seven letters."""
    naming = re.findall(r"[^\W\d_]{2,}", text.lower())
    return frozenset(word[:7].rstrip("s") for word in naming if word not in _COMMON and len(word) > 2)
