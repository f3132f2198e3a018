"""Commands that ask what people mean: the terms they argue with, and where they talk past each other."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.findings.findings import MismatchCertainty
from index.passages import shorten
from index.terms.matcher import Matcher
from ui import phrases
from ui.cli import output
from ui.cli.open_base import analyze as bring_up_to_date
from ui.cli.open_base import open_current_base, refresh
from ui.cli.output import AsJson
from ui.cli.paging import walk_pages
from ui.selection import SENSE_PEOPLE, SENSES

if TYPE_CHECKING:
    from rich.console import RenderableType

_SHOWN_NAMES = 4  # of who uses a term, in a table

Limit = Annotated[int, typer.Option(min=1, max=10_000, help="The most that is printed.")]


def list_terms(
    context: typer.Context,
    term: Annotated[str | None, typer.Argument(metavar="[TERM]", help="In any of its forms.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the terms that people argue with, or show what one of them means to whom.

    With TERM: its senses, each with the definitions that people gave, in their words, and who uses it so.

    Examples:

      crosstalk terms

      crosstalk terms "utility function"

      crosstalk terms --json | jq -r 'select(.contested) | .term'
    """
    from index.wire.terms import SenseJson, TermJson

    with open_current_base(context.obj, "crosstalk terms", analyzed=True) as knowledge:
        if term is not None:
            found = knowledge.terms.get(term)
            view = _make_senses_view(TermJson.dump(found))
            if not output.show(map(SenseJson.dump, found.senses[:limit]), as_json, view):
                output.note(f"{found.name}: too few uses to tell senses apart")
            return
        found = walk_pages(lambda most, cursor: knowledge.terms.list(None, most, cursor), limit)
        view = output.make_table_view("term", "uses", "speakers", "mismatches", "senses", wide=("speakers", "senses"))
        if not output.show((_shorten_lists(TermJson.dump(term), as_json) for term in found), as_json, view):
            output.note("no terms yet: a term is a word that two people at least argue with")


def _shorten_lists(row: dict[str, Any], as_json: bool) -> dict[str, Any]:
    """Shorten lists for a table; programs get them whole."""
    if as_json or not output.sys.stdout.isatty():
        return row
    speakers, senses = row["speakers"], row["senses"]
    labels = " / ".join(shorten(label) for label in senses[:SENSES])
    return row | {
        "speakers": phrases.list_names(speakers, len(speakers), _SHOWN_NAMES),
        "senses": labels if len(senses) > 1 else phrases.describe_senses(len(senses)),
    }


def _make_senses_view(term: dict[str, Any]) -> output.View:
    """Lay out senses side by side where there is room, each in the words of those who use it so."""

    def lay_out(rows: Iterable[dict[str, Any]]) -> Iterator["RenderableType"]:
        senses = list(rows)
        also = f"  also: {', '.join(term['aliases'])}" if term["aliases"] else ""
        yield output.make_text(term["term"], "bold").append_text(output.make_text(also, "dim"))
        summary = phrases.describe_term(term["uses"], len(term["speakers"]), len(term["senses"]), term["divided"])
        yield output.make_text(f"{summary}\n", "dim")
        yield from _lay_side_by_side([_make_sense_column(number, sense) for number, sense in enumerate(senses, 1)])
        if term["mismatches"]:
            contest = phrases.describe_contest(term["mismatches"])
            yield output.make_text(f'\n{contest}: crosstalk mismatches --term "{term["term"]}"', "dim")

    return lay_out


def _lay_side_by_side(columns: list[list[Any]], least: int = 34) -> Iterator["RenderableType"]:
    """Put columns beside one another as far as the terminal is wide, the rest below."""
    from rich.console import Group
    from rich.table import Table

    fit = max(output.make_console().width // least, 1)
    for start in range(0, len(columns), fit):
        part = columns[start : start + fit]
        laid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 3, 1, 0), expand=True)
        for _ in part:
            laid.add_column(ratio=1, overflow="fold")
        laid.add_row(*(Group(*column) for column in part))
        yield laid


def _make_sense_column(number: int, sense: dict[str, Any]) -> list[Any]:
    named = [f"{phrases.name_speaker(share['speaker'])} {share['uses']}×" for share in sense["shares"]]
    shares = phrases.list_names(named, len(named), SENSE_PEOPLE)
    column = [
        output.make_text(f"{number}. {sense['label']}", "bold"),
        output.make_text(shares, "cyan"),
        output.make_text(""),
    ]
    for gloss in sense["definitions"][:3]:
        column += [
            _make_byline(gloss, phrases.name_stance(gloss["stance"])),
            _mark_words(gloss["text"], *_find_words(gloss["text"], gloss["gloss"])),
        ]
    shown = {gloss["text"] for gloss in sense["definitions"]}
    for usage in [usage for usage in sense["usages"] if usage["text"] not in shown][:2]:
        column += [_make_byline(usage, "uses it"), _mark_words(usage["text"], *usage["at"])]
    return column


def _make_byline(passage: dict[str, Any], what: str) -> Any:
    return output.make_text(f"{phrases.name_speaker(passage['speaker'])} {what}:", "dim")


def _find_words(text: str, words: str) -> tuple[int, int]:
    start = text.find(words)
    return (start, start + len(words)) if start >= 0 else (0, 0)


def _mark_words(text: str, start: int, end: int) -> Any:
    words = output.make_text(text)
    if len(words) == len(text):  # nothing was dropped, so that the offsets still hold
        words.stylize("bold", start, end)
    return words


def list_mismatches(
    context: typer.Context,
    term: Annotated[str | None, typer.Option(help="Only about this term, in any of its forms.")] = None,
    conversation: Annotated[
        str | None, typer.Option(help="Only in this thread: its id, an utterance's, or its address.")
    ] = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Show where two people use one term differently, possible ones first, in their own words.

    kind: they disagree about the word (disagreement), one asks or sets right what the other meant (clarification), or
    each means something of their own and nobody says so (implicit). noticed: somebody says that the word is the
    problem. score: how probable it is that they talk past each other.

    Examples:

      crosstalk mismatches

      crosstalk mismatches --term corrigibility

      crosstalk mismatches --conversation https://www.lesswrong.com/posts/… --json | jq -r .why
    """
    from index.wire.terms import MismatchJson

    with open_current_base(context.obj, "crosstalk mismatches", analyzed=True) as knowledge:
        rows = walk_pages(lambda most, cursor: knowledge.mismatches.list(term, conversation, most, cursor), limit)
        view = _make_mismatches_view(knowledge.terms.list_forms)
        if not output.show(map(MismatchJson.dump, rows), as_json, view):
            output.note("nobody is found to talk past anybody here; `crosstalk terms` lists what people argue with")


def _make_mismatches_view(forms: Callable[[str], tuple[str, ...]]) -> output.View:
    """Lay out mismatches as cards; `forms` gives the forms of a term, to mark them."""

    def lay_out(rows: Iterable[dict[str, Any]]) -> Iterator["RenderableType"]:
        parted = False
        for number, mismatch in enumerate(rows, 1):
            if mismatch["certainty"] == MismatchCertainty.PERHAPS and not parted:
                parted = True
                yield output.make_text(f"{phrases.MORE_PERHAPS}\n", "dim")
            yield from _lay_out_mismatch(number, mismatch, forms(mismatch["term"]))

    return lay_out


def _lay_out_mismatch(number: int, mismatch: dict[str, Any], forms: tuple[str, ...]) -> Iterator["RenderableType"]:
    head = output.make_text(f"{number:>2}  ", "dim").append_text(output.make_text(mismatch["term"], "bold"))
    certainty = phrases.write_certainty(mismatch["certainty"], mismatch["score"])
    noticed, sure = phrases.describe_notice(mismatch["noticed"]), certainty
    head.append_text(output.make_text(f"  {mismatch['kind']}, {noticed}; {sure}", "yellow"))
    yield head
    yield output.make_text(f"    {mismatch['why']}")
    yield output.make_text("")
    yield from _lay_side_by_side([_make_side_column(mismatch[side], forms) for side in ("a", "b")], least=40)
    title = phrases.name_conversation(mismatch["conversation"]["title"])
    yield output.make_text(f"    {title} · crosstalk thread {mismatch['a']['utterance_id']}", "dim")
    if mismatch["also"]:
        places = ", ".join(exchange["b"]["utterance_id"] for exchange in mismatch["also"])
        yield output.make_text(f"    also at {places}", "dim")
    for side in ("a", "b"):
        if mismatch[side]["url"]:
            address = output.make_text(f"    {mismatch[side]['url']}", "dim")
            address.no_wrap, address.overflow = True, "ignore"
            yield address
    yield output.make_text("")


def _make_side_column(side: dict[str, Any], forms: tuple[str, ...]) -> list[Any]:
    who = phrases.name_speaker(side["speaker"])
    column = [output.make_text(f"{who} {phrases.describe_role(side['role'])}", "bold cyan")]
    if side["sense"]:
        column += [output.make_text(side["sense"], "italic"), output.make_text("")]
    words = output.make_text(side["text"])
    if len(words) == len(side["text"]):  # nothing was dropped, so that the offsets still hold
        for mention in Matcher.from_forms((form, form) for form in forms).find(side["text"]):
            words.stylize("bold underline", mention.start, mention.end)
    return [*column, words]


def analyze(context: typer.Context, as_json: AsJson = False) -> None:
    """Find terms, mismatches and clusters anew. `ingest` does it by itself; this is for `--no-analyze` and for doubts.

    Example:

      crosstalk analyze
    """
    began = time.monotonic()
    with context.obj.open(purpose="crosstalk analyze") as knowledge:
        refresh(knowledge)
        counts = bring_up_to_date(knowledge, anew=True)
    done = {"findings": counts, "seconds": round(time.monotonic() - began, 3)}
    output.show([done], as_json, _lay_out_counts)


def _lay_out_counts(rows: Iterable[dict[str, Any]]) -> Iterator["RenderableType"]:
    for row in rows:
        counts = (phrases.write_count(count, kind.replace("_", " ")) for kind, count in row["findings"].items())
        yield output.make_text(f"{', '.join(counts) or 'nothing to find'} ({row['seconds']:.1f} s)")
