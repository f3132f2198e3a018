"""The formats, and which of them a source is in. In: what the user named. Out: conversations, or why not.

A format is recognised by its content, never by the name of the file. `FORMATS` is in order of detection: formats
with unmistakable signs come first, plain text, which is anything that reads as text, comes last.
"""

# pyright: standard

from collections.abc import Iterator

from corpus.errors import FetchError, SourceError, UnknownFormat
from corpus.model import Conversation
from ingest.sources import (
    alignment_dataset,
    convokit,
    delimited,
    discourse,
    feeds,
    hacker_news,
    json_rows,
    markdown_api,
    markdown_file,
    reddit,
)
from ingest.sources.encodings import convert_to_utf8
from ingest.sources.forum_magnum import live as forum_magnum_live
from ingest.sources.forum_magnum import saved as forum_magnum
from ingest.sources.html_pages import fragment as html_fragment
from ingest.sources.html_pages import greaterwrong as greaterwrong_page
from ingest.sources.html_pages import issarice as issarice_page
from ingest.sources.html_pages import lesswrong as lesswrong_page
from ingest.sources.html_pages import old_lesswrong as old_lesswrong_page
from ingest.sources.mail import mail_file
from ingest.sources.mhtml import extract_page, is_mhtml
from ingest.sources.not_prose import describe_no_prose
from ingest.sources.plain_text import plain_text
from ingest.sources.sniff import find_refusal, is_html
from ingest.sources.source import Failure, Format, Loaded, Source
from ingest.sources.speaker_labels import mark_labelled_speakers

FORMATS: tuple[Format, ...] = (
    forum_magnum_live.FORMAT,
    convokit.FORMAT,
    discourse.FORMAT,
    reddit.FORMAT,
    hacker_news.FORMAT,
    forum_magnum.FORMAT,
    alignment_dataset.FORMAT,
    lesswrong_page.FORMAT,
    greaterwrong_page.FORMAT,
    old_lesswrong_page.FORMAT,
    issarice_page.FORMAT,
    mail_file.FORMAT,
    markdown_file.FORMAT,
    markdown_api.FORMAT,
    feeds.FORMAT,
    json_rows.FORMAT,
    delimited.FORMAT,
    html_fragment.FORMAT,
    plain_text.FORMAT,
)
_MOST_HANDED_ON = 3  # sources in a row, each fetched by the reader of the one before


def load_source(source: Source) -> tuple[Format, Iterator[Loaded]]:
    """Return the format of a source and what is read of it. What fails is yielded as a `Failure`, never raised."""
    return _load(source, 0)


def read_source(source: Source) -> Iterator[Loaded]:
    """Yield the conversations of a source, and a `Failure` for each that cannot be read."""
    return _load(source, 0)[1]


def unwrap(source: Source) -> Source:
    """Return a source as its format is told by: in UTF-8, and of a page that was saved as one file the page.

    Raise what `convert_to_utf8` and `extract_page` raise.
    """
    source = convert_to_utf8(source)
    return convert_to_utf8(extract_page(source)) if is_mhtml(source.read_head()) else source


def detect_format(source: Source) -> Format:
    """Return the format of a source, by its content. Raise `UnknownFormat` or `Unreadable`."""
    head = source.read_head()
    is_bytes = source.content is not None or (source.path is not None and not source.path.is_dir())
    if is_bytes and (problem := find_refusal(source.name, head)) is not None:
        raise problem
    if is_bytes and json_rows.is_mapped_json(source, head):
        return json_rows.FORMAT
    for format_ in FORMATS:
        if format_.detects(source, head):
            if format_ is plain_text.FORMAT and (words := describe_no_prose(head)) is not None:
                raise UnknownFormat(f"{source.name}: {words}")
            return format_
    raise UnknownFormat(f"{source.name}: {_shape(source, head)}; `crosstalk sources` lists what is read")


def _shape(source: Source, head: bytes) -> str:
    if source.url is not None and source.content is None:
        return "an address of no forum that is known"
    if is_html(head):
        return "an HTML page of a site that is not known (save its text, or give the forum's own page)"
    return "nothing that can be read"


def _load(source: Source, handed_on: int) -> tuple[Format, Iterator[Loaded]]:
    try:
        source = unwrap(source)
        format_ = detect_format(source)
    except SourceError as problem:
        return Format("unread", 0, lambda *_: False, lambda _: iter(())), iter((Failure(source.name, problem),))
    return format_, _read_with(format_, source, handed_on)


def _read_with(format_: Format, source: Source, handed_on: int) -> Iterator[Loaded]:
    """Yield what a reader finds; a source that it hands on (a page that it fetched) is detected and read in turn."""
    try:
        for loaded in format_.read(source):
            if isinstance(loaded, Conversation):
                yield mark_labelled_speakers(loaded)
            elif isinstance(loaded, Failure):
                yield loaded
            elif handed_on < _MOST_HANDED_ON:
                yield from _load(loaded, handed_on + 1)[1]
            else:
                yield Failure(source.name, FetchError(f"{source.name}: leads from source to source without end"))
    except SourceError as problem:
        yield Failure(source.name, problem)
