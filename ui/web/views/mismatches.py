"""Mismatches: where two people mean different things by one term, each in their own words. The filters are in the
address."""

import shlex
from collections.abc import Iterator, Sequence

import streamlit as st

from corpus.errors import CrosstalkError, NotFound
from corpus.limits import LIMITS
from corpus.term_key import make_term_key
from index.findings.findings import Mismatch, MismatchCertainty
from index.knowledge_base import KnowledgeBase
from index.passages import shorten
from ui import phrases
from ui.server import served_base
from ui.web import cards, term_cards
from ui.web.elements import Html, link_page, make_json_address, render, tag

STEP = 20
TERMS = 12  # that are offered to narrow the list


def show_mismatches(knowledge: KnowledgeBase, term: str | None, conversation: str | None) -> None:
    """Show the mismatches, the best first, with the ways to narrow them."""
    try:
        page = knowledge.mismatches.list(term, conversation, STEP, st.query_params.get("cursor"))
    except NotFound:
        render(tag("h2", "That thread is not in this base", class_="ct-quiet"), link_page("mismatches", "See all"))
        return
    render(
        tag("h1", "Talking past each other"),
        tag(
            "p",
            "Exchanges in which two people use one word, and mean different things by it. Each side in its own words.",
            class_="ct-lead",
        ),
        *make_filters(knowledge, term, conversation),
    )
    if not page.items:
        explain_nothing(knowledge, term, conversation)
        return
    possible = knowledge.mismatches.count(term, conversation)
    count = phrases.write_count(possible, "possible mismatch")
    if page.total > possible:
        count += f", and {page.total - possible:,} perhaps"
    count += ", the best first" if page.total > 1 else ""
    further = link_page("mismatches", "Next →", term=term, conversation=conversation, cursor=page.next)
    render(
        tag("p", count, class_="ct-count-line", role="status"),
        tag(
            "section",
            *make_cards(knowledge, page.items),
            aria_label="Mismatches",
        ),
        tag("p", further) if page.next else None,
        cards.make_footer(
            make_json_address("mismatches", term=term, conversation=conversation), write_command(term, conversation)
        ),
    )


def make_cards(knowledge: KnowledgeBase, mismatches: Sequence[Mismatch]) -> Iterator[Html]:
    """Make the cards: those that are possible, then, apart, those that are perhaps so."""
    parted = False
    for mismatch in mismatches:
        if mismatch.certainty is MismatchCertainty.PERHAPS and not parted:
            parted = True
            yield tag("h2", phrases.MORE_PERHAPS, class_="ct-quiet")
        yield term_cards.make_mismatch_card(mismatch, knowledge.terms.list_forms(mismatch.term))


def make_filters(knowledge: KnowledgeBase, term: str | None, conversation: str | None) -> list[Html | None]:
    """Offer the terms that are used differently most often; a chosen filter can be taken back."""
    terms = [offered for offered in knowledge.terms.list(None, 5 * TERMS).items if offered.contested][:TERMS]
    key = make_term_key(term or "")
    links = [
        link_page(
            "mismatches",
            tag("span", tag("bdi", offered.name), tag("small", f" {offered.contested}")),
            class_="ct-chip ct-chosen" if make_term_key(offered.name) == key else "ct-chip",
            term=None if make_term_key(offered.name) == key else offered.name,
            conversation=conversation,
        )
        for offered in terms
    ]
    if term and not any(make_term_key(offered.name) == key for offered in terms):
        chosen = link_page("mismatches", tag("bdi", term), class_="ct-chip ct-chosen", conversation=conversation)
        links.insert(0, chosen)
    rows = [cards.make_facet_row("Terms", links, wrap=True)]
    if conversation:
        title = knowledge.get_thread(conversation).conversation.title
        back = link_page("mismatches", tag("bdi", shorten(title)), class_="ct-chip ct-chosen", term=term)
        rows.append(cards.make_facet_row("Thread", [back]))
    return rows


def explain_nothing(knowledge: KnowledgeBase, term: str | None, conversation: str | None) -> None:
    """Say why there may be nothing, and what to do."""
    if term or conversation:
        tips = [tag("li", link_page("mismatches", "See all mismatches"))]
        if term:
            tips.append(tag("li", link_page("terms", "See what people mean by it", term=term)))
        render(tag("h2", "Nobody is found to talk past anybody here", class_="ct-quiet"), tag("ul", *tips))
    elif knowledge.is_unanalyzed():
        render(term_cards.explain_delay())
    else:
        render(
            tag("h2", "Nobody is found to talk past anybody in this base", class_="ct-quiet"),
            tag("p", "It takes two people who answer each other with one word in two senses. Read more threads:"),
            tag("pre", "crosstalk ingest SOURCE"),
        )


def show_mismatch(knowledge: KnowledgeBase, id_: str) -> None:
    """Show one mismatch, with its exchange a click away."""
    try:
        mismatch = knowledge.mismatches.get(id_)
    except NotFound:
        render(
            tag("h2", "That mismatch is no longer in this base", class_="ct-quiet"), link_page("mismatches", "See all")
        )
        return
    render(
        link_page("mismatches", "← All mismatches"),
        tag("h1", "Two people, one word: ", tag("bdi", mismatch.term)),
        term_cards.make_mismatch_card(mismatch, knowledge.terms.list_forms(mismatch.term), whole=True),
        cards.make_footer(
            make_json_address(f"mismatches/{id_}"), write_command(mismatch.term, mismatch.conversation.id)
        ),
    )


def write_command(term: str | None, conversation: str | None) -> str:
    """Write the question as a command."""
    words = ["crosstalk mismatches"]
    words += [f"--term {shlex.quote(term)}"] if term else []
    words += [f"--conversation {shlex.quote(conversation)}"] if conversation else []
    return " ".join(words)


def main() -> None:
    """Run the page."""
    asked = {name: (st.query_params.get(name) or "")[: LIMITS.query_chars] for name in ("id", "term", "conversation")}
    try:
        knowledge = served_base.open_served_base()
        if asked["id"]:
            show_mismatch(knowledge, asked["id"])
        else:
            show_mismatches(knowledge, asked["term"] or None, asked["conversation"] or None)
    except CrosstalkError:
        render(
            tag("h2", "The base cannot answer just now", class_="ct-quiet"), tag("p", "Reload the page in a moment.")
        )


main()
