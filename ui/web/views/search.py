"""Search: a claim in one's own words; who said it, in theirs. The whole question is in the address."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from corpus.errors import CrosstalkError, NotFound, WrongQuery
from corpus.limits import LIMITS
from corpus.model import ClaimKind
from index.answers import Facet, Grouping, Hit, Mode, Page, Query
from index.knowledge_base import KnowledgeBase
from index.search.query_language import parse_query
from ui import phrases
from ui.query_request import make_query
from ui.server import served_base
from ui.web import cards
from ui.web.elements import Html, join_pieces, link_page, make_json_address, render, tag

STEP, MOST = 20, 200
FACETS = (("speaker", "People"), ("kind", "Kinds"), ("site", "Sites"))
SHOWN = 6  # values of a facet
EXAMPLES = 5

# The query line, as the page teaches it: what is written, and what it does.
LINE = (
    ('"exact phrase"', "these words in this order"),
    ('-word  -"phrase"', "without it"),
    ('speaker:"Ilse Marchetti"', "said by one person; speaker:ilse where one word is enough"),
    ("term:corrigibility", "claims that use this term"),
    ("kind:prediction", f"of this kind: {', '.join(kind.value for kind in ClaimKind)}"),
    ("site:forum.example", "on this site"),
    ("since:2024-03  until:2025", "posted from then on; posted before"),
)

Filters = dict[str, str | list[str] | None]


@st.cache_data(max_entries=4, show_spinner=False)
def list_names_at(generation: int, folder: str) -> list[str]:
    """List who is in the base, by name. `generation` and `place` tell when the list is another one."""
    return list(served_base.open_served_base().people.list_names())


def ask(knowledge: KnowledgeBase) -> tuple[Query, Filters]:
    """Show the search box and the filters; give the question, also as it stands in the address."""
    text = st.text_input(
        "Search for a claim",
        key="q",
        type="search",
        placeholder="A claim, in your own words",
        max_chars=LIMITS.query_chars,
        label_visibility="collapsed",
        icon=":material/search:",
        bind="query-params",
        help='"exact phrase", -word, speaker:name, site:name, term:word, kind:prediction, since:2024-03, until:2025',
    )
    with st.sidebar:
        render(tag("h2", "Narrow it down", class_="ct-side"))
        people = st.multiselect(
            "People",
            list_names_at(knowledge.generation, str(knowledge.folder)),
            key="speaker",
            accept_new_options=True,
            placeholder="Anybody",
            bind="query-params",
        )
        kinds = st.multiselect(
            "Kind of claim", [kind.value for kind in ClaimKind], key="kind", placeholder="Any", bind="query-params"
        )
        sites = st.multiselect(
            "Site", list_sites(knowledge), key="site", accept_new_options=True, placeholder="Any", bind="query-params"
        )
        first, last = st.columns(2)
        since = first.date_input("Posted from", None, key="since", format="YYYY-MM-DD", bind="query-params")
        until = last.date_input("Posted before", None, key="until", format="YYYY-MM-DD", bind="query-params")
        quotes = st.toggle("Also quoted words", key="include_quotes", bind="query-params")
        retracted = st.toggle("Also retracted claims", key="include_retracted", bind="query-params")
        hidden = st.toggle("Also what says little by itself", key="include_hidden", bind="query-params")
        mode = st.selectbox(
            "Order by",
            [mode.value for mode in Mode],
            key="mode",
            format_func=str,
            bind="query-params",
            help="hybrid: meaning and words; dense: meaning alone; lexical: words alone",
        )
        group = st.selectbox(
            "Put together by",
            [group.value for group in Grouping],
            index=None,
            key="group",
            placeholder="Not at all",
            bind="query-params",
            help="One result a person or thread, with more of theirs below it",
        )
    query = make_query(
        text,
        speaker=people,
        site=sites,
        kind=kinds,
        since=since,
        until=until,
        include_quotes=quotes,
        include_retracted=retracted,
        include_hidden=hidden,
        mode=mode,
        group=group,
        limit=read_limit(),
    )
    return query, make_filters(query, since, until)


def list_sites(knowledge: KnowledgeBase) -> list[str]:
    """List the sites in the base."""
    return [facet.value for facet in knowledge.search.count_facets(Query("")).get("site", ())]


def make_filters(query: Query, since: date | None, until: date | None) -> Filters:
    """Return the question as it stands in the address, of this page and of the API alike."""
    return {
        "q": query.text,
        "speaker": list(query.speakers),
        "kind": list(query.kinds),
        "site": list(query.sites),
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
        "include_quotes": "true" if query.include_quotes else None,
        "include_retracted": "true" if query.include_retracted else None,
        "include_hidden": "true" if query.include_hidden else None,
        "mode": query.mode.value if query.mode is not Mode.HYBRID else None,
        "group": query.group.value if query.group else None,
    }


def read_limit() -> int:
    """Read from the address how many results to show."""
    written = st.query_params.get("limit", "")
    return min(max(int(written), STEP), MOST) if written.isdecimal() and len(written) < 6 else STEP


def show_more() -> None:
    """Ask for another step of results, in the address too."""
    st.query_params["limit"] = str(min(read_limit() + STEP, MOST))


def make_facet_rows(page: Page[Hit], filters: Filters) -> list[Html | None]:
    """Offer the values that the results have, with counts; a chosen one can be taken back."""
    return [
        cards.make_facet_row(
            label, [make_facet_link(field, facet, filters) for facet in merge_labels(page.facets.get(field, ()))]
        )
        for field, label in FACETS
        if len(page.facets.get(field, ())) > 1 or filters[field]
    ]


def merge_labels(facets: Sequence[Facet], most: int = SHOWN) -> list[Facet]:
    """Count values of one label together: a name on two sites is one name here."""
    counts: dict[str, Facet] = {}
    for facet in facets:
        before = counts.get(facet.label)
        counts[facet.label] = replace(facet, count=facet.count + before.count) if before else facet
    return sorted(counts.values(), key=lambda facet: (-facet.count, facet.label))[:most]


def make_facet_link(field: str, facet: Facet, filters: Filters) -> Html:
    """Link to the same search with one value of a field chosen, or no longer chosen."""
    chosen = list(filters[field] or ())
    held = [value for value in chosen if value.casefold() in (facet.label.casefold(), facet.value.casefold())]
    then = [value for value in chosen if value not in held] if held else [*chosen, facet.label]
    words = tag("span", tag("bdi", facet.label), tag("small", f" {facet.count:,}"))
    return link_page("", words, class_="ct-chip ct-chosen" if held else "ct-chip", **(filters | {field: then}))


def show_results(knowledge: KnowledgeBase, query: Query, filters: Filters) -> None:
    """Show what was found, or what to do where nothing was."""
    with st.spinner("Searching…"):
        page = knowledge.search.find(query)
    if not page.items:
        explain_nothing(query)
        return
    shown = len(page.items)
    people = len({hit.claim.speaker.name for hit in page.items if hit.claim.speaker})
    order = "closest first" if query.text.strip() else "newest first"
    # Of a ranked list, how many were considered says nothing; of a filtered one, how many there are does.
    claims = phrases.write_count(shown, "claim")
    if page.total > shown and not query.text.strip():
        claims = f"{shown} of {phrases.write_count(page.total, 'claim')}"
    count = f"{claims}, by {phrases.write_count(people, 'person')}, {order}"
    render(
        tag("h1", "Results", class_="ct-unseen"),
        tag("div", *make_facet_rows(page, filters), class_="ct-narrow"),
        tag("p", count, tag("span", f"{page.took_ms:.0f} ms", class_="ct-took"), class_="ct-count-line", role="status"),
        tag("section", *(cards.make_group_card(hit, **filters) for hit in page.items), aria_label="Results"),
    )
    if page.next and shown < MOST:
        st.button("Show more", on_click=show_more, key="more")


def explain_nothing(query: Query) -> None:
    """Say what to try where nothing was found."""
    tips = ["Use other words: it is the meaning that counts, so a whole sentence often finds more than a name."]
    read = parse_query(query)
    if read.phrases or read.terms or read.without:
        tips.append("Take back a phrase in quotation marks, a term: or a word with a minus from the search line.")
    if query.speakers or query.sites or query.kinds or query.since or query.until:
        tips.append("Take back a filter, on the left.")
    if not query.include_quotes:
        tips.append("Look among quoted words too: somebody outside this base may have been quoted in it.")
    render(
        tag("h2", "Nobody here said that", class_="ct-quiet"),
        tag("ul", *(tag("li", tip) for tip in tips)),
        explain_query_line(),
    )


def explain_query_line() -> Html:
    """Teach the query line."""
    rows = [(tag("code", written), meaning) for written, meaning in LINE]
    terms = [piece for written, meaning in rows for piece in (tag("dt", written), tag("dd", meaning))]
    return join_pieces([tag("h2", "In the search line", class_="ct-side"), tag("dl", *terms, class_="ct-language")])


def show_welcome(knowledge: KnowledgeBase) -> None:
    """Say what this is, with searches that find something in this very base."""
    counts = knowledge.count()
    if not counts["claims"]:
        render(
            tag("h1", "There is nothing in this base yet"),
            tag("p", "Read your own threads into it from a terminal; they show up here by themselves:"),
            tag("pre", "crosstalk ingest saved-threads/\ncrosstalk ingest https://www.lesswrong.com/posts/…"),
        )
        return
    summary = (
        f"{phrases.describe_base(counts['claims'], counts['speakers'], counts['conversations'])}."
        " Write a claim in your own words: you get the people who made it, in theirs."
    )
    examples = list_examples_at(knowledge.generation, str(knowledge.folder))
    links = [tag("li", link_page("", tag("bdi", words), q=words)) for words in examples]
    people = knowledge.people.list(None, SHOWN, None).items
    facets = [Facet(person.speaker.id, person.speaker.name, person.claims) for person in people]
    empty: Filters = {"speaker": None}
    render(
        tag("h1", "Who said that?"),
        tag("p", summary, class_="ct-lead"),
        tag("h2", "For example", class_="ct-side"),
        tag("ul", *links, class_="ct-examples"),
        explain_query_line(),
        cards.make_facet_row("People", [make_facet_link("speaker", facet, empty) for facet in facets], wrap=True),
    )


@st.cache_data(max_entries=4, show_spinner=False)
def list_examples_at(generation: int, folder: str) -> tuple[str, ...]:
    """Choose claims to search for. `generation` and `place` tell when they are of another base."""
    return served_base.open_served_base().choose_example_claims(EXAMPLES)


def show_similar(knowledge: KnowledgeBase, claim_id: str) -> None:
    """Show a claim, and those closest to it."""
    try:
        claim = knowledge.search.get_hit(claim_id)
        page = knowledge.search.find_similar(claim_id, STEP)
    except NotFound:
        render(tag("h2", "That claim is no longer in this base", class_="ct-quiet"), link_page("", "Search for it"))
        return
    render(
        link_page("", "← Search"),
        tag("h2", "Close to this", class_="ct-side"),
        cards.make_hit_card(claim),
        tag("h2", phrases.write_count(len(page.items), "similar claim"), class_="ct-side"),
        tag("section", *(cards.make_hit_card(hit) for hit in page.items), aria_label="Similar claims"),
        cards.make_footer(
            make_json_address(f"claims/{claim_id}/similar"), f"crosstalk similar {shlex.quote(claim_id)}"
        ),
    )


def write_command(filters: Filters) -> str:
    """Write the search as a command."""
    words = ["crosstalk search", shlex.quote(str(filters["q"] or ""))]
    for name, value in filters.items():
        if name == "q" or not value:
            continue
        option = "--" + name.replace("_", "-")
        values = value if isinstance(value, list) else [value]
        words += [option if one == "true" else f"{option} {shlex.quote(one)}" for one in values]
    return " ".join(words)


def main() -> None:
    """Run the page."""
    try:
        knowledge = served_base.open_served_base()
        if claim_id := st.query_params.get("like"):
            show_similar(knowledge, claim_id)
            return
        query, filters = ask(knowledge)
        narrowed = {name: value for name, value in filters.items() if value}
        if narrowed:
            try:
                show_results(knowledge, query, filters)
            except WrongQuery as problem:
                render(tag("h2", "That cannot be searched for", class_="ct-quiet"), tag("p", str(problem)))
                render(explain_query_line())
                return
            render(cards.make_footer(make_json_address("search", **filters), write_command(filters)))
        else:
            show_welcome(knowledge)
    except CrosstalkError:
        render(
            tag("h2", "The base cannot answer just now", class_="ct-quiet"), tag("p", "Reload the page in a moment.")
        )


main()
