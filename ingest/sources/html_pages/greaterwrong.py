"""Read saved pages of GreaterWrong (also ea.greaterwrong.com): posts with comments, comment pages, recent comments.

The classes are those of the reader's source (lw2-viewer: post.lisp, comment.lisp, comment-threads.lisp).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import Malformed
from corpus.model import Speaker, Status, Utterance
from ingest.markup.html import read_node
from ingest.sources.assembly import ConversationFrame, UtteranceMaker, assemble_conversation
from ingest.sources.fields import fold_to_line, make_speaker, parse_time
from ingest.sources.html_pages.page import (
    find_post_address,
    find_user,
    list_addresses,
    list_classes,
    parse_page,
    read_attribute,
    read_opening,
    read_page,
    read_score,
    read_words,
    walk_elements,
)
from ingest.sources.sites import SITES, Site, format_user_address, parse_address_on, parse_forum_address
from ingest.sources.source import Format, Loaded, Source

_SIGNS = (b'class="comment-item', b'id="comment-', b"comment-thread", b"post-meta", b"data-js-date", b"body-text")


def is_greaterwrong_page(source: Source, head: bytes) -> bool:
    """Return whether a page has the reader's own classes."""
    page = read_opening(source, head)
    return (b"data-js-date" in page or b"LessWrong 2.0 viewer" in page) and sum(sign in page for sign in _SIGNS) >= 2


def read_greaterwrong_page(source: Source) -> Iterator[Loaded]:
    """Yield the conversations of a page: one for a post, several for a list of comments."""
    tree = parse_page(read_page(source))
    main = tree.css_first("main.post")
    address = find_post_address(
        list_addresses(tree, "main .post-meta a.lw2-link", 'link[rel="canonical"]', "a.lw2-link")
    )
    site = address.site if address else SITES[0]
    post_id = read_attribute(main.css_first(".post-meta .karma") if main else None, "data-post-id")
    post_id = post_id or (address.post if address and address.post else "") or ""
    groups: dict[str, list[_GreaterWrongComment]] = {}
    for comment in _list_comments(tree):
        groups.setdefault(read_attribute(comment.inner, "data-post-id") or post_id, []).append(comment)
    if main is not None and post_id:
        groups = {post_id: groups.pop(post_id, []), **groups}
    if not groups:
        raise Malformed(f"{source.name}: a GreaterWrong page with no post and no comment in it")
    for group_id, comments in groups.items():
        on_page = main if group_id == post_id else None
        frame = _make_frame(tree, on_page, comments, group_id, site, source)
        yield from assemble_conversation(source.name, frame, _list_makers(on_page, comments, site, frame))


@dataclass(frozen=True, slots=True)
class _GreaterWrongComment:
    """A comment: its list item, the element with its words, the id of the one it stands in, and the section."""

    item: LexborNode
    inner: LexborNode | None
    id: str
    parent: str | None
    section: str


def _list_comments(tree: LexborHTMLParser) -> Iterator[_GreaterWrongComment]:
    above: list[tuple[int, str]] = []  # depth and id of the comments that are open
    section, section_depth = "", 0
    for node, depth in walk_elements(tree.body, lambda node: "body-text" not in list_classes(node)):
        names = list_classes(node)
        if "comments" in names and node.tag == "div":
            section, section_depth = read_attribute(node, "id"), depth
        if node.tag != "li" or "comment-item" not in names:
            continue
        while above and above[-1][0] >= depth:
            above.pop()
        own = read_attribute(node, "id").removeprefix("comment-")
        inner = next((child for child in _list_children(node) if "comment" in list_classes(child)), None)
        parent = _find_linked_parent(inner) or (above[-1][1] if above else None)
        yield _GreaterWrongComment(node, inner, own, parent, section if depth > section_depth else "")
        above.append((depth, own))


def _list_children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        if child.is_element_node:
            yield child
        child = child.next


def _find_linked_parent(inner: LexborNode | None) -> str | None:
    link = inner.css_first(".comment-meta a.comment-parent-link") if inner is not None else None
    return parse_address_on(SITES[0], read_attribute(link, "href")).comment if link is not None else None


def _make_frame(
    tree: LexborHTMLParser,
    main: LexborNode | None,
    comments: list[_GreaterWrongComment],
    post_id: str,
    site: Site,
    source: Source,
) -> ConversationFrame:
    title, link = "", ""
    if main is not None:
        title = _read_title(main.css_first("h1.post-title"))
        link = read_attribute(main.css_first(".post-meta a.lw2-link"), "href")
    elif comments and comments[0].inner is not None:
        title = read_words(comments[0].inner.css_first(".comment-post-title2 a"))
    title = title or _read_title(tree.css_first("h1.post-title")) or source.hints.title or ""
    links = [link, *(read_attribute(_find_in(comment, "a.lw2-link"), "href") for comment in comments[:1])]
    for address in [*links, *list_addresses(tree, 'link[rel="canonical"]')]:
        forum_address = parse_forum_address(address)
        if forum_address is not None and forum_address.post == post_id:
            parts = urlsplit(address)
            url: str | None = f"{forum_address.site.home}{parts.path.split('/comment/')[0]}"
            break
    else:
        url = f"{site.home}/posts/{post_id}" if post_id else None
    tags = [read_words(tag) for tag in tree.css("main #tags a, main .tags a")] if main is not None else []
    meta: dict[str, Any] = {"tags": list(dict.fromkeys(tags))} if tags else {}
    linked = read_attribute(main.css_first(".post-body a.link-post-link"), "href") if main is not None else ""
    if linked:
        meta["link"] = linked
    name = f"{site.namespace}:{post_id}" if post_id else f"{site.namespace}:{comments[0].id if comments else 'page'}"
    return ConversationFrame(name, fold_to_line(title) or f"Post {post_id}", site.name, url, meta)


def _read_title(heading: LexborNode | None) -> str:
    """Read a title without the "[Question]" or "[Link]" that the reader puts before it."""
    prefix = read_words(heading.css_first(".post-type-prefix")) if heading is not None else ""
    return read_words(heading).removeprefix(prefix).strip()


def _list_makers(
    main: LexborNode | None, comments: list[_GreaterWrongComment], site: Site, frame: ConversationFrame
) -> Iterator[UtteranceMaker]:
    if main is not None:
        yield frame.id, partial(_make_post, main, site, frame)
    for comment in comments:
        yield f"{site.namespace}:{comment.id}", partial(_make_comment, comment, site, frame)


def _make_post(main: LexborNode, site: Site, frame: ConversationFrame) -> Utterance:
    above = main.css_first(".top-post-meta") or main.css_first(".post-meta")
    body = main.css_first(".post-body")
    markup = read_node(body) if body is not None else None
    authors = above.css(".author") if above is not None else []
    meta = _read_votes(above)
    if len(authors) > 1:
        meta["coauthors"] = [_read_name(author) for author in authors[1:]]
    if "question-post" in list_classes(main):
        meta["question"] = True
    speaker = _make_speaker(authors[0], site) if authors else None
    if speaker is None:
        meta["author"] = read_words(authors[0]) if authors else ""
    return Utterance(
        id=frame.id,
        conversation_id=frame.id,
        text=markup.text if markup else "",
        passages=markup.passages if markup else (),
        speaker=speaker,
        posted_at=_read_date(above),
        karma=read_score(above.css_first(".karma .karma-value")) if above is not None else None,
        url=frame.url,
        meta=meta,
    )


def _make_comment(comment: _GreaterWrongComment, site: Site, frame: ConversationFrame) -> Utterance:
    above, body = _find_in(comment, ".comment-meta"), _find_in(comment, ".comment-body")
    names = list_classes(comment.inner)
    deleted = "deleted-comment" in names
    markup = read_node(body) if body is not None and not deleted else None
    author = above.css_first(".author") if above is not None else None
    speaker = None if deleted or author is None else _make_speaker(author, site)
    meta = _read_votes(above)
    if speaker is None:
        meta["author"] = "[deleted]" if deleted else (read_words(author) or "[deleted]")
    if comment.section == "answers" and not comment.parent:
        meta["answer"] = True
    if comment.section == "debate-responses" or "debate-response" in names:
        meta["debateResponse"] = True
    status = Status.DELETED if deleted else Status.RETRACTED if "retracted" in names else Status.LIVE
    link = read_attribute(above.css_first("a.lw2-link") if above is not None else None, "href")
    address = parse_forum_address(link)
    url = (
        link
        if address is not None and address.comment
        else f"{frame.url}?commentId={comment.id}"
        if frame.url
        else None
    )
    return Utterance(
        id=f"{site.namespace}:{comment.id}",
        conversation_id=frame.id,
        text=markup.text if markup else "",
        passages=markup.passages if markup else (),
        speaker=speaker,
        reply_to=f"{site.namespace}:{comment.parent}" if comment.parent else frame.id,
        posted_at=_read_date(above),
        karma=read_score(above.css_first(".karma .karma-value")) if above is not None and not deleted else None,
        status=status,
        url=url,
        meta=meta,
    )


def _find_in(comment: _GreaterWrongComment, selector: str) -> LexborNode | None:
    return comment.inner.css_first(selector) if comment.inner is not None else None


def _read_name(author: LexborNode) -> str:
    return read_attribute(author, "data-full-name") or read_words(author)


def _make_speaker(author: LexborNode, site: Site) -> Speaker | None:
    own = find_user(read_attribute(author, "href"))
    return make_speaker(_read_name(author), site.namespace, own, format_user_address(site, own) if own else None)


def _read_date(above: LexborNode | None) -> Any:
    millis = read_attribute(above.css_first("[data-js-date]") if above is not None else None, "data-js-date")
    return parse_time(int(millis) / 1000) if millis.strip().lstrip("-").isdigit() and len(millis) < 16 else None


def _read_votes(above: LexborNode | None) -> dict[str, Any]:
    agreement = read_score(above.css_first(".agreement .karma-value")) if above is not None else None
    shown: Mapping[str, Any] = {"agreement": agreement} if agreement else {}
    return {"score": dict(shown)} if shown else {}


FORMAT = Format(
    "greaterwrong_page",
    rank=40,
    detects=is_greaterwrong_page,
    read=read_greaterwrong_page,
    what="a saved page of GreaterWrong",
    sign="HTML of this reader",
    example="crosstalk ingest page.html",
)
