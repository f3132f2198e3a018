"""The command that reads a draft before it is posted."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import Unreadable
from ui.cli import output
from ui.cli.open_base import asking
from ui.cli.output import AsJson

if TYPE_CHECKING:
    from rich.console import RenderableType

_HOW = {
    "definition": "as the draft defines it",
    "usage": "by how it is used",
    "only": "the only sense here",
    "unclear": "the draft leaves open which",
}


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
        told = output.some(len(row["terms"]), "term") + " of the draft are argued with here"
        yield output.plain(f"{told}; {len(risky)} may be read in another sense\n", "bold")
        for use in row["terms"]:
            yield from _term(use)
        if row["claims"]:
            yield output.plain("Something close was said before\n", "bold")
        for claim in row["claims"]:
            yield output.plain(_one_line(claim["text"]))
            for hit in claim["before"]:
                who = output.plain(f"    {hit['speaker'] or 'unattributed'} ({hit['score']:.2f}): ", "cyan")
                yield who.append_text(output.plain(_one_line(hit["text"])))
                if hit["url"]:
                    yield _address(hit["url"])
            yield output.plain("")
        if row["compared"] < row["claimed"]:
            yield output.plain(f"only the first {row['compared']:,} of {row['claimed']:,} claims were compared", "dim")


def _term(use: dict[str, Any]) -> Iterator["RenderableType"]:
    if not use["others"] and not use["mismatches"]:
        return
    sign = output.plain("! " if use["risky"] else "  ", "yellow")
    head = sign.append_text(output.plain(use["term"], "bold"))
    head.append_text(output.plain(f"  {use['sense'] or 'sense unclear'} ({_HOW[use['how']]})", "dim"))
    yield head
    yield output.plain(f"    you: {_one_line(use['uses'][0]['text'])}")
    if use["defined"]:
        yield output.plain(f"    you define it: {_one_line(use['defined']['text'])}")
    for other in use["others"]:
        who = ", ".join(other["speakers"][:4]) or "unattributed"
        where = "; ".join(_one_line(place["title"]) for place in other["places"])
        yield output.plain(f"    {who}: {other['label']}", "cyan").append_text(
            output.plain(f"  in {where}" if where else "", "dim")
        )
    if use["mismatches"]:
        exchanges = output.some(use["mismatches"], "exchange")
        yield output.plain(f'    used differently in {exchanges}: crosstalk mismatches --term "{use["term"]}"')
    if use["add"]:
        yield output.plain(f"    to add, as {use['add']['speaker']} put it: “{_one_line(use['add']['text'])}”", "green")
        if use["add"]["url"]:
            yield _address(use["add"]["url"])
    yield output.plain("")


def _address(url: str) -> Any:
    address = output.plain(f"      {url}", "dim")
    address.no_wrap, address.overflow = True, "ignore"
    return address


def _one_line(words: str) -> str:
    return " ".join(words.split())
