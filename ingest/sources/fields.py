"""What all loaders do with the small things: text out of bytes, times, numbers, names, titles and ids."""

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast
from urllib.parse import urlsplit

from corpus.errors import SourceError, TooLarge, Unreadable
from corpus.limits import LIMITS
from corpus.model import Conversation, Speaker, Utterance, make_slug
from ingest.sources.sites import ForumAddress
from ingest.sources.source import Failure, Loaded, Source

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_NOBODY = frozenset(
    {"", "n/a", "anonymous", "[anonymous]", "[deleted]", "[removed]", "[comment deleted]", "[unattributed]"}
)
_REMOVED = frozenset({"[deleted]", "[removed]", "[comment deleted]", "[deleted by user]", "[removed by reddit]"})
_MINUS = str.maketrans({"\u2212": "-", ",": None, "\u00a0": None, " ": None})
_MILLISECONDS = 10**11  # as seconds it would be the year 5138
_ZONE_WORD = re.compile(r"\s*(?:UTC|GMT)$")
_SPACE = re.compile(r"\s+")


def decode_source(source: Source, limit: int = LIMITS.file_bytes) -> str:
    """Read a whole source as text. Raise what `decode_text` and `Source.read_whole` raise."""
    return decode_text(source.read_whole(limit), source.name)


def decode_text(content: bytes, name: str) -> str:
    """Decode strict UTF-8 (one BOM is dropped) or UTF-16 with a BOM, with newlines as "\\n".

    Nothing is guessed: other encodings are refused with the place of the first bad byte, because a wrong guess is
    silent mojibake in somebody's words. Raise `Unreadable`.
    """
    if content[:2] in _UTF16:
        encoding, content = _UTF16[content[:2]], content[2:]
    else:
        encoding, content = "utf-8", content.removeprefix(b"\xef\xbb\xbf")
        if (offset := content.find(b"\x00")) >= 0:
            raise Unreadable(f"{name}: not text (a NUL byte at offset {offset:,})")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise Unreadable(
            f"{name}: not {encoding.upper()} at byte {problem.start:,} (0x{content[problem.start]:02x}); convert it "
            "first, for instance: iconv -f WINDOWS-1252 -t UTF-8"
        ) from problem
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_time(value: Any) -> datetime | None:
    """Read a time as aware UTC: seconds since 1970, an ISO string, a date. None for anything else.

    A time without a zone is taken as UTC. Values out of range (the year 10000, NaN) give None, not a wrong time.
    """
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        text = value.strip()
        try:
            return _utc(datetime.fromisoformat(text))
        except (ValueError, OverflowError):
            value = _number(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC) if math.isfinite(value) else None
    except (ValueError, OverflowError, OSError):
        return None


def parse_any_time(value: Any) -> datetime | None:
    """Read a time as tables, feeds and dumps write it: as `parse_time` does, in milliseconds, or as mail does.

    >>> parse_any_time("Mon, 03 Jun 2024 10:00:00 GMT").isoformat()
    '2024-06-03T10:00:00+00:00'
    """
    if isinstance(value, str):
        text = value.strip()
        value = _number(text)
        if value is None:
            return parse_time(_ZONE_WORD.sub("+00:00", text)) or parse_mail_time(text[:100])
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _MILLISECONDS:
        value = value / 1000
    return parse_time(value)


def parse_mail_time(written: str) -> datetime | None:
    """Return the time of the "Date:" field of a mail in UTC (RFC 5322), None where there is none to be read."""
    try:
        return _utc(parsedate_to_datetime(written))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _utc(value: datetime) -> datetime | None:
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def parse_whole_number(value: Any) -> int | None:
    """Read a score: an integer, a float, or a string with a real minus sign or commas ("\u22121,204"). Else None."""
    if isinstance(value, str):
        value = _number(value.translate(_MINUS))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if abs(value) < 1 << 53 else None


def fold_to_line(text: Any, limit: int = LIMITS.title_chars) -> str:
    """Fold a title to one line of at most `limit` characters; a longer one ends in "…"."""
    folded = _SPACE.sub(" ", text[: 4 * limit]).strip() if isinstance(text, str) else ""
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def make_speaker(
    name: Any, site: str | None = None, slug_: str | None = None, url: str | None = None
) -> Speaker | None:
    """Make a speaker of a name, or None where the source names nobody ("anonymous", "[deleted]", "").

    Raise `TooLarge` for a name above `Limits.name_chars`: that is no name, but a fault in the source.
    """
    if not isinstance(name, str):
        return None
    if len(name) > LIMITS.name_chars * 4 or len(folded := _SPACE.sub(" ", name).strip()) > LIMITS.name_chars:
        raise TooLarge(f"an author's name of {len(name):,} characters; the limit is {LIMITS.name_chars}")
    if folded.casefold() in _NOBODY:
        return None
    part = slug_ or make_slug(folded)
    return Speaker(id=f"{site}:{part}" if site else part, name=folded, site=site, url=url)


def is_removed(text: str) -> bool:
    """Tell whether a text is what a site shows in place of one that is gone: "[deleted]", "[removed]"."""
    return len(text) < 80 and text.strip(" \n\\").replace("\\", "").casefold() in _REMOVED


def parse_web_address(value: Any) -> str | None:
    """Keep an http or https address; None for anything else (javascript:, data:, a bare word)."""
    if not isinstance(value, str) or len(value) > 4 * LIMITS.title_chars:
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    return value.strip() if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def format_post_id(address: ForumAddress | None) -> str | None:
    """Name a post the way all formats do: `lesswrong:<id>`."""
    return f"{address.site.namespace}:{address.post}" if address is not None and address.post else None


def format_comment_id(address: ForumAddress | None) -> str | None:
    """Name a comment the way all formats do: `lesswrong:<id>`."""
    return f"{address.site.namespace}:{address.comment}" if address is not None and address.comment else None


def name_site(url: str | None, address: ForumAddress | None) -> str | None:
    """Name the site of a conversation: a known forum's name, else the host of its address."""
    if address is not None:
        return address.site.name
    host = urlsplit(url).hostname if url else None
    return host.removeprefix("www.") if host else None


def invent_ids(conversation_id: str, keys: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Name utterances whose source names none by (author, time, text); equal ones are numbered.

    >>> list(invent_ids("text:ab", [("Ana", "", "Hi")]))
    ['text:ab~c5443c51130c']
    """
    seen: dict[str, int] = {}
    for author, time, text in keys:
        digest = hashlib.sha256("|".join((author, time, text)).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        yield f"{conversation_id}~{digest}" + (f".{seen[digest]}" if seen[digest] > 1 else "")


def make_content_id(text: str) -> str:
    """Name a conversation that has no address by its words: `text:` and 16 hexadecimal digits."""
    return "text:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def drop_repeats(utterances: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Keep the first of several tellings that agree in words, speaker and what they answer.

    Tellings of one id that differ all stay: `Conversation` refuses them.
    """
    tellings: dict[tuple[object, ...], Utterance] = {}
    for utterance in utterances:
        tellings.setdefault((utterance.id, utterance.text, utterance.speaker, utterance.reply_to), utterance)
    return tuple(tellings.values())


def list_values(value: Any) -> list[Any]:
    """Return what JSON should hold in a list; an empty one where it holds anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def check_size(text: str, name: str) -> str:
    """Return `text`. Raise `TooLarge` above `Limits.utterance_chars`."""
    if len(text) > LIMITS.utterance_chars:
        raise TooLarge(f"{name}: {len(text):,} characters in one utterance; the limit is {LIMITS.utterance_chars:,}")
    return text


def try_making(name: str, make: Callable[[], Conversation]) -> Loaded:
    """Make one conversation, or say why not, so that the next one is still read."""
    try:
        return make()
    except SourceError as problem:
        return Failure(name, problem)
