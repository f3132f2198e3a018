"""Exchanges in which each uses a term in a sense of his own and nobody says so.

Nothing in the words shows it, so it is asserted only of two people who have both said what they mean by the term, and
mean different things: in this exchange; or elsewhere in the record, if they keep to it, i.e. people differ in its use
more than chance (`Term.divided`), and each of the two nearly always means his own sense by it. Senses that were told
apart by use alone are not enough: in one exchange two people mostly speak of one thing, whatever each means by the word
elsewhere (on Arbital all of 18 such findings were wrong).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.model import Heading, Stance, Utterance
from index.findings.bodies import read_bodies
from index.findings.findings import Gloss, Mismatch, MismatchCertainty, MismatchKind, Sense, Side, SideRole, Term
from index.mismatches.card import make_mismatch_id, name_author
from index.mismatches.conversation_view import ConversationView
from index.mismatches.exchanges import Exchange, OwnSentence, Relation
from index.terms.matcher import Matcher

_CHANCE = 0.05  # of the permutation test: below it, people really differ
_HIS_OWN = 0.8  # share of a person's uses in one sense, from which it is his
_FEW = 2  # uses of a person, below which nobody can tell
_SURE = 0.5  # score where all of this holds without exception: no reader has said that it is so


@dataclass(frozen=True, slots=True)
class _Habit:
    """The sense that a person means by a term, in what share of his uses, and what he says it is."""

    sense: Sense
    share: float
    gloss: str


class ImplicitMismatches:
    """The terms that people define differently, with who does, and with the habit of each person."""

    def __init__(self, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Take terms as they are kept."""
        self._terms: dict[str, Term] = {}
        self._habits: dict[tuple[str, str], _Habit] = {}
        self._stated: dict[str, dict[str, list[tuple[int, Gloss]]]] = {}  # by utterance and term, with the sense
        for term in read_bodies(Term, (body for body in bodies if len(body["senses"]) > 1)):
            self._add_stated(term)
            if term.divided is not None and term.divided < _CHANCE:
                self._add_habits(term)
        self._matcher = Matcher.from_bodies([body for body in bodies if body["name"] in self._terms])

    def _add_stated(self, term: Term) -> None:
        for number, sense in enumerate(term.senses):
            for gloss in sense.definitions:
                if gloss.stance is Stance.STATED:
                    stated = self._stated.setdefault(gloss.utterance_id, {})
                    stated.setdefault(term.name, []).append((number, gloss))

    def _add_habits(self, term: Term) -> None:
        self._terms[term.name] = term
        uses: dict[str, dict[int, int]] = {}
        for number, sense in enumerate(term.senses):
            for share in sense.speakers:
                if share.speaker is not None:
                    uses.setdefault(share.speaker.id, {})[number] = share.uses
        for speaker_id, by_sense in uses.items():
            most, total = max(by_sense, key=lambda number: by_sense[number]), sum(by_sense.values())
            stated = (gloss.gloss for gloss in term.senses[most].definitions if _states(gloss, speaker_id))
            own = next(stated, None)
            if own is not None and total >= _FEW and by_sense[most] >= _HIS_OWN * total:
                self._habits[term.name, speaker_id] = _Habit(term.senses[most], by_sense[most] / total, own)

    def find(self, view: ConversationView, noticed: Collection[frozenset[str]]) -> Iterator[Mismatch]:
        """Yield the exchanges of a conversation in which two senses meet, but those that are `noticed`."""
        conversation = view.conversation
        heading = conversation.heading
        reported: set[tuple[str, frozenset[str]]] = set()
        for exchange in view.exchanges:
            pair = frozenset((exchange.earlier.id, exchange.later.id))
            if pair in noticed:
                continue
            for mismatch in self._find_defined(exchange, heading):
                people = (utterance.voice for utterance in (exchange.earlier, exchange.later))
                between = mismatch.term, frozenset(people)
                if between not in reported:
                    reported.add(between)
                    yield mismatch
            if self._terms and exchange.relation is not Relation.POST:
                yield from self._find_by_habit(view, exchange, heading)

    def _find_defined(self, exchange: Exchange, heading: Heading) -> Iterator[Mismatch]:
        """Yield the terms of which the two utterances of an exchange state different definitions."""
        earlier, later = (self._stated.get(utterance.id, {}) for utterance in (exchange.earlier, exchange.later))
        for name in sorted(earlier.keys() & later.keys()):
            (number, a), (other, b) = earlier[name][0], later[name][0]
            if number == other:
                continue
            sides = [
                Side(
                    utterance.speaker, utterance.id, gloss.start, gloss.end, gloss.text, gloss.gloss, role=SideRole.SAYS
                )
                for utterance, gloss in ((exchange.earlier, a), (exchange.later, b))
            ]
            why = (
                f"{name_author(exchange.earlier)} says what they mean by “{name}”: “{a.gloss}”; "
                f"{name_author(exchange.later)}: “{b.gloss}”; neither speaks of the difference here"
            )
            yield _make_implicit(name, _SURE, why, sides, heading)

    def _find_by_habit(self, view: ConversationView, exchange: Exchange, heading: Heading) -> Iterator[Mismatch]:
        earlier, later = (self._find_first_uses(view, utterance) for utterance in (exchange.earlier, exchange.later))
        for name in sorted(earlier.keys() & later.keys()):
            a, b = (self._get_habit(name, utterance) for utterance in (exchange.earlier, exchange.later))
            term = self._terms[name]
            if a is None or b is None or a.sense == b.sense or term.divided is None:
                continue
            sides = [
                Side(utterance.speaker, utterance.id, sentence.start, sentence.end, sentence.text, habit.gloss)
                for utterance, sentence, habit in (
                    (exchange.earlier, earlier[name], a),
                    (exchange.later, later[name], b),
                )
            ]
            why = (
                f"{name_author(exchange.earlier)} says elsewhere what they mean by “{name}”: “{a.gloss}”; "
                f"{name_author(exchange.later)}: “{b.gloss}”; neither says so here"
            )
            yield _make_implicit(name, _SURE * a.share * b.share * (1 - term.divided), why, sides, heading)

    def _find_first_uses(self, view: ConversationView, utterance: Utterance) -> dict[str, OwnSentence]:
        """Return the first sentence of an utterance with each of the terms."""
        first_uses: dict[str, OwnSentence] = {}
        for sentence in view.sentences[utterance.id]:
            for term_match in self._matcher.find(sentence.text):
                first_uses.setdefault(term_match.name, sentence)
        return first_uses

    def _get_habit(self, name: str, utterance: Utterance) -> _Habit | None:
        return self._habits.get((name, utterance.speaker.id)) if utterance.speaker else None


def _make_implicit(name: str, score: float, why: str, sides: Sequence[Side], heading: Heading) -> Mismatch:
    a, b = sides
    perhaps, kind = MismatchCertainty.PERHAPS, MismatchKind.IMPLICIT
    return Mismatch(
        make_mismatch_id(a, b, name), name, score, kind, False, why, a, b, heading, certainty=perhaps, terms=(name,)
    )


def _states(gloss: Gloss, speaker_id: str) -> bool:
    """Return whether somebody says himself what a term means, rather than disputing it or asking."""
    return gloss.stance is Stance.STATED and gloss.speaker is not None and gloss.speaker.id == speaker_id
