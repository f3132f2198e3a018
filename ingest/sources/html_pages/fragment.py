"""Read a piece of HTML without a page around it: an element that was copied, the body column of a database.

What begins with a tag need not be HTML: Markdown may, and prose may speak of tags. Here it is, if the tags make its
paragraphs: blocks that are closed, or breaks, and no blank lines or signs of Markdown between them. Whose words they
are nobody says, unless the user does.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import Malformed
from corpus.model import Conversation, Utterance
from ingest.markup import read_html
from ingest.markup.code_lines import mark_code_lines
from ingest.markup.elements import BLOCK, CODE, EMPHASIS, STRUCK
from ingest.markup.guard import PAGE, bound_markup
from ingest.sources.fields import (
    check_size,
    fold_to_line,
    format_comment_id,
    format_post_id,
    invent_ids,
    make_content_id,
    make_speaker,
    name_site,
    parse_time,
    try_making,
)
from ingest.sources.html_pages.page import read_page, read_words, walk_elements
from ingest.sources.sites import parse_forum_address
from ingest.sources.sniff import is_html, is_json
from ingest.sources.source import Format, Loaded, Source

_INLINE = EMPHASIS.keys() | CODE | STRUCK | set("a abbr big br center font img small span sub sup u".split())
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>")
_BEGINS = re.compile(r"\s*(?:<!--(?:(?!-->).)*-->\s*)*(?=<(?P<name>[a-zA-Z][a-zA-Z0-9]*)[\s/>])", re.DOTALL)
_HOLDING = frozenset({"blockquote", "body", "del", "details", "ins"})  # in which Markdown may stand
_MARKDOWN = re.compile(
    r"^ {0,3}(?:#{1,6} \S|> ?\S|[-*+] \S|\d{1,3}[.)] \S|```|~~~)|\*\*\S|\]\(\S"
    r"|^[ \t]*\n\s*[^\s\0]|[^\s\0][ \t]*\n[ \t]*\n",
    re.MULTILINE,
)
_HEADER = re.compile(r"\s*[\w-]{1,40}:(?:\s|$)")  # of a mail, of data
_FEWEST_BREAKS = 3  # paragraphs, lines: so many make HTML of what begins with words


def is_html_fragment(source: Source, head: bytes) -> bool:
    """Return whether tags make the paragraphs of a text that is no whole page."""
    if b"</" not in head or is_html(head) or is_json(head):
        return False
    text = head.decode("utf-8", "replace").removeprefix("\ufeff")
    begins = _BEGINS.match(text)
    tags = [match for match in _TAG.finditer(text) if match["name"].lower() in BLOCK | _INLINE]
    closed = {tag["name"].lower() for tag in tags if tag["slash"]} & BLOCK
    breaks = len(closed) + sum(tag["name"].lower() in {"br", "p", "div"} for tag in tags if not tag["slash"])
    if begins is not None and begins["name"].lower() in BLOCK | _INLINE:
        return bool(breaks) and not _has_other_paragraphs(text)
    if begins is not None or breaks < _FEWEST_BREAKS or not closed or _HEADER.match(text):
        return False
    return not any(mark_code_lines(_TAG.sub(" ", text).split("\n"))) and not _has_other_paragraphs(text)


def _has_other_paragraphs(text: str) -> bool:
    """Return whether words that stand in no block of their own have blank lines or signs of Markdown."""
    body = LexborHTMLParser(bound_markup(text, PAGE)).body
    if body is None:
        return False
    holding = [body, *(node for node, _ in walk_elements(body, lambda _: True) if node.tag in _HOLDING)]
    return any(_MARKDOWN.search(_read_loose_words(node)) for node in holding)


def _read_loose_words(node: LexborNode) -> str:
    """Return the words directly in an element, with NUL for each block in it."""
    parts: list[str] = []
    child = node.first_child
    while child is not None:
        if child.is_text_node:
            parts.append(child.text_content or "")
        elif child.tag in BLOCK:
            parts.append("\0")
        child = child.next
    return "".join(parts)


def read_html_fragment(source: Source) -> Iterator[Loaded]:
    """Yield the one conversation: the fragment, as one utterance."""
    html = read_page(source)
    yield try_making(source.name, lambda: _read_fragment(html, source))


def _read_fragment(html: str, source: Source) -> Conversation:
    hints = source.hints
    markup = read_html(html)
    if not markup.text:
        raise Malformed(f"{source.name}: a piece of HTML without words")
    address = parse_forum_address(hints.url)
    conversation_id = format_post_id(address) or make_content_id(html.strip())
    speaker = make_speaker(hints.author, address.site.namespace if address is not None else None)
    posted = parse_time(hints.date)
    key = (speaker.id if speaker else "", posted.isoformat() if posted else "", markup.text)
    utterance = Utterance(
        id=format_comment_id(address) or format_post_id(address) or next(invent_ids(conversation_id, [key])),
        conversation_id=conversation_id,
        text=check_size(markup.text, source.name),
        passages=markup.passages,
        speaker=speaker,
        posted_at=posted,
        url=hints.url,
    )
    title = fold_to_line(hints.title or _find_title(html)) or fold_to_line(markup.text)[:60]
    return Conversation(conversation_id, title, (utterance,), name_site(hints.url, address), hints.url)


def _find_title(html: str) -> str:
    """Return the heading that a fragment begins with; "" if it begins with something else."""
    body = LexborHTMLParser(bound_markup(html, PAGE)).body
    first: LexborNode | None = next(
        (node for node, _ in walk_elements(body, _is_wrapper) if not _is_wrapper(node)), None
    )
    return read_words(first) if first is not None and first.tag in {"h1", "h2"} else ""


def _is_wrapper(node: LexborNode) -> bool:
    return node.tag in {"div", "section", "article", "main", "header"}


FORMAT = Format(
    "html_fragment",
    rank=25,
    detects=is_html_fragment,
    read=read_html_fragment,
    what="a piece of HTML: a copied element, the body of a post",
    sign="tags make its paragraphs, and no page is around them",
    example="crosstalk ingest comment.html --author 'Ilse Marchetti'",
)
