"""A thread: the conversation as a tree, page by page, with the claims marked in it."""

import shlex
from dataclasses import replace

import streamlit as st

from corpus.errors import CrosstalkError, NotFound
from index.answers import Thread
from index.knowledge_base import KnowledgeBase
from index.terms.matcher import Matcher
from ui import phrases
from ui.server import served_base
from ui.web import cards
from ui.web.elements import link_page, link_site, make_json_address, render, tag

TURNS, MARKED = 40, 100


def find_page(thread: Thread, utterance_id: str | None) -> int:
    """Find the page (from 1) on which an utterance stands."""
    places = {turn.utterance.id: index for index, turn in enumerate(thread.turns)}
    return places.get(utterance_id or "", 0) // TURNS + 1


def mark_mismatches(knowledge: KnowledgeBase, thread: Thread) -> dict[str, list[cards.Mark]]:
    """Return the marks, by utterance, of the passages in which people of a thread mean different things by one term."""
    marks: dict[str, list[cards.Mark]] = {}
    for mismatch in knowledge.mismatches.list(None, thread.conversation.id, MARKED).items:
        mentions = Matcher.from_forms(
            (form, mismatch.term) for form in (mismatch.term, *knowledge.terms.list_forms(mismatch.term))
        )
        for side in (mismatch.a, mismatch.b):
            places = [(mention.start, mention.end) for mention in mentions.find(side.text)] or [(0, len(side.text))]
            marks.setdefault(side.utterance_id, []).extend(
                (
                    side.start + start,
                    side.start + end,
                    "ct-in-text ct-mismatched",
                    f"in two senses here: {mismatch.term}",
                )
                for start, end in places
            )
    return marks


def show_thread(thread: Thread, utterance_id: str | None, marks: dict[str, list[cards.Mark]]) -> None:
    """Show one page of the thread."""
    heading = thread.conversation
    people = {turn.utterance.speaker.id for turn in thread.turns if turn.utterance.speaker}
    claims = sum(len(turn.claims) for turn in thread.turns)
    summary = phrases.describe_thread(len(thread.turns), len(people), claims)
    render(
        tag("h1", tag("bdi", phrases.name_conversation(heading.title))),
        tag(
            "p",
            tag("span", summary),
            link_page("mismatches", "where they talk past each other", conversation=heading.id) if marks else None,
            link_site(heading.url, "original", class_="ct-out") if heading.url else None,
            class_="ct-count-line",
        ),
        tag("p", phrases.LOST_QUOTATION_MARKS, class_="ct-legend") if thread.is_unmarked else None,
        make_legend(bool(marks)),
    )
    pages = -(-len(thread.turns) // TURNS)
    number = find_page(thread, utterance_id)
    if pages > 1:
        number = st.pagination(pages, default=number, key="page", bind="query-params")
    first = (number - 1) * TURNS
    shown = thread.turns[first : first + TURNS]
    sought = next((turn for turn in shown[1:] if turn.utterance.id == utterance_id), None)
    if sought is not None:
        render(
            tag("h2", "The passage", class_="ct-side"),
            cards.make_turn_card(replace(sought, depth=0), current=True, marks=marks.get(sought.utterance.id, ())),
            tag("h2", "The whole thread", class_="ct-side"),
        )
    render(
        tag(
            "section",
            *(
                cards.make_turn_card(
                    turn, current=turn.utterance.id == utterance_id, marks=marks.get(turn.utterance.id, ())
                )
                for turn in shown
            ),
            aria_label="Utterances",
        ),
        cards.make_footer(
            make_json_address(f"conversations/{heading.id}"), f"crosstalk thread {shlex.quote(heading.id)}"
        ),
    )


def make_legend(mismatches: bool) -> cards.Html:
    """Explain the marks."""
    kinds = (("own", "own claim"), ("reported", "what somebody else thinks"), ("quoted", "quoted words"))
    kinds += (("mismatched", "one term, two meanings"),) if mismatches else ()
    marks = [tag("span", words, class_=f"ct-in-text ct-{name}") for name, words in kinds]
    return tag("p", "Marked: ", *marks, class_="ct-legend")


def main() -> None:
    """Run the page."""
    id_, utterance_id = st.query_params.get("id"), st.query_params.get("at")
    if not id_:
        render(tag("h2", "Which thread?", class_="ct-quiet"), link_page("", "Search for one"))
        return
    try:
        knowledge = served_base.open_served_base()
        thread = knowledge.get_thread(id_)
        show_thread(thread, utterance_id, mark_mismatches(knowledge, thread))
    except NotFound:
        render(tag("h2", "That thread is not in this base", class_="ct-quiet"), link_page("", "Search for it"))
    except CrosstalkError:
        render(
            tag("h2", "The base cannot answer just now", class_="ct-quiet"), tag("p", "Reload the page in a moment.")
        )


main()
