"""Check a draft before it is posted: terms that readers use in another sense, and who made its claims before."""

import streamlit as st

from corpus.errors import CrosstalkError, TooLarge, WrongUsage
from index.draft_check import Check, Predecessors
from ui import phrases
from ui.draft_reading import read_draft
from ui.server import served_base
from ui.web import cards, term_cards
from ui.web.elements import Html, render, tag

MOST = 100_000  # characters; a longer draft goes through the API or the command line


def show_check(check: Check) -> None:
    """Show what a reader would meet: first what may be misread, then what was said before."""
    risky = [use for use in check.terms if use.risky]
    others = [use for use in check.terms if use.is_divided and not use.risky]
    agreed = phrases.describe_shared_terms([use.term.name for use in check.terms if not use.is_divided])
    summary = phrases.describe_draft(len(check.terms), len(risky), check.compared, len(check.claims))
    render(
        tag("p", f"{summary}.", class_="ct-count-line", role="status"),
        tag("section", *(term_cards.make_draft_term(use) for use in (*risky, *others)), aria_label="Terms"),
        tag("p", tag("bdi", agreed), class_="ct-lead") if agreed else None,
        tag("h2", "Said before", class_="ct-side") if check.claims else None,
        tag("section", *(make_predecessors(claim) for claim in check.claims), aria_label="Claims made before"),
    )
    if limit := phrases.describe_limit(check.compared, check.claimed):
        render(tag("p", f"{limit}.", class_="ct-lead"))


def make_predecessors(claim: Predecessors) -> Html:
    """Show a claim of the draft with those who made it before."""
    yours = tag("p", "You: ", tag("bdi", claim.claim.text), class_="ct-yours", dir="auto")
    return tag("div", yours, *(cards.make_hit_card(hit) for hit in claim.before), class_="ct-earlier")


def main() -> None:
    """Run the page."""
    render(
        tag("h1", "Before you post"),
        tag(
            "p",
            "Paste a draft: you see which of its terms readers here use in another sense, and who made its claims"
            " before. It is kept nowhere.",
            class_="ct-lead",
        ),
    )
    with st.form("draft", border=False):
        text = st.text_area(
            "Your draft, in Markdown or plain text", key="text", height=220, max_chars=MOST, placeholder="Your draft"
        )
        asked = st.form_submit_button("Check it", type="primary")
    try:
        if asked:
            with st.spinner("Reading…"):
                check = served_base.open_served_base().check(read_draft(text or ""))
            show_check(check)
    except (WrongUsage, TooLarge):
        render(tag("p", "There is nothing to check: write or paste something first.", class_="ct-lead", role="status"))
    except CrosstalkError:
        render(tag("h2", "The base cannot answer just now", class_="ct-quiet"), tag("p", "Send it again in a moment."))
    render(cards.make_footer("/openapi.json", "crosstalk check draft.md"))


main()
