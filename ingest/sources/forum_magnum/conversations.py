"""Make the conversation of a thread of ForumMagnum nodes, whether they were saved, asked for or found in a page."""

# pyright: standard

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from corpus.errors import Malformed, SourceError
from corpus.model import Speaker, Status, Utterance
from ingest.markup import DialogueMessage, Markup, read_html, read_markdown, read_text, split_dialogue
from ingest.sources.assembly import ConversationFrame, UtteranceMaker, assemble_conversation
from ingest.sources.fields import (
    fold_to_line,
    list_values,
    make_speaker,
    parse_time,
    parse_web_address,
    parse_whole_number,
)
from ingest.sources.forum_magnum.nodes import Node, NodeThread, has_body
from ingest.sources.forum_magnum.reactions import compact_score
from ingest.sources.sites import Site, format_user_address, parse_forum_address
from ingest.sources.source import Failure, Loaded

_KEPT = ("voteCount", "afBaseScore", "af", "answer", "debateResponse", "shortform", "question", "debate", "legacyId")
_UNEDITED = timedelta(hours=1)  # the site, too, shows no sign of an edit within the first hour


def make_conversations(thread: NodeThread, site: Site, name: str, title: str | None = None) -> Iterator[Loaded]:
    """Make the conversation of one thread; an utterance that cannot be read is yielded as a `Failure` of its own."""
    post = thread.post or _find_embedded(thread, "post")
    site = parse_site(post.get("pageUrl")) or site
    tag = {} if post else _find_embedded(thread, "tag")
    shown = post.get("title") or tag.get("name") or title or ""
    link = f"{site.home}/w/{quote(tag['slug'])}/discussion" if isinstance(tag.get("slug"), str) else None
    frame = ConversationFrame(
        id=f"{site.namespace}:{thread.id}",
        title=fold_to_line(shown) or f"Post {thread.id}",
        site=site.name,
        url=link or _make_post_link(site, thread.id, post),
        meta=_read_conversation_meta(post),
    )
    if thread.post is not None and not has_body(thread.post) and not thread.comments:
        problem = Malformed(f"{frame.id}: the answer holds no body of the post; ask for htmlBody")
        yield Failure(f"{name}: {frame.id}", problem)
        return
    wordless = sum(not has_body(comment) for comment in thread.comments)
    if wordless:
        problem = Malformed(f"{frame.id}: {wordless:,} comments were saved without their bodies; ask for htmlBody")
        yield Failure(f"{name}: {frame.id}", problem)
    if wordless < len(thread.comments) or (thread.post is not None and has_body(thread.post)):
        yield from assemble_conversation(name, frame, _list_makers(thread, site, frame))


def _find_embedded(thread: NodeThread, key: str) -> Node:
    for comment in thread.comments:
        node = comment.get(key)
        if isinstance(node, dict):
            return node
    return {}


def _list_makers(thread: NodeThread, site: Site, frame: ConversationFrame) -> Iterator[UtteranceMaker]:
    if thread.post is not None and has_body(thread.post):
        yield from _list_post_makers(thread.post, site, frame)
    for comment in filter(has_body, thread.comments):
        comment_id = f"{site.namespace}:{comment['_id']}"
        yield comment_id, partial(_make_comment, comment, site, frame)


def _list_post_makers(post: Node, site: Site, frame: ConversationFrame) -> Iterator[UtteranceMaker]:
    html = _find_html(post)
    outside: str | None = None
    messages: tuple[DialogueMessage, ...] = ()
    try:
        outside, messages = split_dialogue(html)
    except SourceError:
        pass  # `_make_post` raises it again, where it is told as this utterance's
    if not messages:
        yield frame.id, partial(_make_post, post, site, frame, None)
        return
    yield frame.id, partial(_make_post, post, site, frame, outside)
    before = frame.id
    for number, turn in enumerate(messages, 1):
        message_id = f"{frame.id}~{turn.message_id or number}"
        yield message_id, partial(_make_message, turn, message_id, before, post, site, frame)
        before = message_id


def _make_post(post: Node, site: Site, frame: ConversationFrame, outside: str | None) -> Utterance:
    markup = _read_markup(post) if outside is None else read_html(outside)
    return _make_utterance(post, site, frame, frame.id, markup, None, frame.url)


def _make_comment(comment: Node, site: Site, frame: ConversationFrame) -> Utterance:
    parent = comment.get("parentCommentId") or comment.get("parentAnswerId")
    reply_to = f"{site.namespace}:{parent}" if isinstance(parent, str) and parent else frame.id
    own = comment["_id"]
    link = f"{frame.url}?commentId={quote(own)}" if frame.url else parse_web_address(comment.get("pageUrl"))
    return _make_utterance(comment, site, frame, f"{site.namespace}:{own}", _read_markup(comment), reply_to, link)


def _make_utterance(
    node: Node, site: Site, frame: ConversationFrame, own_id: str, markup: Markup, reply_to: str | None, url: str | None
) -> Utterance:
    speaker, hidden = _make_speaker(node, site)
    posted = parse_time(node.get("postedAt")) or parse_time(node.get("createdAt"))
    meta = _read_meta(node)
    if hidden:
        meta["author"] = hidden
    return Utterance(
        id=own_id,
        conversation_id=frame.id,
        text=markup.text,
        speaker=speaker,
        reply_to=reply_to,
        posted_at=posted,
        edited_at=_find_last_edit(node, posted),
        passages=markup.passages,
        karma=parse_whole_number(node.get("baseScore")),
        status=_read_status(node),
        url=url,
        meta=meta,
    )


def _make_message(
    turn: DialogueMessage, own_id: str, before: str, post: Node, site: Site, frame: ConversationFrame
) -> Utterance:
    markup = read_html(turn.html)
    return Utterance(
        id=own_id,
        conversation_id=frame.id,
        text=markup.text,
        speaker=_make_dialogue_speaker(turn, post, site),
        reply_to=before,
        posted_at=turn.submitted or parse_time(post.get("postedAt")),
        passages=markup.passages,
        status=_read_status(post),
        url=frame.url,
        meta={"dialogue": True},
    )


def _make_dialogue_speaker(turn: DialogueMessage, post: Node, site: Site) -> Speaker | None:
    """Name the author of a message by the user id; a name alone counts only if it is one of the post's authors'."""
    authors = [post.get("user"), *list_values(post.get("coauthors"))]
    for user in authors:
        if isinstance(user, dict) and turn.user_id and user.get("_id") == turn.user_id:
            return _make_user(user, site)
    for user in authors:
        if isinstance(user, dict) and turn.name and turn.name in (user.get("displayName"), user.get("username")):
            return _make_user(user, site)
    return make_speaker(turn.name, site.namespace)


def _make_speaker(node: Node, site: Site) -> tuple[Speaker | None, str]:
    """Return the author, or nobody and what the site shows in the author's place."""
    if node.get("hideAuthor"):
        return None, "[anonymous]"
    user = node.get("user")
    if isinstance(user, dict):
        if user.get("deleted"):
            return None, "[deleted]"
        speaker = _make_user(user, site)
        return speaker, "" if speaker else "[anonymous]"
    if "user" in node:
        return None, "[deleted]" if _read_status(node) is Status.DELETED else "[anonymous]"
    author = node.get("author")  # a query that asked for no user
    speaker = make_speaker(author, site.namespace)
    return speaker, "" if speaker else "[anonymous]"


def _make_user(user: Node, site: Site) -> Speaker | None:
    name = user.get("displayName") or user.get("username") or user.get("slug")
    own = user.get("slug")
    own = own if isinstance(own, str) and own else None
    return make_speaker(name, site.namespace, own, format_user_address(site, quote(own)) if own else None)


def _read_status(node: Node) -> Status:
    if any(node.get(sign) for sign in ("deleted", "deletedPublic", "rejected", "spam")):
        return Status.DELETED
    return Status.RETRACTED if node.get("retracted") else Status.LIVE


def _find_last_edit(node: Node, posted: datetime | None) -> datetime | None:
    """Find the last edit. For posts and revisions small differences to the time of posting are no edit."""
    edited = parse_time(node.get("lastEditedAt"))
    if edited is not None:
        return edited if posted is None or edited > posted else None
    contents = node.get("contents")
    edited = parse_time(contents.get("editedAt")) if isinstance(contents, dict) else None
    edited = edited or parse_time(node.get("modifiedAt"))
    return edited if edited and posted and edited - posted > _UNEDITED else None


def _find_html(node: Node) -> str:
    contents = node.get("contents")
    inner = contents.get("html") if isinstance(contents, dict) else None
    return next(
        (html for html in (node.get("htmlBody"), inner, node.get("html")) if isinstance(html, str) and html), ""
    )


def _read_markup(node: Node) -> Markup:
    html = _find_html(node)
    if html:
        return read_html(html)
    contents = node.get("contents")
    inner = contents if isinstance(contents, dict) else {}
    for markdown in (inner.get("markdown"), inner.get("agentMarkdown"), node.get("markdown")):
        if isinstance(markdown, str) and markdown:
            return read_markdown(markdown)
    plain = inner.get("plaintextMainText") or inner.get("plaintextDescription")
    return read_text(plain) if isinstance(plain, str) else Markup("")


def _read_meta(node: Node) -> dict[str, Any]:
    meta: dict[str, Any] = {key: node[key] for key in _KEPT if node.get(key)}
    score = compact_score(node.get("extendedScore"))
    if score:
        meta["score"] = score
    coauthors = [
        user.get("displayName") or user.get("username")
        for user in list_values(node.get("coauthors"))
        if isinstance(user, dict)
    ]
    if any(coauthors):
        meta["coauthors"] = [name for name in coauthors if name]
    reason = node.get("deletedReason") or node.get("rejectedReason")
    if isinstance(reason, str) and reason:
        meta["deletedReason"] = fold_to_line(reason)
    return meta


def _read_conversation_meta(post: Node) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    names = [tag.get("name") for tag in list_values(post.get("tags")) if isinstance(tag, dict)]
    if any(names):
        meta["tags"] = [name for name in names if isinstance(name, str)]
    linked = parse_web_address(post.get("linkUrl") or post.get("url"))
    address = parse_forum_address(linked)
    if linked and (address is None or address.post != post.get("_id")):
        meta["link"] = linked
    return meta


def _make_post_link(site: Site, post_id: str, post: Node) -> str | None:
    """Build the address of a post: the forum's home, the id, the slug."""
    part = post.get("slug")
    tail = f"/{quote(part)}" if isinstance(part, str) and part else ""
    return f"{site.home}/posts/{quote(post_id)}{tail}"


def parse_site(url: Any) -> Site | None:
    """Return the forum that an address is of; None for an address of no known forum, or for what is none."""
    address = parse_forum_address(url) if isinstance(url, str) else None
    return address.site if address else None
