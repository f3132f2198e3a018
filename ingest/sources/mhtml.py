"""Pages saved as one file ("Webpage, single file"): MHTML, a mail whose root part is the page.

What is read is the page itself, in UTF-8, by the readers of pages; images and frames beside it are left out.
"""

import email
import re
from dataclasses import replace
from email.message import Message
from email.policy import compat32

from corpus.errors import Malformed
from corpus.limits import LIMITS
from ingest.sources.fields import parse_web_address
from ingest.sources.source import Source

_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:[ \t]*\S")
_SAVED = re.compile(rb"^(?:Snapshot-Content-Location:|From:[ \t]*\"?<?Saved by\b)", re.IGNORECASE | re.MULTILINE)
_LOCATED = re.compile(rb"^Content-Location:[ \t]*\S", re.IGNORECASE | re.MULTILINE)
_MAILED = re.compile(rb"^(?:To|Received|Message-ID|Delivered-To):", re.IGNORECASE | re.MULTILINE)
_PAGE_TYPE = re.compile(rb"^Content-Type:[ \t]*(?:multipart/related|text/html|application/xhtml)", re.I | re.M)


def is_mhtml(head: bytes) -> bool:
    """Return whether a source is a saved page: headers of MIME that name what was saved, and nobody it was sent to."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:16_384].replace(b"\r\n", b"\n")
    if _HEADER.match(head) is None or _PAGE_TYPE.search(head) is None:
        return False
    headers = head.partition(b"\n\n")[0]
    if _MAILED.search(headers):
        return False
    return _SAVED.search(headers) is not None or _LOCATED.search(head) is not None


def extract_page(source: Source) -> Source:
    """Return the page in an MHTML file as a source of its own. Raise `Malformed` where there is none."""
    content = source.read_whole(8 * LIMITS.markup_chars).removeprefix(b"\xef\xbb\xbf").lstrip()
    message = email.message_from_bytes(content, policy=compat32)
    parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not parts:
        raise Malformed(f"{source.name}: a page saved as one file (MHTML) with no HTML in it; save it as HTML")
    start = str(message.get_param("start") or "")
    page = next((part for part in parts if start and part.get("Content-ID") == start), parts[0])
    payload = page.get_payload(decode=True)
    html = payload if isinstance(payload, bytes) else b""
    if not html.strip():
        raise Malformed(f"{source.name}: a page saved as one file (MHTML) that is empty; save it as HTML")
    address = message.get("Snapshot-Content-Location") or page.get("Content-Location")
    url = source.hints.url or parse_web_address(str(address) if address else None)
    return replace(source, content=_convert_page(html, page), hints=replace(source.hints, url=url))


def _convert_page(html: bytes, part: Message) -> bytes:
    """Return the page in UTF-8 by the encoding of its part; as it is where that is not said, or is not kept to."""
    encoding = part.get_content_charset()
    if encoding is None:
        return html
    try:
        return html.decode(encoding).encode("utf-8")
    except (LookupError, UnicodeError):
        return html
