"""People: who is in the base; one person with what they said last."""

import shlex

import streamlit as st

from corpus.errors import CrosstalkError, NotFound
from corpus.limits import LIMITS
from index.answers import Person, Query
from index.knowledge_base import KnowledgeBase
from ui import phrases
from ui.server import served_base
from ui.web import cards, profile
from ui.web.elements import link_page, link_site, make_json_address, render, tag

ROWS = 100


def show_people(knowledge: KnowledgeBase) -> None:
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
    further = link_page("people", "Next →", name=name, cursor=page.next) if page.next else None
    render(
        tag("p", phrases.write_count(page.total, "person"), class_="ct-count-line", role="status"),
        cards.make_people_table(page.items),
        tag("p", further) if further else None,
        cards.make_footer(
            make_json_address("people", name=name), f"crosstalk people {shlex.quote(name or '')}".rstrip(" '")
        ),
    )


def show_person(knowledge: KnowledgeBase, id_: str) -> None:
    """Show a person: what they write about, define and believe, with whom they agree, and their newest claims."""
    try:
        portrait = knowledge.people.describe(id_)
    except NotFound:
        render(tag("h2", "Nobody of that name in this base", class_="ct-quiet"), link_page("people", "See who is"))
        return
    person = portrait.person
    newest = knowledge.search.find(Query("", speakers=(person.speaker.id,), limit=20))
    speaker = person.speaker
    render(
        link_page("people", "← People"),
        tag("h1", tag("bdi", speaker.name)),
        tag("p", describe_person(person), link_site(speaker.url, "profile", class_="ct-out") if speaker.url else None),
        tag("p", link_page("", "Search what they said →", speaker=[speaker.name])),
        *profile.make_sections(portrait),
        tag("h2", "Newest claims", class_="ct-side"),
        tag("section", *(cards.make_hit_card(hit) for hit in newest.items), aria_label="Newest claims"),
        cards.make_footer(
            make_json_address(f"people/{person.speaker.id}"), f"crosstalk people {shlex.quote(speaker.name)}"
        ),
    )


def describe_person(person: Person) -> str:
    """Say in words what the base holds of a person."""
    counts = (person.claims, person.utterances, person.conversations, person.quoted)
    days = (phrases.write_day(moment) for moment in (person.first, person.last))
    return f"{phrases.describe_person(*counts, *days)}. "


def main() -> None:
    """Run the page."""
    try:
        knowledge = served_base.open_served_base()
        id_ = st.query_params.get("person") or st.query_params.get("id")
        if id_:
            show_person(knowledge, id_)
        else:
            show_people(knowledge)
    except CrosstalkError:
        render(
            tag("h2", "The base cannot answer just now", class_="ct-quiet"), tag("p", "Reload the page in a moment.")
        )


main()
