"""The questions put to a ForumMagnum GraphQL endpoint, in both styles that its schema has.

The newer style takes `selector`, `limit`, `offset`; the older one takes `input: {terms}`. Fields that a server does
not know are left out and the question is put again: the schemas of the forums differ, and change.
"""

# pyright: standard

import re
from collections.abc import Mapping, Sequence
from typing import Any

Fields = tuple[Any, ...]
"""Names of fields; a field with fields of its own is followed by a tuple of them."""

_USER: Fields = ("_id", "slug", "username", "displayName", "deleted")
POST_FIELDS: Fields = (
    *("_id", "slug", "title", "postedAt", "modifiedAt", "url", "pageUrl", "hideAuthor", "author", "baseScore"),
    *("voteCount", "extendedScore", "af", "afBaseScore", "commentCount", "question", "debate", "shortform"),
    *("legacyId", "htmlBody", "user", _USER, "coauthors", _USER, "tags", ("_id", "name", "slug")),
    *("contents", ("editedAt",), "deletedDraft", "rejected"),
)
COMMENT_FIELDS: Fields = (
    *("_id", "postId", "parentCommentId", "topLevelCommentId", "parentAnswerId", "answer", "debateResponse"),
    *("userId", "author", "user", _USER, "hideAuthor", "postedAt", "lastEditedAt", "baseScore", "voteCount"),
    *("extendedScore", "af", "afBaseScore", "htmlBody", "retracted", "deleted", "deletedPublic", "deletedReason"),
    *("rejected", "spam", "shortform", "directChildrenCount", "descendentCount"),
)
STYLES = ("selector", "terms")
_UNKNOWN = re.compile(r"Cannot query field \W{0,2}(\w+)\W{0,2}")
_NEEDS_NONE = re.compile(r"Field \W{0,2}(\w+)\W{0,2} must not have a selection")


def make_post_question(style: str, post_id: str, fields: Fields) -> dict[str, Any]:
    """Ask for one post by its id."""
    if style == "selector":
        query = f"query($id: String) {{ post(selector: {{_id: $id}}) {{ result {_write_fields(fields)} }} }}"
    else:
        query = f"query($id: String) {{ post(input: {{selector: {{_id: $id}}}}) {{ result {_write_fields(fields)} }} }}"
    return {"query": query, "variables": {"id": post_id}}


def make_comments_question(
    style: str, view: str, terms: Mapping[str, Any], limit: int, offset: int, fields: Fields
) -> dict[str, Any]:
    """Ask for a stretch of a list of comments: a view of the schema (`postCommentsNew`) with its terms."""
    if style == "selector":
        query = (
            "query($selector: CommentSelector, $limit: Int, $offset: Int) { comments(selector: $selector, "
            f"limit: $limit, offset: $offset, enableTotal: true) {{ results {_write_fields(fields)} totalCount }} }}"
        )
        variables = {"selector": {view: dict(terms)}, "limit": limit, "offset": offset}
        return {"query": query, "variables": variables}
    query = (
        "query($terms: JSON) { comments(input: {terms: $terms, enableTotal: true}) "
        f"{{ results {_write_fields(fields)} totalCount }} }}"
    )
    return {"query": query, "variables": {"terms": {"view": view, **terms, "limit": limit, "offset": offset}}}


def find_unknown_fields(messages: Sequence[str]) -> frozenset[str]:
    """Read from the errors of an answer which fields the server does not know."""
    return frozenset(
        match[1] for message in messages for match in (*_UNKNOWN.finditer(message), *_NEEDS_NONE.finditer(message))
    )


def drop_fields(fields: Fields, unknown: frozenset[str]) -> Fields:
    """Leave out fields, with what stands in them; a field whose inner fields are all left out goes too.

    >>> drop_fields(("_id", "user", ("slug", "af")), frozenset({"af"}))
    ('_id', 'user', ('slug',))
    """
    kept: list[Any] = []
    for index, field in enumerate(fields):
        if isinstance(field, tuple):
            continue
        inner = fields[index + 1] if index + 1 < len(fields) and isinstance(fields[index + 1], tuple) else None
        if field in unknown:
            continue
        rest = drop_fields(inner, unknown) if inner is not None else None
        if rest == ():
            continue
        kept += [field] if rest is None else [field, rest]
    return tuple(kept)


def _write_fields(fields: Fields) -> str:
    return "{ " + " ".join(_write_fields(field) if isinstance(field, tuple) else field for field in fields) + " }"
