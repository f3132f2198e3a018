"""The command that reads a draft before it is posted."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import Unreadable
from ui import phrases
from ui.cli import output
from ui.cli.open_base import open_current_base
from ui.cli.output import AsJson
from ui.selection import OTHER_PEOPLE

if TYPE_CHECKING:
    from rich.console import RenderableType


def check_draft(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The draft, Markdown or plain text; - for input.")],
    as_json: AsJson = False,
) -> None:
    """Check a draft before you post it: terms that readers use in another sense, and who made its claims before.

    For each term that people in the base argue with: the sense that the draft uses, who means something else by it and
    where, and a definition to add. The draft is kept nowhere.

    Examples:

      crosstalk check draft.md

      xclip -o | crosstalk check - --json | jq '.terms[] | select(.risky)'
    """
    from index.wire.drafts import CheckJson
    from ui.draft_reading import read_draft

    draft = read_draft(_read_bytes(file))
    with open_current_base(context.obj, "crosstalk check", analyzed=True) as knowledge:
        output.show([CheckJson.dump(knowledge.check(draft))], as_json, _lay_out_check)


def _read_bytes(file: str) -> bytes:
    from ui.draft_reading import MOST_BYTES

    if file == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as problem:
        raise Unreadable(f"{file}: {problem.strerror}") from problem


def _lay_out_check(rows: Iterable[dict[str, Any]]) -> Iterator["RenderableType"]:
    for row in rows:
        risky = [use for use in row["terms"] if use["risky"]]
        summary = phrases.describe_draft(len(row["terms"]), len(risky), row["compared"], len(row["claims"]))
        yield output.make_text(f"{summary}\n", "bold")
        divided = [use for use in row["terms"] if use["others"] or use["mismatches"]]
        for use in divided:
            yield from _lay_out_term(use)
        if shared := phrases.describe_shared_terms([use["term"] for use in row["terms"] if use not in divided]):
            yield output.make_text(f"{shared}\n")
        if row["claims"]:
            yield output.make_text("Said before\n", "bold")
        for claim in row["claims"]:
            yield output.make_text(phrases.write_on_one_line(claim["text"]))
            for hit in claim["before"]:
                who = output.make_text(f"    {phrases.name_speaker(hit['speaker'])} ({hit['score']:.2f}): ", "cyan")
                yield who.append_text(output.make_text(phrases.write_on_one_line(hit["text"])))
                if hit["url"]:
                    yield _make_address(hit["url"])
            yield output.make_text("")
        if limit := phrases.describe_limit(row["compared"], row["claimed"]):
            yield output.make_text(limit, "dim")


def _lay_out_term(use: dict[str, Any]) -> Iterator["RenderableType"]:
    sign = output.make_text("! " if use["risky"] else "  ", "yellow")
    head = sign.append_text(output.make_text(use["term"], "bold"))
    yield head.append_text(output.make_text(f"  {phrases.MAY_BE_MISREAD}" if use["risky"] else "", "yellow"))
    yield output.make_text(f"    {phrases.describe_draft_sense(use['how'], use['sense'])}")
    yield output.make_text(f"    you: {phrases.write_on_one_line(use['uses'][0]['text'])}")
    if use["defined"]:
        yield output.make_text(f"    you define it: {phrases.write_on_one_line(use['defined']['text'])}")
    for other in use["others"]:
        named = phrases.list_names(other["speakers"], len(other["speakers"]), OTHER_PEOPLE)
        who = named or phrases.UNATTRIBUTED
        where = "; ".join(phrases.name_conversation(heading["title"]) for heading in other["places"])
        yield output.make_text(f"    {who}: {other['label']}", "cyan").append_text(
            output.make_text(f"  in {where}" if where else "", "dim")
        )
    if use["mismatches"]:
        contest = phrases.describe_contest(use["mismatches"])
        yield output.make_text(f'    {contest}: crosstalk mismatches --term "{use["term"]}"')
    if use["add"]:
        yield output.make_text(
            f"    to add, as {use['add']['speaker']} put it: “{phrases.write_on_one_line(use['add']['text'])}”", "green"
        )
        if use["add"]["url"]:
            yield _make_address(use["add"]["url"])
    yield output.make_text("")


def _make_address(url: str) -> Any:
    address = output.make_text(f"      {url}", "dim")
    address.no_wrap, address.overflow = True, "ignore"
    return address
