"""Terms: what people argue with; one term with its senses side by side, in the words of those who use them."""

import shlex

import streamlit as st

from corpus.errors import CrosstalkError, NotFound
from corpus.limits import LIMITS
from index.findings.findings import Term
from index.knowledge_base import KnowledgeBase
from ui import phrases
from ui.server import served_base as shared
from ui.web import cards
from ui.web import term_cards as talk
from ui.web.elements import inside, json_address, render, tag

ROWS, SHOWN = 60, 5


def listed(knowledge: KnowledgeBase) -> None:
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
        nothing(knowledge, words)
        return
    count = f"{phrases.write_count(page.total, 'term')}, the most argued with first"
    further = inside("terms", "Next →", q=words, cursor=page.next) if page.next else None
    render(
        tag("h1", "What do people mean by it?"),
        tag("p", count, class_="ct-count-line", role="status"),
        talk.term_rows(page.items),
        tag("p", further) if further else None,
        cards.foot(json_address("terms", q=words), "crosstalk terms"),
    )


def nothing(knowledge: KnowledgeBase, words: str | None) -> None:
    """Say why there may be no terms, and what to do."""
    if words:
        render(tag("h2", "No term of that name in this base", class_="ct-quiet"), inside("terms", "See all terms"))
    elif knowledge.is_unanalyzed():
        render(talk.not_yet())
    else:
        render(
            tag("h2", "No terms in this base yet", class_="ct-quiet"),
            tag("p", "A term is a word, or several, that two people at least argue with. Read more threads:"),
            tag("pre", "crosstalk ingest SOURCE"),
        )


def one(knowledge: KnowledgeBase, name: str) -> None:
    """Show a term: its senses side by side, then the exchanges in which it was used differently."""
    try:
        term = knowledge.terms.get(name)
    except NotFound:
        render(tag("h2", "That term is not in this base", class_="ct-quiet"), inside("terms", "See which are"))
        return
    page = knowledge.mismatches.list(term.name, None, SHOWN)
    also = ", ".join(term.aliases)
    render(
        inside("terms", "← Terms"),
        tag("h1", tag("bdi", term.name)),
        tag("p", "also: ", tag("bdi", also), class_="ct-count-line") if also else None,
        tag("p", told(term), class_="ct-lead"),
        talk.senses(term) if term.senses else tag("p", "There are too few uses of it to tell senses apart."),
        tag("h2", "Used differently", class_="ct-side") if page.items else None,
        tag(
            "section",
            *(talk.mismatch_card(found, term.aliases) for found in page.items),
            aria_label="Exchanges in which it was used differently",
        ),
        tag("p", inside("mismatches", f"All {term.contested} →", term=term.name))
        if term.contested > len(page.items)
        else None,
        tag("p", inside("", "Search for claims with it →", q=term.name)),
        cards.foot(json_address(f"terms/{term.name}"), f"crosstalk terms {shlex.quote(term.name)}"),
    )


def told(term: Term) -> str:
    """Say in a sentence how a term is used."""
    return phrases.describe_term(term.uses, len(term.speakers), len(term.senses), term.divided)


def main() -> None:
    """Run the page."""
    try:
        knowledge = shared.knowledge_here()
        name = (st.query_params.get("term") or "")[: LIMITS.name_chars]
        if name:
            one(knowledge, name)
        else:
            listed(knowledge)
    except CrosstalkError:
        render(
            tag("h2", "The base cannot answer just now", class_="ct-quiet"), tag("p", "Reload the page in a moment.")
        )


main()
