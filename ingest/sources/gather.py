"""From what the user named (files, folders, addresses, "-") to sources, one at a time and in a fixed order.

Sidecars (`NAME.meta.toml`), hidden files, READMEs and licences inside a folder are not sources, nor what systems leave
there (Thumbs.db), nor the folder of style sheets, programs and frames that a browser saves beside a whole page. A
ConvoKit folder is one source; a zip archive is the folder that was packed into it. Everything else that cannot be a
source is a `Failure` with a reason; nothing is passed over in silence.
"""

import os
import stat
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, BinaryIO

from corpus.errors import Malformed, SourceError, TooLarge, Unreadable, WrongUsage
from corpus.limits import LIMITS
from ingest.sources.archives import ZIP_SIGNS, unpack_zip
from ingest.sources.columns import parse_map
from ingest.sources.fields import parse_time
from ingest.sources.source import Failure, Hints, Source

SIDECAR = ".meta.toml"
CONVOKIT_FILES = ("utterances.jsonl", "utterances.json")
_SIDECAR_BYTES = 1 << 16
_STDIN = "-"
_NOT_SOURCES = frozenset({"readme", "license", "licence", "copying", "notice", "changelog"})
_LEFT_BY_SYSTEMS = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx"})
_PAGE_ENDINGS = frozenset({".html", ".htm", ".xhtml", ".xht", ".shtml", ".php", ".asp", ".aspx", ".jsp"})
_PAGE_FOLDERS = (  # what browsers and Windows call the folder of page.html, by their language
    *("_files", "-filer", "-dateien", "_dateien", "-bestanden", "_bestanden", "_fichiers", "_archivos", "_ficheros"),
    *("_arquivos", "_ficheiros", "_file", "-file", "_soubory", "_bylos", "_pliki", "_elemei", "_failid", "_fails"),
    *("_fajlovi", "_datoteke", "_dosyalar", "_fitxers", "_fitxategiak", "_tiedostot", "-tiedostot", "_filer", ".files"),
    *("_файлы", "_файли", "_αρχεία", "_קבצים", "_ملفات", "_文件", "_檔案", "_ファイル", "_파일", "_resources"),
)
_PROSE = frozenset({"", ".md", ".txt", ".rst", ".markdown"})
_ODD = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def gather(arguments: Sequence[str], hints: Hints, stdin: BinaryIO | None = None) -> Iterator[Source | Failure]:
    """Yield a source for every file, ConvoKit folder, address and "-" in `arguments`; folders in sorted order.

    What the command line says (`hints`) goes before what a sidecar says.
    """
    for argument in arguments:
        if argument == _STDIN:
            yield from _unpack_archive(_read_stdin(stdin, hints))
        elif argument.lower().startswith(("https://", "http://")):
            yield Source(name=make_printable(argument), url=argument, hints=hints)
        else:
            yield from _gather_path(Path(argument), hints, named=True)


def make_printable(name: str) -> str:
    """Make any file name printable on one line: control characters and broken bytes become escapes."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _read_stdin(stdin: BinaryIO | None, hints: Hints) -> Source | Failure:
    if stdin is None:
        return Failure(_STDIN, Unreadable("-: there is no standard input"))
    content = stdin.read(LIMITS.file_bytes + 1)
    if len(content) > LIMITS.file_bytes:
        return Failure(_STDIN, TooLarge(f"-: more than {LIMITS.file_bytes:,} bytes on standard input; give a file"))
    return Source(name=_STDIN, content=content, hints=hints)


def _gather_path(path: Path, hints: Hints, *, named: bool, packed: bool = False) -> Iterator[Source | Failure]:
    """Yield the sources at `path`. `named`: the user wrote this path, so even a README or a link is meant.

    `packed`: it came out of an archive; one within it is not unpacked in turn.
    """
    name = make_printable(str(path))
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as problem:
        yield Failure(name, Unreadable(f"{name}: {_describe_problem(problem)}"))
        return
    if stat.S_ISDIR(mode):
        if path.is_symlink() and not named:
            yield Failure(name, Unreadable(f"{name}: a link to a folder is not followed; name the folder itself"))
        else:
            yield from _gather_folder(path, hints, packed=packed)
        return
    odd = next((word for test, word in _ODD if test(mode)), None)
    if odd is not None:
        yield Failure(name, Unreadable(f"{name}: {odd}, not a file; to read a stream give - and feed it by a pipe"))
        return
    try:
        source = Source(name=name, path=path, hints=add_sidecar(path, hints))
    except SourceError as problem:
        yield Failure(name, problem)
        return
    if packed:
        yield source
    else:
        yield from _unpack_archive(source)


def _unpack_archive(source: Source | Failure) -> Iterator[Source | Failure]:
    """Yield a source as it is, but for a zip archive, whose members are yielded as those of a folder are.

    A member must be read before the next is asked for the last time: the folder that holds them is then gone.
    """
    if isinstance(source, Failure) or not _is_archive(source):
        yield source
        return
    try:
        with source.open() as stream, unpack_zip(stream, source.name) as unpacked:
            for member, problem in unpacked.failed:
                yield Failure(f"{source.name}: {make_printable(member)}", problem)
            for inner in _gather_folder(unpacked.folder, source.hints, packed=True):
                yield _rename_member(inner, unpacked.folder, source)
    except SourceError as problem:
        yield Failure(source.name, problem)


def _is_archive(source: Source) -> bool:
    try:
        return source.read_head().startswith(ZIP_SIGNS)
    except SourceError:
        return False  # whoever reads it will say why


def _rename_member(inner: Source | Failure, folder: Path, archive: Source) -> Source | Failure:
    """Name a member by its archive and its place in it, not by the folder that it happens to lie in."""
    if isinstance(inner, Failure):
        message = str(inner.error).replace(f"{folder}/", f"{archive.name}: ").replace(str(folder), archive.name)
        shown_as = inner.source.replace(f"{folder}/", f"{archive.name}: ").replace(str(folder), archive.name)
        return Failure(shown_as, type(inner.error)(message))
    within = inner.path.relative_to(folder).as_posix() if inner.path is not None else ""
    shown = f"{archive.name}: {make_printable(within)}" if within != "." else archive.name
    return replace(inner, name=shown, member_of=f"{archive.key}!/{make_printable(within)}")


def _gather_folder(folder: Path, hints: Hints, *, packed: bool = False) -> Iterator[Source | Failure]:
    try:
        names = sorted(os.listdir(folder), key=os.fsencode)
    except OSError as problem:
        name = make_printable(str(folder))
        yield Failure(name, Unreadable(f"{name}: {_describe_problem(problem)}"))
        return
    if any(known in names for known in CONVOKIT_FILES):
        yield Source(name=make_printable(str(folder)), path=folder, hints=hints)
        return
    pages = {unicodedata.normalize("NFC", os.path.splitext(name)[0]).casefold() for name in names if _is_page(name)}
    for name in names:
        if not _is_passed_over(name) and not (_belongs_to_page(name, pages) and (folder / name).is_dir()):
            yield from _gather_path(folder / name, hints, named=False, packed=packed)


def _is_passed_over(name: str) -> bool:
    stem, ending = os.path.splitext(name.lower())
    if name.startswith(".") or name.endswith(SIDECAR) or name.lower() in _LEFT_BY_SYSTEMS:
        return True
    return stem in _NOT_SOURCES and ending in _PROSE


def _is_page(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in _PAGE_ENDINGS


def _belongs_to_page(name: str, pages: Set[str]) -> bool:
    """Tell whether a folder is what a browser saved with one of these pages (names without their endings)."""
    name = unicodedata.normalize("NFC", name).casefold()
    return any(name.endswith(ending) and name.removesuffix(ending) in pages for ending in _PAGE_FOLDERS)


def add_sidecar(path: Path, hints: Hints) -> Hints:
    """Fill what `hints` leaves open from `NAME.meta.toml` beside the file. Raise `Malformed` for a faulty sidecar."""
    for sidecar in (path.with_name(path.name + SIDECAR), path.with_name(path.stem + SIDECAR)):
        try:
            with sidecar.open("rb") as stream:
                content = stream.read(_SIDECAR_BYTES + 1)
        except (OSError, ValueError):
            continue
        sidecar_hints = _parse_sidecar(make_printable(str(sidecar)), content)
        missing = {
            field.name: sidecar_hints[field.name] for field in fields(hints) if getattr(hints, field.name) is None
        }
        return replace(hints, **missing)
    return hints


def _parse_sidecar(name: str, content: bytes) -> dict[str, Any]:
    if len(content) > _SIDECAR_BYTES:
        raise TooLarge(f"{name}: larger than {_SIDECAR_BYTES:,} bytes; a sidecar holds author, title, url and date")
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed(f"{name}: not TOML ({problem})") from problem
    known = {field.name for field in fields(Hints)}
    if unknown := sorted(values.keys() - known):
        raise Malformed(f"{name}: unknown key {unknown[0]!r}; a sidecar holds {', '.join(sorted(known))}")
    for key in known - {"date"}:
        if not isinstance(values.setdefault(key, None), str | None):
            raise Malformed(f"{name}: {key} must be a string in quotes")
    try:
        parse_map(values["map"])
    except WrongUsage as problem:
        raise Malformed(f"{name}: {problem}") from problem
    date = values.get("date")
    values["date"] = parse_time(date) if date is not None else None
    if date is not None and values["date"] is None:
        raise Malformed(f"{name}: date {str(date)!r} is not like 2024-05-31 or 2024-05-31T10:00:00Z")
    return values


def _describe_problem(problem: OSError | ValueError) -> str:
    return (isinstance(problem, OSError) and problem.strerror) or str(problem)
