"""The words of one mail, out of its MIME parts (RFC 2045–2049; format=flowed: RFC 3676).

The plain text goes before its rendering in HTML; what is attached is named and left out, but a mail: that is quoted.
"""

# pyright: standard

import re
from collections.abc import Sequence
from dataclasses import replace
from email.message import Message
from itertools import groupby

from corpus.errors import Unreadable
from corpus.model import Passage, PassageKind
from ingest.markup import Markup, read_html
from ingest.sources.mail.headers import decode_words, read_sender
from ingest.sources.mail.quoted_mail import mark_quoted_mails, read_mail_text

_DEEPEST = 20
_DEPTH = re.compile(r">(?: ?>)*|")
_FOLDED = re.compile(r"\r?\n[ \t]+")


def read_field(message: Message, name: str) -> str:
    """Return a field of the header on one line, its encoded words as they stand; "" where there is none."""
    for key, value in message.raw_items():
        if key.casefold() == name:
            raw = _FOLDED.sub(" ", str(value)).encode("utf-8", "surrogateescape")
            return raw.decode("utf-8", "replace").strip()
    return ""


def read_message_words(message: Message, name: str) -> tuple[Markup, tuple[str, ...]]:
    """Return the words of a mail and the names of what was left out.

    Raise `Unreadable`, naming the source as `name`, where the words are in no encoding that is known.
    """
    left_out: list[str] = []
    parts = _read_part(message, name, left_out, 0)
    return join_markups(parts), tuple(left_out)


def join_markups(parts: Sequence[Markup]) -> Markup:
    """Put texts below one another, a blank line between."""
    texts: list[str] = []
    passages: list[Passage] = []
    offset = 0
    for part in parts:
        if part.text.strip():
            passages += [replace(p, start=p.start + offset, end=p.end + offset) for p in part.passages]
            texts.append(part.text)
            offset += len(part.text) + 2
    return Markup("\n\n".join(texts), tuple(passages))


def _read_part(part: Message, name: str, left_out: list[str], depth: int) -> list[Markup]:
    kind = part.get_content_type()
    payload = part.get_payload()
    inner = (
        [inner_part for inner_part in payload if isinstance(inner_part, Message)] if isinstance(payload, list) else []
    )
    if depth > _DEEPEST:
        left_out.append(f"{kind}, too deep")
        return []
    if kind == "message/rfc822" and inner:
        return _quote_whole(join_markups(_read_part(inner[0], name, left_out, depth + 1)), read_field(inner[0], "from"))
    if kind == "multipart/alternative":
        return _read_alternative(inner, name, left_out, depth)
    if inner:
        read = inner[:1] if kind in ("multipart/related", "multipart/signed") else inner
        left_out += [_name_part(other) for other in inner[len(read) :]]
        return [markup for other in read for markup in _read_part(other, name, left_out, depth + 1)]
    if kind not in ("text/plain", "text/html") or part.get_content_disposition() == "attachment":
        left_out.append(_name_part(part))
        return []
    text = _decode_part(part, name)
    if kind == "text/html":
        return [mark_quoted_mails(read_html(text))]
    if str(part.get_param("format", "")).casefold() == "flowed":
        text = join_flowed_lines(text, delete_space=str(part.get_param("delsp", "")).casefold() == "yes")
    return [read_mail_text(text)]


def _quote_whole(markup: Markup, sender: str) -> list[Markup]:
    if not markup.text:
        return []
    whole = Passage(PassageKind.QUOTE, 0, len(markup.text), read_sender(sender) or "")
    return [Markup(markup.text, (whole, *markup.passages))]


def _read_alternative(parts: Sequence[Message], name: str, left_out: list[str], depth: int) -> list[Markup]:
    """Read the plainest of several renderings that has words."""
    for kind in ("text/plain", "text/html", ""):
        for part in parts:
            if part.get_content_type() == kind or (not kind and part.is_multipart()):
                markups = _read_part(part, name, left_out, depth + 1)
                if any(markup.text.strip() for markup in markups):
                    return markups
    return []


def _decode_part(part: Message, name: str) -> str:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    if charset in ("us-ascii", "ascii", "unknown-8bit"):
        charset = "utf-8"  # which it is a part of, and what programs that say so often send
    try:
        return raw.decode(charset).replace("\r\n", "\n").replace("\r", "\n")
    except (LookupError, UnicodeDecodeError) as problem:
        fault = str(problem)[:80]
        raise Unreadable(f"{name} says that it is in {charset[:40]}, and cannot be read so ({fault})") from problem


def _name_part(part: Message) -> str:
    return f"{part.get_content_type()} {decode_words(part.get_filename() or '')}".strip()[:200]


def join_flowed_lines(text: str, *, delete_space: bool = False) -> str:
    """Join the lines that end in a space with the next of the same depth of quotation.

    >>> join_flowed_lines("> A goal is \\n> one.\\nYes.")
    '> A goal is one.\\nYes.'
    """
    lines: list[tuple[str, str]] = []
    for line in text.split("\n"):
        marks = _DEPTH.match(line)
        depth = marks[0].replace(" ", "") if marks is not None else ""
        words = line[len(marks[0]) :] if marks is not None and depth else line
        lines.append((depth, words.removeprefix(" ")))
    joined: list[str] = []
    for depth, run in groupby(lines, key=lambda line: line[0]):
        parts: list[str] = []
        for _, words in run:
            if not words and parts:  # programs leave a space before a blank line too
                joined.append(f"{depth} {''.join(parts)}" if depth else "".join(parts))
                parts = []
            flowing = words.endswith(" ") and words != "-- "
            parts.append(words[:-1] if flowing and delete_space else words)
            if not flowing:
                joined.append(f"{depth} {''.join(parts)}" if depth else "".join(parts))
                parts = []
        if parts:
            joined.append(f"{depth} {''.join(parts)}" if depth else "".join(parts))
    return "\n".join(joined)
