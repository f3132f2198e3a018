"""Which term a sentence about meaning is about."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from corpus.model import Definition, Utterance
from corpus.words import term_key
from index.mismatches.exchanges import Sentence
from index.mismatches.thread import Voices
from index.terms.boilerplate import is_boilerplate
from index.terms.matcher import Matcher

_WORD = r"[^\W\d_][\w’'-]*"
_QUOTED = r"[\"“‘'*](?P<quoted>[^\"“”’*\n]{2,60})[\"”’'*]"
_PLAIN = rf"(?:the |an? |your |my |this |that )?(?P<plain>{_WORD}(?: {_WORD}){{0,3}}?)"
_ARTICLE = re.compile(r"(?:the|an?|this|that|your|my|our|any|some)\s+", re.IGNORECASE)
_STOP = (
    r"(?=[.,;:?!)]|$| (?:is|are|was|to|in|as|here|that|which|for|when|if|and|or|but|with|i|you|we|they"
    r"|means?|refers?)\b)"
)
# Where the term stands beside a verb or noun of meaning.
_BESIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:mean|meant|understand) (?:[\w-]+ ){{0,6}}?by (?:{_QUOTED}|{_PLAIN}{_STOP})",
        rf"\bby (?:{_QUOTED}|{_PLAIN}),? (?:i|you|we|they|he|she) (?:\w+ )?(?:mean|meant)\b",
        rf"\b(?:word|term|phrase|name|notion|concept|definition|meaning|use|usage) (?:of )?(?:{_QUOTED}"
        rf"|{_PLAIN}{_STOP})",
        rf"\b(?:call|calling|called|define|defining|defined?|reserve|renam\w+) (?:it |this |that |these "
        rf"|them )?(?:{_QUOTED}|{_PLAIN}{_STOP})",
        rf"(?:{_QUOTED}|(?:^|[,;(] ?|\b(?:if|that|where|so|because) )(?:the "
        rf"|an? )?(?P<plain>{_WORD}(?: {_WORD}){{0,2}}?)) "
        r"(?:here |just |really |usually |also |doesn['’]t |does not |should |would )*(?:means?|refers? to"
        r"|is defined|are defined|suggests|includes?|covers?)\b",
        rf"\b(?:a|an|really|properly|as) (?P<plain>{_WORD}(?: {_WORD})?) so much as\b",
    )
)
_EDGE = " \t\n\"“”'‘’*_.,;:()[]?!"
_MOST_WORDS = 5
_MENTIONED, _BESIDE_MEANING, _NOUN, _DEFINED, _ECHOED, _IN_TITLE = 1.5, 1.5, 0.5, 1.0, 1.5, 0.5
_NEIGHBOURS = ((-1, 0.4), (1, 0.4), (-2, 0.25))  # what a proposal of a sentence near by is worth
_LONG = 0.1  # a word more
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


class Terms:
    """The terms of a base: where they stand in a text, and how much people argue with each (0.5 to 1.5)."""

    def __init__(self, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Take terms as they are kept, the most argued with first."""
        self.matcher = Matcher.of(bodies)
        self._weights = {
            body["name"]: 1.5 - place / len(bodies) if len(bodies) > 1 else 1.5 for place, body in enumerate(bodies)
        }

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield (start, end, weight) of the terms in a text."""
        for one in self.matcher.find(text):
            yield one.start, one.end, self._weights[one.name]


def at_issue(
    voices: Voices, sentence: Sentence, other: Utterance, definitions: Sequence[Definition], terms: Terms
) -> str | None:
    """Find the term that `sentence` is about, in an exchange with `other`, as it is written there.

    Its neighbours and the title of the thread count too: "I'm happy with your word for it". None where nothing there
    can be a term.
    """
    weights: dict[str, float] = {}
    written: dict[str, str] = {}
    for one, share in _around(voices, sentence):
        for start, end, weight in _proposed(voices, one, definitions, terms):
            key = term_key(one.text[start:end])
            weights[key] = weights.get(key, 0.0) + weight * share
            written.setdefault(key, one.text[start:end])
    title = voices.conversation.title
    for start, end, weight in terms.find(title):
        key = term_key(title[start:end])
        if f" {key} " in voices.key_of(sentence.utterance_id):
            weights[key] = weights.get(key, 0.0) + weight * _IN_TITLE
            written.setdefault(key, title[start:end])
    echoed, titled = voices.key_of(other.id), f" {term_key(title)} "
    for key in weights:
        weights[key] += _ECHOED * (f" {key} " in echoed) + _IN_TITLE * (f" {key} " in titled)
        weights[key] += _LONG * min(len(key.split()), 3)
    return written[max(weights, key=lambda key: (weights[key], key))] if weights else None


def _around(voices: Voices, sentence: Sentence) -> Iterator[tuple[Sentence, float]]:
    said = voices.said[sentence.utterance_id]
    row = said.index(sentence)
    yield sentence, 1.0
    for step, share in _NEIGHBOURS:
        if 0 <= row + step < len(said):
            yield said[row + step], share


def _proposed(
    voices: Voices, sentence: Sentence, definitions: Sequence[Definition], terms: Terms
) -> Iterator[tuple[int, int, float]]:
    """Propose places in a sentence, each with what speaks for it; the same place may be proposed several times."""
    text = sentence.text
    nouns = Matcher({key: key for key in voices.terms_in(sentence)}).find(text, nested=True)
    places = {(one.start, one.end) for one in nouns}
    yield from _pointed_at(voices, sentence, places, terms)
    for start, end in voices.mentioned(sentence):
        if len(text[start:end].split()) > _MOST_WORDS:
            yield from _within(text, start, end, _MENTIONED, terms)
    for start, end, weight in terms.find(text):
        yield from _fit(text, start, end, weight)
    for start, end in places:
        yield from _fit(text, start, end, _NOUN)
    for one in definitions:
        if one.utterance_id == sentence.utterance_id and one.start < sentence.end and sentence.start < one.end:
            at = text.find(one.term)
            if at >= 0:
                yield from _fit(text, at, at + len(one.term), _DEFINED + one.probability)


def _pointed_at(
    voices: Voices, sentence: Sentence, places: Collection[tuple[int, int]], terms: Terms
) -> Iterator[tuple[int, int, float]]:
    """Propose what a sentence mentions rather than uses, and what stands beside a verb or noun of meaning."""
    text = sentence.text
    for start, end in voices.mentioned(sentence):
        yield from _fit(text, start, end, _MENTIONED, mentioned=True)
    for pattern in _BESIDE:
        for met in pattern.finditer(text):
            for name in ("quoted", "plain"):
                if name in pattern.groupindex and met.group(name):
                    at = met.span(name)
                    inside = [(start, end) for start, end in places if start < at[1] and at[0] < end]
                    for start, end in [at] if name == "quoted" else inside:
                        yield from _fit(text, start, end, _BESIDE_MEANING, mentioned=name == "quoted")
                    if name == "quoted" and len(met.group(name).split()) > _MOST_WORDS:
                        yield from _within(text, *at, _BESIDE_MEANING, terms)


def _within(text: str, start: int, end: int, weight: float, terms: Terms) -> Iterator[tuple[int, int, float]]:
    """Propose the terms in a stretch: where a whole claim is quoted, it is for the sake of a term in it."""
    for at, until, its in terms.find(text[start:end]):
        yield from _fit(text, start + at, start + until, weight * its)


def points_at(voices: Voices, sentence: Sentence, terms: Terms) -> float:
    """Say how plainly a sentence itself points at the word that it is about: 0 where it does not."""
    nouns = Matcher({key: key for key in voices.terms_in(sentence)}).find(sentence.text, nested=True)
    weights: dict[str, float] = {}
    for start, end, weight in _pointed_at(voices, sentence, {(one.start, one.end) for one in nouns}, terms):
        key = term_key(sentence.text[start:end])
        weights[key] = min(weights.get(key, 0.0) + weight, _MENTIONED + _BESIDE_MEANING)
    return max(weights.values(), default=0.0)


def _fit(
    text: str, start: int, end: int, weight: float, *, mentioned: bool = False
) -> Iterable[tuple[int, int, float]]:
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
    if len(key) < 2 or not any(letter.isalpha() for letter in key) or is_boilerplate(key):
        return []
    if not mentioned and all(word in _ABOUT_WORDS or is_boilerplate(word) for word in key.split()):
        return []
    return [(start, end, weight)]
