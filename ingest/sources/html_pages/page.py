"""What the readers of saved forum pages share: the tree, the way through it, names and scores in it."""

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import Unreadable
from corpus.limits import LIMITS
from ingest.markup.guard import PAGE, bounded
from ingest.markup.writer import clean
from ingest.sources.fields import decoded, whole_number
from ingest.sources.sites import SITES, Place, place_of, place_on
from ingest.sources.sniff import is_html
from ingest.sources.source import HEAD_BYTES, Source

_LOOKED_AT = 8 << 20  # bytes of a page in which signs of a format are looked for
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}[\"']?([A-Za-z0-9_-]{1,30})", re.IGNORECASE)
_CHARSET_WITHIN = 4096
_UTF8 = frozenset({"utf-8", "utf8"})
_SCORE = re.compile(r"[-\u2212+]?\d[\d,]*")
_ID = re.compile(r"[A-Za-z0-9]{17}")


def opening(source: Source, head: bytes) -> bytes:
    """Give as much of a page as a format is recognised by: style sheets can fill the head, so more than that."""
    if len(head) < HEAD_BYTES or not is_html(head):
        return head
    with source.open() as stream:
        return stream.read(_LOOKED_AT)


def page_of(source: Source) -> str:
    """Read a saved page as text. Raises `Unreadable`, `TooLarge`.

    Strict UTF-8; else the encoding that the page itself declares; else UTF-8 in which at most one byte in a thousand is
    bad, each shown as U+FFFD.
    """
    content = source.whole(min(LIMITS.file_bytes, 4 * PAGE.chars))
    try:
        return clean(decoded(content, source.name))
    except Unreadable:
        declared = _CHARSET.search(content[:_CHARSET_WITHIN])
        name = declared[1].decode("ascii").lower() if declared else "utf-8"
        text = _decoded_as(content, name)
        if text is None or (name in _UTF8 and text.count("\ufffd") > len(content) // 1_000):
            raise
        return clean(text)


def _decoded_as(content: bytes, encoding: str) -> str | None:
    if b"\x00" in content:
        return None
    try:
        return content.decode(encoding, "replace")
    except LookupError:
        return None


def tree_of(page: str) -> LexborHTMLParser:
    """Parse a page. Raises `TooLarge` where it is too long, or nested so deep that replies could not be told apart."""
    return LexborHTMLParser(bounded(page, PAGE))


def elements(root: LexborNode | None, enter: Callable[[LexborNode], bool]) -> Iterator[tuple[LexborNode, int]]:
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


def classes(node: LexborNode | None) -> frozenset[str]:
    """List the classes of an element."""
    return frozenset((node.attributes.get("class") or "").split()) if node is not None else frozenset()


def words(node: LexborNode | None) -> str:
    """Read the words in an element, folded to one line; "" for no element."""
    return " ".join(node.text(deep=True).split()) if node is not None else ""


def attribute(node: LexborNode | None, name: str) -> str:
    """Read an attribute; "" where there is none."""
    return (node.attributes.get(name) or "") if node is not None else ""


def score(node: LexborNode | None) -> int | None:
    """Read the first number in an element: "LW: 1,204 AF: 45" is 1204; a minus may be U+2212."""
    found = _SCORE.search(words(node))
    return whole_number(found[0]) if found else None


def user_in(address: str) -> str | None:
    """Find the user's slug in a link such as "/users/ana?from=post_header"."""
    return place_on(SITES[0], address).user


def is_id(text: str) -> bool:
    """Tell a ForumMagnum id: 17 letters and digits."""
    return _ID.fullmatch(text) is not None


def first_place(addresses: Iterator[str]) -> Place | None:
    """Find the first address that names a post of a known forum."""
    return next((place for place in map(place_of, addresses) if place is not None and place.post), None)


def addresses(tree: LexborHTMLParser, *selectors: str) -> Iterator[str]:
    """List the addresses that some links and `meta` elements hold."""
    for selector in selectors:
        for node in tree.css(selector):
            yield attribute(node, "href") or attribute(node, "content")
