"""What can be read, for people: each format with the sign by which it is known, and what formats come packed in."""

from dataclasses import dataclass

from ingest.sources.formats import FORMATS


@dataclass(frozen=True, slots=True)
class SourceKind:
    """One kind of source: what it is, by what it is known, and a command that reads it."""

    name: str
    what: str
    sign: str
    example: str


WRAPPINGS: tuple[SourceKind, ...] = (
    SourceKind("folder", "everything in a folder, and in those within it", "a folder", "crosstalk ingest saved-pages/"),
    SourceKind(
        "zip", "the members of an archive, as those of a folder", "the bytes PK", "crosstalk ingest threads.zip"
    ),
    SourceKind(
        "mhtml",
        "a page saved as a single file, as the page",
        "headers of MIME about a page",
        "crosstalk ingest page.mhtml",
    ),
    SourceKind(
        "utf-16, utf-32",
        "any of these in another encoding of Unicode",
        "a byte order mark, or where the zero bytes lie",
        "crosstalk ingest from-powershell.json",
    ),
)


def list_source_kinds() -> tuple[SourceKind, ...]:
    """Return all that is read, in the order in which a source is asked what it is; then what it may come in."""
    return (*(SourceKind(format_.name, format_.what, format_.sign, format_.example) for format_ in FORMATS), *WRAPPINGS)
