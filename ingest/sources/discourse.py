"""Discourse as JSON: a topic (`/t/NAME/ID.json`), posts of it (`/posts.json`, `/t/ID/posts.json`), lines of posts.

A post is named by forum, topic and its number there, which its address and the forum's feeds have too. The JSON does
not say where the forum is but in its avatars' addresses ("/user_avatar/HOST/…"); else `--url` does. In `cooked`
(HTML) quotations of other posts carry their author's name above them: a label, not the words of who quotes.
"""

# pyright: standard

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from corpus.errors import Malformed
from corpus.model import Status, Utterance
from ingest.markup import Markup, read_html, read_markdown
from ingest.markup.guard import bound_markup
from ingest.sources.assembly import ConversationFrame, assemble_conversation
from ingest.sources.fields import (
    check_size,
    fold_to_line,
    list_values,
    make_speaker,
    parse_time,
    parse_web_address,
    parse_whole_number,
)
from ingest.sources.json_documents import read_json_documents
from ingest.sources.sniff import is_json, list_json_keys
from ingest.sources.source import Failure, Format, Loaded, Source

_AVATAR_HOST = re.compile(r"/(?:user|letter)_avatar(?:_proxy)?/([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)/")
_CHROME = "aside.quote > .title, .lightbox-wrapper .meta, .quote-controls, .cooked-selection-barrier, .onebox .source"
_POST_KEYS = frozenset({"cooked", "post_number", "username"})
_RAW_KEYS = frozenset({"raw", "post_number", "username"})
_LOOKED_AT = 1 << 20

Post = Mapping[str, Any]
"""A post as the forum gives it: field → value."""


@dataclass(frozen=True, slots=True)
class _Topic:
    """What is known of a topic beside its posts."""

    id: int
    title: str = ""
    slug: str = ""
    tags: tuple[str, ...] = ()


def is_discourse(source: Source, head: bytes) -> bool:
    """Return whether JSON holds a topic's stream of posts, or posts with their numbers."""
    if not is_json(head):
        return False
    keys = list_json_keys(head)
    if "post_stream" in keys:
        return True
    below = keys | list_json_keys(head, depth=2)
    return _POST_KEYS <= below or _RAW_KEYS <= below or ("latest_posts" in keys and b'"post_number"' in head)


def read_discourse(source: Source) -> Iterator[Loaded]:
    """Yield the topics, their posts in order. Raise `Malformed` where there is none."""
    failures: list[Failure] = []
    posts: dict[int, dict[int, Post]] = {}
    topics: dict[int, _Topic] = {}
    hosts: Counter[str] = Counter()
    for _, document in read_json_documents(source, failures):
        _collect(document, topics, posts, hosts)
    if not posts and not failures:
        raise Malformed(f"{source.name}: no post of a Discourse forum in it")
    host = _find_host(source, hosts)
    for topic_id, numbered in posts.items():
        topic = topics.get(topic_id, _Topic(topic_id))
        ordered = [numbered[number] for number in sorted(numbered)]
        frame, namespace = _make_frame(topic, ordered, host, source)
        makers = (
            (f"post {post['post_number']}", partial(_make_utterance, post, frame, namespace, host)) for post in ordered
        )
        yield from assemble_conversation(source.name, frame, makers)
    yield from failures


def _collect(document: Any, topics: dict[int, _Topic], posts: dict[int, dict[int, Post]], hosts: Counter[str]) -> None:
    """Collect topics and posts from a document, without recursion."""
    waiting: list[tuple[Any, int | None]] = [(document, None)]
    while waiting:
        value, topic_id = waiting.pop()
        if isinstance(value, list):
            waiting.extend((inner, topic_id) for inner in reversed(value))
            continue
        if not isinstance(value, dict):
            continue
        number = value.get("post_number")
        if isinstance(number, int) and isinstance(value.get("cooked", value.get("raw")), str):
            home = value.get("topic_id") if isinstance(value.get("topic_id"), int) else topic_id
            if home is not None:
                posts.setdefault(home, {}).setdefault(number, value)
            avatar = _AVATAR_HOST.search(str(value.get("avatar_template", ""))[:1000])
            if avatar:
                hosts[avatar[1].lower()] += 1
            title = value.get("topic_title")
            if home is not None and isinstance(title, str):
                topics.setdefault(home, _Topic(home, fold_to_line(title), str(value.get("topic_slug") or "")))
            continue
        if isinstance(value.get("post_stream"), dict) and isinstance(value.get("id"), int):
            topic_id = value["id"]
            tags = [tag.get("name") if isinstance(tag, dict) else tag for tag in list_values(value.get("tags"))]
            topics[topic_id] = _Topic(
                topic_id,
                fold_to_line(value.get("title")),
                str(value.get("slug") or ""),
                tuple(tag for tag in tags if isinstance(tag, str)),
            )
        waiting.extend((inner, topic_id) for inner in reversed(list(value.values())) if isinstance(inner, dict | list))


def _find_host(source: Source, hosts: Counter[str]) -> str | None:
    given = parse_web_address(source.hints.url)
    if given is not None:
        return urlsplit(given).netloc.lower()
    return hosts.most_common(1)[0][0] if hosts else None


def name_topic(host: str, topic_id: int | str) -> str:
    """Name a topic as all formats do that know its forum: `discourse:HOST/ID`."""
    return f"discourse:{host}/{topic_id}"


def name_post(host: str, topic_id: int | str, number: int | str) -> str:
    """Name a post as all formats do that know its forum: `discourse:HOST/TOPIC/NUMBER`."""
    return f"discourse:{host}/{topic_id}/{number}"


def _make_frame(
    topic: _Topic, posts: Sequence[Post], host: str | None, source: Source
) -> tuple[ConversationFrame, str]:
    """Return the frame, and what the forum is called in ids: its host, or a digest of how the topic begins."""
    first = posts[0]
    beginning = "|".join(str(first.get(key, "")) for key in ("topic_id", "post_number", "username", "created_at"))
    namespace = (
        host or "unknown-" + hashlib.sha256(f"{topic.id}|{beginning}".encode("utf-8", "replace")).hexdigest()[:12]
    )
    slug = topic.slug or str(first.get("topic_slug") or "-")
    url = f"https://{host}/t/{quote(slug)}/{topic.id}" if host else None
    frame = ConversationFrame(
        name_topic(namespace, topic.id),
        topic.title or source.hints.title or _read_slug(slug),
        host,
        url,
        {"tags": list(topic.tags)} if topic.tags else {},
    )
    return frame, namespace


def _read_slug(slug: str) -> str:
    """Read a title out of an address, where nothing else says it."""
    return "" if slug in ("-", "topic") else slug.replace("-", " ").capitalize()


def _make_utterance(post: Post, frame: ConversationFrame, namespace: str, host: str | None) -> Utterance:
    number = post["post_number"]
    topic_id = frame.id.rpartition("/")[2]
    name = name_post(namespace, topic_id, number)
    gone = bool(post.get("deleted_at") or post.get("user_deleted"))
    answered = post.get("reply_to_post_number")
    answered = answered if isinstance(answered, int) and answered != number else 1 if number != 1 else None
    markup = _read_markup(post)
    username = post.get("username")
    shown = post.get("name") or post.get("display_username") or username
    page = f"https://{host}/u/{quote(username)}" if host and isinstance(username, str) else None
    posted, edited = parse_time(post.get("created_at")), parse_time(post.get("updated_at"))
    changed = edited is not None and isinstance(post.get("version"), int) and post["version"] > 1
    return Utterance(
        id=name,
        conversation_id=frame.id,
        text=check_size(markup.text, name),
        speaker=make_speaker(
            shown, namespace, username.lower() if isinstance(username, str) and username else None, page
        ),
        reply_to=name_post(namespace, topic_id, answered) if answered is not None else None,
        posted_at=posted,
        edited_at=edited if changed else None,
        passages=markup.passages,
        karma=_count_likes(post),
        status=Status.DELETED if gone else Status.LIVE,
        url=f"{frame.url}/{number}" if frame.url else None,
    )


def _count_likes(post: Post) -> int | None:
    """Count the likes: the action of number 2. The `score` of a post is the forum's own reckoning, not votes."""
    actions = [action for action in list_values(post.get("actions_summary")) if isinstance(action, dict)]
    return next((parse_whole_number(action.get("count")) for action in actions if action.get("id") == 2), None)


def _read_markup(post: Post) -> Markup:
    cooked = post.get("cooked")
    return read_cooked(cooked) if isinstance(cooked, str) else read_markdown(str(post.get("raw") or ""))


def read_cooked(html: str) -> Markup:
    """Read the HTML that Discourse makes of a post, without its labels: who is quoted, how large an image is.

    The preview of a linked page (a "onebox") is that page's words: a quotation.
    """
    if "<aside" not in html and "lightbox" not in html:
        return read_html(html)
    tree = LexborHTMLParser(bound_markup(html))
    for label in tree.css(_CHROME):
        label.decompose()
    body = tree.body
    marked = (body.html or "") if body is not None else ""
    for preview in tree.css("aside.onebox"):
        marked = marked.replace(preview.html or "", f"<blockquote>{preview.inner_html}</blockquote>", 1)
    return read_html(marked)


FORMAT = Format(
    "discourse",
    rank=55,
    detects=is_discourse,
    read=read_discourse,
    what="a topic or posts of a Discourse forum",
    sign="JSON with post_stream, or posts with post_number and cooked",
    example="crosstalk ingest topic.json --url https://forum.example",
)
