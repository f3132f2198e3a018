"""Commands that read sources: into the base, or only to show what would be stored."""

import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.dates import parse_moment
from corpus.errors import RecordBusy
from ui.base_location import BaseLocation
from ui.cli import output
from ui.cli.open_base import open_current_base
from ui.cli.output import AsJson
from ui.phrases import write_count

if TYPE_CHECKING:
    from corpus.model import Conversation
    from corpus.record import Extraction
    from ingest.pipeline import IngestReport
    from ingest.sources.source import Hints

Sources = Annotated[
    list[str], typer.Argument(metavar="SOURCE…", help="Files, folders, addresses of posts, or - for standard input.")
]
Author = Annotated[
    str | None,
    typer.Option(help="Who wrote it, if the source does not say (Markdown: whatever it says).", show_default=False),
]
Title = Annotated[str | None, typer.Option(help="Its title, if the source does not say.", show_default=False)]
Url = Annotated[str | None, typer.Option(help="Where it stands, if the source does not say.", show_default=False)]
Date = Annotated[str | None, typer.Option(help="When it was posted: 2024-03-15.", show_default=False)]
Columns = Annotated[
    str | None,
    typer.Option(
        "--map",
        help="Which columns or keys are what: text=body,speaker=author,….",
        show_default=False,
        metavar="FIELD=COLUMN,…",
    ),
]


def gather_hints(
    author: str | None, title: str | None, url: str | None, date: str | None, columns: str | None = None
) -> "Hints":
    """Gather what the user says of a source that lacks it. Raise `WrongUsage` for what cannot be meant."""
    from ingest.sources.columns import parse_map
    from ingest.sources.source import Hints

    parse_map(columns)
    return Hints(author=author, title=title, url=url, date=parse_moment(date) if date else None, map=columns)


def ingest(
    context: typer.Context,
    sources: Sources,
    author: Author = None,
    title: Title = None,
    url: Url = None,
    date: Date = None,
    columns: Columns = None,
    no_analyze: Annotated[
        bool, typer.Option("--no-analyze", help="Put off terms, mismatches and clusters; `analyze` finds them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read conversations into the base, make them findable, and find where people in them talk past each other.

    Reading the same source again changes nothing; an edited one replaces what changed. What cannot be read is named
    at the end, and the rest is kept.

    Examples:

      crosstalk ingest saved-pages/

      crosstalk ingest https://www.lesswrong.com/posts/…

      crosstalk ingest profile.txt --author "Ilse Marchetti"

      crosstalk ingest survey.csv --map text=Answer,speaker=Name

      crosstalk ingest one.html --no-analyze && crosstalk ingest two.html
    """
    hints = gather_hints(author, title, url, date, columns)
    report = read_into(context.obj, sources, hints, analyzed=not no_analyze)
    for failure in report.failed:
        _say_failure(failure.source, failure.error)
    output.show([make_report_row(report)], as_json, _lay_out_report)
    if report.failed and not report.conversations:
        raise typer.Exit(1)


def read_into(location: BaseLocation, sources: list[str], hints: "Hints", *, analyzed: bool = True) -> "IngestReport":
    """Ingest, then bring index and analyses up to date; on Ctrl-C say what is kept and exit 130."""
    from dataclasses import replace

    from ingest import pipeline

    began = time.monotonic()
    kept = (0, 0)
    try:
        with location.open_record(read_only=False) as record, output.show_progress("reading") as report_progress:

            def advance(source: str, conversations: int, utterances: int) -> None:
                nonlocal kept
                kept = (conversations, utterances)
                report_progress(conversations, None, _describe_progress(conversations, utterances))

            report = pipeline.ingest(sources, record, hints, stdin=getattr(sys.stdin, "buffer", None), progress=advance)
        if location.exists:
            update_index(location, analyzed=analyzed)
    except KeyboardInterrupt:
        output.complain(f"stopped; kept: {_describe_progress(*kept)}; the same command goes on from there")
        raise typer.Exit(130) from None
    return replace(report, seconds=time.monotonic() - began)


def update_index(location: BaseLocation, *, analyzed: bool = True) -> None:
    """Pull into the index what the record has new, and analyze it. A base that is being served does it itself."""
    try:
        with open_current_base(location, "crosstalk ingest", analyzed=analyzed):
            pass
    except RecordBusy as busy:
        output.complain(f"all is kept, and will be findable a little later: {busy}")


def make_report_row(report: "IngestReport") -> dict[str, Any]:
    """Return an ingest's report as JSON values."""
    changes = report.claims
    return {
        "conversations": report.conversations,
        "utterances": report.utterances,
        "claims": {
            "added": changes.added,
            "changed": changes.changed,
            "unchanged": changes.unchanged,
            "removed": changes.removed,
        },
        "failed": [{"source": failure.source, "error": str(failure.error)} for failure in report.failed],
        "seconds": round(report.seconds, 3),
    }


def _lay_out_report(rows: Any) -> Iterator[Any]:
    for row in rows:
        claims = row["claims"]
        counts = ", ".join(f"{claims[name]:,} {name}" for name in ("added", "changed", "unchanged", "removed"))
        yield output.make_text(
            f"{_describe_progress(row['conversations'], row['utterances'])}; claims: {counts} ({row['seconds']:.1f} s)"
        )


def _describe_progress(conversations: int, utterances: int) -> str:
    return f"{write_count(conversations, 'conversation')}, {write_count(utterances, 'utterance')}"


def _say_failure(source: str, error: Exception) -> None:
    message = str(error)
    output.complain(message if message.startswith(source) else f"{source}: {message}")


def show_claims(
    sources: Sources,
    author: Author = None,
    title: Title = None,
    url: Url = None,
    date: Date = None,
    columns: Columns = None,
    as_json: AsJson = False,
) -> None:
    """Show the claims that would be stored, without storing them.

    Example:

      crosstalk claims thread.html --json | jq -r '[.speaker, .text] | @tsv'
    """
    view = output.make_table_view("speaker", "attribution", "kind", "text")
    _dry_run(sources, gather_hints(author, title, url, date, columns), _claim_rows, as_json, view)


def show_quotations(
    sources: Sources,
    author: Author = None,
    title: Title = None,
    url: Url = None,
    date: Date = None,
    columns: Columns = None,
    as_json: AsJson = False,
) -> None:
    """Show whose words are quoted where, without storing anything.

    Example:

      crosstalk quotations thread.txt
    """
    view = output.make_table_view("speaker", "how", "similarity", "text")
    _dry_run(sources, gather_hints(author, title, url, date, columns), _quotation_rows, as_json, view)


def show_definitions(
    sources: Sources,
    author: Author = None,
    title: Title = None,
    url: Url = None,
    date: Date = None,
    columns: Columns = None,
    as_json: AsJson = False,
) -> None:
    """Show what terms are said to mean, without storing anything.

    Example:

      crosstalk definitions thread.html
    """
    view = output.make_table_view("term", "speaker", "stance", "gloss")
    _dry_run(sources, gather_hints(author, title, url, date, columns), _definition_rows, as_json, view)


def list_sources(as_json: AsJson = False) -> None:
    """List what can be read: each format, by what it is known, and an example. Content tells, never a file's name.

    Example:

      crosstalk sources
    """
    from dataclasses import asdict

    from ingest.sources.catalogue import list_source_kinds

    view = output.make_table_view("name", "what", "sign", "example", wide=("what", "sign", "example"))
    output.show((asdict(kind) for kind in list_source_kinds()), as_json, view)


Rows = Callable[["Conversation", "Extraction"], Iterator[dict[str, Any]]]


def _dry_run(sources: list[str], hints: "Hints", rows_of: Rows, as_json: bool, view: output.View) -> None:
    """Print rows of each conversation as it is read; exit 1 where nothing at all could be read."""
    from ingest import pipeline
    from ingest.sources.source import Failure

    read = failed = 0

    def read_rows() -> Iterator[dict[str, Any]]:
        nonlocal read, failed
        for one in pipeline.preview_ingest(sources, hints, getattr(sys.stdin, "buffer", None)):
            if isinstance(one, Failure):
                failed += 1
                _say_failure(one.source, one.error)
            else:
                read += 1
                yield from rows_of(*one)

    output.show(read_rows(), as_json, view)
    if failed and not read:
        raise typer.Exit(1)


CLAIM_FIELDS = (
    *("utterance_id", "start", "end", "text", "standalone", "kind", "attribution", "speaker", "quoted_by", "holder"),
    *("certainty", "credence", "retracted", "terms", "probability", "spans", "shown", "kind_shown"),
)
QUOTATION_FIELDS = (
    *("utterance_id", "start", "end", "text", "how", "source_utterance_id", "speaker", "similarity", "probability"),
)
DEFINITION_FIELDS = ("utterance_id", "start", "end", "text", "term", "gloss", "speaker", "stance")


def _claim_rows(_: "Conversation", extraction: "Extraction") -> Iterator[dict[str, Any]]:
    from index.wire.claims import ClaimJson

    for claim in extraction.claims:
        whole = ClaimJson.dump(claim)
        yield {name: whole[name] for name in CLAIM_FIELDS}


def _texts(conversation: "Conversation") -> dict[str, str]:
    return {utterance.id: utterance.text for utterance in conversation.utterances}


def _quotation_rows(conversation: "Conversation", extraction: "Extraction") -> Iterator[dict[str, Any]]:
    from index.wire.claims import QuotationJson

    texts = _texts(conversation)
    for quotation in extraction.quotations:
        text = texts[quotation.utterance_id][quotation.start : quotation.end]
        whole = QuotationJson.dump(quotation) | {"text": text}
        yield {name: whole[name] for name in QUOTATION_FIELDS}


def _definition_rows(conversation: "Conversation", extraction: "Extraction") -> Iterator[dict[str, Any]]:
    from index.wire.claims import DefinitionJson

    texts = _texts(conversation)
    for definition in extraction.definitions:
        text = texts[definition.utterance_id][definition.start : definition.end]
        whole = DefinitionJson.dump(definition) | {"text": text}
        yield {name: whole[name] for name in DEFINITION_FIELDS}
