"""Reddit as JSON: a thread (`/comments/….json`), a listing, and lines of dumps (Pushshift, Arctic Shift).

A *thing* is `{"kind": "t1", "data": {…}}` (t1 a comment, t3 a post), or the bare data. `body` and `selftext` are
Reddit's Markdown, in which &, < and > are entities unless it was asked for with raw_json=1: told by the whole of a
source. Ids are Reddit's full names, so that a comment has one id whichever file it was read from.
"""

# pyright: standard

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from corpus.errors import Malformed, SourceError
from corpus.model import Status, Utterance
from ingest.markup import Markup, read_markdown
from ingest.sources.assembly import ConversationFrame, assemble_conversation
from ingest.sources.escaped_text import EscapeEvidence, unescape_once
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

SITE = "reddit"
_HOME = "https://www.reddit.com"
_COMMENT, _POST = "t1_", "t3_"
_THING_SIGNS = (b'"Listing"', b'"t1"', b'"t3"')
_KEPT = ("subreddit", "link_flair_text", "distinguished", "stickied")

Thing = Mapping[str, Any]
"""A comment or a post, as Reddit's data: field → value."""


def is_reddit(source: Source, head: bytes) -> bool:
    """Return whether JSON holds Reddit's things: by their kinds, or a comment's or a post's own keys."""
    if not is_json(head):
        return False
    if b'"kind"' in head[:400] and b'"data"' in head and any(sign in head for sign in _THING_SIGNS):
        return True
    keys = list_json_keys(head) | list_json_keys(head, depth=2)
    is_comment = {"body", "link_id", "parent_id", "author"} <= keys
    return is_comment or ({"selftext", "title", "author", "id"} <= keys and bool(keys & {"subreddit", "permalink"}))


def read_reddit(source: Source) -> Iterator[Loaded]:
    """Yield the threads, each with its post first if the source has it. Raise `Malformed` where there is no thing."""
    failures: list[Failure] = []
    things = list(_find_things(source, failures))
    if not things and not failures:
        raise Malformed(f"{source.name}: no post and no comment of Reddit in it")
    yield from read_things(source, things)
    yield from failures


def is_reddit_row(names: Iterable[str]) -> bool:
    """Tell whether the columns of a table are those of Reddit's comments."""
    return {"id", "body", "author", "link_id", "parent_id"} <= set(names)


def read_things(source: Source, things: Sequence[Thing]) -> Iterator[Loaded]:
    """Yield the threads that posts and comments stand in."""
    evidence = EscapeEvidence()
    threads: dict[str, list[Thing]] = {}
    for thing in things:
        evidence.note(_read_body(thing))
        threads.setdefault(_thread_id(thing), []).append(thing)
    render = _read_escaped if evidence.is_escaped else _read_raw
    for thread_id, members in threads.items():
        post = next((thing for thing in members if _is_post(thing)), None)
        ordered = [*([post] if post is not None else []), *(thing for thing in members if not _is_post(thing))]
        frame = _make_frame(thread_id, post, members, source)
        makers = ((_full_name(thing), partial(_make_utterance, thing, frame, render)) for thing in ordered)
        yield from assemble_conversation(source.name, frame, makers)


def _find_things(source: Source, failures: list[Failure]) -> Iterator[Thing]:
    """Yield the posts and comments of a source, in its order, each once, without recursion."""
    seen: set[str] = set()
    for _, document in read_json_documents(source, failures):
        waiting: list[Any] = [document]
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting.extend(reversed(value))
                continue
            if not isinstance(value, dict):
                continue
            inner = value.get("data")
            if isinstance(inner, dict | list) and not _is_thing(value):
                kind = value.get("kind")
                waiting.append({**inner, "_kind": kind} if isinstance(inner, dict) and kind in ("t1", "t3") else inner)
                continue
            if _is_thing(value):
                name = _full_name(value)
                if name not in seen:
                    seen.add(name)
                    yield value
                waiting.append(value.get("replies"))
            else:
                waiting.extend(reversed([below for below in value.values() if isinstance(below, dict | list)]))


def _is_thing(value: Thing) -> bool:
    if not isinstance(value.get("id"), str):
        return False
    return isinstance(value.get("body"), str) or isinstance(value.get("selftext"), str) or value.get("_kind") == "t3"


def _is_post(thing: Thing) -> bool:
    return not isinstance(thing.get("body"), str)


def _full_name(thing: Thing) -> str:
    name = thing.get("name")
    if isinstance(name, str) and name.startswith((_COMMENT, _POST)):
        return name
    return f"{_POST if _is_post(thing) else _COMMENT}{thing['id']}"


def _thread_id(thing: Thing) -> str:
    """Return the full name of the post that a thing is, or stands under."""
    if _is_post(thing):
        return _full_name(thing)
    link = thing.get("link_id")
    if isinstance(link, str) and link:
        return link if link.startswith(_POST) else f"{_POST}{link}"
    parent = thing.get("parent_id")
    return parent if isinstance(parent, str) and parent.startswith(_POST) else _full_name(thing)


def _read_body(thing: Thing) -> str:
    body = thing.get("selftext") if _is_post(thing) else thing["body"]
    return body if isinstance(body, str) else ""


def _read_raw(text: str) -> Markup:
    return read_markdown(text, dialect="reddit")


def _read_escaped(text: str) -> Markup:
    return read_markdown(unescape_once(text), dialect="reddit")


def _make_frame(thread_id: str, post: Thing | None, members: Sequence[Thing], source: Source) -> ConversationFrame:
    first = post or members[0]
    title = first.get("title") or first.get("link_title")
    link = first.get("permalink") if post is not None else first.get("link_permalink")
    meta = {key: first[key] for key in ("subreddit", "link_flair_text") if isinstance(first.get(key), str)}
    linked = parse_web_address(post.get("url")) if post is not None and not post.get("is_self") else None
    if linked and "/comments/" not in linked:
        meta["link"] = linked
    shown = fold_to_line(unescape_once(title)) if isinstance(title, str) else ""
    url = _make_address(link) or f"{_HOME}/comments/{thread_id.removeprefix(_POST)}/"
    return ConversationFrame(f"{SITE}:{thread_id}", shown or source.hints.title or "", SITE, url, meta)


def _make_address(link: Any) -> str | None:
    """Make an address of a permalink, which begins at the site's root."""
    if not isinstance(link, str) or not link:
        return None
    return parse_web_address(f"{_HOME}{link}" if link.startswith("/") else link)


def _make_utterance(thing: Thing, frame: ConversationFrame, render: Callable[[str], Markup]) -> Utterance:
    name, body = _full_name(thing), _read_body(thing)
    gone = is_removed(body)
    try:
        markup = Markup("") if gone else render(check_size(body, name))
    except SourceError as problem:
        raise type(problem)(f"{name}: {problem}") from problem
    parent = thing.get("parent_id")
    author = thing.get("author")
    page = f"{_HOME}/user/{quote(author)}" if isinstance(author, str) else None
    return Utterance(
        id=f"{SITE}:{name}",
        conversation_id=frame.id,
        text=check_size(markup.text, name),
        speaker=make_speaker(author, SITE, url=page),
        reply_to=_name_parent(parent, frame) if not _is_post(thing) else None,
        posted_at=parse_time(thing.get("created_utc")),
        edited_at=parse_time(thing.get("edited")),
        passages=markup.passages,
        karma=parse_whole_number(thing.get("score")),
        status=Status.DELETED if gone else Status.LIVE,
        url=_make_address(thing.get("permalink")) or frame.url,
        meta={key: thing[key] for key in _KEPT[2:] if thing.get(key)},
    )


def _name_parent(parent: Any, frame: ConversationFrame) -> str:
    """Name what a comment answers; older dumps number the comments, and a number names a top comment's post."""
    if isinstance(parent, str) and parent:
        return f"{SITE}:{parent if parent.startswith((_COMMENT, _POST)) else _COMMENT + parent}"
    return frame.id


FORMAT = Format(
    "reddit",
    rank=55,
    detects=is_reddit,
    read=read_reddit,
    what="a thread of Reddit, a listing, or lines of a dump",
    sign="JSON with Listing, t1, t3; rows with body, link_id, parent_id",
    example="crosstalk ingest comments.json",
)
