"""Read the HTML of forum bodies: what a browser shows, as blocks and passages.

The markup is that of ForumMagnum (its sanitizer's allow-list and editor output), of the readers that show the same
bodies (GreaterWrong, issarice), and of older posts. The tree is walked with a stack, never recursively; what an
element means is in `html_elements`.
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.limits import LIMITS
from ingest.markup.elements import BACK_LINKS
from ingest.markup.guard import bound_markup
from ingest.markup.html_elements import SKIP, ElementReader, Leave
from ingest.markup.writer import Markup, clean


def read_html(html: str) -> Markup:
    """Read the HTML of one body.

    Raise `TooLarge` for more than `LIMITS.utterance_chars` of words or `LIMITS.markup_chars` of markup.

    >>> read_html("<p>I said <em>no</em>.</p><blockquote>Yes</blockquote>").text
    'I said no.\\n\\nYes'
    """
    if len(html) <= LIMITS.markup_chars:
        html = clean(html)
    body = LexborHTMLParser(bound_markup(html)).body
    if body is None:
        return Markup("")
    return read_node(body)


def read_node(root: LexborNode) -> Markup:
    """Read what stands within one element of a page that is parsed already (of bounded depth: see `bound_markup`)."""
    reader = ElementReader(has_back_links=root.css_first(BACK_LINKS) is not None)
    _walk(root, reader)
    for note in reader.begin_notes():
        _walk(note, reader, whole=True)
    return reader.writer.finish()


def _walk(root: LexborNode, reader: ElementReader, whole: bool = False) -> None:
    """Read `root`'s children, or, if `whole`, `root` itself with them."""
    stack: list[tuple[LexborNode | None, Leave | None]] = []
    node: LexborNode | None = root if whole else root.first_child
    while True:
        if node is None:
            if not stack:
                return
            node, leave = stack.pop()
            if leave is not None:
                leave()
            continue
        following = None if whole and not stack else node.next
        entered = reader.enter(node)
        if entered is SKIP:
            node = following
            continue
        child = node.first_child
        if child is None:
            if entered is not None:
                entered()
            node = following
        else:
            stack.append((following, entered))
            node = child
