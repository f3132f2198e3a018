"""Commands that look after a base: write it out, rebuild its index, check it."""

# pyright: standard

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.atomic_files import open_atomically
from corpus.errors import WrongUsage
from ui.cli import output
from ui.cli.output import AsJson
from ui.phrases import write_count


class ExportFormat(StrEnum):
    """What `export` can write."""

    NDJSON = "ndjson"
    CSV = "csv"
    CONVOKIT = "convokit"


def export(
    context: typer.Context,
    format_: Annotated[ExportFormat, typer.Option("--format", "-f", help="What to write.")] = ExportFormat.NDJSON,
    to: Annotated[
        Path | None, typer.Option("--output", "-o", help="File, or folder for convokit; default: standard output.")
    ] = None,
) -> None:
    """Write out everything in the base, also while it is being served.

    ndjson: conversations, utterances, claims, quotations and definitions, an object a line. csv: the claims, in UTF-8
    with a byte order mark, as spreadsheets want it.
    convokit: a ConvoKit corpus folder, which `ingest` reads back.

    Examples:

      crosstalk export > everything.ndjson

      crosstalk export --format csv --output claims.csv

      crosstalk export --format convokit --output corpus/
    """
    from corpus import convokit_format as convokit_export
    from ui import exports

    if format_ is ExportFormat.CONVOKIT and to is None:
        raise WrongUsage("a ConvoKit corpus is a folder; name it with --output FOLDER")
    with context.obj.open_record() as record:
        if format_ is ExportFormat.CONVOKIT and to is not None:
            written = convokit_export.write_conversations(
                (record.get_conversation(id_) for id_ in record.list_conversations()), to, to.absolute().name
            )
            output.note(f"{write_count(written, 'conversation')} written to {to}")
            return
        chunks = exports.write_ndjson(record) if format_ is ExportFormat.NDJSON else exports.write_claims_csv(record)
        if to is None:
            _write_to_stdout(chunks)
        else:
            try:
                with open_atomically(to) as stream:
                    stream.writelines(chunks)
            except OSError as problem:
                raise WrongUsage(f"{to}: cannot be written ({problem.strerror})") from problem
            output.note(f"written to {to}")


def _write_to_stdout(chunks: Iterable[bytes]) -> None:
    safe = sys.stdout.isatty()
    with output.end_quietly():
        for chunk in chunks:
            if safe:
                sys.stdout.write("\n".join(map(output.clean, chunk.decode().split("\n"))))
            else:
                sys.stdout.buffer.write(chunk)
        sys.stdout.flush()


def reindex(context: typer.Context, as_json: AsJson = False) -> None:
    """Rebuild the vectors from the record. The record is the truth; nothing can be lost by it.

    Example:

      crosstalk reindex
    """
    began = time.monotonic()
    location = context.obj
    with location.open(purpose="crosstalk reindex", rebuild=True) as knowledge:
        with output.show_progress("indexing") as report:
            knowledge.reindex(lambda done, total: report(done, total, f"{done:,} of {total:,} claims"))
        claims = knowledge.count()["claims"]
    done = {"claims": claims, "seconds": round(time.monotonic() - began, 3)}
    output.show([done], as_json, _make_view("{claims:,} claims indexed ({seconds:.1f} s)"))


def verify(context: typer.Context, as_json: AsJson = False) -> None:
    """Check the record, the index, and that every claim stands word for word in its utterance.

    Exit status 1 where something is wrong. Example:

      crosstalk verify
    """
    with context.obj.open(purpose="crosstalk verify") as knowledge:
        report = asdict(knowledge.verify())
    for problem in report["problems"]:
        output.complain(problem)
    output.show([report], as_json, _lay_out_verdict)
    if report["problems"]:
        raise typer.Exit(1)


def _lay_out_verdict(rows: Iterable[dict[str, Any]]) -> Iterator[Any]:
    for row in rows:
        counts = ", ".join(f"{name} {value:,}" for name, value in row.items() if isinstance(value, int))
        problems = len(row["problems"])
        yield output.make_text(f"{write_count(problems, 'problem') if problems else 'all sound'}: {counts}")


def _make_view(form: str) -> output.View:
    def lay_out(rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            yield output.make_text(form.format(**row))

    return lay_out
