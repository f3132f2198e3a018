"""Which term an exchange about meaning is about.

Every phrase that its strongest sentences offer (proposals.py), and every term that stands in one of its two utterances,
is described by numbers (`FEATURES`); a log-linear model of the choice among them, learned from labelled exchanges
(train.py), takes the best. Often the sentence itself does not name the term ("I was treating it as a definition, you as
a prediction"): then what both use, and what somebody in the thread defines, tells.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import Any, Self

from corpus.model import Definition
from corpus.term_key import term_key
from index.mismatches.conversation_view import Voices, Weighed
from index.mismatches.exchanges import Exchange, Sentence
from index.mismatches.term_candidates import BESIDE, MENTIONED, NOUN, WITHIN, fits, plainly_pointed_at, proposed
from index.terms.matcher import Matcher
from index.terms.word_frequency import share

FEATURES = (
    "mentioned here", "beside a verb of meaning here", "a noun phrase here", "here", "mentioned near",
    "beside a verb of meaning near", "a noun phrase near", "before it in the utterance", "in the utterance",
    "in the other", "here and in the other", "times in the utterance", "share of the thread", "two words", "more words",
    "defined in the thread", "defined and in the other", "mentioned in the utterance", "mentioned by the other",
    "termhood", "rare in English", "part of a longer one", "in the title",
)  # fmt: skip
_HERE = {MENTIONED: 0, WITHIN: 0, BESIDE: 1, NOUN: 2}
_AT_ALL = 3
_NEAR = {MENTIONED: 4, WITHIN: 4, BESIDE: 5, NOUN: 6}
_ECHOED = FEATURES.index("in the other")
OF_TERM = ("both use the term", "plainness of the term")
_PLAINEST = 5.0  # about the weight of a term that is plainly the one
_BY_PLACE = 7  # so many features are of the places where it is proposed, the rest of the phrase
_NEIGHBOURS = ((-2, 0.6), (-1, 1.0), (1, 1.0), (2, 0.6))  # sentences near by, and what their proposals are worth
_TRIED = 4  # sentences of an exchange, strongest first, that propose terms
_LEAST_WORTH = 0.15  # of a sentence beside the strongest one, below which it proposes none
_PLAIN = 0.5  # log odds that it is worth to point plainly at the word (bench/mismatches.py: more kinds are right)
_USUAL = 1 / 1000  # share of a word in general English from which it is not rare at all
_RAREST = 14.0  # in powers of two, what can be told of rarity


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms of a base: where they stand, and by key how much of a term each is, and its name (of all its forms)."""

    matcher: Matcher
    termhood: Mapping[str, float]
    names: Mapping[str, str]

    @classmethod
    def of(cls, bodies: Sequence[Mapping[str, Any]]) -> Self:
        """Make one of terms as they are kept."""
        names: dict[str, str] = {}
        for body in bodies:
            for form in (body["name"], *body["aliases"]):
                names.setdefault(term_key(form), body["name"])
        return cls(Matcher.of(bodies), {term_key(body["name"]): body["termhood"] for body in bodies}, names)

    def name(self, written: str) -> str:
        """Give the name of a term that is written so; what is no term of the base stays as it is."""
        return self.names.get(term_key(written), written)


@dataclass(slots=True)
class Candidate:
    """A phrase that may be the term, as it is written where it was met first, in numbers (`FEATURES`)."""

    written: str
    features: list[float]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The term at issue, as it is written there, and what it tells of the exchange (`OF_TERM`)."""

    term: str
    features: tuple[float, float]


def choose(phrases: Sequence[Sequence[float]], weights: Sequence[float]) -> tuple[int, tuple[float, float]] | None:
    """Give the number of the best phrase, and what it tells of the exchange: whether both use it, how plain it is."""
    scores = [sum(map(mul, weights, features)) for features in phrases]
    if not scores:
        return None
    best = max(range(len(scores)), key=scores.__getitem__)
    return best, (phrases[best][_ECHOED], scores[best] / _PLAINEST)


@dataclass(slots=True)
class Naming:
    """A conversation in which the term of an exchange is looked for. Make one, ask it often."""

    voices: Voices
    definitions: Sequence[Definition]
    lexicon: Lexicon
    _defined: set[str] = field(init=False)
    _keys: list[str] = field(init=False)
    _known: dict[str, dict[str, str]] = field(default_factory=dict)
    _proposed: dict[Sentence, list[tuple[int, int, int]]] = field(default_factory=dict)
    _mentioned: dict[str, dict[str, str]] = field(default_factory=dict)
    _shares: dict[str, float] = field(default_factory=dict)
    _pointed: dict[Sentence, float] = field(default_factory=dict)
    _title: str = field(init=False)

    def __post_init__(self) -> None:
        """Gather what does not depend on the exchange."""
        self._title = f" {term_key(self.voices.conversation.title)} "
        self._defined = {term_key(one.term) for one in self.definitions}
        self._keys = [self.voices.key_of(one.id) for one in self.voices.conversation.utterances]

    def plainest(self, sentences: Sequence[Weighed]) -> list[Weighed]:
        """Put first what is likeliest about a word's meaning, and of that what says which word."""
        return sorted(sentences, key=lambda one: (-self._plainness(one), one.sentence.start))

    def chosen(self, exchange: Exchange, ranked: Sequence[Weighed], weights: Sequence[float]) -> Chosen | None:
        """Choose the term at issue in an exchange; None where nothing there can be one.

        `ranked` are its sentences, the plainest first; `weights` those of `FEATURES`.
        """
        found = list(self.candidates(exchange, ranked).values())
        best = choose([one.features for one in found], weights)
        return Chosen(found[best[0]].written, best[1]) if best else None

    def candidates(self, exchange: Exchange, ranked: Sequence[Weighed]) -> dict[str, Candidate]:
        """Give the phrases that may be the term of an exchange, by key, in the order of keys."""
        found: dict[str, Candidate] = {}
        for key, written, column, worth in self._proposals(ranked):
            features = found.setdefault(key, Candidate(written, [0.0] * _BY_PLACE)).features
            features[column] = max(features[column], worth)
        own, other = exchange.later.id, exchange.earlier.id
        if ranked[0].sentence.utterance_id == other:
            own, other = other, own
        for utterance_id in (own, other):
            for key, written in (self._known_in(utterance_id) | self._mentioned_in(utterance_id)).items():
                found.setdefault(key, Candidate(written, [0.0] * _BY_PLACE))
        for one in self.definitions:
            key = term_key(one.term)
            if fits(key) and (_within(key, self.voices.key_of(own)) or _within(key, self.voices.key_of(other))):
                found.setdefault(key, Candidate(one.term, [0.0] * _BY_PLACE))
        said = self.voices.said[own]
        before = term_key(" ".join(one.text for one in said[: said.index(ranked[0].sentence)]))
        parts = {part for key in found for part in _parts(key)}
        for key, one in found.items():
            one.features += self._of_phrase(key, one.features[_AT_ALL], own, other, f" {before} ", key in parts)
        return {key: found[key] for key in sorted(found)}

    def _plainness(self, one: Weighed) -> float:
        if one.sentence not in self._pointed:
            self._pointed[one.sentence] = plainly_pointed_at(self.voices, one.sentence, self.lexicon.matcher)
        return one.log_odds + _PLAIN * self._pointed[one.sentence]

    def _proposals(self, ranked: Sequence[Weighed]) -> Iterator[tuple[str, str, int, float]]:
        """Give (key, as written, feature, worth) of what the strongest sentences and those near them propose."""
        best = self._plainness(ranked[0])
        for weighed in ranked[:_TRIED]:
            strength = math.exp(min(0.0, self._plainness(weighed) - best))
            if strength < _LEAST_WORTH:
                continue
            for sentence, worth, columns in self._around(weighed.sentence):
                for start, end, source in self._proposed_in(sentence):
                    written = sentence.text[start:end]
                    key = term_key(written)
                    if columns is _HERE:
                        yield key, written, _AT_ALL, strength
                    yield key, written, columns.get(source, _AT_ALL), strength * worth if source in columns else 0.0

    def _proposed_in(self, sentence: Sentence) -> list[tuple[int, int, int]]:
        if sentence not in self._proposed:
            found = proposed(self.voices, sentence, self.definitions, self.lexicon.matcher)
            self._proposed[sentence] = list(found)
        return self._proposed[sentence]

    def _around(self, sentence: Sentence) -> Iterator[tuple[Sentence, float, Mapping[int, int]]]:
        said = self.voices.said[sentence.utterance_id]
        row = said.index(sentence)
        yield sentence, 1.0, _HERE
        for step, worth in _NEIGHBOURS:
            if 0 <= row + step < len(said):
                yield said[row + step], worth, _NEAR

    def _known_in(self, utterance_id: str) -> dict[str, str]:
        """Give the terms of the base in an utterance: key → as written there first."""
        if utterance_id not in self._known:
            text = self.voices.by_id[utterance_id].text
            met = (text[one.start : one.end] for one in self.lexicon.matcher.find(text))
            self._known[utterance_id] = _by_key(met)
        return self._known[utterance_id]

    def _mentioned_in(self, utterance_id: str) -> dict[str, str]:
        """Give what an utterance puts in quotation marks or emphasises, in the same form."""
        if utterance_id not in self._mentioned:
            said = self.voices.said[utterance_id]
            met = (one.text[start:end] for one in said for start, end in self.voices.mentioned(one))
            self._mentioned[utterance_id] = _by_key(met)
        return self._mentioned[utterance_id]

    def _share(self, key: str) -> float:
        """Give the share of the thread's utterances in which a phrase stands."""
        if key not in self._shares:
            self._shares[key] = sum(_within(key, one) for one in self._keys) / len(self._keys)
        return self._shares[key]

    def _of_phrase(self, key: str, here: float, own_id: str, other_id: str, before: str, is_part: bool) -> list[float]:
        own, other = self.voices.key_of(own_id), self.voices.key_of(other_id)
        echoed, defined = float(_within(key, other)), float(key in self._defined)
        words = key.split()
        return [
            float(_within(key, before)),
            float(_within(key, own)),
            echoed,
            here * echoed,
            math.log1p(own.count(f" {key} ")),
            self._share(key),
            float(len(words) == 2),
            float(len(words) > 2),
            defined,
            defined * echoed,
            float(key in self._mentioned_in(own_id)),
            float(key in self._mentioned_in(other_id)),
            self.lexicon.termhood.get(key, 0.0),
            sum(map(_rarity, words)) / len(words),
            float(is_part),
            float(_within(key, self._title)),
        ]


def _by_key(met: Iterator[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for written in met:
        key = term_key(written)
        if fits(key):
            found.setdefault(key, written)
    return found


def _parts(key: str) -> Iterator[str]:
    """Give the shorter phrases in a phrase."""
    words = key.split()
    for size in range(1, len(words)):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def _within(key: str, words: str) -> bool:
    return f" {key} " in words


def _rarity(word: str) -> float:
    """Give how rare a word is in general English, from 0 to 1."""
    return min(max(math.log2(_USUAL / share(word)), 0.0), _RAREST) / _RAREST
