"""Clusters: what several people say, each in their own words; one of them with its claims; all claims on a map."""

# pyright: standard

import shlex
from collections.abc import Sequence
from typing import Any

import streamlit as st

from corpus.errors import CrosstalkError, NotFound
from index.clusters.model import UNCLUSTERED, ClaimPlacement, Cluster, ClusterSplit, Verbatim
from index.clusters.queries import ClusteredClaim
from index.knowledge_base import KnowledgeBase
from ui import phrases
from ui.server import served_base
from ui.web import cards
from ui.web.elements import Html, link_page, make_json_address, render, tag

ROWS, CLAIMS, POINTS = 40, 20, 3_000
NAMES = 6
_HOVER = 90  # characters of a claim, under the pointer
SIZES = (1, 3, 5, 10, 20)
# Okabe & Ito's colours, which people of all kinds of sight tell apart, and marks that differ too.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
MARKS = ("circle", "square", "diamond", "triangle-up")
REST = "#9a9a9a"


def show_clusters(knowledge: KnowledgeBase) -> None:
    """List the clusters, the map above them."""
    fewest = st.selectbox(
        "At least so many claims",
        SIZES,
        key="min_size",
        format_func=str,
        bind="query-params",
        index=1,
    )
    least = int(fewest or 1)
    page = knowledge.clusters.list(least, ROWS, st.query_params.get("cursor"))
    shown = [one for one in page.items if one.id is not None]
    bucket = next((one for one in page.items if one.id is None), None)
    if not shown and bucket is None:
        explain_nothing(knowledge)
        return
    render(tag("h1", "What several people say", class_="ct-unseen"))
    show_map(knowledge, [one for one in shown if one.size >= least])
    further = link_page("clusters", "Next →", min_size=str(least), cursor=page.next) if page.next else None
    summary = (
        f"{phrases.write_count(page.total - 1, 'cluster')}, the largest first"
        if page.total > 1
        else "No clusters of that size"
    )
    render(
        tag("p", summary, class_="ct-count-line", role="status"),
        tag("section", *(make_cluster_card(one) for one in shown), aria_label="Clusters"),
        make_bucket_card(bucket) if bucket else None,
        tag("p", further) if further else None,
        cards.make_footer(make_json_address("clusters", min_size=str(least)), f"crosstalk clusters --min-size {least}"),
    )


def explain_nothing(knowledge: KnowledgeBase) -> None:
    """Say what to do where there are no clusters."""
    if knowledge.count()["claims"]:
        explanation, command = "Claims have not been compared yet. From a terminal:", "crosstalk analyze"
    else:
        explanation, command = "There is nothing in this base yet. From a terminal:", "crosstalk ingest saved-threads/"
    render(tag("h2", "No clusters yet", class_="ct-quiet"), tag("p", explanation), tag("pre", command))


def make_cluster_card(cluster: Cluster) -> Html:
    """Show a cluster: its terms, its central claim word for word, and who is in it."""
    central = cluster.central
    label = phrases.name_cluster(cluster.id, cluster.label)
    return tag(
        "article",
        tag(
            "header",
            link_page("clusters", tag("bdi", label), cluster=cluster.id, class_="ct-who"),
            tag("span", describe_size(cluster), class_="ct-kind"),
            tag("span", "denied by some", class_="ct-badge ct-reported") if cluster.splits else None,
        ),
        tag("blockquote", tag("span", central.text, class_="ct-claim-words"), dir="auto") if central else None,
        tag("footer", *name_people(cluster)),
        class_="ct-card",
    )


def describe_size(cluster: Cluster) -> str:
    """Say how many claims and people there are."""
    return phrases.describe_cluster(cluster.size, cluster.people, cluster.unattributed)


def name_people(cluster: Cluster, most: int = NAMES) -> list[Html | str | None]:
    """Name who is in a cluster, those with most claims first."""
    pieces: list[Html | str | None] = []
    for voice in cluster.voices[:most]:
        many = tag("small", f" {voice.claims:,}") if voice.claims > 1 else None
        pieces.append(tag("span", cards.link_speaker(voice.speaker), many))
    rest = cluster.people - min(most, len(cluster.voices))
    if rest > 0:
        pieces.append(tag("span", f"and {rest:,} more"))
    return pieces


def make_bucket_card(bucket: Cluster) -> Html:
    """Show the bucket of claims that are in no cluster."""
    label = phrases.name_cluster(bucket.id, bucket.label)
    return tag(
        "article",
        tag(
            "header",
            link_page("clusters", label, cluster=UNCLUSTERED),
            tag("span", describe_size(bucket)),
        ),
        tag(
            "p",
            "What too few others here say. Each claim is shown with the cluster nearest to it.",
        ),
        class_="ct-card",
    )


def show_map(knowledge: KnowledgeBase, shown: Sequence[Cluster]) -> None:
    """Draw claims as points; the clusters listed on this page have colours, all else is grey."""
    import plotly.graph_objects as go

    placed = knowledge.clusters.map_claims(POINTS)
    if len(placed) < 3:
        return
    figure = go.Figure()
    style = {
        one.id: (COLOURS[n % len(COLOURS)], MARKS[n // len(COLOURS) % len(MARKS)], one.label)
        for n, one in enumerate(shown[: len(COLOURS) * len(MARKS)])
    }
    grey = [one for one in placed if one.cluster not in style]
    figure.add_trace(make_points(go, grey, REST, "circle-open", "other claims", 4))
    for id_, (colour, mark, label) in style.items():
        figure.add_trace(make_points(go, [one for one in placed if one.cluster == id_], colour, mark, label, 9))
    figure.update_layout(
        height=420, showlegend=False, margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode="closest", dragmode="pan"
    )
    axis = {"visible": False, "showgrid": False, "zeroline": False}
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis, scaleanchor="x")
    event: Any = st.plotly_chart(figure, key="map", on_select="rerun", selection_mode="points")
    explanation = (
        "Each point is a claim; what is alike stands close. Choose one to read it. The list below says the same."
    )
    render(tag("p", explanation, class_="ct-quiet"))
    chosen = [point["customdata"][0] for point in event.selection.points] if event and event.selection.points else []
    for claim_id in chosen[:3]:
        try:
            render(cards.make_hit_card(knowledge.search.get_hit(claim_id)))
        except NotFound:
            render(tag("p", "That claim is no longer in this base.", class_="ct-quiet"))


def make_points(go: Any, placed: Sequence[ClaimPlacement], colour: str, mark: str, name: str, size: int) -> Any:
    """Make the points of one colour; what is shown on hover is escaped, since Plotly reads markup."""
    import html

    return go.Scatter(
        x=[claim.x for claim in placed],
        y=[claim.y for claim in placed],
        mode="markers",
        name=html.escape(name),
        marker={"color": colour, "symbol": mark, "size": size},
        customdata=[[claim.claim_id] for claim in placed],
        text=[html.escape(_say_who(claim)) for claim in placed],
        hovertemplate="%{text}<extra></extra>",
    )


def _say_who(placed: ClaimPlacement) -> str:
    return f"{phrases.name_speaker(placed.speaker)}: {phrases.write_on_one_line(placed.text)[:_HOVER]}"


def show_cluster(knowledge: KnowledgeBase, id_: str) -> None:
    """Show a cluster with its claims."""
    try:
        cluster = knowledge.clusters.get(id_)
        page = knowledge.clusters.list_claims(id_, CLAIMS, st.query_params.get("cursor"))
    except NotFound:
        render(
            tag("h2", "There is no such cluster in this base", class_="ct-quiet"),
            link_page("clusters", "See those there are"),
        )
        return
    further = link_page("clusters", "Next →", cluster=id_, cursor=page.next) if page.next else None
    topic = tag("p", "Topic: ", tag("bdi", cluster.topic.label)) if cluster.topic else None
    render(
        link_page("clusters", "← Clusters"),
        tag("h1", tag("bdi", phrases.name_cluster(cluster.id, cluster.label))),
        tag("p", describe_size(cluster), class_="ct-count-line"),
        topic,
        tag("p", *name_people(cluster, 20), class_="ct-facets ct-wrap"),
        *make_splits(cluster.splits),
        tag("h2", "Claims, the most central first" if cluster.id else "Claims", class_="ct-side"),
        tag("section", *(make_claim_card(claim, cluster) for claim in page.items), aria_label="Claims"),
        tag("p", further) if further else None,
        cards.make_footer(make_json_address(f"clusters/{id_}"), f"crosstalk clusters {shlex.quote(id_)}"),
    )


def make_claim_card(claim: ClusteredClaim, cluster: Cluster) -> Html:
    """Show a claim; one that is in no cluster with the nearest."""
    card = cards.make_hit_card(claim.hit)
    if cluster.id is not None or claim.placed.nearest is None:
        return card
    near = link_page("clusters", "nearest cluster", cluster=claim.placed.nearest)
    return tag("div", card, tag("p", near, tag("small", f" at {claim.placed.closeness:.2f}"), class_="ct-quiet"))


def make_splits(splits: Sequence[ClusterSplit]) -> list[Html | None]:
    """Show who denies what others say."""
    if not splits:
        return []
    pairs = [tag("li", quote_claim(split.says), tag("em", " but "), quote_claim(split.denies)) for split in splits]
    return [tag("h2", "Said and denied in nearly the same words", class_="ct-side"), tag("ul", *pairs)]


def quote_claim(claim: Verbatim) -> Html:
    """Show a claim's exact words behind its author's name."""
    return tag("span", cards.link_speaker(claim.speaker), ": “", tag("bdi", claim.text), "”")


def main() -> None:
    """Run the page."""
    try:
        knowledge = served_base.open_served_base()
        id_ = st.query_params.get("cluster")
        if id_:
            show_cluster(knowledge, id_)
        else:
            show_clusters(knowledge)
    except CrosstalkError:
        render(
            tag("h2", "The base cannot answer just now", class_="ct-quiet"), tag("p", "Reload the page in a moment.")
        )


main()
