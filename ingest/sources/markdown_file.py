"""One Markdown file with YAML front matter: an essay as static sites keep it, perhaps first posted on a forum.

The front matter gives title, address, dates and author under the names that site generators use; LessWrong's own
exports say `lw-…`. Where it names no author the speaker is None, unless the user names one.
"""

# pyright: standard

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from corpus.errors import Malformed
from corpus.limits import LIMITS
from corpus.model import Conversation, Utterance
from ingest.markup import read_markdown
from ingest.sources.fields import (
    decode_source,
    fold_to_line,
    format_comment_id,
    format_post_id,
    invent_ids,
    make_content_id,
    make_speaker,
    name_site,
    parse_time,
    parse_web_address,
    parse_whole_number,
    try_making,
)
from ingest.sources.sites import parse_forum_address
from ingest.sources.source import Format, Loaded, Source

_FRONT = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.S | re.M)
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[A-Za-z_][\w -]*:(?:[ \t\r\n]|$)")
_FRONT_CHARS = 1 << 16
_URLS = ("lw-page-url", "original_url", "canonical_url", "canonical", "url", "link", "source")
_DATES = ("lw-posted-at", "date_published", "published", "posted_at", "date", "created", "publishDate", "pubDate")
_EDITS = ("lw-last-modification", "date_updated", "updated", "lastmod", "modified")
_AUTHORS = ("authors", "author", "by", "creator")
_KARMA = ("lw-base-score", "karma", "score")
_AND = re.compile(r"\s*(?:,|;|&|\band\b)\s*")


def is_markdown_file(source: Source, head: bytes) -> bool:
    """Return whether a source begins with front matter: three dashes, and a key on the next line."""
    return _BEGINS.match(head) is not None


def read_markdown_file(source: Source) -> Iterator[Loaded]:
    """Yield the one conversation: the essay, as one utterance."""
    text = decode_source(source, LIMITS.line_bytes)
    yield try_making(source.name, lambda: _read_essay(text, source))


def _read_essay(text: str, source: Source) -> Conversation:
    front, body = _split_front_matter(text, source.name)
    hints = source.hints
    url = hints.url or _read_first(front, _URLS, parse_web_address)
    address = parse_forum_address(url)
    conversation_id = format_post_id(address) or make_content_id(text.strip())
    named = format_comment_id(address) or format_post_id(address)  # an essay may have been a comment first
    namespace = address.site.namespace if address is not None else None
    names = [hints.author] if hints.author else _split_names(_read_first(front, _AUTHORS, lambda value: value))
    speakers = [speaker for name in names if (speaker := make_speaker(name, namespace)) is not None]
    posted = parse_time(hints.date) or _read_first(front, _DATES, parse_time)
    markup = read_markdown(body)
    key = (speakers[0].id if speakers else "", posted.isoformat() if posted else "", markup.text)
    utterance = Utterance(
        id=named or next(invent_ids(conversation_id, [key])),
        conversation_id=conversation_id,
        text=markup.text,
        speaker=speakers[0] if speakers else None,
        posted_at=posted,
        edited_at=_read_first(front, _EDITS, parse_time),
        passages=markup.passages,
        karma=_read_first(front, _KARMA, parse_whole_number),
        url=url,
        meta={"coauthors": [speaker.name for speaker in speakers[1:]]} if len(speakers) > 1 else {},
    )
    tags = front.get("tags")
    return Conversation(
        id=conversation_id,
        title=fold_to_line(hints.title or front.get("title")) or fold_to_line(markup.text)[:60],
        utterances=(utterance,),
        site=name_site(url, address),
        url=url,
        meta={"tags": [str(tag) for tag in tags]} if isinstance(tags, list) and tags else {},
    )


def _split_front_matter(text: str, name: str) -> tuple[Mapping[str, Any], str]:
    """Part front matter from body. Raise `Malformed` for front matter that is no YAML or has no end."""
    match = _FRONT.match(text, 0, _FRONT_CHARS)
    if match is None:
        raise Malformed(f"{name}: front matter begins (---) and does not end within {_FRONT_CHARS:,} characters")
    try:
        front = yaml.safe_load(match[1])  # in Python: the loader in C dies on 30,000 open brackets
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise Malformed(f"{name}: front matter is not YAML ({fold_to_line(str(problem), 120)})") from problem
    return (front if isinstance(front, dict) else {}), text[match.end() :]


def _read_first(front: Mapping[str, Any], keys: tuple[str, ...], read_as: Any) -> Any:
    """Take the first of several keys that can be read."""
    return next((value for key in keys if (value := read_as(front.get(key))) is not None), None)


def _split_names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [name for name in _AND.split(value) if name]
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


FORMAT = Format(
    "markdown_file",
    rank=35,
    detects=is_markdown_file,
    read=read_markdown_file,
    what="an essay in Markdown",
    sign="front matter: --- and a key on the next line",
    example="crosstalk ingest essay.md",
)
