"""Read Markdown as forums write it: CommonMark with tables, footnotes, math, and the blocks of ForumMagnum.

Markdown becomes the HTML that a browser would get, and that is read: so HTML within Markdown means what it means, over
blank lines too. What ForumMagnum adds: spoilers (`>! `, `:::spoiler` … `:::`), text of language models (`%%%
llm-output model="M"` … `%%% /llm-output`), collapsible blocks (`+++ Title` … `+++`). A block quote that begins with
`[!note]` or the like is a callout, the author's own words; only `[!quote]` and `[!cite]` quote.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.errors import TooLarge
from corpus.limits import LIMITS
from ingest.markup.arbital import PAGE, convert_to_commonmark
from ingest.markup.html import read_html
from ingest.markup.markdown_rules import make_parser
from ingest.markup.markdown_tags import settle_tags
from ingest.markup.writer import Markup, clean

Dialect = Literal["commonmark", "arbital", "reddit"]

_REDDIT_SPOILER = re.compile(r">!((?:(?!>!|!<|\n\n).){1,5000})!<", re.DOTALL)


def read_markdown(markdown: str, dialect: Dialect = "commonmark", titles: Mapping[str, str] | None = None) -> Markup:
    """Read the Markdown of one body.

    With `dialect="arbital"` `[id words]` is a link to a page, `[summary: …]`, `%%note: … %%` and the like are that
    site's widgets; `titles` (page id → title) gives words to links that have none, as the site does. With
    `dialect="reddit"` tags of HTML are words, as that site shows them, and `>!spoilers!<` lose their signs.
    Raise `TooLarge` for more than `LIMITS.utterance_chars` of words, or four times as much markup.

    >>> read_markdown("I *said*\\n> no").text
    'I said\\n\\nno'
    """
    if len(markdown) > 4 * LIMITS.utterance_chars:
        raise TooLarge(f"Markdown of {len(markdown):,} characters, above {4 * LIMITS.utterance_chars:,}")
    source = clean(markdown)
    if dialect == "arbital":
        source = convert_to_commonmark(source, titles or {})
    elif dialect == "reddit":
        source = _REDDIT_SPOILER.sub(r"\1", source)
    return read_html(_render(source, html=dialect != "reddit"))


def _render(source: str, html: bool) -> str:
    parser = _make_renderer(html=html)
    environment: dict[str, Any] = {}
    tokens = parser.parse(source, environment)
    settle_tags(tokens)
    return str(parser.renderer.render(tokens, parser.options, environment))


@cache
def _make_renderer(*, html: bool) -> MarkdownIt:
    """Make the parser with the HTML that each token becomes, as `html_elements` reads it."""
    parser = make_parser(html=html)
    for name, write in _WRITTEN.items():
        parser.add_render_rule(name, _make_render_rule(write))
    return parser


def _make_render_rule(write: Callable[[Token], str]) -> Callable[..., str]:
    def render(_: object, tokens: Sequence[Token], index: int, options: object, environment: object) -> str:
        return write(tokens[index])

    return render


def _write_link(token: Token) -> str:
    return f'<a href="{escape(str(token.attrGet("href") or "").removeprefix(PAGE))}">'


def _write_math(token: Token) -> str:
    return f'<span class="math-tex">\\({escape(token.content)}\\)</span>'


def _write_display_math(token: Token) -> str:
    tag = "span" if token.type == "math_inline_double" else "div"
    return f'<{tag} class="math-tex">\\[{escape(token.content)}\\]</{tag}>'


def _write_footnote_mark(token: Token) -> str:
    number = token.meta["id"] + 1
    return f'<sup class="footnote-reference" data-footnote-id="{number}" data-footnote-index="{number}">{number}</sup>'


_WRITTEN: Mapping[str, Callable[[Token], str]] = {
    "callout_open": lambda token: '<div class="callout-title">',
    "collapsed_open": lambda token: "<details>",
    "collapsed_close": lambda token: "</details>",
    "footnote_block_open": lambda token: '<section class="footnotes">',
    "footnote_block_close": lambda token: "</section>",
    "footnote_open": lambda token: f'<li class="footnote-item" data-footnote-id="{token.attrGet("data-footnote-id")}">',
    "footnote_close": lambda token: "</li>",
    "footnote_ref": _write_footnote_mark,
    "image": lambda token: f'<img src="{escape(str(token.attrGet("src") or ""))}">',
    "link_open": _write_link,
    "machine_open": lambda token: f'<div class="llm-content-block" data-model-name="{escape(token.info)}">',
    "math_block": _write_display_math,
    "math_inline": _write_math,
    "math_inline_double": _write_display_math,
    "spoiler_open": lambda token: '<div class="spoiler">',
}
