"""Whatever the markup and the loader: the words of a source are the words of its utterances, in order, none doubled.

Left out by rule: the alternative text of images, comments, scripts, styles, what a site shows to editors only. Notes go
to the end, in the order of their marks, those that nothing refers to after them; marks such as "[1]" are no words.
"""

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Conversation, PassageKind, Utterance
from ingest.markup import Markup, read_html, read_markdown
from ingest.sources.formats import load_source
from ingest.sources.source import Source


@dataclass(frozen=True)
class Piece:
    """Source text, the words in it, and the words of the notes that it refers to with their definitions."""

    source: str
    words: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()  # label, words of a note


def join(pieces: list[Piece], between: str) -> Piece:
    return Piece(
        between.join(piece.source for piece in pieces),
        tuple(word for piece in pieces for word in piece.words),
        tuple(note for piece in pieces for note in piece.notes),
    )


def wrap(before: str, after: str, piece: Piece) -> Piece:
    return Piece(before + piece.source + after, piece.words, piece.notes)


def indent(prefix: str, piece: Piece, first: str | None = None) -> Piece:
    lines = piece.source.split("\n")
    source = "\n".join((prefix if n or first is None else first) + line for n, line in enumerate(lines))
    return Piece(source, piece.words, piece.notes)


WORD = st.sampled_from(
    "weasel stoat otter marten small quick bites runs under over water winter claims that if not 7 12 3 1984 so very "
    "überaus naïve I".split()
)
PLAIN = st.lists(WORD, min_size=1, max_size=4).map(lambda words: Piece(" ".join(words), tuple(words)))
HIDDEN = st.just("secret")


def wrapped(before: str, after: str, inner: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    return inner.map(partial(wrap, before, after))


def titled(before: str, after: str, inner: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    """Wrap in what has the one word "more" before what stands in it."""
    return wrapped(before, after, inner).map(lambda piece: Piece(piece.source, ("more", *piece.words), piece.notes))


POWERS = st.sampled_from(
    [
        Piece("10<sup>6</sup>", ("10", "6")),
        Piece("x<sub>i</sub>", ("x", "i")),
        Piece("101<sub>2</sub>", ("101", "2")),
        Piece("2<sup>-3</sup>", ("2", "3")),
    ]
)
LEFT_OUT = st.sampled_from(["<!-- secret -->", '<img src="/i.png" alt="secret">'])


def put_note(template: str) -> Callable[[tuple[int, str]], Piece]:
    """Make a reference to a note; the note's label is its number and word, so that equal notes are one."""

    def make(note: tuple[int, str]) -> Piece:
        label = f"{note[0]}"
        return Piece(template.format(label=label), (), ((label, note[1]),))

    return make


NOTE = st.tuples(st.integers(1, 4), WORD)


def html_inline(depth: int = 2) -> st.SearchStrategy[Piece]:
    inner = PLAIN if not depth else html_inline(depth - 1)
    options = [PLAIN, POWERS, LEFT_OUT.map(Piece), st.just(Piece("<br>"))]
    options += [
        wrapped(f"<{tag}>", f"</{tag}>", inner)
        for tag in ("em", "strong", "b", "del", "s", "code", "span", "u", "mark", "q")
    ]
    options.append(wrapped('<a href="/posts/x">', "</a>", inner))
    options.append(wrapped("<script>", "</script>", HIDDEN.map(Piece)))
    options.append(NOTE.map(put_note('<sup><a href="#fn-{label}">[{label}]</a></sup>')))
    return st.lists(st.one_of(options), min_size=1, max_size=4).map(lambda pieces: join(pieces, " "))


def html_blocks(depth: int = 2) -> st.SearchStrategy[Piece]:
    line = html_inline(1)
    item = line if not depth else st.one_of(line, html_blocks(depth - 1))
    options = [wrapped("<p>", "</p>", line), wrapped("<h2>", "</h2>", line), wrapped("<div>", "</div>", line), line]
    options.append(wrapped("<p>&gt; ", "</p>", PLAIN))
    options.append(wrapped("<pre><code>", "</code></pre>", PLAIN))
    for tag in ("blockquote", "div", "section", "del", "figure"):
        options.append(wrapped(f"<{tag}>", f"</{tag}>", item))
    options.append(wrapped('<div class="spoiler">', "</div>", item))
    options.append(
        wrapped("<details><summary>more</summary>", "</details>", item).map(
            lambda p: Piece(p.source, ("more", *p.words), p.notes)
        )
    )
    for tag in ("ul", "ol"):
        rows = st.lists(wrapped("<li>", "</li>", item), min_size=1, max_size=3)
        options.append(wrapped(f"<{tag}>", f"</{tag}>", rows.map(lambda pieces: join(pieces, "\n"))))
    cells = st.lists(wrapped("<td>", "</td>", item), min_size=1, max_size=3).map(lambda pieces: join(pieces, ""))
    options.append(wrapped("<table><tr>", "</tr></table>", cells))
    return st.lists(st.one_of(options), min_size=1, max_size=3).map(lambda pieces: join(pieces, "\n"))


def html_body() -> st.SearchStrategy[Piece]:
    def add_notes(piece: Piece) -> Piece:
        notes = dict(reversed(piece.notes))
        written = "".join(
            f'<li id="fn-{label}"><p>{word} <a href="#fnref-{label}">↩</a></p></li>'
            for label, word in sorted(notes.items())
        )
        section = f'<section class="footnotes"><ol>{written}</ol></section>' if written else ""
        return Piece(piece.source + section, (*piece.words, *(word for _, word in sorted(notes.items()))))

    return html_blocks().map(add_notes)


def markdown_inline(depth: int = 1) -> st.SearchStrategy[Piece]:
    inner = PLAIN if not depth else markdown_inline(depth - 1)
    options = [PLAIN, POWERS, st.just(Piece("10^6^", ("10", "6"))), st.just(Piece("x~i~", ("x", "i")))]
    options += [
        st.just(Piece("$a+b$", ("a", "b"))),
        st.just(Piece("![secret](/i.png)")),
        st.just(Piece("<!-- secret -->")),
    ]
    options.append(st.just(Piece("<work in progress>", ("work", "in", "progress"))))
    options += [wrapped(sign, sign, PLAIN) for sign in ("*", "**", "~~", "`")]
    options += [wrapped("[", "](/posts/x)", PLAIN), wrapped("<del>", "</del>", inner), wrapped("<b>", "</b>", inner)]
    options += [wrapped("<del>", "", PLAIN), wrapped("", "</blockquote>", PLAIN), wrapped("<blockquote>", "", PLAIN)]
    options.append(NOTE.map(put_note("[^{label}]")))
    return st.lists(st.one_of(options), min_size=1, max_size=4).map(lambda pieces: join(pieces, " "))


def markdown_blocks(depth: int = 2) -> st.SearchStrategy[Piece]:
    # A line that begins with a tag is HTML as far as the next blank line, and its Markdown is words.
    line = st.tuples(PLAIN, markdown_inline()).map(lambda pieces: join(list(pieces), " "))
    item = line if not depth else st.one_of(line, markdown_blocks(depth - 1))
    options = [
        line,
        wrapped("## ", "", line),
        wrapped("~~~\n", "\n~~~", PLAIN),
        wrapped("    ", "", PLAIN)
        .map(lambda p: wrap("on:\n\n", "", p))
        .map(lambda p: Piece(p.source, ("on", *p.words))),
    ]
    options += [item.map(lambda piece: indent("> ", piece)), PLAIN.map(lambda piece: indent(">! ", piece))]
    options.append(
        st.lists(item, min_size=1, max_size=3).map(lambda pieces: join([indent("  ", p, "- ") for p in pieces], "\n"))
    )
    options.append(
        st.lists(item, min_size=1, max_size=3).map(
            lambda pieces: join([indent("   ", p, "1. ") for p in pieces], "\n\n")
        )
    )
    options += [
        wrapped(":::spoiler\n", "\n:::", item),
        titled("+++ more\n", "\n+++", item),
        wrapped("%%% llm-output\n\n", "\n\n%%% /llm-output", item),
        wrapped("> [!note] more\n> ", "", PLAIN).map(lambda p: Piece(p.source, ("more", *p.words), p.notes)),
        wrapped("| a | b |\n|---|---|\n| ", " | c |", PLAIN).map(lambda p: Piece(p.source, ("a", "b", *p.words, "c"))),
        wrapped("[Ana]: ", "", WORD.map(lambda word: Piece(word, (word,)))).map(
            lambda p: Piece(p.source, ("Ana", *p.words))
        ),
    ]
    for tag in ("blockquote", "del", "div", "details"):
        options.append(wrapped(f"<{tag}>\n\n", f"\n\n</{tag}>", item))
        options.append(wrapped(f"<{tag}>", f"</{tag}>", PLAIN))
    return st.lists(st.one_of(options), min_size=1, max_size=3).map(lambda pieces: join(pieces, "\n\n"))


def markdown_body() -> st.SearchStrategy[Piece]:
    def add_notes(piece: Piece, lone: list[str]) -> Piece:
        notes = dict(reversed(piece.notes))
        source = piece.source
        for label, word in notes.items():
            source += f"\n\n[^{label}]: {word}"
        for number, word in enumerate(lone):
            source += f"\n\n[^lone{number}]: {word}"
        return Piece(source, (*piece.words, *notes_in_order(piece.notes).values(), *lone))

    return st.builds(add_notes, markdown_blocks(), st.lists(WORD, max_size=2))


def notes_in_order(notes: tuple[tuple[str, str], ...]) -> dict[str, str]:
    first: dict[str, str] = {}
    for label, word in notes:
        first.setdefault(label, word)
    return first


ARBITAL = st.lists(
    st.one_of(
        PLAIN,
        wrapped("[1lz ", "]", PLAIN),
        titled("\n\n%%hidden(more):\n", "\n%%\n\n", PLAIN),
        wrapped("\n\n[summary: ", "]\n\n", PLAIN),
        st.just(Piece("[todo: secret]")),
        st.just(Piece("%%comment: secret %%")),
        wrapped("*", "*", PLAIN),
    ),
    min_size=1,
    max_size=6,
).map(lambda pieces: join(pieces, " "))


def words_of(text: Markup | Utterance) -> list[str]:
    """The words of a text, without the marks of footnotes."""
    parts: list[str] = []
    offset = 0
    for passage in text.passages:
        if passage.kind is PassageKind.FOOTNOTE_MARK:
            parts.append(text.text[offset : passage.start])
            offset = passage.end
    return re.findall(r"[^\W_]+", " ".join([*parts, text.text[offset:]]))


def load(content: str) -> list[Utterance]:
    utterances: list[Utterance] = []
    for conversation in load_source(Source("it", content=content.encode()))[1]:
        assert isinstance(conversation, Conversation), conversation
        utterances += conversation.utterances
    return utterances


SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
POST = "P" * 17


@SETTINGS
@given(html_body())
def test_html_keeps_its_words(piece):
    assert words_of(read_html(piece.source)) == list(piece.words)


@SETTINGS
@given(markdown_body())
def test_markdown_keeps_its_words(piece):
    assert words_of(read_markdown(piece.source)) == list(piece.words)


@SETTINGS
@given(ARBITAL)
def test_arbital_keeps_its_words(piece):
    assert words_of(read_markdown(piece.source, "arbital")) == list(piece.words)


def graphql(piece: Piece, key: str) -> str:
    body = {"contents": {"markdown": piece.source}} if key == "markdown" else {"htmlBody": piece.source}
    user = {"_id": "u", "slug": "ida", "displayName": "Ida"}
    post = {"_id": POST, "title": "T", "postedAt": "2024-01-01T00:00:00Z", "user": user, **body}
    return json.dumps({"data": {"post": {"result": post}}})


def article(piece: Piece) -> str:
    return json.dumps(
        {
            "id": "0" * 32,
            "title": "T",
            "source": "blog",
            "authors": ["Ida"],
            "text": piece.source,
            "date_published": "2024-01-01",
        }
    )


def forum_page(piece: Piece) -> str:
    return (
        f'<html><head><link rel="canonical" href="https://www.lesswrong.com/posts/{POST}/t"></head><body><h1 '
        f'class="PostsPageTitle-root">T</h1><div class="ContentStyles-postBody">{piece.source}</div></body></html>'
    )


def linked_data_page(piece: Piece) -> str:
    posting = {
        "@type": "DiscussionForumPosting",
        "url": f"https://www.lesswrong.com/posts/{POST}/t",
        "text": piece.source,
    }
    data = json.dumps(posting).replace("<", "\\u003c")
    return f'<html><head><script type="application/ld+json">{data}</script></head><body><p>T</p></body></html>'


def old_page(piece: Piece) -> str:
    return (
        '<html><head><title>T - Less Wrong</title></head><body><a id="author_t3_1a" href="/user/Ida/">Ida</a>'
        f'<div id="entry_t3_1a"><div class="md">{piece.source}</div></div></body></html>'
    )


@pytest.mark.parametrize(
    ("body", "write"),
    [
        (html_body(), partial(graphql, key="html")),
        (markdown_body(), partial(graphql, key="markdown")),
        (markdown_body(), article),
        (markdown_body(), lambda piece: f"---\ntitle: T\n---\n\n{piece.source}"),
        (html_body(), forum_page),
        (html_body(), linked_data_page),
        (html_body(), old_page),
        (html_body(), lambda piece: f"<div>\n{piece.source}\n</div>"),
    ],
    ids=["graphql-html", "graphql-markdown", "dataset", "front-matter", "page", "linked-data", "old-page", "fragment"],
)
def test_loaders_keep_the_words_of_a_body(body, write):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(body)
    def check(piece):
        if piece.words:
            (utterance,) = load(write(piece))
            assert words_of(utterance) == list(piece.words)

    check()


def test_the_words_of_this_test_are_told_apart():
    assert words_of(read_html(f"<p>{html.escape('10^6 & x_i')}</p>")) == ["10", "6", "x", "i"]
