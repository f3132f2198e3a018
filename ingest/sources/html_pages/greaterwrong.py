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
from ingest.markup.html import from_node
from ingest.sources.assembly import Frame, Maker, assemble
from ingest.sources.fields import moment, one_line, speaker_named
from ingest.sources.html_pages.page import (
    addresses,
    attribute,
    classes,
    elements,
    first_place,
    opening,
    page_of,
    score,
    tree_of,
    user_in,
    words,
)
from ingest.sources.sites import SITES, Site, place_of, place_on
from ingest.sources.source import Format, Loaded, Source

_SIGNS = (b'class="comment-item', b'id="comment-', b"comment-thread", b"post-meta", b"data-js-date", b"body-text")


def detects(source: Source, head: bytes) -> bool:
    """Tell the page by the reader's own classes."""
    page = opening(source, head)
    return (b"data-js-date" in page or b"LessWrong 2.0 viewer" in page) and sum(sign in page for sign in _SIGNS) >= 2


def read(source: Source) -> Iterator[Loaded]:
    """Yield the conversations of a page: one for a post, several for a list of comments."""
    tree = tree_of(page_of(source))
    main = tree.css_first("main.post")
    found = first_place(addresses(tree, "main .post-meta a.lw2-link", 'link[rel="canonical"]', "a.lw2-link"))
    site = found.site if found else SITES[0]
    post_id = attribute(main.css_first(".post-meta .karma") if main else None, "data-post-id")
    post_id = post_id or (found.post if found and found.post else "") or ""
    groups: dict[str, list[_Comment]] = {}
    for comment in _comments(tree):
        groups.setdefault(attribute(comment.inner, "data-post-id") or post_id, []).append(comment)
    if main is not None and post_id:
        groups = {post_id: groups.pop(post_id, []), **groups}
    if not groups:
        raise Malformed(f"{source.name}: a GreaterWrong page with no post and no comment in it")
    for here, comments in groups.items():
        on_page = main if here == post_id else None
        frame = _frame(tree, on_page, comments, here, site, source)
        yield from assemble(source.name, frame, _makers(on_page, comments, site, frame))


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment: its list item, the element with its words, the id of the one it stands in, and the section."""

    item: LexborNode
    inner: LexborNode | None
    id: str
    parent: str | None
    section: str


def _comments(tree: LexborHTMLParser) -> Iterator[_Comment]:
    above: list[tuple[int, str]] = []  # depth and id of the comments that are open
    section, section_depth = "", 0
    for node, depth in elements(tree.body, lambda node: "body-text" not in classes(node)):
        names = classes(node)
        if "comments" in names and node.tag == "div":
            section, section_depth = attribute(node, "id"), depth
        if node.tag != "li" or "comment-item" not in names:
            continue
        while above and above[-1][0] >= depth:
            above.pop()
        own = attribute(node, "id").removeprefix("comment-")
        inner = next((child for child in _children(node) if "comment" in classes(child)), None)
        parent = _linked_parent(inner) or (above[-1][1] if above else None)
        yield _Comment(node, inner, own, parent, section if depth > section_depth else "")
        above.append((depth, own))


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        if child.is_element_node:
            yield child
        child = child.next


def _linked_parent(inner: LexborNode | None) -> str | None:
    link = inner.css_first(".comment-meta a.comment-parent-link") if inner is not None else None
    return place_on(SITES[0], attribute(link, "href")).comment if link is not None else None


def _frame(
    tree: LexborHTMLParser, main: LexborNode | None, comments: list[_Comment], post_id: str, site: Site, source: Source
) -> Frame:
    title, link = "", ""
    if main is not None:
        title = _title(main.css_first("h1.post-title"))
        link = attribute(main.css_first(".post-meta a.lw2-link"), "href")
    elif comments and comments[0].inner is not None:
        title = words(comments[0].inner.css_first(".comment-post-title2 a"))
    title = title or _title(tree.css_first("h1.post-title")) or source.hints.title or ""
    links = [link, *(attribute(_in(comment, "a.lw2-link"), "href") for comment in comments[:1])]
    for address in [*links, *addresses(tree, 'link[rel="canonical"]')]:
        place = place_of(address)
        if place is not None and place.post == post_id:
            parts = urlsplit(address)
            url: str | None = f"{place.site.home}{parts.path.split('/comment/')[0]}"
            break
    else:
        url = f"{site.home}/posts/{post_id}" if post_id else None
    tags = [words(tag) for tag in tree.css("main #tags a, main .tags a")] if main is not None else []
    meta: dict[str, Any] = {"tags": list(dict.fromkeys(tags))} if tags else {}
    linked = attribute(main.css_first(".post-body a.link-post-link"), "href") if main is not None else ""
    if linked:
        meta["link"] = linked
    name = f"{site.namespace}:{post_id}" if post_id else f"{site.namespace}:{comments[0].id if comments else 'page'}"
    return Frame(name, one_line(title) or f"Post {post_id}", site.name, url, meta)


def _title(heading: LexborNode | None) -> str:
    """Read a title without the "[Question]" or "[Link]" that the reader puts before it."""
    prefix = words(heading.css_first(".post-type-prefix")) if heading is not None else ""
    return words(heading).removeprefix(prefix).strip()


def _makers(main: LexborNode | None, comments: list[_Comment], site: Site, frame: Frame) -> Iterator[Maker]:
    if main is not None:
        yield frame.id, partial(_post, main, site, frame)
    for comment in comments:
        yield f"{site.namespace}:{comment.id}", partial(_utterance, comment, site, frame)


def _post(main: LexborNode, site: Site, frame: Frame) -> Utterance:
    above = main.css_first(".top-post-meta") or main.css_first(".post-meta")
    body = main.css_first(".post-body")
    markup = from_node(body) if body is not None else None
    authors = above.css(".author") if above is not None else []
    meta = _votes(above)
    if len(authors) > 1:
        meta["coauthors"] = [_name(author) for author in authors[1:]]
    if "question-post" in classes(main):
        meta["question"] = True
    speaker = _speaker(authors[0], site) if authors else None
    if speaker is None:
        meta["author"] = words(authors[0]) if authors else ""
    return Utterance(
        id=frame.id,
        conversation_id=frame.id,
        text=markup.text if markup else "",
        passages=markup.passages if markup else (),
        speaker=speaker,
        posted_at=_date(above),
        karma=score(above.css_first(".karma .karma-value")) if above is not None else None,
        url=frame.url,
        meta=meta,
    )


def _utterance(comment: _Comment, site: Site, frame: Frame) -> Utterance:
    above, body = _in(comment, ".comment-meta"), _in(comment, ".comment-body")
    names = classes(comment.inner)
    deleted = "deleted-comment" in names
    markup = from_node(body) if body is not None and not deleted else None
    author = above.css_first(".author") if above is not None else None
    speaker = None if deleted or author is None else _speaker(author, site)
    meta = _votes(above)
    if speaker is None:
        meta["author"] = "[deleted]" if deleted else (words(author) or "[deleted]")
    if comment.section == "answers" and not comment.parent:
        meta["answer"] = True
    if comment.section == "debate-responses" or "debate-response" in names:
        meta["debateResponse"] = True
    status = Status.DELETED if deleted else Status.RETRACTED if "retracted" in names else Status.LIVE
    link = attribute(above.css_first("a.lw2-link") if above is not None else None, "href")
    place = place_of(link)
    url = link if place is not None and place.comment else f"{frame.url}?commentId={comment.id}" if frame.url else None
    return Utterance(
        id=f"{site.namespace}:{comment.id}",
        conversation_id=frame.id,
        text=markup.text if markup else "",
        passages=markup.passages if markup else (),
        speaker=speaker,
        reply_to=f"{site.namespace}:{comment.parent}" if comment.parent else frame.id,
        posted_at=_date(above),
        karma=score(above.css_first(".karma .karma-value")) if above is not None and not deleted else None,
        status=status,
        url=url,
        meta=meta,
    )


def _in(comment: _Comment, selector: str) -> LexborNode | None:
    return comment.inner.css_first(selector) if comment.inner is not None else None


def _name(author: LexborNode) -> str:
    return attribute(author, "data-full-name") or words(author)


def _speaker(author: LexborNode, site: Site) -> Speaker | None:
    own = user_in(attribute(author, "href"))
    home = next(face.home for face in SITES if face.namespace == site.namespace)
    return speaker_named(_name(author), site.namespace, own, f"{home}/users/{own}" if own else None)


def _date(above: LexborNode | None) -> Any:
    millis = attribute(above.css_first("[data-js-date]") if above is not None else None, "data-js-date")
    return moment(int(millis) / 1000) if millis.strip().lstrip("-").isdigit() and len(millis) < 16 else None


def _votes(above: LexborNode | None) -> dict[str, Any]:
    agreement = score(above.css_first(".agreement .karma-value")) if above is not None else None
    shown: Mapping[str, Any] = {"agreement": agreement} if agreement else {}
    return {"score": dict(shown)} if shown else {}


FORMAT = Format("greaterwrong_page", 40, detects, read)
