"""Read saved pages of LessWrong as it was until 2017, when it ran on Reddit's code.

Every element of a post or comment says in its id whose part it is: `author_t1_2byv`, `body_t1_2byv`, `t3` for posts.
Replies stand in the element of what they answer. The time that is shown is UTC; the number in the attribute `time` is
not (the server took it for Melbourne's), so what is shown goes first.
"""

# pyright: standard

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import Malformed
from corpus.model import Speaker, Status, Utterance
from ingest.markup.html import read_node
from ingest.sources.assembly import ConversationFrame, UtteranceMaker, assemble_conversation
from ingest.sources.fields import fold_to_line, is_removed, make_speaker, parse_time
from ingest.sources.html_pages.page import (
    list_classes,
    parse_page,
    read_attribute,
    read_opening,
    read_page,
    read_score,
    read_words,
    walk_elements,
)
from ingest.sources.sites import SITES, format_user_address
from ingest.sources.source import Format, Loaded, Source

_SITE = SITES[0]
_PART = re.compile(r"(?P<part>[a-z_]+?)_(?P<kind>t[13])_(?P<id>[a-z0-9]{1,9})\Z")
_DETECTED = re.compile(rb"\bid\s*=\s*[\"']?(?:author|body|entry|thing|thingrow)_t[13]_[a-z0-9]{1,9}\b")
_NAMED = re.compile(rb"less\s?wrong", re.IGNORECASE)
_ADDRESS = re.compile(r"/lw/(?P<post>[a-z0-9]{1,9})/(?P<slug>[^/?#]*)(?:/(?P<comment>[a-z0-9]{1,9}))?/?\Z")
_USER = re.compile(r"/user/([^/?#]+)")
_SUFFIX = re.compile(r"\s+[-—–]\s+Less ?Wrong(?: Discussion)?\s*\Z", re.IGNORECASE)
_TIMES = ("%d %B %Y %I:%M:%S%p", "%d %B %Y %I:%M%p")


def is_old_lesswrong_page(source: Source, head: bytes) -> bool:
    """Return whether a page has elements with the ids of Reddit's code, and is LessWrong's."""
    page = read_opening(source, head)
    return _DETECTED.search(page) is not None and _NAMED.search(page) is not None


def read_old_lesswrong_page(source: Source) -> Iterator[Loaded]:
    """Yield the conversations of a page: one for a post, several for a list of comments. Raise `Malformed`."""
    tree = parse_page(read_page(source))
    written = [part for part in _list_written(tree) if part.body is not None]
    posts = {part.id: part for part in written if part.is_post}
    own = next(iter(posts), None) if len(posts) == 1 else None
    threads: dict[str, list[_OldPart]] = {post_id: [] for post_id in posts}
    for comment in written:
        if not comment.is_post and (post_id := comment.post or own):
            threads.setdefault(post_id, []).append(comment)
    if not threads:
        raise Malformed(
            f"{source.name}: an old page of LessWrong with no post in it, and no comment that names its post"
        )
    links: dict[str, list[LexborNode]] = {}
    for link in tree.css('a[href*="/lw/"]'):
        if not (address := _read_address(link))["comment"]:
            links.setdefault(address["post"], []).append(link)
    for post_id, comments in threads.items():
        post = posts.get(post_id)
        frame = _make_frame(tree, links.get(post_id, []), post_id, post, comments, source)
        yield from assemble_conversation(source.name, frame, _list_makers(post, comments, frame))


@dataclass(slots=True)
class _OldPart:
    """A post or comment, as far as the page has told of it. `post` and `slug` are of the post that it links to."""

    id: str
    is_post: bool
    body: LexborNode | None = None
    author: LexborNode | None = None
    date: LexborNode | None = None
    votes: int | None = None
    above: str | None = None
    is_placed: bool = False  # it stands in an element of its own, among those of the other comments
    is_retracted: bool = False
    post: str = ""
    slug: str = ""


@dataclass(slots=True)
class _OldPage:
    """What has been met so far on the way through a page."""

    parts: dict[tuple[str, str], _OldPart] = field(default_factory=dict)
    above: list[tuple[int, str]] = field(default_factory=list)  # depth and id of the comments that are open
    current: _OldPart | None = None

    def visit(self, node: LexborNode, depth: int) -> None:
        """Take what one element says."""
        while self.above and self.above[-1][0] >= depth:
            self.above.pop()
        names = list_classes(node)
        match = _PART.match(read_attribute(node, "id"))
        if match is not None and match["part"] not in {"siteTable", "ajaxHook", "child"}:
            self._visit_part(node, depth, match)
        part = self.current
        if part is None:
            return
        if "md" in names and part.body is None:
            part.body = node
        elif {"comment-date", "date"} & names and part.date is None:
            part.date = node
        elif "votes" in names and node.tag == "span" and part.votes is None:
            part.votes = read_score(node)
        part.is_retracted = part.is_retracted or "retracted" in names
        address = _read_address(node) if node.tag == "a" else {}
        if address.get("post") and address["comment"] == ("" if part.is_post else part.id):
            part.post, part.slug = address["post"], address["slug"]

    def _visit_part(self, node: LexborNode, depth: int, match: re.Match[str]) -> None:
        kind, own = match["kind"], match["id"]
        part = self.parts.setdefault((kind, own), _OldPart(own, kind == "t3"))
        self.current = part
        if match["part"] == "author":
            part.author = part.author or node
        if kind == "t1" and match["part"] in {"thing", "thingrow"} and not part.is_placed:
            part.is_placed = True
            part.above = self.above[-1][1] if self.above else None
            self.above.append((depth, own))


def _list_written(tree: LexborHTMLParser) -> list[_OldPart]:
    """Return the posts and comments of a page, in its order."""
    page = _OldPage()
    for node, depth in walk_elements(tree.body, lambda node: "md" not in list_classes(node)):
        page.visit(node, depth)
    return list(page.parts.values())


def _make_frame(
    tree: LexborHTMLParser,
    links: list[LexborNode],
    post_id: str,
    post: _OldPart | None,
    comments: list[_OldPart],
    source: Source,
) -> ConversationFrame:
    titles = [link for link in links if read_words(link) and (post is None or _is_heading(link))]
    title = read_words(titles[0]) if titles else read_words(tree.css_first("title")) if post is not None else ""
    slugs = (*(part.slug for part in comments), *(_read_address(link)["slug"] for link in titles))
    slug = (post.slug if post is not None else "") or next(filter(None, slugs), "")
    shown = _SUFFIX.sub("", fold_to_line(title)) or source.hints.title or slug.replace("_", " ")
    tags = [read_words(link) for link in tree.css('a[href*="/tag/"]')] if post is not None else []
    return ConversationFrame(
        id=f"{_SITE.namespace}:t3_{post_id}",
        title=shown or f"Post {post_id}",
        site=_SITE.name,
        url=f"{_SITE.home}/lw/{post_id}/{slug}" if slug else f"{_SITE.home}/lw/{post_id}",
        meta={"tags": list(dict.fromkeys(filter(None, tags)))} if any(tags) else {},
    )


def _is_heading(link: LexborNode) -> bool:
    return "title" in list_classes(link) or (link.parent is not None and link.parent.tag in {"h1", "h2"})


def _read_address(link: LexborNode) -> Mapping[str, str]:
    """Return the post, the slug and the comment that a link names; "" for what it does not."""
    match = _ADDRESS.search(read_attribute(link, "href").partition("?")[0].partition("#")[0])
    return match.groupdict("") if match else {"post": "", "slug": "", "comment": ""}


def _list_makers(post: _OldPart | None, comments: list[_OldPart], frame: ConversationFrame) -> Iterator[UtteranceMaker]:
    if post is not None:
        yield frame.id, partial(_make_utterance, post, None, frame.url, frame)
    for comment in comments:
        above = f"{_SITE.namespace}:t1_{comment.above}" if comment.above else None
        if above is None and comment.is_placed and post is not None:
            above = frame.id
        url = f"{frame.url}/{comment.id}" if comment.slug else frame.url
        yield f"{_SITE.namespace}:t1_{comment.id}", partial(_make_utterance, comment, above, url, frame)


def _make_utterance(part: _OldPart, reply_to: str | None, url: str | None, frame: ConversationFrame) -> Utterance:
    assert part.body is not None
    markup = read_node(part.body)
    speaker = _make_speaker(part.author) if part.author is not None else None
    is_gone = speaker is None and (not markup.text or is_removed(markup.text))
    meta: Mapping[str, Any] = {} if speaker else {"author": "[deleted]"}
    live = Status.RETRACTED if part.is_retracted else Status.LIVE
    return Utterance(
        id=f"{_SITE.namespace}:{'t3' if part.is_post else 't1'}_{part.id}",
        conversation_id=frame.id,
        text="" if is_gone else markup.text,
        passages=() if is_gone else markup.passages,
        speaker=speaker,
        reply_to=reply_to,
        posted_at=_read_date(part.date),
        karma=part.votes,
        status=Status.DELETED if is_gone else live,
        url=url,
        meta=meta,
    )


def _make_speaker(author: LexborNode) -> Speaker | None:
    match = _USER.search(read_attribute(author, "href"))
    own = match[1].lower() if match else None
    return make_speaker(read_words(author), _SITE.namespace, own, format_user_address(_SITE, own) if own else None)


def _read_date(node: LexborNode | None) -> datetime | None:
    shown = read_words(node)
    for form in _TIMES:
        try:
            return datetime.strptime(shown, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return parse_time(read_attribute(node, "time"))


FORMAT = Format(
    "old_lesswrong_page",
    rank=45,
    detects=is_old_lesswrong_page,
    read=read_old_lesswrong_page,
    what="a saved page of LessWrong as it was until 2017",
    sign="HTML with the ids of Reddit's code, and LessWrong's name",
    example="crosstalk ingest page.html",
)
