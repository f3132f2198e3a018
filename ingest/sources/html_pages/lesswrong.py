"""Read saved pages of LessWrong, the Alignment Forum and the EA Forum themselves.

The page says everything twice, and neither telling is whole. Its JSON-LD (`structuredData.ts` of ForumMagnum) has the
words as they were written, of all comments, but no ids, karma or retraction; the comment nodes have those, for the
comments that were shown. Both are read and joined by author and time. Pages of 2019 to 2025 also held the answers of
the GraphQL endpoint (`__APOLLO_STATE__`), which is best where there is no JSON-LD.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import Malformed, SourceError
from corpus.model import Speaker, Status, Utterance
from ingest.markup import Markup, Turn, from_html, turns
from ingest.markup.html import from_node
from ingest.sources.assembly import Frame, Maker, assemble
from ingest.sources.fields import content_id, invented_ids, moment, one_line, speaker_named
from ingest.sources.forum_magnum import apollo_state
from ingest.sources.forum_magnum import saved as forum_magnum
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
from ingest.sources.sites import SITES, Site
from ingest.sources.source import Format, Loaded, Source

_LINKED_DATA = re.compile(r"<script\b[^>]{0,500}application/ld\+json[^>]{0,500}>", re.IGNORECASE)
_SITE_SUFFIX = re.compile(r"\s+[—–-]\s+(?:LessWrong|AI Alignment Forum|EA Forum|Effective Altruism Forum)\s*\Z")
_SIGNS = (
    b"DiscussionForumPosting",
    b"comments-node",
    b"window.__APOLLO_STATE__",
    b"PostsPageTitle-root",
    b"ContentStyles-postBody",
)
_BODIES = frozenset({"CommentBody-root", "CommentBody-commentStyling", "commentBody", "comments-item-body"})


def detects(source: Source, head: bytes) -> bool:
    """Tell the page by its JSON-LD, its comment nodes, or the address it gives itself, with the forum's own classes."""
    page = opening(source, head)
    return any(sign in page for sign in _SIGNS) and b'data-js-date="' not in page


def read(source: Source) -> Iterator[Loaded]:
    """Yield the conversation of a page. Raises `Malformed` for a page with neither post nor comment."""
    page = page_of(source)
    written = _linked_data(page)
    tree = tree_of(page)
    named = iter([_address(written), source.hints.url or ""])
    place = first_place(named) or first_place(addresses(tree, 'link[rel="canonical"]', 'meta[property="og:url"]'))
    site = place.site if place else SITES[0]
    post_id = place.post if place else None
    if not written:
        thread = apollo_state.thread_in(page, post_id)
        if thread is not None:
            yield from forum_magnum.conversations(thread, site, source.name, source.hints.title)
            return
    told = _joined(list(_told_by_linked_data(written)), list(_told_by_nodes(tree)))
    body = tree.css_first("#postBody .ContentStyles-postBody, #postContent, .instapaper_body, .ContentStyles-postBody")
    if not written and body is None and not told:
        raise Malformed(f"{source.name}: a forum page with no post and no comment in it")
    title = one_line(written.get("headline")) or _title(tree) or source.hints.title or f"Post {post_id}"
    url = _address(written) or next(addresses(tree, 'link[rel="canonical"]'), "")
    tags = [_text(each, "name") for each in _many(written.get("about"))]
    frame = Frame(
        id=f"{site.namespace}:{post_id}" if post_id else content_id(page),
        title=title,
        site=site.name,
        url=url.partition("?")[0] if url.startswith("http") else (f"{site.home}/posts/{post_id}" if post_id else None),
        meta={"tags": [tag for tag in tags if tag]} if any(tags) else {},
    )
    yield from assemble(source.name, frame, _makers(written, tree, body, told, site, frame))


def _linked_data(page: str) -> Mapping[str, Any]:
    """Find the posting among the JSON-LD of a page; {} if there is none that can be read."""
    for opening_tag in _LINKED_DATA.finditer(page):
        ends = page.find("</script", opening_tag.end())
        if ends < 0:
            break
        content = page[opening_tag.end() : ends]
        if "DiscussionForumPosting" not in content:
            continue
        try:
            document = orjson.loads(content)
        except orjson.JSONDecodeError:
            continue
        for each in [*_many(document), *_many(document.get("@graph") if isinstance(document, dict) else None)]:
            if isinstance(each, dict) and "DiscussionForumPosting" in _many(each.get("@type")):
                return each
    return {}


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(node: Any, key: str) -> str:
    value = node.get(key) if isinstance(node, dict) else None
    return value if isinstance(value, str) else ""


def _address(written: Mapping[str, Any]) -> str:
    return _text(written, "url") or _text(written.get("mainEntityOfPage"), "@id")


def _title(tree: LexborHTMLParser) -> str:
    heading = tree.css_first(".PostsPageTitle-root, .PostsPageTitle-link, h1")
    shown = words(heading) or next(addresses(tree, 'meta[property="og:title"]'), "") or words(tree.css_first("title"))
    return _SITE_SUFFIX.sub("", one_line(shown))


@dataclass(frozen=True, slots=True)
class _Told:
    """One comment as one of the tellings has it. `key` names it within its telling, `above` its parent there."""

    key: str
    above: str | None
    name: str
    user: str | None
    posted_at: datetime | None
    id: str | None = None
    html: str | None = None
    body: LexborNode | None = None
    karma: int | None = None
    status: Status = Status.LIVE
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def signs(self) -> tuple[str, datetime | None]:
        """By what the same comment is known in the other telling."""
        return (self.user or self.name).casefold(), self.posted_at and self.posted_at.replace(microsecond=0)


def _told_by_linked_data(written: Mapping[str, Any]) -> Iterator[_Told]:
    waiting: list[tuple[Any, str | None]] = [(each, None) for each in reversed(_many(written.get("comment")))]
    number = 0
    while waiting:
        comment, above = waiting.pop()
        if not isinstance(comment, dict):
            continue
        number += 1
        author = next(iter(_many(comment.get("author"))), None)
        yield _Told(
            key=str(number),
            above=above,
            name=_text(author, "name"),
            user=user_in(_text(author, "url")),
            posted_at=moment(comment.get("datePublished")),
            html=_text(comment, "text"),
        )
        waiting.extend((each, str(number)) for each in reversed(_many(comment.get("comment"))))


def _told_by_nodes(tree: LexborHTMLParser) -> Iterator[_Told]:
    above: list[tuple[int, str]] = []
    for node, depth in elements(tree.body, lambda node: _BODIES.isdisjoint(classes(node))):
        names = classes(node)
        own = attribute(node, "id")
        if "comments-node" not in names or not own:
            continue
        while above and above[-1][0] >= depth:
            above.pop()
        shown = _first_child_part(node, "CommentsItem-root") or node
        yield _told_by_node(
            shown,
            own,
            above[-1][1] if above else None,
            "CommentFrame-isAnswer" in names,
            "CommentFrame-deleted" in names,
        )
        above.append((depth, own))


def _first_child_part(node: LexborNode, name: str) -> LexborNode | None:
    """Find an element of a class in a comment, but not in its replies."""
    for inner, _ in elements(node, lambda inner: not {"comments-node", "comments-children"} & classes(inner)):
        if name in classes(inner):
            return inner
    return None


def _told_by_node(shown: LexborNode, own: str, above: str | None, answer: bool, deleted: bool) -> _Told:
    user = shown.css_first(".CommentsItemMeta-username, .CommentUserName-author, .CommentUserName-mainWrapper")
    link = next(
        (link for link in (user.css("a") if user is not None else ()) if user_in(attribute(link, "href"))), None
    )
    name = words(link) or words(user).removeprefix("Answer by ").strip()
    time = shown.css_first(".CommentsItemDate-root time, time")
    body = shown.css_first(".CommentBody-root, .commentBody, .ContentStyles-commentBody")
    deleted = deleted or name == "[comment deleted]" or shown.css_first(".CommentDeletedMetadata-root") is not None
    retracted = body is not None and (
        "CommentBody-retracted" in classes(body) or body.css_first(".CommentBody-retracted") is not None
    )
    meta: dict[str, Any] = {}
    agreement = score(shown.css_first(".AgreementVoteAxis-agreementScore"))
    if agreement:
        meta["score"] = {"agreement": agreement}
    if answer or words(user).startswith("Answer by "):
        meta["answer"] = True
    if shown.css_first(".CommentsItemDate-editedMarker") is not None:
        meta["edited"] = True
    return _Told(
        key=own,
        above=above,
        name=name,
        user=user_in(attribute(link, "href")) if link is not None else None,
        posted_at=moment(attribute(time, "datetime")),
        id=own,
        body=None if deleted else body,
        karma=score(shown.css_first(".OverallVoteAxis-voteScore, .OverallVoteAxisSmall-voteScore")),
        status=Status.DELETED if deleted else Status.RETRACTED if retracted else Status.LIVE,
        meta=meta,
    )


def _joined(written: list[_Told], shown: list[_Told]) -> list[_Told]:
    """Join the two tellings. Comments of one author at one second are told apart by their words.

    Result in the order of the nodes, then what only the JSON-LD has; `above` are keys of the result.
    """
    waiting: dict[tuple[str, datetime | None], list[_Told]] = {}
    for each in written:
        waiting.setdefault(each.signs, []).append(each)
    names: dict[str, str] = {}  # key in the JSON-LD → key of the node
    joined: list[_Told] = []
    for each in shown:
        same = waiting.get(each.signs, [])
        match = same[0] if len(same) == 1 else next((one for one in same if _same_words(one, each)), None)
        if match is None or each.posted_at is None:
            joined.append(each)
            continue
        same.remove(match)
        names[match.key] = each.key
        joined.append(replace(each, html=match.html or None, body=None if match.html else each.body))
    for each in written:
        if each.key not in names:
            joined.append(replace(each, key=f"ld:{each.key}"))
            names[each.key] = f"ld:{each.key}"
    return [replace(each, above=names.get(each.above or "")) if each.key.startswith("ld:") else each for each in joined]


def _words_of(html: str) -> str:
    try:
        return from_html(html).text
    except SourceError:
        return html


def _same_words(written: _Told, shown: _Told) -> bool:
    if shown.body is None or not written.html:
        return False
    return _words_of(written.html).split() == words(shown.body).split()


def _makers(
    written: Mapping[str, Any],
    tree: LexborHTMLParser,
    body: LexborNode | None,
    told: list[_Told],
    site: Site,
    frame: Frame,
) -> Iterator[Maker]:
    yield from _post_makers(written, tree, body, site, frame)
    nameless = [each for each in told if each.id is None]
    invented = invented_ids(
        frame.id, ((each.user or each.name, str(each.posted_at), _words_of(each.html or "")) for each in nameless)
    )
    ids = {each.key: f"{site.namespace}:{each.id}" for each in told if each.id}
    ids.update(zip((each.key for each in nameless), invented, strict=True))
    for each in told:
        yield ids[each.key], partial(_comment, each, ids, site, frame)


def _post_makers(
    written: Mapping[str, Any], tree: LexborHTMLParser, body: LexborNode | None, site: Site, frame: Frame
) -> Iterator[Maker]:
    html = _text(written, "text") or ((body.inner_html or "") if body is not None else "")
    if not written and body is None:
        return
    try:
        outside, messages = turns(html)
    except SourceError:
        outside, messages = html, ()
    yield frame.id, partial(_post, written, tree, outside, site, frame)
    before = frame.id
    for number, turn in enumerate(messages, 1):
        own = f"{frame.id}~{turn.message_id or number}"
        yield own, partial(_message, turn, own, before, written, site, frame)
        before = own


def _post(written: Mapping[str, Any], tree: LexborHTMLParser, html: str, site: Site, frame: Frame) -> Utterance:
    authors = [(_text(author, "name"), user_in(_text(author, "url"))) for author in _many(written.get("author"))]
    if not authors:
        links = tree.css(".PostsAuthors-authorName a, .PostsAuthors-root a.UsersNameDisplay-noColor")
        authors = [(words(link), user_in(attribute(link, "href"))) for link in links]
    speaker = _speaker(*authors[0], site) if authors else None
    meta: dict[str, Any] = {} if speaker else {"author": authors[0][0] if authors else "[anonymous]"}
    coauthors = [name for name, _ in authors[1:] if name]
    if coauthors:
        meta["coauthors"] = coauthors
    time = tree.css_first(".PostsPageDate-date time, .PostsPage-date time, .LWPostsPageHeader-root time")
    votes = ".LWPostsPageTopHeaderVote-voteScore, .PostsVoteDefault-voteScore, .PostsPagePostHeader-header .voteScore"
    markup = from_html(html)
    return Utterance(
        id=frame.id,
        conversation_id=frame.id,
        text=markup.text,
        passages=markup.passages,
        speaker=speaker,
        posted_at=moment(written.get("datePublished")) or moment(attribute(time, "datetime")),
        karma=score(tree.css_first(votes)),
        url=frame.url,
        meta=meta,
    )


def _message(turn: Turn, own: str, before: str, written: Mapping[str, Any], site: Site, frame: Frame) -> Utterance:
    markup = from_html(turn.html)
    main = next(iter(_many(written.get("author"))), None)
    user = user_in(_text(main, "url")) if turn.name and turn.name == _text(main, "name") else None
    return Utterance(
        id=own,
        conversation_id=frame.id,
        text=markup.text,
        passages=markup.passages,
        speaker=_speaker(turn.name, user, site),
        reply_to=before,
        posted_at=turn.submitted or moment(written.get("datePublished")),
        url=frame.url,
        meta={"dialogue": True},
    )


def _comment(told: _Told, ids: Mapping[str, str], site: Site, frame: Frame) -> Utterance:
    markup = Markup("")
    if told.status is not Status.DELETED:
        markup = from_html(told.html) if told.html else from_node(told.body) if told.body is not None else markup
    speaker = None if told.status is Status.DELETED else _speaker(told.name, told.user, site)
    meta = dict(told.meta)
    if speaker is None:
        meta["author"] = told.name or "[anonymous]"
    return Utterance(
        id=ids[told.key],
        conversation_id=frame.id,
        text=markup.text,
        passages=markup.passages,
        speaker=speaker,
        reply_to=ids.get(told.above or "", frame.id),
        posted_at=told.posted_at,
        karma=told.karma,
        status=told.status,
        url=f"{frame.url}?commentId={told.id}" if told.id and frame.url else frame.url,
        meta=meta,
    )


def _speaker(name: str, user: str | None, site: Site) -> Speaker | None:
    home = next(face.home for face in SITES if face.namespace == site.namespace)
    return speaker_named(name, site.namespace, user, f"{home}/users/{user}" if user else None)


FORMAT = Format("lesswrong_page", 50, detects, read)
