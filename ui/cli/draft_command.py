"""The command that reads a draft before it is posted."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import Unreadable
from ui import phrases
from ui.cli import output
from ui.cli.open_base import asking
from ui.cli.output import AsJson
from ui.selection import OTHER_PEOPLE

if TYPE_CHECKING:
    from rich.console import RenderableType


def check(
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
    from ui.draft_reading import draft_of

    draft = draft_of(_read(file))
    with asking(context.obj, "crosstalk check", analyzed=True) as knowledge:
        output.show([CheckJson.dump(knowledge.check(draft))], as_json, _view)


def _read(file: str) -> bytes:
    from ui.draft_reading import MOST_BYTES

    if file == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as problem:
        raise Unreadable(f"{file}: {problem.strerror}") from problem


def _view(rows: Iterable[dict[str, Any]]) -> Iterator["RenderableType"]:
    for row in rows:
        risky = [use for use in row["terms"] if use["risky"]]
        found = phrases.describe_draft(len(row["terms"]), len(risky), row["compared"], len(row["claims"]))
        yield output.plain(f"{found}\n", "bold")
        divided = [use for use in row["terms"] if use["others"] or use["mismatches"]]
        for use in divided:
            yield from _term(use)
        if shared := phrases.describe_shared_terms([use["term"] for use in row["terms"] if use not in divided]):
            yield output.plain(f"{shared}\n")
        if row["claims"]:
            yield output.plain("Said before\n", "bold")
        for claim in row["claims"]:
            yield output.plain(phrases.write_on_one_line(claim["text"]))
            for hit in claim["before"]:
                who = output.plain(f"    {phrases.name_speaker(hit['speaker'])} ({hit['score']:.2f}): ", "cyan")
                yield who.append_text(output.plain(phrases.write_on_one_line(hit["text"])))
                if hit["url"]:
                    yield _address(hit["url"])
            yield output.plain("")
        if limit := phrases.describe_limit(row["compared"], row["claimed"]):
            yield output.plain(limit, "dim")


def _term(use: dict[str, Any]) -> Iterator["RenderableType"]:
    sign = output.plain("! " if use["risky"] else "  ", "yellow")
    head = sign.append_text(output.plain(use["term"], "bold"))
    yield head.append_text(output.plain(f"  {phrases.MAY_BE_MISREAD}" if use["risky"] else "", "yellow"))
    yield output.plain(f"    {phrases.describe_draft_sense(use['how'], use['sense'])}")
    yield output.plain(f"    you: {phrases.write_on_one_line(use['uses'][0]['text'])}")
    if use["defined"]:
        yield output.plain(f"    you define it: {phrases.write_on_one_line(use['defined']['text'])}")
    for other in use["others"]:
        named = phrases.list_names(other["speakers"], len(other["speakers"]), OTHER_PEOPLE)
        who = named or phrases.UNATTRIBUTED
        where = "; ".join(phrases.name_conversation(heading["title"]) for heading in other["places"])
        yield output.plain(f"    {who}: {other['label']}", "cyan").append_text(
            output.plain(f"  in {where}" if where else "", "dim")
        )
    if use["mismatches"]:
        contest = phrases.describe_contest(use["mismatches"])
        yield output.plain(f'    {contest}: crosstalk mismatches --term "{use["term"]}"')
    if use["add"]:
        yield output.plain(
            f"    to add, as {use['add']['speaker']} put it: “{phrases.write_on_one_line(use['add']['text'])}”", "green"
        )
        if use["add"]["url"]:
            yield _address(use["add"]["url"])
    yield output.plain("")


def _address(url: str) -> Any:
    address = output.plain(f"      {url}", "dim")
    address.no_wrap, address.overflow = True, "ignore"
    return address
