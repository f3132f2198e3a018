"""Find posts and comments in the GraphQL cache that pages of 2019 to 2025 carried (`window.__APOLLO_STATE__`)."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ingest.sources.forum_magnum.saved import Found, Thread, threads

_NAME = "window.__APOLLO_STATE__"
_FOLLOWED = ("user", "contents", "coauthors", "tags", "post")


def thread_in(page: str, post_id: str | None) -> Thread | None:
    """Give the thread of a post with its comments from the cache in a page; None if there is none to be read."""
    cache = _cache(page)
    if not cache:
        return None
    found = threads(_nodes(cache))
    complete = [
        thread for thread in found if thread.post is not None and ("contents" in thread.post or thread.comments)
    ]
    if post_id is not None:
        return next((thread for thread in found if thread.id == post_id), None)
    return max(complete, key=lambda thread: len(thread.comments), default=None)


def _cache(page: str) -> Mapping[str, Any]:
    at = page.find(_NAME)
    if at < 0:
        return {}
    begins = page.find("{", at)
    if begins < 0 or begins - at > len(_NAME) + 20:
        return {}
    ends = _end_of_object(page, begins)
    try:
        cache = orjson.loads(page[begins:ends])
    except orjson.JSONDecodeError:
        return {}
    return cache if isinstance(cache, dict) else {}


def _end_of_object(text: str, at: int) -> int:
    """Find where the object that begins at `at` ends: at the script's end, but for a semicolon."""
    ends = text.find("</script", at)
    ends = len(text) if ends < 0 else ends
    return text.rfind("}", at, ends) + 1


def _nodes(cache: Mapping[str, Any]) -> Iterator[Found]:
    for key, entry in cache.items():
        kind, _, own = key.partition(":")
        if kind in {"Post", "Comment"} and isinstance(entry, dict) and own:
            node = {**_resolved(entry, cache), "_id": entry.get("_id") or own}
            yield Found(node, kind == "Comment")


def _resolved(entry: Mapping[str, Any], cache: Mapping[str, Any]) -> dict[str, Any]:
    """Put what an entry refers to in its place, one step deep; a field's arguments are no part of its name."""
    node: dict[str, Any] = {}
    for key, value in entry.items():
        name = key.partition("(")[0]
        if name in _FOLLOWED:
            value = [_target(each, cache) for each in value] if isinstance(value, list) else _target(value, cache)
        if node.get(name) is None or (value is not None and name not in node):
            node[name] = value
    return node


def _target(value: Any, cache: Mapping[str, Any]) -> Any:
    if not isinstance(value, dict):
        return value
    name = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
    return cache.get(name) if isinstance(name, str) else value
