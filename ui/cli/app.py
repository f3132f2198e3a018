"""The command line: `crosstalk`. Tables for people, JSON lines for programs, one line for what goes wrong."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.errors import CrosstalkError
from ui.base_location import KB, RECORD, VECTORS, BaseLocation
from ui.cli import (
    cluster_command,
    draft_command,
    ingest_commands,
    maintenance_commands,
    output,
    search_commands,
    serve_commands,
    term_commands,
)

READING, ASKING, KEEPING = "Read threads", "Ask", "Look after the base"

# Each with its name on the command line, and the panel of the help that it stands in.
COMMANDS: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("demo", serve_commands.run_demo, READING),
    ("ingest", ingest_commands.ingest, READING),
    ("sources", ingest_commands.list_sources, READING),
    ("claims", ingest_commands.show_claims, READING),
    ("quotations", ingest_commands.show_quotations, READING),
    ("definitions", ingest_commands.show_definitions, READING),
    ("search", search_commands.search, ASKING),
    ("similar", search_commands.find_similar, ASKING),
    ("people", search_commands.list_people, ASKING),
    ("thread", search_commands.show_thread, ASKING),
    ("terms", term_commands.list_terms, ASKING),
    ("mismatches", term_commands.list_mismatches, ASKING),
    ("check", draft_command.check_draft, ASKING),
    ("clusters", cluster_command.list_clusters, ASKING),
    ("serve", serve_commands.serve, ASKING),
    ("mcp", serve_commands.serve_mcp, ASKING),
    ("export", maintenance_commands.export, KEEPING),
    ("analyze", term_commands.analyze, KEEPING),
    ("reindex", maintenance_commands.reindex, KEEPING),
    ("verify", maintenance_commands.verify, KEEPING),
)
ANYWHERE = ("--kb", "--vectors", "--record")

app = typer.Typer(
    name="crosstalk",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
for name, command, panel in COMMANDS:
    app.command(name, rich_help_panel=panel)(command)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(f"crosstalk {version('crosstalk')}\n")
        raise typer.Exit


@app.callback()
def choose_base(
    context: typer.Context,
    kb: Annotated[Path | None, typer.Option(help="Folder of the base.", envvar=KB, show_default=False)] = None,
    vectors: Annotated[
        str | None, typer.Option(help="Address of a Qdrant server for the vectors.", envvar=VECTORS, show_default=False)
    ] = None,
    record: Annotated[
        str | None, typer.Option(help="SQLAlchemy URL of a database for the record.", envvar=RECORD, show_default=False)
    ] = None,
    _: Annotated[bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say it.")] = False,
) -> None:
    """Find who said what in forum threads, and where people talk past each other.

    Start here:

      crosstalk demo                          try it on bundled samples

      crosstalk ingest saved-pages/           read your own threads

      crosstalk search "who said something like this"

      crosstalk mismatches                    where people mean different things by one word

    Output is a table on a terminal and one JSON object a line when piped, or with --json.
    --kb, --vectors and --record may stand anywhere on the line.
    """
    source = context.get_parameter_source("kb")
    context.meta["kb_given"] = source is not None and source.name == "COMMANDLINE"
    context.obj = BaseLocation.resolve(kb, vectors, record)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line, and end the process: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        app(args=move_base_options_first(given), prog_name="crosstalk")
    except CrosstalkError as error:
        output.complain(error)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        output.complain("stopped")
        sys.exit(130)
    except Exception as bug:
        if os.environ.get("CROSSTALK_TRACEBACK"):
            raise
        output.complain(f"{_describe_bug(bug)} (CROSSTALK_TRACEBACK=1 shows where)")
        sys.exit(1)


def _describe_bug(bug: Exception) -> str:
    if isinstance(bug, OSError) and bug.strerror:
        return f"{bug.filename}: {bug.strerror}" if bug.filename else bug.strerror
    return f"something unforeseen: {type(bug).__name__}: {bug}"


def move_base_options_first(arguments: Sequence[str]) -> list[str]:
    """Move the options that choose the base to the front, so that they may stand anywhere before `--`.

    >>> move_base_options_first(["search", "x", "--kb", "b"])
    ['--kb', 'b', 'search', 'x']
    """
    front: list[str] = []
    rest: list[str] = []
    queue = list(arguments)
    while queue:
        word = queue.pop(0)
        if word == "--":
            rest += [word, *queue]
            break
        if word in ANYWHERE and queue:
            front += [word, queue.pop(0)]
        elif word.split("=", 1)[0] in ANYWHERE:
            front.append(word)
        else:
            rest.append(word)
    return front + rest


if __name__ == "__main__":
    main()
