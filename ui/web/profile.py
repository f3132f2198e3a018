"""One person, section by section; a section with nothing in it is left out."""

from collections.abc import Iterable, Iterator, Sequence

from corpus.model import Stance
from index.answers import Hit
from index.people.profile import Defined, Exchange, OpinionChange, Portrait, Relation, Topic
from ui.web import cards
from ui.web.elements import Html, inside, outside, tag

FEW = 12


def sections(portrait: Portrait) -> Iterator[Html]:
    """Show what a portrait holds."""
    speaker = portrait.person.speaker
    if portrait.same_as:
        others = ", ".join(f"{one.name} ({one.id})" for one in portrait.same_as)
        yield tag("p", f"Also here under the same profile: {others}")
    yield from _topics(portrait.topics, speaker.name)
    yield from _definitions(portrait.definitions)
    yield from _relations(portrait.relations, speaker.id)
    yield from _hits("Probabilities they gave, oldest first", portrait.credences)
    yield from _changes(portrait.changes)
    yield from _hits("Taken back", portrait.retractions)


def _topics(topics: Sequence[Topic], name: str) -> Iterator[Html]:
    terms = [
        inside("", tag("span", tag("bdi", one.label), tag("small", f" {one.claims:,}")), class_="ct-chip", q=q)
        for one in topics
        if one.conversation_id is None
        for q in [f'term:"{one.label}" speaker:"{name}"']
    ]
    threads = [
        inside(
            "thread",
            tag("span", tag("bdi", one.label or "untitled"), tag("small", f" {one.claims:,}")),
            class_="ct-chip",
            id=one.conversation_id,
        )
        for one in topics
        if one.conversation_id is not None
    ]
    for label, links in (("Terms", terms), ("Threads", threads)):
        row = cards.facet_row(label, links[:FEW], wrap=True)
        if row is not None:
            yield row


def _definitions(definitions: Sequence[Defined]) -> Iterator[Html]:
    if not definitions:
        return
    yield tag("h2", "What they mean by", class_="ct-side")
    pieces = []
    for one in definitions[: 2 * FEW]:
        stance = one.definition.stance
        badge = tag("span", stance.value, class_="ct-badge") if stance is not Stance.STATED else None
        pieces.append(tag("dt", tag("bdi", one.definition.term), " ", badge))
        place = outside(one.url, "where", class_="ct-out", host=False) if one.url else None
        pieces.append(tag("dd", tag("bdi", one.definition.gloss), " ", cards.day(one.utterance.posted_at), " ", place))
    yield tag("dl", *pieces, class_="ct-definitions")


def _hits(title: str, hits: Iterable[Hit]) -> Iterator[Html]:
    shown = [cards.hit_card(hit) for hit in hits][:FEW]
    if shown:
        yield tag("h2", title, class_="ct-side")
        yield tag("section", *shown, aria_label=title)


def _changes(changes: Sequence[OpinionChange]) -> Iterator[Html]:
    if changes:
        yield tag("h2", "Changed their mind?", class_="ct-side")
        yield tag("p", "Two claims that say the same but for a \u201cnot\u201d or the probability; the earlier first.")
    for change in changes[:FEW]:
        yield tag("section", cards.hit_card(change.before), cards.hit_card(change.after), class_="ct-change")


def _relations(relations: Sequence[Relation], id_: str) -> Iterator[Html]:
    if not relations:
        return
    yield tag("h2", "Agreement and disagreement", class_="ct-side")
    yield tag("p", "As replies open; most say neither, and are not counted.")
    rows = []
    for one in relations[:FEW]:
        name = inside("people", tag("bdi", one.other.name), person=one.other.id)
        counts = f" \u2014 {one.agreements:,} agree, {one.disagreements:,} disagree"
        rows.append(tag("li", name, counts, tag("ul", *(_exchange(each, id_) for each in one.exchanges[:3]))))
    yield tag("ul", *rows, class_="ct-relations")


def _exchange(exchange: Exchange, id_: str) -> Html:
    utterance = exchange.utterance
    who = "they" if exchange.by.id == id_ else exchange.by.name
    place = inside("thread", "in the thread", id=utterance.conversation_id, at=utterance.id)
    return tag("li", tag("bdi", f"{who}: "), tag("bdi", f"\u201c{exchange.text}\u201d "), place)
