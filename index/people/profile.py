"""One person, closely: what they write about, define and believe, what they took back, and with whom they agree.

Everything is verbatim, with where it stands. Nothing is guessed: two names are one person only where an id or the
address of a profile says so, a change of mind is shown only where both claims are nearly the same but for a "not" or a
probability, and who agrees with whom is read from how replies open (`index.people.reply_stances`).
"""

# pyright: standard

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.model import Claim, Definition, Speaker, Utterance
from corpus.term_key import make_term_key
from index.answers import Hit, Person
from index.people.opinion_changes import ChangedClaims, find_changes
from index.people.reply_stances import Reaction, find_stance
from index.text_keys import list_forms, make_name_key, reduce_to_words

if TYPE_CHECKING:
    from corpus.record import Record
    from index.people.directory import SpeakerDirectory
    from index.store.points import Vectors

SHOWN = 50  # of each list
_COMPARED = 5_000  # claims of one person, latest first, among which changes of mind are looked for


@dataclass(frozen=True, slots=True)
class PersonTopic:
    """What somebody writes about, with their claims there: a term they define or use, or a thread (its id is given)."""

    label: str
    claims: int
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True)
class PersonDefinition:
    """A definition that somebody gave, disputed or asked for, where it stands; `text` is its exact words."""

    definition: Definition
    utterance: Utterance
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class ReplyReaction:
    """A reply whose opening agrees or disagrees: the words `text` at `[start, end)` of it, by whom, to whom."""

    reaction: Reaction
    by: Speaker
    to: Speaker
    utterance: Utterance
    start: int
    end: int
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class OpinionChange:
    """Two claims of one person that say the same but for a "not", or for the probability, where they stand."""

    change: ChangedClaims
    before: Hit
    after: Hit


@dataclass(frozen=True, slots=True)
class PersonRelation:
    """Agreement and disagreement with one other person, either way, newest exchange first."""

    other: Speaker
    agreements: int
    disagreements: int
    exchanges: tuple[ReplyReaction, ...]


@dataclass(frozen=True, slots=True)
class PersonProfile:
    """One person with details. `same_as`: the ids under which the same person also writes, by evidence."""

    person: Person
    same_as: tuple[Speaker, ...] = ()
    topics: tuple[PersonTopic, ...] = ()
    definitions: tuple[PersonDefinition, ...] = ()
    credences: tuple[Hit, ...] = ()
    retractions: tuple[Hit, ...] = ()
    changes: tuple[OpinionChange, ...] = ()
    relations: tuple[PersonRelation, ...] = ()


ReadHits = Callable[[Sequence[str]], Mapping[str, Hit]]
MakeLink = Callable[[Utterance, int, int], str | None]


@dataclass(frozen=True, slots=True)
class ProfileBuilder:
    """Describes people. `read_hits` gives claims where they stand, `make_link` an address of words in an utterance."""

    record: "Record"
    vectors: "Vectors"
    people: "SpeakerDirectory"
    read_hits: ReadHits
    make_link: MakeLink
    terms: Mapping[str, Sequence[tuple[str, int]]]  # those that each person uses, by id

    def build(self, person: Person) -> PersonProfile:
        """Describe one person."""
        same = self.people.find_same_person(person.speaker)
        ids = (person.speaker.id, *(speaker.id for speaker in same))
        claims = self.record.list_claims_by(ids)
        utterances = self.record.get_utterances({claim.utterance_id for claim in claims})
        claims = [claim for claim in claims if claim.shown and claim.utterance_id in utterances]
        latest = sorted(claims, key=lambda claim: _when(utterances[claim.utterance_id]), reverse=True)
        credences = [claim for claim in reversed(latest) if claim.credence and claim.is_sure and not claim.retracted][
            -SHOWN:
        ]
        retracted = [claim for claim in latest if claim.retracted][:SHOWN]
        changes = self._changes(latest[:_COMPARED], utterances)[:SHOWN]
        both = [claim for change in changes for claim in (change.before, change.after)]
        hits = self.read_hits([claim.id for claim in (*credences, *retracted, *both)])
        definitions = self.record.list_definitions_by(ids)
        return PersonProfile(
            person,
            same,
            self._topics(ids, claims, definitions, utterances),
            self._place_definitions(definitions),
            tuple(hits[claim.id] for claim in credences if claim.id in hits),
            tuple(hits[claim.id] for claim in retracted if claim.id in hits),
            tuple(
                OpinionChange(change, hits[change.before.id], hits[change.after.id])
                for change in changes
                if {change.before.id, change.after.id} <= hits.keys()
            ),
            self._relations(ids),
        )

    def _changes(self, claims: Sequence[Claim], utterances: Mapping[str, Utterance]) -> list[ChangedClaims]:
        dense = self.vectors.get_dense([claim.id for claim in claims]) if len(claims) > 1 else {}
        times = {claim.id: utterances[claim.utterance_id].posted_at for claim in claims}
        return find_changes([claim for claim in claims if claim.id in dense and claim.is_sure], dense, times)

    def _topics(
        self,
        ids: Sequence[str],
        claims: Sequence[Claim],
        definitions: Sequence[Definition],
        utterances: Mapping[str, Utterance],
    ) -> tuple[PersonTopic, ...]:
        """Return the terms they use most, among those that the analyses found or they define; then their threads."""
        terms: Counter[str] = Counter()
        labels: dict[str, str] = {}
        for term, uses in (one for id_ in ids for one in self.terms.get(id_, ())):
            labels.setdefault(make_term_key(term), term)
            terms[make_term_key(term)] += uses
        defined = {make_term_key(one.term): one.term for one in definitions}
        forms = {
            key: tuple(f" {form} " for form in list_forms(term)) for key, term in defined.items() if key not in terms
        }
        for claim in claims if forms else ():
            words = f" {reduce_to_words(claim.text)} "
            terms.update(key for key, written in forms.items() if any(form in words for form in written))
        labels = defined | labels
        threads = Counter(utterances[claim.utterance_id].conversation_id for claim in claims)
        most = _most(threads)
        headings = self.record.get_headings(id_ for id_, _ in most)
        return (
            *(PersonTopic(labels[key], count) for key, count in _most(terms)),
            *(PersonTopic(headings[id_].title, count, id_) for id_, count in most if id_ in headings),
        )

    def _place_definitions(self, definitions: Sequence[Definition]) -> tuple[PersonDefinition, ...]:
        utterances = self.record.get_utterances({definition.utterance_id for definition in definitions})
        placed = []
        for definition in definitions:
            utterance = utterances.get(definition.utterance_id)
            if utterance is not None:
                text = utterance.text[definition.start : definition.end]
                url = self.make_link(utterance, definition.start, definition.end)
                placed.append(PersonDefinition(definition, utterance, text, url))
        placed.sort(key=lambda shown: (make_name_key(shown.definition.term), _when(shown.utterance)))
        return tuple(placed[: 4 * SHOWN])

    def _relations(self, ids: Sequence[str]) -> tuple[PersonRelation, ...]:
        reactions: dict[str, list[ReplyReaction]] = {}
        others: dict[str, Speaker] = {}
        exchanges = self.record.list_exchanges_of(ids)
        sentences = self.record.get_sentences(reply.id for reply, _ in exchanges)
        for reply, answered in exchanges:
            by, to = reply.speaker, answered.speaker
            if by is None or to is None or (by.id in ids) == (to.id in ids):
                continue
            stance = find_stance(reply, answered.text, sentences.get(reply.id, ()))
            if stance is None or not _means(stance.named, to):
                continue
            other = to if by.id in ids else by
            others[other.id] = other
            url = self.make_link(reply, stance.start, stance.end)
            text = reply.text[stance.start : stance.end]
            exchange = ReplyReaction(stance.reaction, by, to, reply, stance.start, stance.end, text, url)
            reactions.setdefault(other.id, []).append(exchange)
        relations = [_relation(others[id_], exchanges) for id_, exchanges in reactions.items()]
        return tuple(
            sorted(
                relations,
                key=lambda relation: (
                    -relation.agreements - relation.disagreements,
                    make_name_key(relation.other.name),
                ),
            )
        )


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]


def _relation(other: Speaker, exchanges: Sequence[ReplyReaction]) -> PersonRelation:
    agreements = sum(exchange.reaction is Reaction.AGREES for exchange in exchanges)
    return PersonRelation(other, agreements, len(exchanges) - agreements, tuple(reversed(exchanges))[:SHOWN])


def _means(named: str | None, speaker: Speaker) -> bool:
    """Tell whether an opening may be meant for somebody: it names nobody, or them."""
    return named is None or reduce_to_words(named) in f"{reduce_to_words(speaker.name)} " or _part(named, speaker)


def _part(named: str, speaker: Speaker) -> bool:
    return bool(set(reduce_to_words(named).split()) & set(reduce_to_words(speaker.name).split()))


def _when(utterance: Utterance) -> tuple[float, str]:
    return (utterance.posted_at.timestamp() if utterance.posted_at else float("-inf"), utterance.id)
