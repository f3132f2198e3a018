"""A conversation as the mismatch finder sees it: its sentences weighed, who answers whom, what is for whom."""

# pyright: standard

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from corpus.model import Attribution, Claim, Conversation, PassageKind, Quotation, Utterance
from corpus.term_key import make_term_key
from index.mismatches.cues import find_cues, find_mentions, is_agreement, is_question
from index.mismatches.exchanges import Exchange, OwnSentence, Relation, find_exchanges, select_own_sentences
from index.mismatches.sentence_scorer import NOTHING, SentenceScorer

if TYPE_CHECKING:
    from index.encoding.sentence_encoder import Encoder

_LONGEST_MENTION = 60
_PRIOR = {Relation.QUOTES: 0.5, Relation.BEFORE: 0.25, Relation.REPLY: 0.2, Relation.POST: -0.1}
_SHARED = 0.6  # what a mentioned phrase that the other wrote is worth beside a cosine
_ANSWERED = 1.2  # from here on an answer to a question is the exchange that settles it
_BY_WHO_WAS_ASKED = 2.0


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence with the log-odds that it is about what a word means, as said to the other side of an exchange.

    `shared`: it mentions a phrase that the other wrote. `near` is the cosine to the other's closest sentence. `asked`:
    it asks, and the exchange holds its answer.
    """

    sentence: OwnSentence
    log_odds: float
    shares_mention: bool
    closeness: float
    has_answer: bool


@dataclass(slots=True)
class ConversationView:
    """The utterances of a conversation, read once."""

    conversation: Conversation
    sentences: dict[str, tuple[OwnSentence, ...]]
    log_odds: dict[str, np.ndarray]
    vectors: dict[str, np.ndarray]
    exchanges: list[Exchange]
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    utterance_by_id: dict[str, Utterance] = field(default_factory=dict)
    answers: dict[str, list[Exchange]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Gather the utterances by id, and the exchanges by the utterance that is answered (not merely the post)."""
        self.utterance_by_id = {utterance.id: utterance for utterance in self.conversation.utterances}
        for exchange in self.exchanges:
            if exchange.relation is not Relation.POST:
                self.answers.setdefault(exchange.earlier.id, []).append(exchange)

    def score_sentences(self, model: SentenceScorer) -> None:
        """Score all sentences by `model`; those that have no vector, or say that all mean the same, weigh nothing."""
        for utterance_id, spoken in self.sentences.items():
            vectors = self.vectors[utterance_id]
            has_mark = [len(self.find_mentions(sentence)) > len(find_mentions(sentence.text)) for sentence in spoken]
            odds = model.compute_log_odds([sentence.text for sentence in spoken], has_mark, vectors)
            if spoken:
                counts = np.any(vectors, axis=1) & ~np.array([is_agreement(sentence.text) for sentence in spoken])
                odds = np.where(counts, odds, NOTHING)
            self.log_odds[utterance_id] = odds

    def get_word_key(self, utterance_id: str) -> str:
        """Return the words of an utterance as one key, blanks at its ends, so that a term is found in it."""
        if utterance_id not in self.keys:
            self.keys[utterance_id] = f" {make_term_key(self.utterance_by_id[utterance_id].text)} "
        return self.keys[utterance_id]

    def list_terms(self, sentence: OwnSentence) -> dict[str, None]:
        """Return the candidates for terms in a sentence, as its claims have them from the parse."""
        claims = self.claims.get(sentence.utterance_id, ())
        overlapping = [claim for claim in claims if claim.start < sentence.end and sentence.start < claim.end]
        return dict.fromkeys(term for claim in overlapping for term in claim.terms)

    def find_strongest(self, utterance_id: str) -> float:
        """Return the highest log-odds among the sentences of an utterance."""
        odds = self.log_odds.get(utterance_id)
        return float(odds.max()) if odds is not None and len(odds) else NOTHING

    def find_closeness(self, vector: np.ndarray, utterance_id: str) -> float:
        """Return the cosine of a sentence to the closest one of an utterance."""
        others = self.vectors.get(utterance_id)
        return float((others @ vector).max()) if others is not None and len(others) else 0.0

    def find_mentions(self, sentence: OwnSentence) -> list[tuple[int, int]]:
        """Return the phrases that a sentence puts in quotation marks or emphasises, as places in its text."""
        spans = find_mentions(sentence.text)
        for passage in self.utterance_by_id[sentence.utterance_id].passages:
            inside = sentence.start <= passage.start and passage.end <= sentence.end
            if passage.kind is PassageKind.EMPHASIS and inside and passage.end - passage.start <= _LONGEST_MENTION:
                spans.append((passage.start - sentence.start, passage.end - sentence.start))
        return spans


def build_view(
    conversation: Conversation,
    claims: Sequence[Claim],
    quotations: Sequence[Quotation],
    sentence_spans: Mapping[str, Sequence[tuple[int, int]]],
    dense: Mapping[str, np.ndarray],
    encoder: "Encoder",
    model: SentenceScorer | None,
) -> ConversationView:
    """Read a conversation. `dense` are the vectors of its claims, by id; a sentence's is their mean, by length.

    `sentence_spans` says where the sentences of each utterance stand, by its id; without them it says nothing.

    Only sentences with a cue in which no claim stands are encoded anew.
    """

    by_utterance: dict[str, list[Quotation]] = {}
    for quotation in quotations:
        by_utterance.setdefault(quotation.utterance_id, []).append(quotation)
    own_claims: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.attribution is not Attribution.QUOTED and claim.id in dense:
            own_claims.setdefault(claim.utterance_id, []).append(claim)
    found_exchanges = list(find_exchanges(conversation, quotations))
    wanted = {utterance_id for exchange in found_exchanges for utterance_id in (exchange.earlier.id, exchange.later.id)}
    view = ConversationView(conversation, {}, {}, {}, found_exchanges, own_claims)
    for utterance in conversation.utterances:
        if utterance.id not in wanted:
            continue
        own_sentences = select_own_sentences(
            utterance, sentence_spans.get(utterance.id, ()), by_utterance.get(utterance.id, ())
        )
        vectors = _compute_vectors(own_sentences, own_claims.get(utterance.id, ()), dense, encoder)
        view.sentences[utterance.id], view.vectors[utterance.id] = own_sentences, vectors
    if model is not None:
        view.score_sentences(model)
    return view


def _compute_vectors(
    sentences: Sequence[OwnSentence], claims: Sequence[Claim], dense: Mapping[str, np.ndarray], encoder: "Encoder"
) -> np.ndarray:
    rows = np.zeros((len(sentences), encoder.size), dtype=np.float32)
    bare: list[int] = []
    for row, sentence in enumerate(sentences):
        inside = [
            candidate for candidate in claims if sentence.start <= candidate.start and candidate.end <= sentence.end
        ]
        for claim in inside:
            rows[row] += dense[claim.id] * (claim.end - claim.start)
        if not inside and find_cues(sentence.text):
            bare.append(row)
    if bare:
        rows[bare] = encoder.encode([sentences[row].text for row in bare])
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, norms, out=rows, where=norms > 0)


def assign_sentences(view: ConversationView) -> dict[frozenset[str], tuple[Exchange, list[ScoredSentence]]]:
    """Give each sentence to the exchange that it belongs to; return utterance pair → (exchange, its scored sentences).

    A sentence is for the one it quotes or echoes; a question about a word belongs to the exchange with its answer.
    """
    by_later: dict[str, list[Exchange]] = {}
    for exchange in view.exchanges:
        by_later.setdefault(exchange.later.id, []).append(exchange)
    by_pair: dict[frozenset[str], tuple[Exchange, list[ScoredSentence]]] = {}
    for later_id, candidates in by_later.items():
        for row, sentence in enumerate(view.sentences[later_id]):
            odds, vector = float(view.log_odds[later_id][row]), view.vectors[later_id][row]
            phrases = [make_term_key(sentence.text[start:end]) for start, end in view.find_mentions(sentence)]
            best, shared, near = _find_addressee(view, candidates, phrases, vector)
            answer = (
                _find_answer(view, best, view.answers.get(later_id, ()), vector) if is_question(sentence.text) else None
            )
            addressed = answer or best
            pair = frozenset((addressed.earlier.id, addressed.later.id))
            scored = ScoredSentence(sentence, odds, shared, near, answer is not None)
            by_pair.setdefault(pair, (addressed, []))[1].append(scored)
    return by_pair


def _find_addressee(
    view: ConversationView, candidates: Sequence[Exchange], phrases: Sequence[str], vector: np.ndarray
) -> tuple[Exchange, bool, float]:
    options = []
    for exchange in candidates:
        key = view.get_word_key(exchange.earlier.id)
        shared = any(phrase and f" {phrase} " in key for phrase in phrases)
        near = view.find_closeness(vector, exchange.earlier.id)
        options.append((_PRIOR[exchange.relation] + _SHARED * shared + near, exchange, shared, near))
    _, best, shared, near = max(options, key=lambda option: option[0])
    return best, shared, near


def _find_answer(
    view: ConversationView, question: Exchange, answers: Sequence[Exchange], vector: np.ndarray
) -> Exchange | None:
    """Find who answers a question: best the one who was asked, else whoever comes close enough."""
    options = [
        (
            _BY_WHO_WAS_ASKED * (exchange.later.voice == question.earlier.voice)
            + view.find_closeness(vector, exchange.later.id),
            exchange,
        )
        for exchange in answers
    ]
    best = max(options, key=lambda option: option[0], default=None)
    return best[1] if best is not None and best[0] > _ANSWERED else None
