"""Read saved answers of a ForumMagnum GraphQL endpoint (LessWrong, Alignment Forum, EA Forum)."""

# pyright: standard

import re
from collections.abc import Iterator
from typing import Any

from corpus.errors import Malformed
from ingest.sources.fields import fold_to_line
from ingest.sources.forum_magnum.conversations import make_conversations, parse_site
from ingest.sources.forum_magnum.nodes import find_nodes, group_threads, parse_json
from ingest.sources.sites import SITES, Site
from ingest.sources.sniff import is_json
from ingest.sources.source import Format, Loaded, Source

_ANSWER = re.compile(rb'"data"\s*:\s*(?:\{\s*"\w+"\s*:\s*\{\s*"(?:results?|totalCount)"|\{\s*"(?:post|comment)s?")')
_NODE_KEYS = re.compile(
    rb'"(?:htmlBody|postedAt|parentCommentId|topLevelCommentId|baseScore|contents|displayName|pageUrl)"\s*:'
)


def is_saved_answer(source: Source, head: bytes) -> bool:
    """Return whether JSON has `data` with results in it, or nodes with `_id` and fields of the schema."""
    if not is_json(head):
        return False
    return bool(_ANSWER.search(head)) or (b'"_id"' in head and bool(_NODE_KEYS.search(head)))


def read_saved_answer(source: Source) -> Iterator[Loaded]:
    """Yield the conversations of a saved file. Raise `Unreadable` or `Malformed` for a file that is no JSON."""
    document = parse_json(source.read_whole(), source.name)
    site = _find_site(document) or parse_site(source.hints.url) or SITES[0]
    count = 0
    for thread in group_threads(find_nodes(document)):
        count += 1
        yield from make_conversations(thread, site, source.name, source.hints.title)
    if not count:
        raise Malformed(f"{source.name}: {_describe_refusal(document)}")


def _find_site(document: Any) -> Site | None:
    """Find which forum was asked, by the first address of a page in the answer."""
    for located in find_nodes(document):
        post = located.node.get("post")
        for url in (located.node.get("pageUrl"), post.get("pageUrl") if isinstance(post, dict) else None):
            site = parse_site(url)
            if site is not None:
                return site
    return None


def _describe_refusal(document: Any) -> str:
    """Say what the server said instead of an answer."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value[:100])
        elif isinstance(value, dict):
            errors = value.get("errors")
            if isinstance(errors, list) and errors and isinstance(errors[0], dict):
                return f"the forum answered with an error: {fold_to_line(errors[0].get('message'), 200)}"
            waiting.extend(list(value.values())[:100])
    return "no post and no comment in it"


FORMAT = Format(
    "forum_magnum",
    rank=60,
    detects=is_saved_answer,
    read=read_saved_answer,
    what="a saved answer of a forum's GraphQL interface",
    sign="JSON with data and posts or comments in it",
    example="crosstalk ingest answer.json",
)
