"""The comments of a forum's own page: as its JSON-LD has them, as its elements show them, and the two joined.

The JSON-LD has the words as they were written, of all comments, but no ids, karma or retraction; the comment nodes
have those, for the comments that were shown.
"""

# pyright: standard

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import SourceError
from corpus.model import Status
from ingest.markup import read_html
from ingest.sources.fields import parse_time
from ingest.sources.html_pages.page import (
    find_user,
    list_classes,
    read_attribute,
    read_score,
    read_words,
    walk_elements,
)

_BODIES = frozenset({"CommentBody-root", "CommentBody-commentStyling", "commentBody", "comments-item-body"})


# Around comments that are shown by themselves: the comment that an address asks for, lists on a user's page.
_APART = frozenset({"CommentPermalink-root", "ProfileComments-root", "RecentComments-root", "CommentOnPost-root"})


@dataclass(frozen=True, slots=True)
class CommentVersion:
    """One comment as one of the tellings has it. `key` names it within its telling, `above` its parent there.

    `address` is the comment's own link. `is_placed`: it stands among the others where it was written, so that a comment
    without a parent answers the post; a comment that is shown alone may answer anybody.
    """

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
    address: str = ""
    is_placed: bool = True

    @property
    def signs(self) -> tuple[str, datetime | None]:
        """By what the same comment is known in the other telling."""
        return (self.user or self.name).casefold(), self.posted_at and self.posted_at.replace(microsecond=0)


def list_linked_data_comments(written: Mapping[str, Any]) -> Iterator[CommentVersion]:
    """Yield the comments of a page's JSON-LD, each before its replies."""
    waiting: list[tuple[Any, str | None]] = [(reply, None) for reply in reversed(wrap_in_list(written.get("comment")))]
    number = 0
    while waiting:
        comment, above = waiting.pop()
        if not isinstance(comment, dict):
            continue
        number += 1
        author = next(iter(wrap_in_list(comment.get("author"))), None)
        yield CommentVersion(
            key=str(number),
            above=above,
            name=read_string(author, "name"),
            user=find_user(read_string(author, "url")),
            posted_at=parse_time(comment.get("datePublished")),
            html=read_string(comment, "text"),
        )
        waiting.extend((reply, str(number)) for reply in reversed(wrap_in_list(comment.get("comment"))))


def list_node_comments(tree: LexborHTMLParser) -> list[CommentVersion]:
    """Return the comments that a page shows, in its order; one that is shown twice stands where its parent is known."""
    above: list[tuple[int, str]] = []
    comments: dict[str, CommentVersion] = {}
    apart_depth: int | None = None
    for node, depth in walk_elements(tree.body, lambda node: _BODIES.isdisjoint(list_classes(node))):
        names = list_classes(node)
        if apart_depth is not None and depth <= apart_depth:
            apart_depth = None
        if apart_depth is None and not names.isdisjoint(_APART):
            apart_depth = depth
        own = read_attribute(node, "id")
        if "comments-node" not in names or not own:
            continue
        while above and above[-1][0] >= depth:
            above.pop()
        shown = _find_own_part(node, "CommentsItem-root") or node
        comment = replace(
            _read_node_comment(
                shown,
                own,
                above[-1][1] if above else None,
                "CommentFrame-isAnswer" in names,
                "CommentFrame-deleted" in names,
            ),
            is_placed=apart_depth is None,
        )
        known = comments.get(own)
        if known is None or (not known.above and (comment.above or (comment.is_placed and not known.is_placed))):
            comments.pop(own, None)  # it stands where it was written
            comments[own] = comment
        above.append((depth, own))
    return list(comments.values())


def _find_own_part(node: LexborNode, name: str) -> LexborNode | None:
    """Find an element of a class in a comment, but not in its replies."""
    for inner, _ in walk_elements(node, lambda inner: not {"comments-node", "comments-children"} & list_classes(inner)):
        if name in list_classes(inner):
            return inner
    return None


def _read_node_comment(shown: LexborNode, own: str, above: str | None, answer: bool, deleted: bool) -> CommentVersion:
    user = shown.css_first(".CommentsItemMeta-username, .CommentUserName-author, .CommentUserName-mainWrapper")
    link = next(
        (link for link in (user.css("a") if user is not None else ()) if find_user(read_attribute(link, "href"))), None
    )
    name = read_words(link) or read_words(user).removeprefix("Answer by ").strip()
    time = shown.css_first(".CommentsItemDate-root time, time")
    own_link = shown.css_first('.CommentsItemDate-root a[href], a.CommentsItemDate-root[href], a[href*="commentId="]')
    body = shown.css_first(".CommentBody-root, .commentBody, .ContentStyles-commentBody")
    deleted = deleted or name == "[comment deleted]" or shown.css_first(".CommentDeletedMetadata-root") is not None
    retracted = body is not None and (
        "CommentBody-retracted" in list_classes(body) or body.css_first(".CommentBody-retracted") is not None
    )
    meta: dict[str, Any] = {}
    agreement = read_score(shown.css_first(".AgreementVoteAxis-agreementScore"))
    if agreement:
        meta["score"] = {"agreement": agreement}
    if answer or read_words(user).startswith("Answer by "):
        meta["answer"] = True
    if shown.css_first(".CommentsItemDate-editedMarker") is not None:
        meta["edited"] = True
    return CommentVersion(
        key=own,
        above=above,
        name=name,
        user=find_user(read_attribute(link, "href")) if link is not None else None,
        posted_at=parse_time(read_attribute(time, "datetime")),
        id=own,
        body=None if deleted else body,
        karma=read_score(shown.css_first(".OverallVoteAxis-voteScore, .OverallVoteAxisSmall-voteScore")),
        status=Status.DELETED if deleted else Status.RETRACTED if retracted else Status.LIVE,
        meta=meta,
        address=read_attribute(own_link, "href"),
    )


def join_versions(written: list[CommentVersion], shown: list[CommentVersion]) -> list[CommentVersion]:
    """Join the two tellings. Comments of one author at one second are told apart by their words.

    Result in the order of the nodes, then what only the JSON-LD has; `above` are keys of the result.
    """
    waiting: dict[tuple[str, datetime | None], list[CommentVersion]] = {}
    for comment in written:
        waiting.setdefault(comment.signs, []).append(comment)
    names: dict[str, str] = {}  # key in the JSON-LD → key of the node
    joined: list[CommentVersion] = []
    for comment in shown:
        same = waiting.get(comment.signs, [])
        match = (
            same[0]
            if len(same) == 1
            else next((candidate for candidate in same if _has_same_words(candidate, comment)), None)
        )
        if match is None or comment.posted_at is None:
            joined.append(comment)
            continue
        same.remove(match)
        names[match.key] = comment.key
        joined.append(replace(comment, html=match.html or None, body=None if match.html else comment.body))
    for comment in written:
        if comment.key not in names:
            joined.append(replace(comment, key=f"ld:{comment.key}", above=None))
            names[comment.key] = f"ld:{comment.key}"
    written_above = {names[comment.key]: names.get(comment.above or "") for comment in written}
    return [
        replace(comment, above=written_above[comment.key], is_placed=True)
        if comment.key in written_above and not comment.above
        else comment
        for comment in joined
    ]


def _has_same_words(written: CommentVersion, shown: CommentVersion) -> bool:
    if shown.body is None or not written.html:
        return False
    return read_html_words(written.html).split() == read_words(shown.body).split()


def read_html_words(html: str) -> str:
    """Return the words of a body; the markup itself where it is too large to be read."""
    try:
        return read_html(html).text
    except SourceError:
        return html


def wrap_in_list(value: Any) -> list[Any]:
    """Return what JSON-LD may hold once or in a list as a list; empty for nothing."""
    return value if isinstance(value, list) else [] if value is None else [value]


def read_string(node: Any, key: str) -> str:
    """Return the string that an object of JSON-LD has under a key; "" where it has none."""
    value = node.get(key) if isinstance(node, dict) else None
    return value if isinstance(value, str) else ""
