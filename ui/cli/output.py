"""What the command line prints, and how: tables and cards on a terminal, one JSON object a line anywhere else.

Words from a source can neither steer the terminal (control characters are dropped) nor style it (no markup is read).
"""

# pyright: standard

import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.phrases import name_column, write_day, write_on_one_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

Row = dict[str, Any]
View = Callable[[Iterable[Row]], Iterator["RenderableType"]]

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, as when the output is piped.")]

# Everything that moves the cursor, rings, or turns the direction of writing, but the new line.
_UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_ABOVE_ASCII = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
BATCH = 200


def clean(words: object) -> str:
    """Drop what a terminal would obey.

    >>> clean("a" + chr(27) + "[2Jb")
    'a [2Jb'
    """
    return _UNSAFE.sub(" ", str(words))


def make_text(words: object, style: str = "") -> "Text":
    """Make a piece of terminal text in which nothing is markup."""
    from rich.text import Text

    return Text(clean(words), style=style)


def show(rows: Iterable[Row], as_json: bool, view: View) -> int:
    """Print rows as they come, and give their number. `view` lays them out for a terminal."""
    counted = _CountedRows(rows)
    with end_quietly():
        if as_json or not sys.stdout.isatty():
            for row in counted:
                write_line(make_json_line(row))
        else:
            console = make_console()
            for part in view(counted):
                console.print(part, crop=False)  # an address that is too long is for the terminal to wrap
        sys.stdout.flush()
    return counted.number


class _CountedRows:
    """Rows, counted on their way."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.number += 1
            yield row


def make_json_line(row: Row) -> str:
    """Return a row as one line of JSON, without a character that a terminal would obey."""
    import orjson

    return orjson.dumps(row).decode().translate(_ABOVE_ASCII)


def write_line(line: str) -> None:
    """Print one line as UTF-8, whatever the locale."""
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(line + "\n")
    else:
        stream.write(line.encode("utf-8", "surrogatepass") + b"\n")


@contextmanager
def end_quietly() -> Iterator[None]:
    """Stop quietly when nobody reads any more (`crosstalk … | head`)."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def make_console() -> "Console":
    """Make the console for stdout."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False)


def complain(message: object) -> None:
    """Say on stderr, in one line, what went wrong."""
    line = " ".join(clean(message).split())
    sys.stderr.write(f"crosstalk: {line}\n")
    sys.stderr.flush()


def note(message: str) -> None:
    """Say something by the way on stderr, if a person is there to read it."""
    if sys.stderr.isatty():
        complain(message)


def make_table_view(*columns: str, wide: Sequence[str] = ("text", "gloss")) -> View:
    """Lay rows out under `columns` (names of fields); the `wide` ones wrap, the others stay whole if there is room."""

    def lay_out(rows: Iterable[Row]) -> Iterator["RenderableType"]:
        from rich.table import Table

        stream = iter(rows)
        while part := list(islice(stream, BATCH)):
            laid = Table(box=None, pad_edge=False, header_style="bold", row_styles=("", "dim") if not wide else ())
            for column in columns:
                number = all(isinstance(row[column], int | float | None) for row in part)
                laid.add_column(
                    name_column(column),
                    justify="right" if number else "left",
                    ratio=1 if column in wide else None,
                    overflow="fold",
                    max_width=None if column in wide else 28,
                )
            for row in part:
                laid.add_row(*(make_text(write_cell(row[column])) for column in columns))
            yield laid

    return lay_out


def write_cell(value: Any) -> str:
    """Return a value as a person would write it in a table.

    >>> write_cell(None)
    ''
    >>> write_cell(["a", "b"])
    'a, b'
    >>> write_cell("2024-03-01T12:00:00Z")
    '2024-03-01'
    """
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, list | tuple):
        return ", ".join(write_cell(part) for part in value)
    if isinstance(value, float):
        return f"{value:.2f}"
    words = write_on_one_line(str(value))
    return write_day(words) if _TIME.match(words) else words


@contextmanager
def show_progress(task: str) -> Iterator[Callable[[int, int | None, str], None]]:
    """Show progress on stderr: a bar on a terminal, elsewhere a line every 15 seconds.

    The callable takes (done, total or None, words to show).
    """
    if not sys.stderr.isatty():
        yield _report_sparsely(task)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[words]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        running = bar.add_task(task, total=None, words="")

        def report(done: int, total: int | None, words: str) -> None:
            bar.update(running, completed=done, total=total, words=clean(words))

        yield report


def _report_sparsely(task: str) -> Callable[[int, int | None, str], None]:
    last = time.monotonic()

    def report(done: int, total: int | None, words: str) -> None:
        nonlocal last
        if time.monotonic() - last > 15:
            last = time.monotonic()
            complain(f"{task}: {words or done}" + (f" of {total:,}" if total and not words else ""))

    return report
