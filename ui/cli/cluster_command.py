"""The command that lists what many people say, each in their own words."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from ui.cli import output
from ui.cli.output import AsJson
from ui.cli.paging import walk_pages
from ui.cli.search_commands import Limit, open_current_base, print_hits
from ui.phrases import list_names, name_cluster, write_on_one_line

_SHOWN_NAMES, _SHOWN_CENTRAL = 3, 120  # people, and characters of the central claim, in a table


def list_clusters(
    context: typer.Context,
    id_: Annotated[str | None, typer.Argument(metavar="[ID]", help="Of a cluster; or `unclustered`.")] = None,
    min_size: Annotated[int, typer.Option(min=1, help="Only clusters of at least so many claims.")] = 1,
    topic: Annotated[str | None, typer.Option(help="Only clusters of this topic (its id).")] = None,
    limit: Limit = 1_000,
    as_json: AsJson = False,
) -> None:
    """List claims that make the same point, or show the claims of one such cluster.

    The largest come first; last, with no id, stand the claims that are in none.

    Examples:

      crosstalk clusters --min-size 5

      crosstalk clusters c0a1b2c3d4e

      crosstalk clusters unclustered --limit 50
    """
    from index.wire.clusters import ClusteredClaimJson, ClusterJson

    with open_current_base(context.obj, "crosstalk clusters", analyzed=True) as knowledge:
        if id_ is not None:
            claims = walk_pages(lambda most, cursor: knowledge.clusters.list_claims(id_, most, cursor), limit)
            print_hits(map(ClusteredClaimJson.dump, claims), as_json)
            return
        found = walk_pages(lambda most, cursor: knowledge.clusters.list(min_size, most, cursor, topic), limit)
        view = output.make_table_view("id", "label", "size", "people", "speakers", "central", wide=("label", "central"))

        def lay_out(rows: Iterable[dict[str, Any]]) -> Iterator[Any]:
            return view(_shorten(row) for row in rows)

        if not output.show(map(ClusterJson.dump, found), as_json, lay_out):
            output.note("no clusters yet: `crosstalk ingest` some threads, or `crosstalk analyze`")


def _shorten(row: dict[str, Any]) -> dict[str, Any]:
    words = write_on_one_line(row["central"] or "")
    return row | {
        "label": name_cluster(row["id"], row["label"]),
        "speakers": list_names(row["speakers"], row["people"], _SHOWN_NAMES),
        "central": words if len(words) <= _SHOWN_CENTRAL else words[:_SHOWN_CENTRAL] + "…",
    }
