"""Find the posts and comments in an answer of ForumMagnum's GraphQL endpoint, and sort them into threads.

Answers come in any shape that people save and servers give: one answer or a list of them, JSON or JSON Lines, with or
without `data`, with `result`, `results` or aliases, a post with its comments, posts alone, comments alone. Field names
are those of the schema (`lib/generated/gqlSchema.gql` of ForumMagnum).
"""

# pyright: standard

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from corpus.errors import Malformed, Unreadable
from ingest.sources.json_bytes import parse_json_bytes

Node = Mapping[str, Any]
"""A post or comment as an answer holds it: field → value."""

_COMMENT_KEYS = frozenset(
    {"parentCommentId", "topLevelCommentId", "parentAnswerId", "postId", "tagId", "answer", "debateResponse"}
)
_BODY_KEYS = frozenset({"htmlBody", "markdown", "html"})
_CONTENT_KEYS = frozenset({"html", "markdown", "agentMarkdown", "plaintextMainText", "plaintextDescription"})
_ABOVE = frozenset({"post", "parentComment", "topLevelComment", "tag"})  # what a comment shows of its surroundings


def parse_json(content: bytes, name: str) -> Any:
    """Parse JSON, or JSON Lines into a list.

    Half a character that was cut in two (a lone surrogate) becomes U+FFFD, and so do bytes that are no UTF-8 where they
    are at most one in a thousand. Raise `Unreadable` for bytes that are no text, `Malformed` for text that is no JSON,
    or is cut off.
    """
    try:
        return parse_json_bytes(content)
    except orjson.JSONDecodeError as problem:
        first = problem
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as problem:
        mended = content.decode("utf-8", "replace")
        if mended.count("\ufffd") > len(content) // 1_000:
            raise Unreadable(f"{name}: not UTF-8 at byte {problem.start:,}; save it as UTF-8") from problem
        content = mended.encode()
    try:
        return parse_json_bytes(content)
    except orjson.JSONDecodeError:
        pass
    try:
        return [parse_json_bytes(line) for line in content.splitlines() if line.strip()]
    except orjson.JSONDecodeError:
        raise Malformed(f"{name}: not whole JSON: {first.msg} (line {first.lineno}); save it again") from first


@dataclass(frozen=True, slots=True)
class FoundNode:
    """A post or comment node, and the post it stood in, if any."""

    node: Node
    is_comment: bool
    within: str | None = None


def find_nodes(document: Any) -> Iterator[FoundNode]:
    """Return all posts and comments in an answer, in its order, however deep and under whatever aliases."""
    waiting: list[tuple[Any, str | None]] = [(document, None)]
    while waiting:
        value, within = waiting.pop()
        if isinstance(value, list):
            waiting.extend((child, within) for child in reversed(value))
            continue
        if not isinstance(value, dict):
            continue
        inner = within
        if isinstance(value.get("_id"), str):
            is_comment = not _COMMENT_KEYS.isdisjoint(value)
            if is_comment:
                yield FoundNode(value, True, within)
            elif isinstance(value.get("title"), str) and (has_body(value) or "postedAt" in value):
                yield FoundNode(value, False, within)
                inner = value["_id"]
            below = [value[key] for key in value if not (is_comment and key in _ABOVE)]
        else:
            below = list(value.values())
        waiting.extend((child, inner) for child in reversed(below) if isinstance(child, dict | list))


def has_body(node: Node) -> bool:
    """Return whether words were asked for: a node without them says nothing of what was written."""
    contents = node.get("contents")
    return not _BODY_KEYS.isdisjoint(node) or (
        "contents" in node and (not isinstance(contents, dict) or not _CONTENT_KEYS.isdisjoint(contents))
    )


@dataclass(slots=True)
class NodeThread:
    """One post and the comments under it, as nodes. `post` is None where only comments were saved."""

    id: str
    post: Node | None = None
    comments: list[Node] = field(default_factory=list)


def group_threads(located_nodes: Iterable[FoundNode]) -> list[NodeThread]:
    """Sort nodes into threads, in order of appearance. A comment that names no post goes with its parent's."""
    posts: dict[str, NodeThread] = {}
    homeless: list[FoundNode] = []
    post_of: dict[str, str] = {}
    for located in located_nodes:
        node = located.node
        if not located.is_comment:
            thread = posts.setdefault(node["_id"], NodeThread(node["_id"]))
            if thread.post is None or len(node) > len(thread.post):
                thread.post = node
            continue
        home = _find_home(node) or located.within
        if home is None:
            homeless.append(located)
            continue
        post_of[node["_id"]] = home
        posts.setdefault(home, NodeThread(home)).comments.append(node)
    only = next(iter(posts)) if len(posts) == 1 else None
    for located in homeless:
        node = located.node
        above = node.get("parentCommentId") or node.get("topLevelCommentId")
        home = post_of.get(above or "") or only or node.get("topLevelCommentId") or above or node["_id"]
        post_of[node["_id"]] = home
        posts.setdefault(home, NodeThread(home)).comments.append(node)
    return list(posts.values())


def _find_home(node: Node) -> str | None:
    post = node.get("post")
    for home in (node.get("postId"), post.get("_id") if isinstance(post, dict) else None, node.get("tagId")):
        if isinstance(home, str) and home:
            return home
    return None
