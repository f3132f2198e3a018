"""Read saved pages of the readers lw2.issarice.com and eaforum.issarice.com (ea-forum-reader, posts.py)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import Malformed
from corpus.model import Speaker, Status, Utterance, make_slug
from ingest.markup import read_html
from ingest.sources.assembly import ConversationFrame, UtteranceMaker, assemble_conversation
from ingest.sources.fields import (
    fold_to_line,
    is_removed,
    make_content_id,
    make_speaker,
    parse_time,
    parse_whole_number,
)
from ingest.sources.html_pages.page import (
    find_post_address,
    find_user,
    is_id,
    list_addresses,
    parse_page,
    read_attribute,
    read_opening,
    read_page,
    read_words,
    walk_elements,
)
from ingest.sources.sites import SITES, Site, format_user_address
from ingest.sources.source import Format, Loaded, Source

_HEADING = re.compile(
    r"(?:\[?\s*↑\s*\]?\s*)?(?P<kind>post|comment|answer) by (?P<name>.+?) · (?P<date>\d{4}-\d\d-\d\dT[\d:.]+Z?)",
    re.DOTALL,
)
_DETECTED = re.compile(
    rb"<summary>(?:\[<a [^>]{0,200}>[^<]{0,9}</a>\] )?\s{0,9}(?:comment|answer) by |[\n>][ \t]{0,9}post by (?:<a |<b>)"
)
_LINK = r"(?:<a\b[^>]{0,500}>)?\s{0,3}%s\s{0,3}(?:</a>)?\s{0,3}"
_MARK = _LINK + r"(?:\(\s{0,3}" + _LINK % "p" + r"\))?"
_SUFFIX = re.compile(
    r"\s?\[\s{0,3}" + _MARK % r"(?:LW|EA|AF|\?)" + r"\s{0,3}(?:·|&middot;|&#183;)\s{0,3}" + _MARK % "GW" + r"\s{0,3}\]"
)
_NAMED = re.compile(r"(?P<name>.+) \((?P<user>[^()]+)\)", re.DOTALL)
_SCORE = re.compile(r"score: (-?\d+)")


def is_issarice_page(source: Source, head: bytes) -> bool:
    """Return whether a page has "comment by" in a summary, or "post by" with the date and marks of this reader."""
    page = read_opening(source, head)
    return _DETECTED.search(page) is not None and re.search(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", page) is not None


def read_issarice_page(source: Source) -> Iterator[Loaded]:
    """Yield the conversation of a page. Raise `Malformed` for a page with nothing in it."""
    page = read_page(source)
    tree = parse_page(page)
    address = find_post_address(
        list_addresses(tree, 'link[rel="canonical"]', 'a[title^="Official"]', 'a[title$="link"]')
    )
    site = address.site if address else _find_site_by_mark(tree)
    comments = list(_list_comments(tree))
    heading = tree.css_first("h1")
    content = tree.css_first("#content")
    if content is None and not comments:
        raise Malformed(f"{source.name}: a page of this reader with no post and no comment in it")
    post_id = address.post if address else None
    frame = ConversationFrame(
        id=f"{site.namespace}:{post_id}" if post_id else make_content_id(page),
        title=fold_to_line(read_words(heading) or source.hints.title or "") or f"Post {post_id}",
        site=site.name,
        url=_find_post_url(tree, site, post_id),
    )
    yield from assemble_conversation(source.name, frame, _list_makers(tree, content, comments, site, frame))


@dataclass(frozen=True, slots=True)
class _IssariceComment:
    """A comment: the element that holds it, and the id of the comment it stands in."""

    details: LexborNode
    id: str
    within: str | None


def _list_comments(tree: LexborHTMLParser) -> Iterator[_IssariceComment]:
    above: list[tuple[int, str]] = []
    for node, depth in walk_elements(tree.body, lambda node: read_attribute(node, "id") != "content"):
        details = _find_details(node)
        if details is None:
            continue
        while above and above[-1][0] >= depth:
            above.pop()
        own = read_attribute(node, "id")
        yield _IssariceComment(details, own, above[-1][1] if above else None)
        above.append((depth, own))


def _find_details(node: LexborNode) -> LexborNode | None:
    """Return the `details` of an element that holds a comment; None for any other element."""
    if node.tag != "div" or not read_attribute(node, "id"):
        return None
    details = node.first_child
    while details is not None and not details.is_element_node:
        details = details.next
    if details is None or details.tag != "details":
        return None
    return details if _HEADING.match(read_words(details.css_first("summary"))) else None


def _list_makers(
    tree: LexborHTMLParser,
    content: LexborNode | None,
    comments: list[_IssariceComment],
    site: Site,
    frame: ConversationFrame,
) -> Iterator[UtteranceMaker]:
    if content is not None:
        yield frame.id, partial(_make_post, tree, content, site, frame)
    for comment in comments:
        yield f"{site.namespace}:{comment.id}", partial(_make_comment, comment, site, frame)


def _make_post(tree: LexborHTMLParser, content: LexborNode, site: Site, frame: ConversationFrame) -> Utterance:
    speaker, shown, date = _read_post_heading(tree, site)
    markup = read_html(_SUFFIX.sub("", content.inner_html or ""))
    date = date or read_attribute(tree.css_first('meta[name="dcterms.date"]'), "content")
    return Utterance(
        id=frame.id,
        conversation_id=frame.id,
        text=markup.text,
        passages=markup.passages,
        speaker=speaker,
        posted_at=parse_time(date) if date else None,
        url=frame.url,
        meta={} if speaker else {"author": shown or "[deleted]"},
    )


def _read_post_heading(tree: LexborHTMLParser, site: Site) -> tuple[Speaker | None, str, str]:
    """Read the line under the title: who wrote the post (or what is shown instead), and when."""
    heading = tree.css_first("h1")
    node = heading.next if heading is not None else None
    line: list[str] = []
    link: LexborNode | None = None
    while node is not None and node.tag not in {"h2", "pre", "div"}:
        if node.tag == "a" and link is None and find_user(read_attribute(node, "href")):
            link = node
        line.append((node.text_content if node.is_text_node else node.text(deep=True)) or "")
        node = node.next
    match = _HEADING.match(" ".join("".join(line).split()))
    shown = read_words(link) or (match["name"] if match else "")
    return _make_speaker(shown, link, site), shown, match["date"] if match else ""


def _make_comment(comment: _IssariceComment, site: Site, frame: ConversationFrame) -> Utterance:
    summary = comment.details.css_first("summary")
    heading = read_words(summary)
    match = _HEADING.match(heading)
    links = summary.css("a") if summary is not None else []
    author = next((link for link in links if find_user(read_attribute(link, "href"))), None)
    up = next((link for link in links if "parent" in read_attribute(link, "title").lower()), None)
    parent = read_attribute(up, "href").partition("#")[2] if up is not None else comment.within
    shown = read_words(author) or (match["name"] if match else "")
    speaker = _make_speaker(shown, author, site)
    markup = read_html(_SUFFIX.sub("", _read_body(comment.details)))
    votes = _SCORE.search(heading)
    meta: dict[str, Any] = {} if speaker else {"author": shown or "[deleted]"}
    if match and match["kind"] == "answer":
        meta["answer"] = True
    is_gone = speaker is None and (not markup.text or is_removed(markup.text))
    return Utterance(
        id=f"{site.namespace}:{comment.id}",
        conversation_id=frame.id,
        text="" if is_gone else markup.text,
        passages=() if is_gone else markup.passages,
        speaker=speaker,
        reply_to=f"{site.namespace}:{parent}" if parent else frame.id,
        posted_at=parse_time(match["date"]) if match else None,
        karma=parse_whole_number(votes[1]) if votes else None,
        status=Status.DELETED if is_gone else Status.LIVE,
        url=f"{frame.url}?commentId={comment.id}" if frame.url and is_id(comment.id) else None,
        meta=meta,
    )


def _read_body(details: LexborNode) -> str:
    """Return the HTML between a comment's summary and its replies."""
    parts: list[str] = []
    node = details.first_child
    while node is not None:
        is_reply = _find_details(node) is not None
        if is_reply or (node.tag == "span" and read_words(node).startswith("Replies from:")):
            break
        if node.tag != "summary":
            parts.append(node.html or "")
        node = node.next
    return "".join(parts)


def _make_speaker(shown: str, link: LexborNode | None, site: Site) -> Speaker | None:
    """Read "Display Name (username)"; the parenthesis is the username only if the link says the same."""
    own = find_user(read_attribute(link, "href")) if link is not None else None
    named = _NAMED.fullmatch(shown)
    if named and (
        own is None
        or _simplify_name(named["user"]) in {_simplify_name(own), _simplify_name(re.sub(r"-\d+\Z", "", own))}
    ):
        shown = named["name"]
        own = own or make_slug(named["user"])
    return make_speaker(shown, site.namespace, own, format_user_address(site, own) if own else None)


def _simplify_name(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _find_site_by_mark(tree: LexborHTMLParser) -> Site:
    """Tell the forum by the mark of the official link: "LW", "AF" or "EA"."""
    marks = {read_words(link) for link in tree.css("summary a, #wrapper > a")[:200]}
    return next((site for mark, site in zip(("LW", "AF", "EA"), SITES, strict=True) if mark in marks), SITES[0])


def _find_post_url(tree: LexborHTMLParser, site: Site, post_id: str | None) -> str | None:
    for address in list_addresses(tree, 'link[rel="canonical"]', 'a[title^="Official"]'):
        if post_id and f"/posts/{post_id}" in address and address.startswith("https://"):
            return address.partition("?")[0].partition("#")[0]
    return f"{site.home}/posts/{post_id}" if post_id else None


FORMAT = Format(
    "issarice_page",
    rank=30,
    detects=is_issarice_page,
    read=read_issarice_page,
    what="a saved page of issarice's readers",
    sign="HTML of these readers",
    example="crosstalk ingest page.html",
)
