"""The command line: `crosstalk`. Tables for people, JSON lines for programs, one line for what goes wrong."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.errors import CrosstalkError
from ui.base_location import KB, RECORD, VECTORS, Place
from ui.cli import cluster_command as cli_clusters
from ui.cli import draft_command as cli_draft
from ui.cli import ingest_commands as cli_sources
from ui.cli import maintenance_commands as cli_keeping
from ui.cli import output as cli_output
from ui.cli import search_commands as cli_questions
from ui.cli import serve_commands as cli_serving
from ui.cli import term_commands as cli_talk

READING, ASKING, KEEPING = "Read threads", "Ask", "Look after the base"

COMMANDS: tuple[tuple[Callable[..., Any], str], ...] = (
    (cli_serving.demo, READING),
    (cli_sources.ingest, READING),
    (cli_sources.claims, READING),
    (cli_sources.quotations, READING),
    (cli_sources.definitions, READING),
    (cli_questions.search, ASKING),
    (cli_questions.similar, ASKING),
    (cli_questions.people, ASKING),
    (cli_questions.thread, ASKING),
    (cli_talk.terms, ASKING),
    (cli_talk.mismatches, ASKING),
    (cli_draft.check, ASKING),
    (cli_clusters.clusters, ASKING),
    (cli_serving.serve, ASKING),
    (cli_serving.mcp, ASKING),
    (cli_keeping.export, KEEPING),
    (cli_talk.analyze, KEEPING),
    (cli_keeping.reindex, KEEPING),
    (cli_keeping.verify, KEEPING),
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
for command, panel in COMMANDS:
    app.command(rich_help_panel=panel)(command)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(f"crosstalk {version('crosstalk')}\n")
        raise typer.Exit


@app.callback()
def base(
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
    context.obj = Place.of(kb, vectors, record)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line, and end the process: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        app(args=base_first(given), prog_name="crosstalk")
    except CrosstalkError as error:
        cli_output.complain(error)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        cli_output.complain("stopped")
        sys.exit(130)
    except Exception as bug:
        if os.environ.get("CROSSTALK_TRACEBACK"):
            raise
        cli_output.complain(f"{_said(bug)} (CROSSTALK_TRACEBACK=1 shows where)")
        sys.exit(1)


def _said(bug: Exception) -> str:
    if isinstance(bug, OSError) and bug.strerror:
        return f"{bug.filename}: {bug.strerror}" if bug.filename else bug.strerror
    return f"something unforeseen: {type(bug).__name__}: {bug}"


def base_first(arguments: Sequence[str]) -> list[str]:
    """Move the options that choose the base to the front, so that they may stand anywhere before `--`.

    Example: base_first(["search", "x", "--kb", "b"]) -> ["--kb", "b", "search", "x"]
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
