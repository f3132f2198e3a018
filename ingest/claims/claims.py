"""Sentences → claims: what somebody says, in exact words, with whose words they are and how sure the author sounds.

Works on one conversation. Blocks that nobody asserts (headings, code, formulas on a line of their own, widgets) are
left out; words inside a quotation are credited to the person quoted or to nobody, never to the one who quotes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from corpus.model import (
    Attribution,
    Claim,
    ClaimKind,
    Conversation,
    PassageKind,
    Quotation,
    QuotationKind,
    Speaker,
    Utterance,
    claim_id,
)
from ingest.blocks import Block, blocks, trim
from ingest.quotations.speaker_names import Names

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from ingest.claims.reported_speech import Report

_PAIRS = {'"': '"', "“": "”", "‘": "’", "'": "'"}
_MARKS = "\"“”‘’'"
_MOMENT = re.compile(r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?:?\s+")  # of a recording, at the head of a turn
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMBER = re.compile(r"\(?\d{1,2}\)\s+(?=\S)")  # of one of several things listed within a paragraph: "2) It is …"
_HANDS_OVER = re.compile(  # "On Tue, 3 May, Ann wrote:": it says whose words follow
    r"(?:(?:On|Am|Le|At)\b.{5,200}|[A-Z][\w.'’?-]*(?: [A-Z][\w.'’?-]*){0,3}(?:\s?[<(].{1,80}[>)])?)"
    r"\s(?:wrote|writes|said|says|schrieb|a écrit)\s*:[\s|>]*",
    re.DOTALL,
)
_LEAST_WORDS = 3
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "expl"})
_NAMING = frozenset({"NOUN", "PROPN", "NUM", "X", "SYM", "PUNCT", "ADP"})
_NEGATIONS = frozenset({"no", "not", "none", "never", "neither", "nor"})
_SHORT = 5  # tokens, the full stop included
_STOPS = (".", "!", "…")
_PROBABLE = re.compile(r"\d ?%|\bper ?cent\b|(?<!\d)0?\.\d")
_GLOSSED = re.compile(r"\w[\"”’)*_]*(?::| [—–-]) \w+ \w+ \w")  # "Corrigibility: readiness to be changed"
_FORMULA = re.compile(r"[=<>≤≥≈∈⊢→]|\\(?:leq?|geq?|in|to|vdash|implies|approx|equiv|sim)\b")
_LIKELY = 0.7  # of "probably quoting": below it, measured, most passages are the author's own after all
_MOSTLY = 0.8  # share of a claim inside a quotation that makes it quoted


def claims(
    conversation: Conversation, quotations: Sequence[Quotation], read: Sequence[Block] | None = None
) -> tuple[Claim, ...]:
    """Give the claims of a conversation, in order of place, each once.

    `read` are its blocks if they are at hand, or those of them whose claims are wanted.
    """
    quoted: dict[str, list[Quotation]] = {}
    for quotation in quotations:
        quoted.setdefault(quotation.utterance_id, []).append(quotation)
    found: dict[str, Claim] = {}
    names = Names(utterance.speaker for utterance in conversation.utterances if utterance.speaker is not None)
    wrote = {utterance.id: utterance.speaker for utterance in conversation.utterances}
    for block in blocks(conversation) if read is None else read:
        answered = wrote.get(block.utterance.reply_to or "")
        for claim in _of_block(block, quoted.get(block.utterance.id, ()), names, answered):
            found.setdefault(claim.id, claim)
    return tuple(found.values())


def mark_retracted(found: Sequence[Claim], taken: Mapping[str, Sequence[tuple[int, int]]]) -> tuple[Claim, ...]:
    """Mark the claims that lie in stretches which their author has taken back: utterance id → stretches."""

    def is_taken_back(claim: Claim) -> bool:
        return claim.attribution is not Attribution.QUOTED and any(
            min(end, claim.end) - max(start, claim.start) >= _MOSTLY * (claim.end - claim.start)
            for start, end in taken.get(claim.utterance_id, ())
        )

    return tuple(replace(claim, retracted=True) if is_taken_back(claim) else claim for claim in found)


def _of_block(block: Block, quotations: Sequence[Quotation], names: Names, addressee: Speaker | None) -> list[Claim]:
    """Cut a block into claims and give each what the block says of it."""
    from ingest.claims.clauses import atoms
    from ingest.claims.reported_speech import spoken
    from ingest.claims.term_candidates import candidates, terms_within
    from ingest.epistemic.credence import attach, credences

    text = block.text
    told = spoken(block.read, block.sentences, names.words)
    views = [view for view in told if view.somebody and not view.own and not view.supposed]
    found: list[Claim] = []
    for sentence in block.sentences:
        for atom in atoms(sentence, text):
            claim = _claim(block, sentence, (atom.start, atom.end), quotations)
            if claim is None:
                continue
            spans = tuple((block.start + start, block.start + end) for start, end in atom.spans)
            claim = replace(claim, standalone=atom.standalone, spans=spans)
            found.extend(_with_views(block, sentence, claim, views, quotations, names, addressee))
    found.extend(_said_inline(block, quotations, found))
    own = [n for n, claim in enumerate(found) if claim.attribution is Attribution.OWN]
    places = [(found[n].start - block.start, found[n].end - block.start) for n in own]
    for place, credence in attach(text, credences(text), places).items():
        claim = found[own[place]]
        found[own[place]] = replace(claim, credence=(credence.low, credence.high))
    named = candidates(block.doc, names.words)
    return [
        replace(claim, terms=terms_within(named, claim.start - block.start, claim.end - block.start)) for claim in found
    ]


def _claim(block: Block, sentence: "Span", place: tuple[int, int], quotations: Sequence[Quotation]) -> Claim | None:
    """Make the claim at `place` of a block; None for thanks, greetings, bare links, bare names: what claims nothing."""
    from ingest.epistemic.certainty import certainty
    from ingest.epistemic.kinds import kind_of

    utterance = block.utterance
    start, end = trim(block.text, *place)
    if start == 0 and (moment := _MOMENT.match(block.text, start, end)):
        start = moment.end()
    if number := _NUMBER.match(block.text, start, end):
        start = number.end()
    text = block.text[start:end]
    whole = block.text[sentence.start_char : sentence.end_char]
    kind = kind_of(text, whole) if _says_enough(block, start, end) else None
    if kind is None:
        return None
    within = (start - sentence.start_char, end - sentence.start_char)
    place = (block.start + start, block.start + end)
    attribution, speaker, quoted_by, probability = _whose(utterance, *place, quotations)
    return Claim(
        id=claim_id(utterance.id, *place, text),
        utterance_id=utterance.id,
        start=place[0],
        end=place[1],
        text=text,
        standalone=text,
        kind=kind,
        attribution=attribution,
        speaker=speaker,
        quoted_by=quoted_by,
        certainty=certainty(whole, within, sentence).level,
        probability=probability,
    )


def _with_views(
    block: Block,
    sentence: "Span",
    claim: Claim,
    views: "Sequence[Report]",
    quotations: Sequence[Quotation],
    names: Names,
    addressee: Speaker | None,
) -> list[Claim]:
    """Give a claim, or the view of somebody else that it tells, or both where it does more than tell it."""
    from ingest.claims.reported_speech import without_that

    start, end = claim.start - block.start, claim.end - block.start
    told = next((view for view in views if start <= view.cue[0] and view.cue[1] <= end), None)
    if told is None or claim.attribution is not Attribution.OWN or claim.kind is ClaimKind.QUESTION:
        return [claim]
    holder = _holder(block, told, names, addressee)
    if told.denied or not start <= told.content[0] < told.content[1] <= end:
        # "Ana doesn't think that P" says nothing of P that anybody holds: it stays whole, as what is told of Ana.
        return [replace(claim, attribution=Attribution.REPORTED, holder=holder)]
    place = without_that(block.text, *_unquoted(block.text, *told.content))
    view = _claim(block, sentence, place, quotations)
    framing = [*told.cue, *(told.source or ())]
    is_all = max(place[1], *framing) - min(place[0], *framing) >= _MOSTLY * (end - start)
    if view is None or view.text.lower().startswith("to "):
        # What is told says too little by itself; the sentence is the holder's view only where it tells nothing else.
        return [replace(claim, attribution=Attribution.REPORTED, holder=holder) if is_all else claim]
    if view.attribution is Attribution.OWN:
        view = replace(view, attribution=Attribution.REPORTED, holder=holder)
    view = replace(view, standalone=view.text[:1].upper() + view.text[1:])
    return [view] if is_all else [claim, view]


def _holder(block: Block, told: "Report", names: Names, addressee: Speaker | None) -> str | None:
    """Name whose view is told: a known speaker, else the words used; "you" is whoever is answered."""
    if told.source is None:
        return None
    words = block.text[slice(*told.source)]
    if words.lower() == "you":
        return addressee.name if addressee else words
    speaker = names.only(words)
    return speaker.name if speaker else words


def _said_inline(block: Block, quotations: Sequence[Quotation], found: Sequence[Claim]) -> Iterator[Claim]:
    """Give the words of others quoted within a sentence of the block, where no claim has them yet."""
    for quotation in quotations:
        if quotation.how is not QuotationKind.INLINE or not block.start <= quotation.start < quotation.end <= block.end:
            continue
        place = _unquoted(block.text, quotation.start - block.start, quotation.end - block.start)
        sentence = block.doc.char_span(*place, alignment_mode="expand")
        if sentence is None or any(
            claim.attribution is Attribution.QUOTED and claim.start < quotation.end and quotation.start < claim.end
            for claim in found
        ):
            continue
        claim = _claim(block, sentence, place, quotations)
        if claim is not None and claim.attribution is Attribution.QUOTED:
            yield claim


def _unquoted(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave the marks around a quotation out of it.

    Example: _unquoted('"It rains."', 0, 11) -> (1, 10)
    """
    start, end = trim(text, start, end)
    while start < end:
        first, last = text[start], text[end - 1]
        closing = _closing(text, start, end) if first in _PAIRS else None
        if closing == end - 1:
            start, end = start + 1, end - 1
        elif first in _PAIRS and closing is None:
            start += 1  # its partner lies outside
        elif last == "," or (
            last in _MARKS and not any(_PAIRS[mark] == last for mark in _PAIRS if mark in text[start : end - 1])
        ):
            end -= 1
        else:
            break
    return start, end


def _closing(text: str, start: int, end: int) -> int | None:
    """Find the partner of the quotation mark at `start`, which is no apostrophe."""
    partner = _PAIRS[text[start]]
    places = (at for at in range(start + 1, end) if text[at] == partner)
    return next((at for at in places if partner not in "'’" or not text[at + 1 : at + 2].isalnum()), None)


def _says_enough(block: Block, start: int, end: int) -> bool:
    """Tell whether there is something to claim: three words that say something of something, or two with a verb.

    "Sent." and "Judges." say little; "Risks of scaling" is a title, "Non-naive multiple updates." the head of a list.
    Without a verb a sentence needs a full stop, and some length or more than a name ("Not convinced by it."): a parser
    may have taken a verb for a noun.
    """
    words = sum(1 for _ in islice(_WORD.finditer(block.read, start, end), _LEAST_WORDS))
    if words < _LEAST_WORDS - 1 or _HANDS_OVER.fullmatch(block.text, start, end):
        return False
    span = block.doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return False
    if words < _LEAST_WORDS:
        return any(token.pos_ == "VERB" for token in span)
    if _FORMULA.search(block.text, start, end) or any(_predicates(token) for token in span):
        return True
    text = block.text[start:end].rstrip("\"”’')*_ ")
    if text.endswith("?") or _GLOSSED.search(text) or _PROBABLE.search(text):
        return True
    stands = len(span) > _SHORT or span[0].lower_ in _NEGATIONS or span.root.pos_ not in _NAMING
    return text.endswith(_STOPS) and stands


def _predicates(token: "Token") -> bool:
    """Tell whether a word shows that something is said of something, or asked for."""
    return (
        token.dep_ in _SUBJECTS
        or token.tag_ == "MD"
        or (token.tag_ == "VB" and token.dep_ == "ROOT")
        or "Fin" in token.morph.get("VerbForm", [])
    )


def _whose(
    utterance: Utterance, start: int, end: int, quotations: Sequence[Quotation]
) -> tuple[Attribution, Speaker | None, Speaker | None, float]:
    """Say whose words stand at [start, end): (attribution, speaker, quoted_by, probability)."""
    around = [
        quotation
        for quotation in quotations
        if min(end, quotation.end) - max(start, quotation.start) >= _MOSTLY * (end - start)
    ]
    if around:
        innermost = min(around, key=lambda quotation: quotation.end - quotation.start)
        if innermost.source_utterance_id is None and innermost.how is QuotationKind.UNMARKED:
            if innermost.probability < _LIKELY:
                return Attribution.OWN, utterance.speaker, None, 1 - innermost.probability
        return Attribution.QUOTED, innermost.speaker, utterance.speaker, innermost.probability
    if _within(utterance, start, end, PassageKind.QUOTE) or _within(utterance, start, end, PassageKind.MACHINE_TEXT):
        return Attribution.QUOTED, None, utterance.speaker, 1.0
    return Attribution.OWN, utterance.speaker, None, 1.0


def _within(utterance: Utterance, start: int, end: int, kind: PassageKind) -> bool:
    """Tell whether [start, end) lies in a passage of a kind, but for space and punctuation at its ends."""
    while end > start and not utterance.text[end - 1].isalnum():
        end -= 1
    return any(p.kind is kind and p.start <= start and end <= p.end for p in utterance.passages)
