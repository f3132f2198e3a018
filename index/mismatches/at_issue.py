"""Which term a sentence about meaning is about."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus.model import Definition, Utterance
from corpus.words import term_key
from index.mismatches.exchanges import Sentence
from index.mismatches.thread import Voices
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
        (BESIDE, rf"\bby (?:{_QUOTED}|{_UNMARKED}),? (?:i|you|we|they|he|she) (?:\w+ )?(?:mean|meant)\b"),
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
        (BESIDE, rf"\b(?:a|an|really|properly|as) (?P<plain>{_WORD}(?: {_WORD})?) so much as\b"),
    )
)
_EDGE = " \t\n\"“”'‘’*_.,;:()[]?!"
_MOST_WORDS = 5
_NEIGHBOURS = ((-2, 0.6), (-1, 1.0), (1, 1.0), (2, 0.6))  # sentences near by, and what their proposals are worth
# Log-linear weights, learned from the labelled exchanges of an Arbital half and rounded (by conversation 37 of 62 terms
# share a word with the label's; with weights set by hand 33): in the sentence itself, and in those near by. What stands
# beside a verb of meaning was raised by hand: the labels hold few such sentences.
_HERE = {MENTIONED: 1.2, BESIDE: 1.5, NAMED: 0.4, WITHIN: 1.5, NOUN: 0.1, DEFINED: 0.7, KNOWN: 0.0}
_NEAR = {MENTIONED: 0.8, BESIDE: 0.1, NAMED: 0.0, WITHIN: 0.4, NOUN: 0.2, DEFINED: 0.0, KNOWN: 0.0}
_FIRST = 1.1  # to begin the sentence, less the further on
_ECHOED, _IN_TITLE, _OFTEN, _IN_ALL = 1.7, 0.4, 0.6, 0.7  # by the other; log of the times here; share of the thread
_WORDS = (0.0, 0.0, 0.6, 1.9)  # one word, two, and more
_ELSEWHERE = 1.0  # against what stands in the title only
_POINTING = (MENTIONED, BESIDE, WITHIN)
# Words about words: what a sentence about meaning is made of, hardly ever what it is about.
_ABOUT_WORDS = frozenset(
    "definition term word meaning sense notion concept name phrase usage claim question property terminology wording "
    "language distinction interpretation reading label description statement argument point".split()
)
# Words that neither begin nor end a term, and of which none is made: a closed class.
_FUNCTION = frozenset(
    """
    a an the this that these those it its he she they them we us you i me my your our their his her who whom which what
    where when why how all any some each every both either neither one ones no not nor and or but if then than so as at
    by for from in into of off on onto out over per to under up with without about above after again against along
    among around before behind below between beyond during except inside near outside past since through throughout
    toward towards until upon via within is are was were be been being am do does did done doing have has had having
    can could may might must shall should will would just only even also too very really still yet already there here
    now once more most less least much many few such same other another own again ever never always because although
    though while whereas unless however thus hence therefore instead rather quite somewhat almost perhaps maybe like
    yes okay ok please sorry thanks let lets get gets got make makes made say says said know knows think thinks mean
    means meant call calls called use uses used using define defines defined differently exactly actually basically
    simply
    """.split()
)


def at_issue(
    voices: Voices, sentence: Sentence, other: Utterance, definitions: Sequence[Definition], terms: Matcher
) -> str | None:
    """Find the term that `sentence` is about, in an exchange with `other`, as it is written there.

    Its neighbours and the title of the thread count too: "I'm happy with your word for it". None where nothing there
    can be a term.
    """
    found: dict[str, dict[str, float]] = {}
    written: dict[str, str] = {}
    for one, worth, weights in _around(voices, sentence):
        for start, end, source in _proposed(voices, one, definitions, terms):
            key = term_key(one.text[start:end])
            written.setdefault(key, one.text[start:end])
            its = found.setdefault(key, {})
            name = f"{source} {weights is _HERE}"
            its[name] = max(its.get(name, 0.0), worth * weights[source])
            if weights is _HERE:
                its["first"] = max(its.get("first", 0.0), _FIRST * (1 - start / len(one.text)))
    title = voices.conversation.title
    own, echoed, titled = voices.key_of(sentence.utterance_id), voices.key_of(other.id), f" {term_key(title)} "
    for one in terms.find(title):
        key = term_key(title[one.start : one.end])
        if f" {key} " in own:
            found.setdefault(key, {"elsewhere": -_ELSEWHERE})
            written.setdefault(key, title[one.start : one.end])
    everything = [voices.key_of(one.id) for one in voices.conversation.utterances]

    def weight(key: str) -> tuple[float, str]:
        its, place = sum(found[key].values()), f" {key} "
        its += _ECHOED * (place in echoed) + _IN_TITLE * (place in titled) + _OFTEN * math.log1p(own.count(place))
        its += _IN_ALL * sum(place in one for one in everything) / len(everything)
        return its + _WORDS[min(len(key.split()), len(_WORDS) - 1)], key

    return written[max(found, key=weight)] if found else None


def _around(voices: Voices, sentence: Sentence) -> Iterator[tuple[Sentence, float, Mapping[int, float]]]:
    said = voices.said[sentence.utterance_id]
    row = said.index(sentence)
    yield sentence, 1.0, _HERE
    for step, worth in _NEIGHBOURS:
        if 0 <= row + step < len(said):
            yield said[row + step], worth, _NEAR


def _proposed(
    voices: Voices, sentence: Sentence, definitions: Sequence[Definition], terms: Matcher
) -> Iterator[tuple[int, int, int]]:
    """Propose places in a sentence, each with what speaks for it; the same place may be proposed several times."""
    text, nouns = sentence.text, _nouns(voices, sentence)
    yield from _pointed_at(voices, sentence, nouns, terms)
    for start, end in voices.mentioned(sentence):
        if len(text[start:end].split()) > _MOST_WORDS:
            yield from _within(text, start, end, terms)
    for known in terms.find(text):
        yield from _fit(text, known.start, known.end, KNOWN)
    for start, end in nouns:
        yield from _fit(text, start, end, NOUN)
    for one in definitions:
        if one.utterance_id == sentence.utterance_id and one.start < sentence.end and sentence.start < one.end:
            at = text.find(one.term)
            if at >= 0:
                yield from _fit(text, at, at + len(one.term), DEFINED)


def _pointed_at(
    voices: Voices, sentence: Sentence, nouns: Sequence[tuple[int, int]], terms: Matcher
) -> Iterator[tuple[int, int, int]]:
    """Propose what a sentence mentions rather than uses, and what stands beside a verb or noun of meaning."""
    text = sentence.text
    for start, end in voices.mentioned(sentence):
        yield from _fit(text, start, end, MENTIONED)
    for source, pattern in _BESIDE:
        for met in pattern.finditer(text):
            for name in ("quoted", "plain"):
                if name not in pattern.groupindex or not met.group(name):
                    continue
                at = met.span(name)
                if name == "plain":
                    for start, end in nouns:
                        if start < at[1] and at[0] < end:
                            yield from _fit(text, start, end, source)
                elif len(met.group(name).split()) <= _MOST_WORDS:
                    yield from _fit(text, *at, MENTIONED)
                    yield from _fit(text, *at, source, mentioned=True)
                else:
                    yield from _within(text, *at, terms)


def _nouns(voices: Voices, sentence: Sentence) -> list[tuple[int, int]]:
    found = Matcher({key: key for key in voices.terms_in(sentence)}).find(sentence.text, nested=True)
    return sorted({(one.start, one.end) for one in found})


def _within(text: str, start: int, end: int, terms: Matcher) -> Iterator[tuple[int, int, int]]:
    """Propose the terms in a stretch: where a whole claim is quoted, it is for the sake of a term in it."""
    for one in terms.find(text[start:end]):
        yield from _fit(text, start + one.start, start + one.end, WITHIN)


def points_at(voices: Voices, sentence: Sentence, terms: Matcher) -> float:
    """Say how plainly a sentence itself points at the word that it is about: 0 where it does not, at most 2."""
    found: dict[str, set[int]] = {}
    for start, end, source in _pointed_at(voices, sentence, _nouns(voices, sentence), terms):
        if source in _POINTING:
            found.setdefault(term_key(sentence.text[start:end]), set()).add(source)
    return float(min(max(map(len, found.values()), default=0), 2))


def _fit(text: str, start: int, end: int, source: int, *, mentioned: bool = False) -> Iterable[tuple[int, int, int]]:
    """Give the place without marks and articles at its ends, if what is left can be a term."""
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    article = _ARTICLE.match(text, start, end)
    start = article.end() if article else start
    words = text[start:end].casefold().split()
    if not words or len(words) > _MOST_WORDS or words[0] in _FUNCTION or words[-1] in _FUNCTION:
        return []
    key = term_key(text[start:end])
    if len(key) < 2 or not any(letter.isalpha() for letter in key):
        return []
    if not (mentioned or source == MENTIONED) and (
        is_boilerplate(key) or all(word in _ABOUT_WORDS or is_boilerplate(word) for word in key.split())
    ):
        return []
    return [(start, end, source)]
