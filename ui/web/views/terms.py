"""Terms: what people argue with; one term with its senses side by side, in the words of those who use them."""

import shlex

import streamlit as st

from corpus.errors import CrosstalkError, NotFound
from corpus.limits import LIMITS
from index.findings.findings import Term
from index.knowledge_base import KnowledgeBase
from ui import phrases
from ui.server import served_base
from ui.web import cards, term_cards
from ui.web.elements import link_page, make_json_address, render, tag

ROWS, SHOWN = 60, 5


def show_terms(knowledge: KnowledgeBase) -> None:
    """List the terms, by words of the name if some are given."""
    words = st.text_input(
        "Find a term",
        key="q",
        type="search",
        placeholder="A term, or a word of one",
        max_chars=LIMITS.name_chars,
        label_visibility="collapsed",
        icon=":material/match_word:",
        bind="query-params",
    )
    page = knowledge.terms.list(words or None, ROWS, st.query_params.get("cursor"))
    if not page.items:
        explain_nothing(knowledge, words)
        return
    count = f"{phrases.write_count(page.total, 'term')}, the most argued with first"
    further = link_page("terms", "Next →", q=words, cursor=page.next) if page.next else None
    render(
        tag("h1", "What do people mean by it?"),
        tag("p", count, class_="ct-count-line", role="status"),
        term_cards.make_term_table(page.items),
        tag("p", further) if further else None,
        cards.make_footer(make_json_address("terms", q=words), "crosstalk terms"),
    )


def explain_nothing(knowledge: KnowledgeBase, words: str | None) -> None:
    """Say why there may be no terms, and what to do."""
    if words:
        render(tag("h2", "No term of that name in this base", class_="ct-quiet"), link_page("terms", "See all terms"))
    elif knowledge.is_unanalyzed():
        render(term_cards.explain_delay())
    else:
        render(
            tag("h2", "No terms in this base yet", class_="ct-quiet"),
            tag("p", "A term is a word, or several, that two people at least argue with. Read more threads:"),
            tag("pre", "crosstalk ingest SOURCE"),
        )


def show_term(knowledge: KnowledgeBase, name: str) -> None:
    """Show a term: its senses side by side, then the exchanges in which it was used differently."""
    try:
        term = knowledge.terms.get(name)
    except NotFound:
        render(tag("h2", "That term is not in this base", class_="ct-quiet"), link_page("terms", "See which are"))
        return
    page = knowledge.mismatches.list(term.name, None, SHOWN)
    also = ", ".join(term.aliases)
    render(
        link_page("terms", "← Terms"),
        tag("h1", tag("bdi", term.name)),
        tag("p", "also: ", tag("bdi", also), class_="ct-count-line") if also else None,
        tag("p", describe_term(term), class_="ct-lead"),
        term_cards.make_senses(term) if term.senses else tag("p", "There are too few uses of it to tell senses apart."),
        tag("h2", "Used differently", class_="ct-side") if page.items else None,
        tag(
            "section",
            *(term_cards.make_mismatch_card(mismatch, term.aliases) for mismatch in page.items),
            aria_label="Exchanges in which it was used differently",
        ),
        tag("p", link_page("mismatches", f"All {term.contested} →", term=term.name))
        if term.contested > len(page.items)
        else None,
        tag("p", link_page("", "Search for claims with it →", q=term.name)),
        cards.make_footer(make_json_address(f"terms/{term.name}"), f"crosstalk terms {shlex.quote(term.name)}"),
    )


def describe_term(term: Term) -> str:
    """Say in a sentence how a term is used."""
    return phrases.describe_term(term.uses, len(term.speakers), len(term.senses), term.divided)


def main() -> None:
    """Run the page."""
    try:
        knowledge = served_base.open_served_base()
        name = (st.query_params.get("term") or "")[: LIMITS.name_chars]
        if name:
            show_term(knowledge, name)
        else:
            show_terms(knowledge)
    except CrosstalkError:
        render(
            tag("h2", "The base cannot answer just now", class_="ct-quiet"), tag("p", "Reload the page in a moment.")
        )


main()
