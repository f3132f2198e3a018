"""Places in a sentence that may be the term that it is about, and what speaks for each."""

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.english import FUNCTION_WORDS
from corpus.model import Definition
from corpus.term_key import make_term_key
from index.mismatches.conversation_view import ConversationView
from index.mismatches.cues import find_mentions
from index.mismatches.exchanges import OwnSentence
from index.terms.boilerplate import is_boilerplate
from index.terms.matcher import Matcher

_WORD = r"[^\W\d_][\w’'-]*"
_QUOTED = r"[\"“‘'*](?P<quoted>[^\"“”’*\n]{2,60})[\"”’'*]"
_UNMARKED = rf"(?:the |an? |your |my |this |that )?(?P<plain>{_WORD}(?: {_WORD}){{0,3}}?)"
_ARTICLE = re.compile(r"(?:the|an?|this|that|your|my|our|any|some)\s+", re.IGNORECASE)
_STOP = (
    r"(?=[.,;:?!)]|$| (?:is|are|was|to|in|as|here|that|which|for|when|if|and|or|but|with|i|you|we|they"
    r"|means?|refers?)\b)"
)
# What speaks for a phrase: it is mentioned rather than used; it stands beside a verb or a noun of meaning; it is in a
# claim that is quoted as a whole; it is a noun phrase; something there defines it; it is a term of the base.
MENTIONED, BESIDE, NAMED, WITHIN, NOUN, DEFINED, KNOWN = range(7)
_BESIDE = tuple(
    (source, re.compile(pattern, re.IGNORECASE))
    for source, pattern in (
        (BESIDE, rf"\b(?:mean|meant|understand)(?! to\b) (?:[\w-]+ ){{0,6}}?by (?:{_QUOTED}|{_UNMARKED}{_STOP})"),
        (
            BESIDE,
            rf"\bby (?:{_QUOTED}|{_UNMARKED}),? (?:(?:do|did|does) )?(?:i|you|we|they|he|she)(?:['’]\w+)? (?:\w+ )?"
            r"(?:mean|meant)\b",
        ),
        (
            BESIDE,
            r"\bwhen (?:i|you|we|they|he|she|people) (?:say|said|write|wrote|talk(?:ed)? (?:about|of)|sp[eo]ak of"
            rf"|used?|call(?:ed)? \w+)(?: that)?,? (?:{_QUOTED}|{_UNMARKED}{_STOP})",
        ),
        (
            NAMED,
            rf"\b(?:word|term|phrase|name|notion|concept|definition|meaning|use|usage) (?:of )?(?:{_QUOTED}"
            rf"|{_UNMARKED}{_STOP})",
        ),
        (
            BESIDE,
            r"\b(?:call|calling|called|define|defining|defined?|reserve|renam\w+) (?:it |this |that |these "
            rf"|them )?(?:{_QUOTED}|{_UNMARKED}{_STOP})",
        ),
        (
            BESIDE,
            rf"(?:{_QUOTED}|(?:^|[,;(] ?|\b(?:if|that|where|so|because) )(?:the "
            rf"|an? )?(?P<plain>{_WORD}(?: {_WORD}){{0,2}}?)) "
            r"(?:here |just |really |usually |also |doesn['’]t |does not |should |would )*(?:means?|refers? to"
            r"|is defined|are defined|suggests|includes?|covers?)\b",
        ),
        (BESIDE, rf"{_QUOTED} (?:(?:is|are|was|were) )?(?:meant|supposed|intended|taken) to\b"),
        (BESIDE, rf"\bwhat (?:is|are|(?:does|would) it mean to(?: be)?) (?:an? |the )?{_QUOTED}"),
        (BESIDE, rf"\b(?:a|an|really|properly|as) (?P<plain>{_WORD}(?: {_WORD})?) so much as\b"),
    )
)
# What follows where somebody asks how a word is meant, tells how two people mean it, or amends its definition, are
# readings of it and not the word.
_READINGS = re.compile(
    r"\b(?:do|did) (?:you|they|he|she|we) (?:just |only |really |actually )?mean (?!by\b)"
    r"([^?]{1,200}?\bor\b[^?]{1,200})\?"
    r"|\b(?:meant|intended|supposed) to (?:include|cover|mean|refer to) ([^?]{1,200})\?"
    r"|\byou (?:\w{1,20} )?mean (?!by\b)([^.?!;]{1,120}?)(?:[,;]| and| but| while) i mean (?!by\b)([^.?!;]{1,120})"
    r"|\bdefinition(?: \w{1,20}){0,2}: ((?!.{0,200}\b(?:is|are|means?|refers?)\b).{1,200})",
    re.IGNORECASE,
)
_HYPHENS = "-‐‑"
_EDGE = " \t\n\"“”'‘’*_.,;:()[]?!"
MOST_WORDS = 5
_POINTING = (MENTIONED, BESIDE, WITHIN)
# Words about words: what a sentence about meaning is made of, hardly ever what it is about.
_ABOUT_WORDS = frozenset(
    "definition term word meaning sense notion concept name phrase usage claim question property terminology wording "
    "language distinction interpretation reading label description statement argument point".split()
)
# Words that neither begin nor end a term, and of which none is made: a closed class.
_FUNCTION = FUNCTION_WORDS | frozenset(
    "these those he she them us me his her mine yours hers ours theirs whom where why how "
    "all any some each every both either neither one "
    "ones no nor off onto out over per under up without above after again against along among around before "
    "behind below between beyond during except inside near outside past since through throughout toward "
    "towards until upon via within being am done doing having may might must shall should only even also too "
    "very really still yet already here now once more most less least much many few such same other another "
    "own ever never always because although though while whereas unless however thus hence therefore instead "
    "rather quite somewhat almost perhaps maybe like yes okay ok please sorry thanks let lets get gets got "
    "make makes made say says said know knows think thinks mean means meant call calls called use uses used "
    "using define defines defined differently exactly actually basically simply".split()
)


def propose_spans(
    view: ConversationView, sentence: OwnSentence, definitions: Sequence[Definition], terms: Matcher
) -> Iterator[tuple[int, int, int]]:
    """Propose places in a sentence, each with what speaks for it; the same place may be proposed several times."""
    reading_spans = find_readings(sentence.text)
    for start, end, source in _propose_all(view, sentence, definitions, terms):
        if not any(first <= start and end <= last for first, last in reading_spans):
            yield start, end, source


def _propose_all(
    view: ConversationView, sentence: OwnSentence, definitions: Sequence[Definition], terms: Matcher
) -> Iterator[tuple[int, int, int]]:
    text, nouns = sentence.text, _find_nouns(view, sentence)
    yield from _propose_pointed_at(view, sentence, nouns, terms)
    for start, end in view.find_mentions(sentence):
        if len(text[start:end].split()) > MOST_WORDS:
            yield from _propose_within(text, start, end, terms)
    for known in terms.find(text):
        yield from trim_span(text, known.start, known.end, KNOWN)
    for start, end in nouns:
        yield from trim_span(text, start, end, NOUN)
    for definition in definitions:
        if (
            definition.utterance_id == sentence.utterance_id
            and definition.start < sentence.end
            and sentence.start < definition.end
        ):
            start_of_term = text.find(definition.term)
            if start_of_term >= 0:
                yield from trim_span(text, start_of_term, start_of_term + len(definition.term), DEFINED)


def find_readings(text: str) -> list[tuple[int, int]]:
    """Return the stretches in which a word is read in some way: the word stands elsewhere, unless they quote it.

    >>> find_readings("By pause, do you mean a halt or a delay?")
    [(22, 39)]
    """
    groups = range(1, _READINGS.groups + 1)
    spans = [match.span(group) for match in _READINGS.finditer(text) for group in groups if match.group(group)]
    mentioned = [start for start, _ in find_mentions(text)] if spans else []
    return [(start, end) for start, end in spans if not any(start <= mention < end for mention in mentioned)]


def _propose_pointed_at(
    view: ConversationView, sentence: OwnSentence, nouns: Sequence[tuple[int, int]], terms: Matcher
) -> Iterator[tuple[int, int, int]]:
    """Propose what a sentence mentions rather than uses, and what stands beside a verb or noun of meaning."""
    text = sentence.text
    for start, end in view.find_mentions(sentence):
        yield from trim_span(text, start, end, MENTIONED)
    for source, pattern in _BESIDE:
        for match in pattern.finditer(text):
            for name in ("quoted", "plain"):
                if name not in pattern.groupindex or not match.group(name):
                    continue
                span = match.span(name)
                if name == "plain":
                    within = [(start, end) for start, end in nouns if start < span[1] and span[0] < end]
                    for start, end in within or [span]:
                        yield from trim_span(text, start, end, source, mentioned=source == BESIDE)
                elif len(match.group(name).split()) <= MOST_WORDS:
                    yield from trim_span(text, *span, MENTIONED)
                    yield from trim_span(text, *span, source, mentioned=True)
                else:
                    yield from _propose_within(text, *span, terms)


def _find_nouns(view: ConversationView, sentence: OwnSentence) -> list[tuple[int, int]]:
    matches = Matcher({key: key for key in view.list_terms(sentence)}).find(sentence.text, nested=True)
    return sorted({(match.start, match.end) for match in matches})


def _propose_within(text: str, start: int, end: int, terms: Matcher) -> Iterator[tuple[int, int, int]]:
    """Propose the terms in a stretch: where a whole claim is quoted, it is for the sake of a term in it."""
    for match in terms.find(text[start:end]):
        yield from trim_span(text, start + match.start, start + match.end, WITHIN)


def measure_pointing(view: ConversationView, sentence: OwnSentence, terms: Matcher) -> float:
    """Say how plainly a sentence itself points at the word that it is about: 0 where it does not, at most 2."""
    sources: dict[str, set[int]] = {}
    for start, end, source in _propose_pointed_at(view, sentence, _find_nouns(view, sentence), terms):
        if source in _POINTING:
            sources.setdefault(make_term_key(sentence.text[start:end]), set()).add(source)
    return float(min(max(map(len, sources.values()), default=0), 2))


def trim_span(
    text: str, start: int, end: int, source: int, *, mentioned: bool = False
) -> Iterable[tuple[int, int, int]]:
    """Return the place without marks and articles at its ends, if what is left can be a term."""
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    article = _ARTICLE.match(text, start, end)
    start = article.end() if article else start
    start, end = _extend_over_hyphens(text, start, end)
    words = text[start:end].casefold().split()
    if not words or len(words) > MOST_WORDS or words[0] in _FUNCTION or words[-1] in _FUNCTION:
        return []
    return (
        [(start, end, source)]
        if is_possible_term(make_term_key(text[start:end]), mentioned=mentioned or source == MENTIONED)
        else []
    )


def _extend_over_hyphens(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in what is joined by a hyphen: "act-based" is no act."""
    while start > 1 and text[start - 1] in _HYPHENS and text[start - 2].isalnum():
        start -= 2
        while start and text[start - 1].isalnum():
            start -= 1
    while end + 1 < len(text) and text[end] in _HYPHENS and text[end + 1].isalnum():
        end += 2
        while end < len(text) and text[end].isalnum():
            end += 1
    return start, end


def is_possible_term(key: str, *, mentioned: bool = False) -> bool:
    """Return whether a phrase can be a term, by its key; one that is `mentioned` can be an everyday word."""
    words = key.split()
    if len(key) < 2 or len(words) > MOST_WORDS or not any(letter.isalpha() for letter in key):
        return False
    if words[0] in _FUNCTION or words[-1] in _FUNCTION:
        return False
    return mentioned or not (is_boilerplate(key) or all(word in _ABOUT_WORDS or is_boilerplate(word) for word in words))
