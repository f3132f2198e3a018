"""Find posts and comments in the GraphQL cache that pages of 2019 to 2025 carried (`window.__APOLLO_STATE__`)."""

# pyright: standard

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ingest.sources.forum_magnum.nodes import FoundNode, NodeThread, group_threads, has_body
from ingest.sources.json_bytes import parse_json_bytes

_NAME = "window.__APOLLO_STATE__"
_FOLLOWED = ("user", "contents", "coauthors", "tags", "post")


def find_threads(page: str, post_id: str | None) -> list[NodeThread]:
    """Return the thread of a post from the cache in a page; for a page of no post all whose words are in it."""
    cache = _read_cache(page)
    if not cache:
        return []
    threads = group_threads(_find_nodes(cache))
    if post_id is not None:
        return [thread for thread in threads if thread.id == post_id]
    return [
        thread
        for thread in threads
        if (thread.post is not None and "contents" in thread.post) or any(map(has_body, thread.comments))
    ]


def _read_cache(page: str) -> Mapping[str, Any]:
    start = page.find(_NAME)
    if start < 0:
        return {}
    begins = page.find("{", start)
    if begins < 0 or begins - start > len(_NAME) + 20:
        return {}
    ends = _end_of_object(page, begins)
    try:
        cache = parse_json_bytes(page[begins:ends].encode())
    except orjson.JSONDecodeError:
        return {}
    return cache if isinstance(cache, dict) else {}


def _end_of_object(text: str, start: int) -> int:
    """Find where the object that begins at `at` ends: at the script's end, but for a semicolon."""
    ends = text.find("</script", start)
    ends = len(text) if ends < 0 else ends
    return text.rfind("}", start, ends) + 1


def _find_nodes(cache: Mapping[str, Any]) -> Iterator[FoundNode]:
    for key, entry in cache.items():
        kind, _, own = key.partition(":")
        if kind in {"Post", "Comment"} and isinstance(entry, dict) and own:
            node = {**_resolve_references(entry, cache), "_id": entry.get("_id") or own}
            yield FoundNode(node, kind == "Comment")


def _resolve_references(entry: Mapping[str, Any], cache: Mapping[str, Any]) -> dict[str, Any]:
    """Put what an entry refers to in its place, one step deep; a field's arguments are no part of its name."""
    node: dict[str, Any] = {}
    for key, value in entry.items():
        name = key.partition("(")[0]
        if name in _FOLLOWED:
            value = (
                [_find_referent(reference, cache) for reference in value]
                if isinstance(value, list)
                else _find_referent(value, cache)
            )
        if node.get(name) is None or (value is not None and name not in node):
            node[name] = value
    return node


def _find_referent(value: Any, cache: Mapping[str, Any]) -> Any:
    if not isinstance(value, dict):
        return value
    name = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
    return cache.get(name) if isinstance(name, str) else value
