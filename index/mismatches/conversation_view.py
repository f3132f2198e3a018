"""A conversation as the mismatch finder sees it: its sentences weighed, who answers whom, what is for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.model import Attribution, Claim, Conversation, PassageKind, Quotation, Utterance
from corpus.term_key import term_key
from index.mismatches.cues import cues_in, is_question, mentions, says_same
from index.mismatches.exchanges import Exchange, Relation, Sentence, exchanges, sentences
from index.mismatches.sentence_scorer import NOTHING, Negotiation

if TYPE_CHECKING:
    import numpy as np

    from index.encoding.sentence_encoder import Encoder

_LONGEST_MENTION = 60
_PRIOR = {Relation.QUOTES: 0.5, Relation.BEFORE: 0.25, Relation.REPLY: 0.2, Relation.POST: -0.1}
_SHARED = 0.6  # what a mentioned phrase that the other wrote is worth beside a cosine
_ANSWERED = 1.2  # from here on an answer to a question is the exchange that settles it
_BY_WHO_WAS_ASKED = 2.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence with the log-odds that it is about what a word means, as said to the other side of an exchange.

    `shared`: it mentions a phrase that the other wrote. `near` is the cosine to the other's closest sentence. `asked`:
    it asks, and the exchange holds its answer.
    """

    sentence: Sentence
    log_odds: float
    shared: bool
    near: float
    asked: bool


@dataclass(slots=True)
class Voices:
    """The utterances of a conversation, read once."""

    conversation: Conversation
    said: dict[str, tuple[Sentence, ...]]
    odds: dict[str, "np.ndarray"]
    vectors: dict[str, "np.ndarray"]
    exchanges: list[Exchange]
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    by_id: dict[str, Utterance] = field(default_factory=dict)
    answers: dict[str, list[Exchange]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Gather the utterances by id, and the exchanges by the utterance that is answered (not merely the post)."""
        self.by_id = {utterance.id: utterance for utterance in self.conversation.utterances}
        for one in self.exchanges:
            if one.relation is not Relation.POST:
                self.answers.setdefault(one.earlier.id, []).append(one)

    def weigh(self, model: Negotiation) -> None:
        """Weigh all sentences by `model`; those that have no vector, or say that all mean the same, weigh nothing."""
        import numpy as np

        for utterance_id, said in self.said.items():
            vectors = self.vectors[utterance_id]
            marked = [len(self.mentioned(one)) > len(mentions(one.text)) for one in said]
            odds = model.log_odds([one.text for one in said], marked, vectors)
            if said:
                counts = np.any(vectors, axis=1) & ~np.array([says_same(one.text) for one in said])
                odds = np.where(counts, odds, NOTHING)
            self.odds[utterance_id] = odds

    def key_of(self, utterance_id: str) -> str:
        """Give the words of an utterance as one key, blanks at its ends, so that a term is found in it."""
        if utterance_id not in self.keys:
            self.keys[utterance_id] = f" {term_key(self.by_id[utterance_id].text)} "
        return self.keys[utterance_id]

    def terms_in(self, sentence: Sentence) -> dict[str, None]:
        """Give the candidates for terms in a sentence, as its claims have them from the parse."""
        inside = self.claims.get(sentence.utterance_id, ())
        met = [one for one in inside if one.start < sentence.end and sentence.start < one.end]
        return dict.fromkeys(term for claim in met for term in claim.terms)

    def strongest(self, utterance_id: str) -> float:
        """Give the highest log-odds among the sentences of an utterance."""
        odds = self.odds.get(utterance_id)
        return float(odds.max()) if odds is not None and len(odds) else NOTHING

    def near(self, vector: "np.ndarray", utterance_id: str) -> float:
        """Give the cosine of a sentence to the closest one of an utterance."""
        others = self.vectors.get(utterance_id)
        return float((others @ vector).max()) if others is not None and len(others) else 0.0

    def mentioned(self, sentence: Sentence) -> list[tuple[int, int]]:
        """Give the phrases that a sentence puts in quotation marks or emphasises, as places in its text."""
        found = mentions(sentence.text)
        for one in self.by_id[sentence.utterance_id].passages:
            inside = sentence.start <= one.start and one.end <= sentence.end
            if one.kind is PassageKind.EMPHASIS and inside and one.end - one.start <= _LONGEST_MENTION:
                found.append((one.start - sentence.start, one.end - sentence.start))
        return found


def read(
    conversation: Conversation,
    claims: Sequence[Claim],
    quotations: Sequence[Quotation],
    dense: Mapping[str, "np.ndarray"],
    encoder: "Encoder",
    model: Negotiation | None,
) -> Voices:
    """Read a conversation. `dense` are the vectors of its claims, by id; a sentence's is their mean, by length.

    Only sentences with a cue in which no claim stands are encoded anew.
    """

    by_utterance: dict[str, list[Quotation]] = {}
    for quotation in quotations:
        by_utterance.setdefault(quotation.utterance_id, []).append(quotation)
    own: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.attribution is not Attribution.QUOTED and claim.id in dense:
            own.setdefault(claim.utterance_id, []).append(claim)
    met = list(exchanges(conversation, quotations))
    wanted = {utterance_id for one in met for utterance_id in (one.earlier.id, one.later.id)}
    voices = Voices(conversation, {}, {}, {}, met, own)
    for utterance in conversation.utterances:
        if utterance.id not in wanted:
            continue
        said = sentences(utterance, by_utterance.get(utterance.id, ()))
        vectors = _vectors(said, own.get(utterance.id, ()), dense, encoder)
        voices.said[utterance.id], voices.vectors[utterance.id] = said, vectors
    if model is not None:
        voices.weigh(model)
    return voices


def _vectors(
    said: Sequence[Sentence], claims: Sequence[Claim], dense: Mapping[str, "np.ndarray"], encoder: "Encoder"
) -> "np.ndarray":
    import numpy as np

    found = np.zeros((len(said), encoder.size), dtype=np.float32)
    bare: list[int] = []
    for row, sentence in enumerate(said):
        inside = [one for one in claims if sentence.start <= one.start and one.end <= sentence.end]
        for claim in inside:
            found[row] += dense[claim.id] * (claim.end - claim.start)
        if not inside and cues_in(sentence.text):
            bare.append(row)
    if bare:
        found[bare] = encoder.encode([said[row].text for row in bare])
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    return np.divide(found, norms, out=found, where=norms > 0)


def assigned(voices: Voices) -> dict[frozenset[str], tuple[Exchange, list[Weighed]]]:
    """Give each sentence to the exchange that it belongs to: utterance pair → (exchange, its weighed sentences).

    A sentence is for the one it quotes or echoes; a question about a word belongs to the exchange with its answer.
    """
    toward: dict[str, list[Exchange]] = {}
    for one in voices.exchanges:
        toward.setdefault(one.later.id, []).append(one)
    found: dict[frozenset[str], tuple[Exchange, list[Weighed]]] = {}
    for later_id, candidates in toward.items():
        for row, sentence in enumerate(voices.said[later_id]):
            odds, vector = float(voices.odds[later_id][row]), voices.vectors[later_id][row]
            phrases = [term_key(sentence.text[start:end]) for start, end in voices.mentioned(sentence)]
            best, shared, near = _addressee(voices, candidates, phrases, vector)
            answer = (
                _answer(voices, best, voices.answers.get(later_id, ()), vector) if is_question(sentence.text) else None
            )
            chosen = answer or best
            pair = frozenset((chosen.earlier.id, chosen.later.id))
            weighed = Weighed(sentence, odds, shared, near, answer is not None)
            found.setdefault(pair, (chosen, []))[1].append(weighed)
    return found


def _addressee(
    voices: Voices, candidates: Sequence[Exchange], phrases: Sequence[str], vector: "np.ndarray"
) -> tuple[Exchange, bool, float]:
    weighed = []
    for one in candidates:
        key = voices.key_of(one.earlier.id)
        shared = any(phrase and f" {phrase} " in key for phrase in phrases)
        near = voices.near(vector, one.earlier.id)
        weighed.append((_PRIOR[one.relation] + _SHARED * shared + near, one, shared, near))
    _, best, shared, near = max(weighed, key=lambda each: each[0])
    return best, shared, near


def _answer(voices: Voices, asked: Exchange, answers: Sequence[Exchange], vector: "np.ndarray") -> Exchange | None:
    """Find who answers a question: best the one who was asked, else whoever comes close enough."""
    weighed = [
        (_BY_WHO_WAS_ASKED * (one.later.voice == asked.earlier.voice) + voices.near(vector, one.later.id), one)
        for one in answers
    ]
    best = max(weighed, key=lambda each: each[0], default=None)
    return best[1] if best is not None and best[0] > _ANSWERED else None
