"""People: who is in the base; one person with what they said last."""

import shlex

import streamlit as st

from corpus.errors import CrosstalkError, NotFound
from corpus.limits import LIMITS
from index.answers import Person, Query
from index.knowledge_base import KnowledgeBase
from ui import phrases
from ui.server import served_base as shared
from ui.web import cards
from ui.web import profile as portraits
from ui.web.elements import inside, json_address, outside, render, tag

ROWS = 100


def everybody(knowledge: KnowledgeBase) -> None:
    """List the people, by a part of the name if one is given."""
    name = st.text_input(
        "Find a person",
        key="name",
        type="search",
        placeholder="A name, or a part of one",
        max_chars=LIMITS.name_chars,
        label_visibility="collapsed",
        icon=":material/person_search:",
        bind="query-params",
    )
    page = knowledge.people.list(name or None, ROWS, st.query_params.get("cursor"))
    if not page.items:
        render(tag("h2", "Nobody of that name in this base", class_="ct-quiet"))
        return
    further = inside("people", "Next →", name=name, cursor=page.next) if page.next else None
    render(
        tag("p", phrases.write_count(page.total, "person"), class_="ct-count-line", role="status"),
        cards.people_table(page.items),
        tag("p", further) if further else None,
        cards.foot(json_address("people", name=name), f"crosstalk people {shlex.quote(name or '')}".rstrip(" '")),
    )


def one(knowledge: KnowledgeBase, id_: str) -> None:
    """Show a person: what they write about, define and believe, with whom they agree, and their newest claims."""
    try:
        portrait = knowledge.people.describe(id_)
    except NotFound:
        render(tag("h2", "Nobody of that name in this base", class_="ct-quiet"), inside("people", "See who is"))
        return
    person = portrait.person
    newest = knowledge.search.find(Query("", speakers=(person.speaker.id,), limit=20))
    speaker = person.speaker
    render(
        inside("people", "← People"),
        tag("h1", tag("bdi", speaker.name)),
        tag("p", told(person), outside(speaker.url, "profile", class_="ct-out") if speaker.url else None),
        tag("p", inside("", "Search what they said →", speaker=[speaker.name])),
        *portraits.sections(portrait),
        tag("h2", "Newest claims", class_="ct-side"),
        tag("section", *(cards.hit_card(hit) for hit in newest.items), aria_label="Newest claims"),
        cards.foot(json_address(f"people/{person.speaker.id}"), f"crosstalk people {shlex.quote(speaker.name)}"),
    )


def told(person: Person) -> str:
    """Say in words what the base holds of a person."""
    counts = (person.claims, person.utterances, person.conversations, person.quoted)
    days = (phrases.write_day(moment) for moment in (person.first, person.last))
    return f"{phrases.describe_person(*counts, *days)}. "


def main() -> None:
    """Run the page."""
    try:
        knowledge = shared.knowledge_here()
        id_ = st.query_params.get("person") or st.query_params.get("id")
        if id_:
            one(knowledge, id_)
        else:
            everybody(knowledge)
    except CrosstalkError:
        render(
            tag("h2", "The base cannot answer just now", class_="ct-quiet"), tag("p", "Reload the page in a moment.")
        )


main()
