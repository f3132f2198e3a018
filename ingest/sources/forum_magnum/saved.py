"""Read saved answers of a ForumMagnum GraphQL endpoint (LessWrong, Alignment Forum, EA Forum).

Any shape that such answers are saved in: one answer or a list of them, JSON or JSON Lines, with or without `data`,
with `result`, `results` or aliases, a post with its comments, posts alone, comments alone. Field names are those of
the schema (`lib/generated/gqlSchema.gql` of ForumMagnum). `nodes`, `threads` and `conversations` serve live answers
too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import orjson

from corpus.errors import Malformed, SourceError, Unreadable
from corpus.model import Speaker, Status, Utterance
from ingest.markup import Markup, Turn, from_html, from_markdown, from_text, turns
from ingest.sources.assembly import Frame, Maker, assemble
from ingest.sources.fields import moment, one_line, speaker_named, web_address, whole_number
from ingest.sources.forum_magnum.reactions import compact_score
from ingest.sources.sites import SITES, Site, place_of
from ingest.sources.sniff import is_json
from ingest.sources.source import Failure, Format, Loaded, Source

Node = Mapping[str, Any]

_LONE_SURROGATE = re.compile(
    rb"(?<!\\)((?:\\\\)*)(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]..)"
)
_ANSWER = re.compile(rb'"data"\s*:\s*(?:\{\s*"\w+"\s*:\s*\{\s*"(?:results?|totalCount)"|\{\s*"(?:post|comment)s?")')
_NODE_KEYS = re.compile(
    rb'"(?:htmlBody|postedAt|parentCommentId|topLevelCommentId|baseScore|contents|displayName|pageUrl)"\s*:'
)
_COMMENT_KEYS = frozenset(
    {"parentCommentId", "topLevelCommentId", "parentAnswerId", "postId", "tagId", "answer", "debateResponse"}
)
_BODY_KEYS = frozenset({"htmlBody", "markdown", "html"})
_CONTENT_KEYS = frozenset({"html", "markdown", "agentMarkdown", "plaintextMainText", "plaintextDescription"})
_ABOVE = frozenset({"post", "parentComment", "topLevelComment", "tag"})  # what a comment shows of its surroundings
_KEPT = ("voteCount", "afBaseScore", "af", "answer", "debateResponse", "shortform", "question", "debate", "legacyId")
_UNEDITED = timedelta(hours=1)  # the site, too, shows no sign of an edit within the first hour


def detects(source: Source, head: bytes) -> bool:
    """Tell saved GraphQL answers by `data` with results in it, or by nodes with `_id` and fields of the schema."""
    if not is_json(head):
        return False
    return bool(_ANSWER.search(head)) or (b'"_id"' in head and bool(_NODE_KEYS.search(head)))


def read(source: Source) -> Iterator[Loaded]:
    """Yield the conversations of a saved file. Raises `Unreadable` or `Malformed` for a file that is no JSON."""
    document = parsed(source.whole(), source.name)
    site = _site_in(document) or _site_at(source.hints.url) or SITES[0]
    found = 0
    for thread in threads(nodes(document)):
        found += 1
        yield from conversations(thread, site, source.name, source.hints.title)
    if not found:
        raise Malformed(f"{source.name}: {_complaint(document)}")


def parsed(content: bytes, name: str) -> Any:
    """Parse JSON, or JSON Lines into a list.

    Half a character that was cut in two (a lone surrogate) becomes U+FFFD, and so do bytes that are no UTF-8 where they
    are at most one in a thousand. Raises `Unreadable` for bytes that are no text, `Malformed` for text that is no JSON,
    or is cut off.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as problem:
        first = problem
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as problem:
        mended = content.decode("utf-8", "replace")
        if mended.count("\ufffd") > len(content) // 1_000:
            raise Unreadable(f"{name}: not UTF-8 at byte {problem.start:,}; save it as UTF-8") from problem
        content = mended.encode()
    try:
        return orjson.loads(_LONE_SURROGATE.sub(rb"\1\\ufffd", content))
    except orjson.JSONDecodeError:
        pass
    try:
        return [orjson.loads(line) for line in content.splitlines() if line.strip()]
    except orjson.JSONDecodeError:
        raise Malformed(f"{name}: not whole JSON: {first.msg} (line {first.lineno}); save it again") from first


@dataclass(frozen=True, slots=True)
class Found:
    """A post or comment node, and the post it stood in, if any."""

    node: Node
    is_comment: bool
    within: str | None = None


def nodes(document: Any) -> Iterator[Found]:
    """Find all posts and comments in an answer, in its order, however deep and under whatever aliases."""
    waiting: list[tuple[Any, str | None]] = [(document, None)]
    while waiting:
        here, within = waiting.pop()
        if isinstance(here, list):
            waiting.extend((each, within) for each in reversed(here))
            continue
        if not isinstance(here, dict):
            continue
        inner = within
        if isinstance(here.get("_id"), str):
            is_comment = not _COMMENT_KEYS.isdisjoint(here)
            if is_comment:
                yield Found(here, True, within)
            elif isinstance(here.get("title"), str) and (_has_body(here) or "postedAt" in here):
                yield Found(here, False, within)
                inner = here["_id"]
            below = [here[key] for key in here if not (is_comment and key in _ABOVE)]
        else:
            below = list(here.values())
        waiting.extend((each, inner) for each in reversed(below) if isinstance(each, dict | list))


def _has_body(node: Node) -> bool:
    """Tell whether words were asked for: a node without them says nothing of what was written."""
    contents = node.get("contents")
    return not _BODY_KEYS.isdisjoint(node) or (
        "contents" in node and (not isinstance(contents, dict) or not _CONTENT_KEYS.isdisjoint(contents))
    )


@dataclass(slots=True)
class Thread:
    """One post and the comments under it, as nodes. `post` is None where only comments were saved."""

    id: str
    post: Node | None = None
    comments: list[Node] = field(default_factory=list)


def threads(found: Iterable[Found]) -> list[Thread]:
    """Sort nodes into threads, in order of appearance. A comment that names no post goes with its parent's."""
    posts: dict[str, Thread] = {}
    homeless: list[Found] = []
    post_of: dict[str, str] = {}
    for each in found:
        node = each.node
        if not each.is_comment:
            thread = posts.setdefault(node["_id"], Thread(node["_id"]))
            if thread.post is None or len(node) > len(thread.post):
                thread.post = node
            continue
        home = _home(node) or each.within
        if home is None:
            homeless.append(each)
            continue
        post_of[node["_id"]] = home
        posts.setdefault(home, Thread(home)).comments.append(node)
    only = next(iter(posts)) if len(posts) == 1 else None
    for each in homeless:
        node = each.node
        above = node.get("parentCommentId") or node.get("topLevelCommentId")
        home = post_of.get(above or "") or only or node.get("topLevelCommentId") or above or node["_id"]
        post_of[node["_id"]] = home
        posts.setdefault(home, Thread(home)).comments.append(node)
    return list(posts.values())


def _home(node: Node) -> str | None:
    post = node.get("post")
    for home in (node.get("postId"), post.get("_id") if isinstance(post, dict) else None, node.get("tagId")):
        if isinstance(home, str) and home:
            return home
    return None


def conversations(thread: Thread, site: Site, name: str, title: str | None = None) -> Iterator[Loaded]:
    """Make the conversation of one thread; an utterance that cannot be read is yielded as a `Failure` of its own."""
    post = thread.post or _embedded(thread, "post")
    site = _site_at(post.get("pageUrl")) or site
    tag = {} if post else _embedded(thread, "tag")
    shown = post.get("title") or tag.get("name") or title or ""
    link = f"{site.home}/w/{quote(tag['slug'])}/discussion" if isinstance(tag.get("slug"), str) else None
    frame = Frame(
        id=f"{site.namespace}:{thread.id}",
        title=one_line(shown) or f"Post {thread.id}",
        site=site.name,
        url=link or _post_link(site, thread.id, post),
        meta=_conversation_meta(post),
    )
    if thread.post is not None and not _has_body(thread.post) and not thread.comments:
        problem = Malformed(f"{frame.id}: the answer holds no body of the post; ask for htmlBody")
        yield Failure(f"{name}: {frame.id}", problem)
        return
    wordless = sum(not _has_body(comment) for comment in thread.comments)
    if wordless:
        problem = Malformed(f"{frame.id}: {wordless:,} comments were saved without their bodies; ask for htmlBody")
        yield Failure(f"{name}: {frame.id}", problem)
    if wordless < len(thread.comments) or (thread.post is not None and _has_body(thread.post)):
        yield from assemble(name, frame, _makers(thread, site, frame))


def _embedded(thread: Thread, key: str) -> Node:
    for comment in thread.comments:
        node = comment.get(key)
        if isinstance(node, dict):
            return node
    return {}


def _makers(thread: Thread, site: Site, frame: Frame) -> Iterator[Maker]:
    if thread.post is not None and _has_body(thread.post):
        yield from _post_makers(thread.post, site, frame)
    for comment in filter(_has_body, thread.comments):
        comment_id = f"{site.namespace}:{comment['_id']}"
        yield comment_id, partial(_comment, comment, site, frame)


def _post_makers(post: Node, site: Site, frame: Frame) -> Iterator[Maker]:
    html = _html(post)
    outside: str | None = None
    messages: tuple[Turn, ...] = ()
    try:
        outside, messages = turns(html)
    except SourceError:
        pass  # `_post` raises it again, where it is told as this utterance's
    if not messages:
        yield frame.id, partial(_post, post, site, frame, None)
        return
    yield frame.id, partial(_post, post, site, frame, outside)
    before = frame.id
    for number, turn in enumerate(messages, 1):
        message_id = f"{frame.id}~{turn.message_id or number}"
        yield message_id, partial(_message, turn, message_id, before, post, site, frame)
        before = message_id


def _post(post: Node, site: Site, frame: Frame, outside: str | None) -> Utterance:
    markup = _markup(post) if outside is None else from_html(outside)
    return _utterance(post, site, frame, frame.id, markup, None, frame.url)


def _comment(comment: Node, site: Site, frame: Frame) -> Utterance:
    parent = comment.get("parentCommentId") or comment.get("parentAnswerId")
    reply_to = f"{site.namespace}:{parent}" if isinstance(parent, str) and parent else frame.id
    own = comment["_id"]
    link = f"{frame.url}?commentId={quote(own)}" if frame.url else web_address(comment.get("pageUrl"))
    return _utterance(comment, site, frame, f"{site.namespace}:{own}", _markup(comment), reply_to, link)


def _utterance(
    node: Node, site: Site, frame: Frame, own_id: str, markup: Markup, reply_to: str | None, url: str | None
) -> Utterance:
    speaker, hidden = _speaker(node, site)
    posted = moment(node.get("postedAt")) or moment(node.get("createdAt"))
    meta = _meta(node)
    if hidden:
        meta["author"] = hidden
    return Utterance(
        id=own_id,
        conversation_id=frame.id,
        text=markup.text,
        speaker=speaker,
        reply_to=reply_to,
        posted_at=posted,
        edited_at=_edited(node, posted),
        passages=markup.passages,
        karma=whole_number(node.get("baseScore")),
        status=_status(node),
        url=url,
        meta=meta,
    )


def _message(turn: Turn, own_id: str, before: str, post: Node, site: Site, frame: Frame) -> Utterance:
    markup = from_html(turn.html)
    return Utterance(
        id=own_id,
        conversation_id=frame.id,
        text=markup.text,
        speaker=_dialogue_speaker(turn, post, site),
        reply_to=before,
        posted_at=turn.submitted or moment(post.get("postedAt")),
        passages=markup.passages,
        status=_status(post),
        url=frame.url,
        meta={"dialogue": True},
    )


def _dialogue_speaker(turn: Turn, post: Node, site: Site) -> Speaker | None:
    """Name the author of a message by the user id; a name alone counts only if it is one of the post's authors'."""
    authors = [post.get("user"), *_list(post, "coauthors")]
    for user in authors:
        if isinstance(user, dict) and turn.user_id and user.get("_id") == turn.user_id:
            return _user(user, site)
    for user in authors:
        if isinstance(user, dict) and turn.name and turn.name in (user.get("displayName"), user.get("username")):
            return _user(user, site)
    return speaker_named(turn.name, site.namespace)


def _speaker(node: Node, site: Site) -> tuple[Speaker | None, str]:
    """Give the author, or nobody and what the site shows in the author's place."""
    if node.get("hideAuthor"):
        return None, "[anonymous]"
    user = node.get("user")
    if isinstance(user, dict):
        if user.get("deleted"):
            return None, "[deleted]"
        speaker = _user(user, site)
        return speaker, "" if speaker else "[anonymous]"
    if "user" in node:
        return None, "[deleted]" if _status(node) is Status.DELETED else "[anonymous]"
    author = node.get("author")  # a query that asked for no user
    speaker = speaker_named(author, site.namespace)
    return speaker, "" if speaker else "[anonymous]"


def _user(user: Node, site: Site) -> Speaker | None:
    name = user.get("displayName") or user.get("username") or user.get("slug")
    own = user.get("slug")
    own = own if isinstance(own, str) and own else None
    home = next(
        (face.home for face in SITES if face.namespace == site.namespace), site.home
    )  # one person, whichever face was read
    return speaker_named(name, site.namespace, own, f"{home}/users/{quote(own)}" if own else None)


def _status(node: Node) -> Status:
    if any(node.get(sign) for sign in ("deleted", "deletedPublic", "rejected", "spam")):
        return Status.DELETED
    return Status.RETRACTED if node.get("retracted") else Status.LIVE


def _edited(node: Node, posted: datetime | None) -> datetime | None:
    """Find the last edit. For posts and revisions small differences to the time of posting are no edit."""
    edited = moment(node.get("lastEditedAt"))
    if edited is not None:
        return edited if posted is None or edited > posted else None
    contents = node.get("contents")
    edited = moment(contents.get("editedAt")) if isinstance(contents, dict) else None
    edited = edited or moment(node.get("modifiedAt"))
    return edited if edited and posted and edited - posted > _UNEDITED else None


def _html(node: Node) -> str:
    contents = node.get("contents")
    inner = contents.get("html") if isinstance(contents, dict) else None
    return next(
        (html for html in (node.get("htmlBody"), inner, node.get("html")) if isinstance(html, str) and html), ""
    )


def _markup(node: Node) -> Markup:
    html = _html(node)
    if html:
        return from_html(html)
    contents = node.get("contents")
    inner = contents if isinstance(contents, dict) else {}
    for markdown in (inner.get("markdown"), inner.get("agentMarkdown"), node.get("markdown")):
        if isinstance(markdown, str) and markdown:
            return from_markdown(markdown)
    plain = inner.get("plaintextMainText") or inner.get("plaintextDescription")
    return from_text(plain) if isinstance(plain, str) else Markup("")


def _meta(node: Node) -> dict[str, Any]:
    meta: dict[str, Any] = {key: node[key] for key in _KEPT if node.get(key)}
    score = compact_score(node.get("extendedScore"))
    if score:
        meta["score"] = score
    coauthors = [
        user.get("displayName") or user.get("username") for user in _list(node, "coauthors") if isinstance(user, dict)
    ]
    if any(coauthors):
        meta["coauthors"] = [name for name in coauthors if name]
    reason = node.get("deletedReason") or node.get("rejectedReason")
    if isinstance(reason, str) and reason:
        meta["deletedReason"] = one_line(reason)
    return meta


def _conversation_meta(post: Node) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    names = [tag.get("name") for tag in _list(post, "tags") if isinstance(tag, dict)]
    if any(names):
        meta["tags"] = [name for name in names if isinstance(name, str)]
    linked = web_address(post.get("linkUrl") or post.get("url"))
    place = place_of(linked)
    if linked and (place is None or place.post != post.get("_id")):
        meta["link"] = linked
    return meta


def _list(node: Node, key: str) -> Sequence[Any]:
    value = node.get(key)
    return value if isinstance(value, list) else ()


def _post_link(site: Site, post_id: str, post: Node) -> str | None:
    """Build the address of a post: the forum's home, the id, the slug."""
    part = post.get("slug")
    tail = f"/{quote(part)}" if isinstance(part, str) and part else ""
    return f"{site.home}/posts/{quote(post_id)}{tail}"


def _site_at(url: Any) -> Site | None:
    place = place_of(url) if isinstance(url, str) else None
    return place.site if place else None


def _site_in(document: Any) -> Site | None:
    """Find which forum was asked, by the first address of a page in the answer."""
    for found in nodes(document):
        post = found.node.get("post")
        for url in (found.node.get("pageUrl"), post.get("pageUrl") if isinstance(post, dict) else None):
            site = _site_at(url)
            if site is not None:
                return site
    return None


def _complaint(document: Any) -> str:
    """Say what the server said instead of an answer."""
    waiting = [document]
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting.extend(here[:100])
        elif isinstance(here, dict):
            errors = here.get("errors")
            if isinstance(errors, list) and errors and isinstance(errors[0], dict):
                return f"the forum answered with an error: {one_line(errors[0].get('message'), 200)}"
            waiting.extend(list(here.values())[:100])
    return "no post and no comment in it"


FORMAT = Format("forum_magnum", 60, detects, read)

__all__ = ["FORMAT", "Failure", "Found", "Thread", "conversations", "detects", "nodes", "parsed", "read", "threads"]
