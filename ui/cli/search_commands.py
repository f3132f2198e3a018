"""Commands that ask the base."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import NotFound
from corpus.model import ClaimKind
from index.answers import Grouping, Mode
from index.search.reranker import RERANKER
from ui import phrases
from ui.cli import output
from ui.cli.open_base import open_current_base
from ui.cli.output import AsJson
from ui.cli.paging import walk_pages
from ui.cli.person_view import lay_out_person
from ui.query_request import make_query

if TYPE_CHECKING:
    from index.knowledge_base import KnowledgeBase

Limit = Annotated[int, typer.Option(min=1, max=10_000, help="The most that is printed.")]


def search(
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="A claim in your own words.")],
    speaker: Annotated[list[str] | None, typer.Option(help="Only this person (name or id); repeatable.")] = None,
    site: Annotated[list[str] | None, typer.Option(help="Only this site; repeatable.")] = None,
    kind: Annotated[list[ClaimKind] | None, typer.Option(help="Only this kind of claim; repeatable.")] = None,
    since: Annotated[str | None, typer.Option(help="Posted at or after: 2024, 2024-03, 2024-03-15.")] = None,
    until: Annotated[str | None, typer.Option(help="Posted before.")] = None,
    include_quotes: Annotated[bool, typer.Option("--include-quotes", help="Also words quoted from others.")] = False,
    include_retracted: Annotated[bool, typer.Option("--include-retracted", help="Also what was taken back.")] = False,
    include_hidden: Annotated[bool, typer.Option("--include-hidden", help="Also what says little by itself.")] = False,
    mode: Annotated[Mode, typer.Option(help="By meaning (dense), by words (lexical), or both.")] = Mode.HYBRID,
    group: Annotated[Grouping | None, typer.Option(help="One hit a person or thread, with more of theirs.")] = None,
    rerank: Annotated[
        str | None, typer.Option(help="Let this cross-encoder (name or folder) order the first hits.", envvar=RERANKER)
    ] = None,
    limit: Limit = 10,
    as_json: AsJson = False,
) -> None:
    """Find who said something: a claim in your own words, answered with theirs.

    In the query itself: "exact phrase"; -word and -"phrase" (without it); speaker:NAME, site:SITE, term:TERM
    (claims that use it), kind:KIND, since:2024-03, until:2025. Values with spaces in quotes: speaker:"Ilse Marchetti".
    A minus also goes before speaker:, site:, term: and kind:. A query that begins with - stands after --.

    Examples:

      crosstalk search "oversight only works while it is cheap"

      crosstalk search corrigibility --speaker "Ilse Marchetti" --since 2023

      crosstalk search 'term:takeoff "will be slow" -hardware since:2023' --group person

      crosstalk search "takeoff will be slow" --kind prediction --json | jq .url
    """
    from index.wire.claims import HitJson

    request = make_query(
        " ".join(query),
        speaker=speaker,
        site=site,
        kind=kind,
        since=since,
        until=until,
        include_quotes=include_quotes,
        include_retracted=include_retracted,
        include_hidden=include_hidden,
        mode=mode,
        group=group,
        rerank=rerank,
        limit=limit,
    )
    with open_current_base(context.obj, "crosstalk search") as knowledge:
        print_hits(map(HitJson.dump, knowledge.search.find(request).items), as_json)


def find_similar(
    context: typer.Context,
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM_ID", help="As printed by `search --json`.")],
    limit: Limit = 10,
    as_json: AsJson = False,
) -> None:
    """Find the claims closest to one claim.

    Example:

      crosstalk similar "$(crosstalk search corrigibility --json | head -1 | jq -r .id)"
    """
    from index.wire.claims import HitJson

    with open_current_base(context.obj, "crosstalk similar") as knowledge:
        print_hits(map(HitJson.dump, knowledge.search.find_similar(claim_id, limit).items), as_json)


def print_hits(rows: Iterable[dict[str, Any]], as_json: bool) -> None:
    """Print hits as cards or JSON lines."""
    if not output.show(rows, as_json, _lay_out_hits):
        output.note("nothing found; try fewer filters, or --include-quotes")


def _lay_out_hits(rows: Iterable[dict[str, Any]]) -> Iterator[Any]:
    from rich.padding import Padding

    for number, hit in enumerate(rows, 1):
        group = hit.get("group")
        if group:
            count = phrases.write_count(group["claims"], "claim")
            label = phrases.write_on_one_line(phrases.name_speaker(group["label"]))
            yield output.make_text(label, "bold underline").append_text(output.make_text(f"  {count}", "dim"))
        for index, member in enumerate((hit, *group["more"]) if group else (hit,)):
            yield output.make_text(f"{number:>2}  " if index == 0 else "    ", "dim").append_text(_make_byline(member))
            yield Padding(_make_passage(member), (0, 0, 0, 4))
            address = output.make_text(f"    {member['url']}\n" if member["url"] else "", "dim")
            address.no_wrap, address.overflow = True, "ignore"
            yield output.make_text(f"    {_write_foot(member)}", "dim")
            yield address


def _make_byline(hit: dict[str, Any]) -> Any:
    line = output.make_text(phrases.name_speaker(hit["speaker"]), "bold" if hit["speaker"] else "italic")
    facts = (hit[name] for name in ("attribution", "quoted_by", "holder", "retracted", "credence"))
    for badge in phrases.list_badges(*facts):
        line.append_text(output.make_text(f"  [{badge.words}]", "yellow"))
    return line.append_text(output.make_text(f"  {hit['kind']}", "dim")) if hit["kind_shown"] else line


def _make_passage(hit: dict[str, Any]) -> Any:
    words = output.make_text(hit["text"])
    if len(words) == len(hit["text"]):  # nothing was dropped, so that the offsets still hold
        for start, end in hit["highlights"]:
            words.stylize("bold cyan", start, end)
    before, after = (phrases.write_on_one_line(hit["context"][side]) for side in ("before", "after"))
    passage = output.make_text(f"{before} " if before else "", "dim")
    return passage.append_text(words).append_text(output.make_text(f" {after}" if after else "", "dim"))


def _write_foot(hit: dict[str, Any]) -> str:
    conversation, said = hit["conversation"], hit["said"]
    parts = [
        phrases.name_conversation(conversation["title"]),
        conversation["site"],
        phrases.write_day(hit["posted_at"]),
        phrases.describe_other_places(len(hit["others"])),
        phrases.describe_repetition(said["times"], said["people"]) if said else "",
    ]
    return " · ".join(part for part in parts if part)


def list_people(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A name, or a part of one.")] = None,
    limit: Limit = 1_000,
    as_json: AsJson = False,
) -> None:
    """List who is in the base, or show one person: topics, definitions, credences, changes of mind, agreement.

    Where several people have the name, they are listed.

    Examples:

      crosstalk people

      crosstalk people ilse
    """
    from index.wire.people import PersonJson, PortraitJson

    with open_current_base(context.obj, "crosstalk people", analyzed=name is not None) as knowledge:
        alone = _find_only_one(knowledge, name) if name else None
        if alone is not None:
            output.show([PortraitJson.dump(knowledge.people.describe(alone))], as_json, lay_out_person)
            return
        people = walk_pages(lambda most, cursor: knowledge.people.list(name, most, cursor), limit)
        view = output.make_table_view(
            "name", "claims", "quoted", "utterances", "conversations", "last", "id", wide=("name",)
        )
        if not output.show(map(PersonJson.dump, people), as_json, view):
            output.note("nobody of that name")


def _find_only_one(knowledge: "KnowledgeBase", name: str) -> str | None:
    """Return the id of the one person who is called so; None where there is nobody, or there are several."""
    try:
        return knowledge.people.find(name).speaker.id
    except NotFound:
        return None


def show_thread(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="Of a conversation or an utterance, or its address.")],
    as_json: AsJson = False,
) -> None:
    """Show a conversation as a tree, its claims marked.

    Example:

      crosstalk thread lesswrong:pHoCtT93KsyuMNvbm
    """
    from index.wire.threads import ThreadJson

    with open_current_base(context.obj, "crosstalk thread") as knowledge:
        whole = ThreadJson.dump(knowledge.get_thread(id_))
    if not as_json and output.sys.stdout.isatty():
        utterances = whole["utterances"]
        people = {turn["speaker_id"] for turn in utterances if turn["speaker_id"] is not None}
        claims = sum(len(turn["claims"]) for turn in utterances)
        output.make_console().print(output.make_text(phrases.name_conversation(whole["title"]), "bold underline"))
        summary = phrases.describe_thread(len(utterances), len(people), claims)
        output.make_console().print(output.make_text(f"{summary}\n", "dim"))
        if whole["lost_quotation_marks"]:
            output.make_console().print(output.make_text(f"{phrases.LOST_QUOTATION_MARKS}\n", "italic"))
    heading = {name: whole[name] for name in ("id", "title", "url", "site", "lost_quotation_marks")}
    rows = (turn | {"conversation": heading} for turn in whole["utterances"])
    output.show(rows, as_json, _lay_out_thread)


def _lay_out_thread(rows: Iterable[dict[str, Any]]) -> Iterator[Any]:
    from rich.console import Group
    from rich.padding import Padding

    for turn in rows:
        indent = 2 * min(turn["depth"], 12)
        line = output.make_text(phrases.name_speaker(turn["speaker"]), "bold" if turn["speaker"] else "italic")
        count = phrases.write_count(len(turn["claims"]), "claim") if turn["claims"] else ""
        about = [phrases.write_day(turn["posted_at"]), turn["status"] if turn["status"] != "live" else "", count]
        line.append_text(output.make_text("".join(f" · {part}" for part in about if part), "dim"))
        words = output.make_text(turn["text"])
        if len(words) == len(turn["text"]):
            for claim in turn["claims"]:
                words.stylize("italic" if claim["attribution"] == "quoted" else "cyan", claim["start"], claim["end"])
        yield Padding(Group(line, words), (0, 0, 1, indent))
