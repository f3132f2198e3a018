"""The words of each side that show what it means by the term: the best place of the message and of the next turn.

Says what it means > gives an example > asks about it or refuses it > merely uses it. Each place holds the term, or a
pronoun for it one sentence away; or it opens the answer to the question that the other side asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from corpus.model import Definition, PassageKind, Stance, Utterance
from corpus.term_key import make_term_key
from index.mismatches.conversation_view import ConversationView
from index.mismatches.cues import is_question
from index.mismatches.exchange_scorer import WEAKEST
from index.mismatches.exchanges import Exchange, OwnSentence
from index.mismatches.glosses import find_complement
from index.mismatches.related_terms import find_stems, is_related
from index.mismatches.signals import Signal, find_signals
from index.mismatches.signs import Act

_EXAMPLE = re.compile(
    r"\b(?:for example|for instance|e\.g\.|such as|things like|like when|examples? (?:of|is|are|would)|"
    r"consider (?:the|a)|"
    r"would count|counts as|includes?)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"(?:(?:so|and|but|no|yes|yeah|well|or|right|ok|okay|hmm)\b[,.]? ){0,2}"
    r"(?:it|it's|it’s|this|that|that's|that’s|these|those|they|they're|such)\b",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r"[:…]\s*$")
_SHORT = 40  # characters; a sentence that is shorter shows little by itself
_SHOWN = 600  # characters of a passage of two sentences
_LOOKED_BACK = 8  # turns before one in which the phrase that it takes up is looked for
_MOST_TURNS = 3  # of one person that belong to one message, where a chat cuts it
_CLOSE = 1.0  # what the cosine to the other's sentence weighs among places of one rank
SAYS, OPENS, SHOWS, ASKS, USES, NOTHING = 6.0, 4.0, 3.0, 2.0, 1.0, 0.0


@dataclass(frozen=True, slots=True)
class SidePassage:
    """What is shown of a side: a stretch of an utterance; `gloss` is a place in the utterance's text.

    `rank` says how well it shows the term, `signal` the plain sign in it, if any, by whose sentence it was chosen.
    """

    utterance: Utterance
    start: int
    end: int
    rank: float
    gloss: tuple[int, int] | None = None
    signal: Signal | None = None
    sentence: OwnSentence | None = None

    @property
    def text(self) -> str:
        """Return the words."""
        return self.utterance.text[self.start : self.end]


@dataclass(slots=True)
class PassageChooser:
    """A conversation from which the passages of cards are chosen. Make one, ask it often."""

    view: ConversationView
    definitions: Sequence[Definition]
    _signals: dict[OwnSentence, list[Signal]] = field(default_factory=dict[OwnSentence, list[Signal]])
    _rows: dict[str, dict[OwnSentence, int]] = field(default_factory=dict[str, dict[OwnSentence, int]])

    def find_signals(self, sentence: OwnSentence) -> list[Signal]:
        """Return the plain signs in a sentence, read once."""
        if sentence not in self._signals:
            likely = self.view.log_odds[sentence.utterance_id][self._find_row(sentence)] >= WEAKEST
            self._signals[sentence] = find_signals(sentence.text) if likely else []
        return self._signals[sentence]

    def list_turns(self, exchange: Exchange) -> tuple[list[Utterance], list[Utterance]]:
        """Return the turns of either side: its message, what it sends after it at once, and its next turn."""
        a, b = [exchange.earlier], [exchange.later]
        voices = {exchange.earlier.voice: a, exchange.later.voice: b}
        if len(voices) < 2:
            return a, b
        answered = {exchange.earlier.id, exchange.later.id}
        for utterance in self._list_following(exchange):
            turns = voices.get(utterance.voice)
            if turns is None or utterance.reply_to not in answered or len(turns) >= _MOST_TURNS:
                continue
            if utterance.id not in answered:
                answered.add(utterance.id)
                turns.append(utterance)
        return a, b

    def _list_following(self, exchange: Exchange) -> list[Utterance]:
        utterances = self.view.conversation.utterances
        ids = [utterance.id for utterance in utterances]
        first = min(ids.index(exchange.earlier.id), ids.index(exchange.later.id))
        return list(utterances[first + 1 : first + 60])

    def choose_passage(
        self,
        turns: Sequence[Utterance],
        term: str | None,
        anchor: OwnSentence,
        question: OwnSentence | None,
    ) -> SidePassage | None:
        """Choose what is shown of a side: best by rank, then by closeness to `anchor`, then the first.

        `question` is what the other side asked, if it did: what opens the answer to it counts although the term is not
        in it.
        """
        vector = self._get_vector(anchor)
        best: tuple[float, SidePassage] | None = None
        for turn, utterance in enumerate(turns):
            opener = self._find_opening(utterance, question) if question is not None and turn == 0 else None
            for row, sentence in enumerate(self.view.sentences.get(utterance.id, ())):
                passage = self._judge(utterance, row, sentence, term, sentence == opener)
                if passage is None:
                    continue
                closeness = float(self.view.vectors[utterance.id][row] @ vector) if len(vector) else 0.0
                weight = passage.rank + _CLOSE * max(closeness, 0.0) - 0.4 * turn
                if best is None or weight > best[0]:
                    best = weight, passage
        return best[1] if best else None

    def choose_quoted(self, utterance: Utterance, anchor: OwnSentence) -> SidePassage | None:
        """Choose the words of an utterance that are quoted last before `anchor`, where it asks about them."""
        own = self.view.utterance_by_id[anchor.utterance_id]
        before = [
            passage for passage in own.passages if passage.kind is PassageKind.QUOTE and passage.end <= anchor.start
        ]
        if not before:
            return None
        quoted = own.text[before[-1].start : before[-1].end].strip()
        start = utterance.text.find(quoted) if 0 < len(quoted) <= _SHOWN else -1
        return SidePassage(utterance, start, start + len(quoted), USES) if start >= 0 else None

    def choose_before(self, utterance: Utterance, term: str, anchor: OwnSentence) -> SidePassage | None:
        """Choose from what others said shortly before an utterance, where it takes up a phrase: whose words it is."""
        before = utterance
        for _ in range(_LOOKED_BACK):
            earlier = self.view.utterance_by_id.get(before.reply_to or "")
            if earlier is None:
                return None
            if earlier.voice != utterance.voice:
                passage = self.choose_passage([earlier], term, anchor, None)
                if passage is not None:
                    return passage
            before = earlier
        return None

    def choose_closest(self, utterance: Utterance, anchor: OwnSentence) -> SidePassage | None:
        """Choose the sentence of an utterance that is closest to `anchor`: where none holds the term."""
        sentences = self.view.sentences.get(utterance.id, ())
        if not sentences:
            return None
        cosines = self.view.vectors[utterance.id] @ self._get_vector(anchor)
        sentence = sentences[int(np.argmax(cosines))]
        return SidePassage(utterance, sentence.start, sentence.end, NOTHING, None, None, sentence)

    def show_sentence(self, sentence: OwnSentence, term: str | None, signal: Signal | None) -> SidePassage:
        """Return a sentence as what is shown of its side."""
        utterance = self.view.utterance_by_id[sentence.utterance_id]
        judged = self._judge(utterance, self._find_row(sentence), sentence, term, False)
        if judged is None:
            judged = SidePassage(utterance, sentence.start, sentence.end, USES, None, None, sentence)
        return replace(judged, signal=signal or judged.signal)

    def _judge(
        self, utterance: Utterance, row: int, sentence: OwnSentence, term: str | None, opens: bool
    ) -> SidePassage | None:
        """Return a sentence as a passage with its rank; None where it has nothing to do with the term."""
        sentences = self.view.sentences[utterance.id]
        holds = term is not None and self.has_term(sentence.text, term)
        before = sentences[row - 1].text if row else ""
        points_back = (
            term is not None
            and not holds
            and _POINTS_BACK.match(sentence.text) is not None
            and self.has_term(before, term)
        )
        signals = [
            signal
            for signal in self.find_signals(sentence)
            if self._concerns(signal, sentence, term, holds or points_back or opens)
        ]
        signal = min(signals, key=_order_of_acts, default=None)
        if not (holds or points_back or signals or opens):
            return None
        rank, gloss = USES if holds or points_back else NOTHING, None
        if signal is not None:
            rank = ASKS
            if signal.act is Act.SAYS or (signal.act is Act.HAD_READ and signal.gloss):
                rank = SAYS if signal.gloss else SHOWS
            gloss = None if signal.is_others and signal.act is Act.ASKS else signal.gloss
        asks = is_question(sentence.text) or (signal is not None and signal.act is Act.ASKS)
        if gloss is None and (holds or points_back or opens) and not asks:
            gloss = self._find_gloss(utterance, sentence, term, points_back or opens)
            rank = max(rank, SAYS - 1) if gloss else rank
        if (
            rank < SHOWS
            and (holds or points_back)
            and _EXAMPLE.search(sentence.text)
            and not is_question(sentence.text)
        ):
            rank = SHOWS
        if opens:
            rank = max(rank, OPENS)
        start, end = sentence.start, sentence.end
        if points_back:
            start = self._join(utterance, sentences[row - 1].start, end, start)
        elif (opens and len(sentence.text) < _SHORT) or _ANNOUNCES.search(sentence.text):
            if row + 1 < len(sentences):
                end = self._join_end(utterance, start, end, sentences[row + 1].end)
        placed = (sentence.start + gloss[0], sentence.start + gloss[1]) if gloss else None
        return SidePassage(utterance, start, end, rank, placed, signal, sentence)

    def _find_gloss(
        self, utterance: Utterance, sentence: OwnSentence, term: str | None, stands_for: bool
    ) -> tuple[int, int] | None:
        """Find what a sentence that is no plain sign says the term means: behind the term, a verb of meaning."""
        text = sentence.text
        for definition in self.definitions:
            if (
                term is not None
                and definition.utterance_id == utterance.id
                and definition.stance is Stance.STATED
                and definition.voice == utterance.voice
                and definition.start < sentence.end
                and sentence.start < definition.end
                and definition.gloss
                and is_related(definition.term, term)
            ):
                start = text.find(definition.gloss)
                if start >= 0:
                    return start, start + len(definition.gloss)
        complement = find_complement(text)
        if complement is None:
            return None
        before, gloss = complement
        return gloss if stands_for or (term is not None and self.has_term(before, term)) else None

    def has_term(self, text: str, term: str) -> bool:
        """Return whether a text holds a term, in any of its forms: all of its words, or of a longer phrase most."""
        stems = find_stems(term)
        shared = len(stems & find_stems(text))
        return shared == len(stems) if len(stems) < 3 else 2 * shared > len(stems)

    def _concerns(self, signal: Signal, sentence: OwnSentence, term: str | None, near: bool) -> bool:
        if signal.phrase is None:
            return near or term is None
        if term is None:
            return True
        phrases = [signal.phrase, *([signal.versus] if signal.versus else [])]
        return any(is_related(sentence.text[start:end], term) for start, end in phrases)

    def _find_opening(self, utterance: Utterance, question: OwnSentence) -> OwnSentence | None:
        """Find where the answer to a question begins: behind its quotation, else the first own sentence."""
        sentences = self.view.sentences.get(utterance.id, ())
        quotes = [passage for passage in utterance.passages if passage.kind is PassageKind.QUOTE]
        asked = set(make_term_key(question.text).split())
        best, start = 0.5, 0
        for quote in quotes:
            words = set(make_term_key(utterance.text[quote.start : quote.end]).split())
            share = len(words & asked) / max(1, min(len(words), len(asked)))
            if share > best:
                best, start = share, quote.end
        return next((sentence for sentence in sentences if sentence.start >= start), None)

    def _join(self, utterance: Utterance, start: int, end: int, fallback: int) -> int:
        return start if self._is_one_stretch(utterance, start, end) else fallback

    def _join_end(self, utterance: Utterance, start: int, fallback: int, end: int) -> int:
        return end if self._is_one_stretch(utterance, start, end) else fallback

    def _is_one_stretch(self, utterance: Utterance, start: int, end: int) -> bool:
        """Return whether nothing but the author's own words stands between two places."""
        return end - start <= _SHOWN and not any(
            passage.kind in (PassageKind.QUOTE, PassageKind.CODE, PassageKind.MACHINE_TEXT)
            and passage.start < end
            and start < passage.end
            for passage in utterance.passages
        )

    def _get_vector(self, sentence: OwnSentence) -> np.ndarray:
        return self.view.vectors[sentence.utterance_id][self._find_row(sentence)]

    def _find_row(self, sentence: OwnSentence) -> int:
        """Return which of the sentences of its utterance one is; those of an utterance are counted once."""
        id_ = sentence.utterance_id
        if id_ not in self._rows:
            self._rows[id_] = {known: row for row, known in reversed(list(enumerate(self.view.sentences[id_])))}
        return self._rows[id_][sentence]


def _order_of_acts(signal: Signal) -> tuple[bool, int]:
    order = (Act.SAYS, Act.HAD_READ, Act.REJECTS, Act.ASKS)
    return signal.gloss is None, order.index(signal.act)
