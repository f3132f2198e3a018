"""Which term an exchange about meaning is about.

Every phrase that its strongest sentences offer (term_candidates.py), and every term that stands in one of its two
utterances, is described by numbers (`FEATURES`); a log-linear model of the choice among them, learned from labelled
exchanges (bench/training/mismatches), takes the best. Often the sentence itself does not name the term ("I was treating
it as a definition, you as a prediction"): then what both use, and what somebody in the thread defines, tells.
"""

# pyright: standard

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import Any, Self

from corpus.model import Definition
from corpus.term_key import make_term_key
from index.mismatches.conversation_view import ConversationView, ScoredSentence
from index.mismatches.exchanges import Exchange, OwnSentence
from index.mismatches.term_candidates import (
    BESIDE,
    MENTIONED,
    NOUN,
    WITHIN,
    is_possible_term,
    measure_pointing,
    propose_spans,
)
from index.terms.matcher import Matcher
from index.terms.word_frequency import get_share

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
class TermIndex:
    """The terms of a base: where they stand, and by key how much of a term each is, and its name (of all its forms)."""

    matcher: Matcher
    termhood: Mapping[str, float]
    names: Mapping[str, str]

    @classmethod
    def from_bodies(cls, bodies: Sequence[Mapping[str, Any]]) -> Self:
        """Make one of terms as they are kept."""
        names: dict[str, str] = {}
        for body in bodies:
            for form in (body["name"], *body["aliases"]):
                names.setdefault(make_term_key(form), body["name"])
        return cls(
            Matcher.from_bodies(bodies), {make_term_key(body["name"]): body["termhood"] for body in bodies}, names
        )

    def find_name(self, written: str) -> str:
        """Return the name of a term that is written so; what is no term of the base stays as it is."""
        return self.names.get(make_term_key(written), written)


@dataclass(slots=True)
class PhraseCandidate:
    """A phrase that may be the term, as it is written where it was met first, in numbers (`FEATURES`)."""

    written: str
    features: list[float]


@dataclass(frozen=True, slots=True)
class TermChoice:
    """The term at issue, as it is written there, and what it tells of the exchange (`OF_TERM`)."""

    term: str
    features: tuple[float, float]


def choose_phrase(
    phrases: Sequence[Sequence[float]], weights: Sequence[float]
) -> tuple[int, tuple[float, float]] | None:
    """Return the number of the best phrase, and what it tells of the exchange: whether both use it, how plain it is."""
    scores = [sum(map(mul, weights, features)) for features in phrases]
    if not scores:
        return None
    best = max(range(len(scores)), key=scores.__getitem__)
    return best, (phrases[best][_ECHOED], scores[best] / _PLAINEST)


@dataclass(slots=True)
class TermChooser:
    """A conversation in which the term of an exchange is looked for. Make one, ask it often."""

    view: ConversationView
    definitions: Sequence[Definition]
    term_index: TermIndex
    _defined: set[str] = field(init=False)
    _keys: list[str] = field(init=False)
    _known: dict[str, dict[str, str]] = field(default_factory=dict)
    _proposed: dict[OwnSentence, list[tuple[int, int, int]]] = field(default_factory=dict)
    _mentioned: dict[str, dict[str, str]] = field(default_factory=dict)
    _shares: dict[str, float] = field(default_factory=dict)
    _pointed: dict[OwnSentence, float] = field(default_factory=dict)
    _title: str = field(init=False)

    def __post_init__(self) -> None:
        """Gather what does not depend on the exchange."""
        self._title = f" {make_term_key(self.view.conversation.title)} "
        self._defined = {make_term_key(definition.term) for definition in self.definitions}
        self._keys = [self.view.get_word_key(utterance.id) for utterance in self.view.conversation.utterances]

    def is_defined(self, key: str) -> bool:
        """Return whether somebody in the conversation defines a term, by its key."""
        return key in self._defined

    def rank_by_plainness(self, sentences: Sequence[ScoredSentence]) -> list[ScoredSentence]:
        """Put first what is likeliest about a word's meaning, and of that what says which word."""
        return sorted(sentences, key=lambda scored: (-self._measure_plainness(scored), scored.sentence.start))

    def choose_term(
        self, exchange: Exchange, ranked: Sequence[ScoredSentence], weights: Sequence[float]
    ) -> TermChoice | None:
        """Choose the term at issue in an exchange; None where nothing there can be one.

        `ranked` are its sentences, the plainest first; `weights` those of `FEATURES`.
        """
        candidates = list(self.describe_candidates(exchange, ranked).values())
        best = choose_phrase([candidate.features for candidate in candidates], weights)
        return TermChoice(candidates[best[0]].written, best[1]) if best else None

    def describe_candidates(self, exchange: Exchange, ranked: Sequence[ScoredSentence]) -> dict[str, PhraseCandidate]:
        """Return the phrases that may be the term of an exchange, by key, in the order of keys."""
        candidates: dict[str, PhraseCandidate] = {}
        for key, written, column, worth in self._iterate_proposals(ranked):
            features = candidates.setdefault(key, PhraseCandidate(written, [0.0] * _BY_PLACE)).features
            features[column] = max(features[column], worth)
        own, other = exchange.later.id, exchange.earlier.id
        if ranked[0].sentence.utterance_id == other:
            own, other = other, own
        for utterance_id in (own, other):
            for key, written in (self._find_known(utterance_id) | self._find_mentioned(utterance_id)).items():
                candidates.setdefault(key, PhraseCandidate(written, [0.0] * _BY_PLACE))
        for definition in self.definitions:
            key = make_term_key(definition.term)
            if is_possible_term(key) and (
                _contains_phrase(key, self.view.get_word_key(own))
                or _contains_phrase(key, self.view.get_word_key(other))
            ):
                candidates.setdefault(key, PhraseCandidate(definition.term, [0.0] * _BY_PLACE))
        sentences = self.view.sentences[own]
        before = make_term_key(" ".join(sentence.text for sentence in sentences[: sentences.index(ranked[0].sentence)]))
        parts = {part for key in candidates for part in _sub_phrases(key)}
        for key, candidate in candidates.items():
            candidate.features += self._describe_phrase(
                key, candidate.features[_AT_ALL], own, other, f" {before} ", key in parts
            )
        return {key: candidates[key] for key in sorted(candidates)}

    def _measure_plainness(self, scored: ScoredSentence) -> float:
        if scored.sentence not in self._pointed:
            self._pointed[scored.sentence] = measure_pointing(self.view, scored.sentence, self.term_index.matcher)
        return scored.log_odds + _PLAIN * self._pointed[scored.sentence]

    def _iterate_proposals(self, ranked: Sequence[ScoredSentence]) -> Iterator[tuple[str, str, int, float]]:
        """Return (key, as written, feature, worth) of what the strongest sentences and those near them propose."""
        best = self._measure_plainness(ranked[0])
        for scored in ranked[:_TRIED]:
            strength = math.exp(min(0.0, self._measure_plainness(scored) - best))
            if strength < _LEAST_WORTH:
                continue
            for sentence, worth, columns in self._iterate_neighbours(scored.sentence):
                for start, end, source in self._propose_in(sentence):
                    written = sentence.text[start:end]
                    key = make_term_key(written)
                    if columns is _HERE:
                        yield key, written, _AT_ALL, strength
                    yield key, written, columns.get(source, _AT_ALL), strength * worth if source in columns else 0.0

    def _propose_in(self, sentence: OwnSentence) -> list[tuple[int, int, int]]:
        if sentence not in self._proposed:
            proposals = propose_spans(self.view, sentence, self.definitions, self.term_index.matcher)
            self._proposed[sentence] = list(proposals)
        return self._proposed[sentence]

    def _iterate_neighbours(self, sentence: OwnSentence) -> Iterator[tuple[OwnSentence, float, Mapping[int, int]]]:
        sentences = self.view.sentences[sentence.utterance_id]
        row = sentences.index(sentence)
        yield sentence, 1.0, _HERE
        for step, worth in _NEIGHBOURS:
            if 0 <= row + step < len(sentences):
                yield sentences[row + step], worth, _NEAR

    def _find_known(self, utterance_id: str) -> dict[str, str]:
        """Return the terms of the base in an utterance: key → as written there first."""
        if utterance_id not in self._known:
            text = self.view.utterance_by_id[utterance_id].text
            written_forms = (
                text[term_match.start : term_match.end] for term_match in self.term_index.matcher.find(text)
            )
            self._known[utterance_id] = _index_by_key(written_forms)
        return self._known[utterance_id]

    def _find_mentioned(self, utterance_id: str) -> dict[str, str]:
        """Return what an utterance puts in quotation marks or emphasises, in the same form."""
        if utterance_id not in self._mentioned:
            sentences = self.view.sentences[utterance_id]
            written_forms = (
                sentence.text[start:end] for sentence in sentences for start, end in self.view.find_mentions(sentence)
            )
            self._mentioned[utterance_id] = _index_by_key(written_forms)
        return self._mentioned[utterance_id]

    def _share_of_thread(self, key: str) -> float:
        """Return the share of the thread's utterances in which a phrase stands."""
        if key not in self._shares:
            self._shares[key] = sum(_contains_phrase(key, utterance_key) for utterance_key in self._keys) / len(
                self._keys
            )
        return self._shares[key]

    def _describe_phrase(
        self, key: str, worth_here: float, own_id: str, other_id: str, before: str, is_part: bool
    ) -> list[float]:
        own, other = self.view.get_word_key(own_id), self.view.get_word_key(other_id)
        echoed, defined = float(_contains_phrase(key, other)), float(key in self._defined)
        words = key.split()
        return [
            float(_contains_phrase(key, before)),
            float(_contains_phrase(key, own)),
            echoed,
            worth_here * echoed,
            math.log1p(own.count(f" {key} ")),
            self._share_of_thread(key),
            float(len(words) == 2),
            float(len(words) > 2),
            defined,
            defined * echoed,
            float(key in self._find_mentioned(own_id)),
            float(key in self._find_mentioned(other_id)),
            self.term_index.termhood.get(key, 0.0),
            sum(map(_rarity, words)) / len(words),
            float(is_part),
            float(_contains_phrase(key, self._title)),
        ]


def _index_by_key(written_forms: Iterator[str]) -> dict[str, str]:
    by_key: dict[str, str] = {}
    for written in written_forms:
        key = make_term_key(written)
        if is_possible_term(key):
            by_key.setdefault(key, written)
    return by_key


def _sub_phrases(key: str) -> Iterator[str]:
    """Return the shorter phrases in a phrase."""
    words = key.split()
    for size in range(1, len(words)):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def _contains_phrase(key: str, words: str) -> bool:
    return f" {key} " in words


def _rarity(word: str) -> float:
    """Return how rare a word is in general English, from 0 to 1."""
    return min(max(math.log2(_USUAL / get_share(word)), 0.0), _RAREST) / _RAREST
