"""One person, section by section; a section with nothing in it is left out."""

# pyright: standard

from collections.abc import Iterable, Iterator, Sequence

from corpus.model import Stance
from index.answers import Hit
from index.people.profile import (
    OpinionChange,
    PersonDefinition,
    PersonProfile,
    PersonRelation,
    PersonTopic,
    ReplyReaction,
)
from ui import phrases
from ui.selection import PERSON_DEFINITIONS, PERSON_EXCHANGES, PERSON_ROWS, choose_newest
from ui.web import cards
from ui.web.elements import Html, link_page, link_site, tag


def make_sections(portrait: PersonProfile) -> Iterator[Html]:
    """Show what a portrait holds."""
    speaker = portrait.person.speaker
    if portrait.same_as:
        others = ", ".join(f"{alias.name} ({alias.id})" for alias in portrait.same_as)
        yield tag("p", f"Also here under the same profile: {others}")
    yield from _make_topics(portrait.topics, speaker.name)
    yield from _make_definitions(portrait.definitions)
    yield from _make_relations(portrait.relations, speaker.id)
    yield from _make_hits(phrases.PERSON_CREDENCES, choose_newest(portrait.credences))
    yield from _make_changes(portrait.changes)
    yield from _make_hits(phrases.PERSON_RETRACTIONS, portrait.retractions)


def _make_topics(topics: Sequence[PersonTopic], name: str) -> Iterator[Html]:
    terms = [
        link_page("", tag("span", tag("bdi", topic.label), tag("small", f" {topic.claims:,}")), class_="ct-chip", q=q)
        for topic in topics
        if topic.conversation_id is None
        for q in [f'term:"{topic.label}" speaker:"{name}"']
    ]
    threads = [
        link_page(
            "thread",
            tag("span", tag("bdi", phrases.name_conversation(topic.label)), tag("small", f" {topic.claims:,}")),
            class_="ct-chip",
            id=topic.conversation_id,
        )
        for topic in topics
        if topic.conversation_id is not None
    ]
    for label, links in ((phrases.PERSON_TERMS, terms), (phrases.PERSON_THREADS, threads)):
        row = cards.make_facet_row(label, links[:PERSON_ROWS], wrap=True)
        if row is not None:
            yield row


def _make_definitions(definitions: Sequence[PersonDefinition]) -> Iterator[Html]:
    if not definitions:
        return
    yield tag("h2", phrases.PERSON_DEFINITIONS, class_="ct-side")
    pieces = []
    for defined in definitions[:PERSON_DEFINITIONS]:
        stance = defined.definition.stance
        badge = (
            tag("span", phrases.name_stance(stance.value), class_="ct-badge") if stance is not Stance.STATED else None
        )
        pieces.append(tag("dt", tag("bdi", defined.definition.term), " ", badge))
        link = link_site(defined.url, "where", class_="ct-out", host=False) if defined.url else None
        pieces.append(
            tag("dd", tag("bdi", _find_meaning(defined)), " ", cards.make_day(defined.utterance.posted_at), " ", link)
        )
    yield tag("dl", *pieces, class_="ct-definitions")


def _find_meaning(defined: PersonDefinition) -> str:
    """Return the words that say what a term means; where it is only disputed or asked for, the sentence."""
    definition = defined.definition
    return definition.gloss or phrases.write_on_one_line(defined.utterance.text[definition.start : definition.end])


def _make_hits(title: str, hits: Iterable[Hit]) -> Iterator[Html]:
    shown = [cards.make_hit_card(hit) for hit in hits][:PERSON_ROWS]
    if shown:
        yield tag("h2", title, class_="ct-side")
        yield tag("section", *shown, aria_label=title)


def _make_changes(changes: Sequence[OpinionChange]) -> Iterator[Html]:
    if changes:
        yield tag("h2", phrases.PERSON_CHANGES, class_="ct-side")
        yield tag("p", phrases.PERSON_CHANGES_NOTE)
    for change in changes[:PERSON_ROWS]:
        yield tag("section", cards.make_hit_card(change.before), cards.make_hit_card(change.after), class_="ct-change")


def _make_relations(relations: Sequence[PersonRelation], id_: str) -> Iterator[Html]:
    if not relations:
        return
    yield tag("h2", phrases.PERSON_RELATIONS, class_="ct-side")
    yield tag("p", phrases.PERSON_RELATIONS_NOTE)
    rows = []
    for relation in relations[:PERSON_ROWS]:
        name = link_page("people", tag("bdi", relation.other.name), person=relation.other.id)
        counts = f": {phrases.describe_relation(relation.agreements, relation.disagreements)}"
        rows.append(
            tag(
                "li",
                name,
                counts,
                tag("ul", *(_make_exchange(exchange, id_) for exchange in relation.exchanges[:PERSON_EXCHANGES])),
            )
        )
    yield tag("ul", *rows, class_="ct-relations")


def _make_exchange(exchange: ReplyReaction, id_: str) -> Html:
    utterance = exchange.utterance
    who = "they" if exchange.by.id == id_ else exchange.by.name
    link = link_page("thread", "in the thread", id=utterance.conversation_id, at=utterance.id)
    return tag("li", tag("bdi", f"{who}: "), tag("bdi", f"\u201c{exchange.text}\u201d "), link)
