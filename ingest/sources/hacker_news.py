"""Hacker News as JSON: a tree of Algolia's `/items/`, its search hits, and items of the Firebase interface.

Texts are HTML: the first paragraph bare, the others in <p>, quotations typed with ">". Ids are those of the site.
"""

# pyright: standard

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import quote

from corpus.errors import Malformed
from corpus.model import Status, Utterance
from ingest.markup import Markup, read_html
from ingest.sources.assembly import ConversationFrame, assemble_conversation
from ingest.sources.fields import (
    check_size,
    fold_to_line,
    is_removed,
    make_speaker,
    parse_time,
    parse_web_address,
    parse_whole_number,
)
from ingest.sources.json_documents import read_json_documents
from ingest.sources.sniff import is_json, list_json_keys
from ingest.sources.source import Failure, Format, Loaded, Source

SITE = "hackernews"
_ITEM = "https://news.ycombinator.com/item?id="
_USER = "https://news.ycombinator.com/user?id="
_KINDS = frozenset({"story", "comment", "job", "poll", "pollopt"})


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A story or a comment under the names of one interface; `parent` and `story` are ids, None where not told."""

    id: str
    html: str
    author: Any
    title: str
    link: str | None
    parent: str | None
    story: str | None
    posted: Any
    points: Any
    gone: bool


def is_hacker_news(source: Source, head: bytes) -> bool:
    """Return whether JSON holds items of Hacker News, by the keys of one of its three interfaces."""
    if not is_json(head):
        return False
    keys = list_json_keys(head)
    if {"created_at_i", "author", "type", "parent_id"} <= keys or {"story_id", "children", "created_at_i"} <= keys:
        return True
    if {"author", "children"} <= keys and b'"created_at_i"' in head and b'"story_id"' in head:
        return True  # keys in order of the alphabet: a long tree comes before those that tell
    if {"by", "id", "time", "type"} <= keys:
        return True
    hit_keys = keys if "hits" not in keys else keys | list_json_keys(head, depth=2)
    return "objectID" in hit_keys and bool({"created_at_i", "story_id"} & hit_keys)


def read_hacker_news(source: Source) -> Iterator[Loaded]:
    """Yield the discussions, each with its story first if the source has it. Raise `Malformed`."""
    failures: list[Failure] = []
    items = {item.id: item for item in _find_items(source, failures)}
    if not items and not failures:
        raise Malformed(f"{source.name}: no story and no comment of Hacker News in it")
    homes: dict[str, str] = {}
    threads: dict[str, list[NewsItem]] = {}
    for item in items.values():
        threads.setdefault(_find_story(item, items, homes), []).append(item)
    for story_id, members in threads.items():
        story = items.get(story_id)
        title = story.title if story is not None else next((item.title for item in members if item.title), "")
        frame = ConversationFrame(
            f"{SITE}:{story_id}",
            title or source.hints.title or "",
            SITE,
            _ITEM + story_id,
            {"link": story.link} if story is not None and story.link else {},
        )
        ordered = sorted(members, key=lambda item: item.id != story_id)
        makers = ((item.id, partial(_make_utterance, item, frame)) for item in ordered)
        yield from assemble_conversation(source.name, frame, makers)
    yield from failures


def _find_story(item: NewsItem, items: Mapping[str, NewsItem], homes: dict[str, str]) -> str:
    """Return the story that an item is, or stands under: as it says itself, else where its parents lead."""
    walked: dict[str, None] = {}
    while item.id not in homes:
        walked[item.id] = None
        if item.story is not None or item.parent is None:
            homes[item.id] = item.story or item.id
        elif item.parent not in items or item.parent in walked:
            homes[item.id] = item.parent
        else:
            item = items[item.parent]
    homes.update(dict.fromkeys(walked, homes[item.id]))
    return homes[item.id]


def _find_items(source: Source, failures: list[Failure]) -> Iterator[NewsItem]:
    """Yield all items of a source, in its order, without recursion."""
    for _, document in read_json_documents(source, failures):
        waiting: list[Any] = [document]
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting.extend(reversed(value))
            elif isinstance(value, dict):
                item = _read_item(value)
                if item is not None:
                    yield item
                    waiting.append(value.get("children"))
                else:
                    waiting.extend(reversed([inner for inner in value.values() if isinstance(inner, dict | list)]))


def _read_item(value: Mapping[str, Any]) -> NewsItem | None:
    id_ = _read_id(value.get("objectID")) or _read_id(value.get("id"))
    kind = value.get("type")
    is_item = kind in _KINDS or "objectID" in value or ("parent_id" in value and "created_at_i" in value)
    if id_ is None or not is_item:
        return None
    text = value.get("text") or value.get("comment_text") or value.get("story_text")
    title = value.get("title") or value.get("story_title")
    parent = _read_id(value.get("parent_id")) or _read_id(value.get("parent"))
    story = _read_id(value.get("story_id"))
    return NewsItem(
        id_,
        text if isinstance(text, str) else "",
        value.get("author") if "author" in value else value.get("by"),
        fold_to_line(unescape(title)) if isinstance(title, str) else "",
        parse_web_address(value.get("url")),
        parent,
        story if parent is not None or story is None else id_,
        value.get("created_at_i") or value.get("created_at") or value.get("time"),
        value.get("points") if value.get("points") is not None else value.get("score"),
        bool(value.get("deleted") or value.get("dead")),
    )


def _read_id(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    id_ = str(value).strip()
    return id_ if id_.isascii() and id_.isdigit() and len(id_) < 20 else None


def _make_utterance(item: NewsItem, frame: ConversationFrame) -> Utterance:
    gone = item.gone or is_removed(item.html)
    markup = Markup("") if gone else read_html(item.html)
    page = _USER + quote(item.author) if isinstance(item.author, str) else None
    return Utterance(
        id=f"{SITE}:{item.id}",
        conversation_id=frame.id,
        text=check_size(markup.text, item.id),
        speaker=make_speaker(item.author, SITE, url=page),
        reply_to=f"{SITE}:{item.parent}" if item.parent is not None else None,
        posted_at=parse_time(item.posted),
        passages=markup.passages,
        karma=parse_whole_number(item.points),
        status=Status.DELETED if gone else Status.LIVE,
        url=_ITEM + item.id,
    )


FORMAT = Format(
    "hacker_news",
    rank=55,
    detects=is_hacker_news,
    read=read_hacker_news,
    what="a discussion of Hacker News",
    sign="JSON of Algolia (items, hits) or Firebase",
    example="crosstalk ingest item.json",
)
