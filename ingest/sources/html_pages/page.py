"""What the readers of saved forum pages share: the tree, the way through it, names and scores in it."""

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import Unreadable
from corpus.limits import LIMITS
from ingest.markup.guard import PAGE, bound_markup
from ingest.markup.writer import clean
from ingest.sources.fields import decode_text, parse_whole_number
from ingest.sources.sites import SITES, ForumAddress, parse_address_on, parse_forum_address
from ingest.sources.sniff import is_html
from ingest.sources.source import HEAD_BYTES, Source

_LOOKED_AT = 8 << 20  # bytes of a page in which signs of a format are looked for
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}[\"']?([A-Za-z0-9_-]{1,30})", re.IGNORECASE)
_CHARSET_WITHIN = 4096
_UTF8 = frozenset({"utf-8", "utf8"})
_ARCHIVED = re.compile(
    r"(?<=[\"'=])(?:(?:https?:)?(?:\\?/){2}web\.archive\.org)?\\?/web\\?/\d{4,14}(?:[a-z]{2}_)?\\?/(?=(?:https?:\\?/|mailto:))"
)
_ARCHIVE_SIGNS = re.compile(
    r"<!-- (?:BEGIN WAYBACK TOOLBAR|End Wayback Rewrite)|\b__wm\.(?:init|wombat)\(|\bFILE ARCHIVED ON \d\d:"
    r"|\b(?:href|src|content)=[\"']?/web/\d{4,14}(?:[a-z]{2}_)?/https?:"
    r"|<link\b[^>]{0,200}canonical[^>]{0,200}//web\.archive\.org/web/\d"
)
_TOOLBAR = ("<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->")
_SCORE = re.compile(r"[-\u2212+]?\d[\d,]*")
_ID = re.compile(r"[A-Za-z0-9]{17}")


def read_opening(source: Source, head: bytes) -> bytes:
    """Return as much of a page as a format is recognised by: style sheets can fill the head, so more than that."""
    if len(head) < HEAD_BYTES or not is_html(head):
        return head
    with source.open() as stream:
        return stream.read(_LOOKED_AT)


def read_page(source: Source) -> str:
    """Read a saved page as text; a copy of the Wayback Machine as the page itself. Raise `Unreadable`, `TooLarge`.

    Strict UTF-8; else the encoding that the page itself declares; else UTF-8 in which at most one byte in a thousand is
    bad, each shown as U+FFFD.
    """
    return _undo_archiving(clean(_decode_page(source)))


def _decode_page(source: Source) -> str:
    content = source.read_whole(min(LIMITS.file_bytes, 4 * PAGE.chars))
    try:
        return decode_text(content, source.name)
    except Unreadable:
        declared = _CHARSET.search(content[:_CHARSET_WITHIN])
        name = declared[1].decode("ascii").lower() if declared else "utf-8"
        text = _decode_as(content, name)
        if text is None or (name in _UTF8 and text.count("\ufffd") > len(content) // 1_000):
            raise
        return text


def _decode_as(content: bytes, encoding: str) -> str | None:
    if b"\x00" in content:
        return None
    try:
        return content.decode(encoding, "replace")
    except LookupError:
        return None


def _undo_archiving(page: str) -> str:
    """Give a copy of the Wayback Machine its own addresses back, and take out the toolbar; other pages stay."""
    if _ARCHIVE_SIGNS.search(page) is None:
        return page
    before, _, rest = page.partition(_TOOLBAR[0])
    _, end, after = rest.partition(_TOOLBAR[1])
    return _ARCHIVED.sub("", before + after if end else page)


def parse_page(page: str) -> LexborHTMLParser:
    """Parse a page. Raise `TooLarge` where it is too long, or nested so deep that replies could not be told apart."""
    return LexborHTMLParser(bound_markup(page, PAGE))


def walk_elements(root: LexborNode | None, enter: Callable[[LexborNode], bool]) -> Iterator[tuple[LexborNode, int]]:
    """Walk the elements below `root` in order, with their depth; children only of those that `enter` allows."""
    stack: list[LexborNode] = []
    node = root.first_child if root is not None else None
    while node is not None or stack:
        if node is None:
            node = stack.pop().next
            continue
        if node.is_element_node:
            yield node, len(stack)
            child = node.first_child
            if child is not None and enter(node):
                stack.append(node)
                node = child
                continue
        node = node.next


def list_classes(node: LexborNode | None) -> frozenset[str]:
    """Return the classes of an element."""
    return frozenset((node.attributes.get("class") or "").split()) if node is not None else frozenset()


def read_words(node: LexborNode | None) -> str:
    """Read the words in an element, folded to one line; "" for no element."""
    return " ".join(node.text(deep=True).split()) if node is not None else ""


def read_attribute(node: LexborNode | None, name: str) -> str:
    """Read an attribute; "" where there is none."""
    return (node.attributes.get(name) or "") if node is not None else ""


def read_score(node: LexborNode | None) -> int | None:
    """Read the first number in an element: "LW: 1,204 AF: 45" is 1204; a minus may be U+2212."""
    match = _SCORE.search(read_words(node))
    return parse_whole_number(match[0]) if match else None


def find_user(address: str) -> str | None:
    """Return the user's slug in a link such as "/users/ana?from=post_header"."""
    return parse_address_on(SITES[0], address).user


def is_id(text: str) -> bool:
    """Return whether a text is an id of ForumMagnum: 17 letters and digits."""
    return _ID.fullmatch(text) is not None


def find_post_address(addresses: Iterator[str]) -> ForumAddress | None:
    """Return the first address that names a post of a known forum."""
    return next(
        (address for address in map(parse_forum_address, addresses) if address is not None and address.post), None
    )


def list_addresses(tree: LexborHTMLParser, *selectors: str) -> Iterator[str]:
    """Yield the addresses that some links and `meta` elements hold."""
    for selector in selectors:
        for node in tree.css(selector):
            yield read_attribute(node, "href") or read_attribute(node, "content")
