"""One Markdown file with YAML front matter: an essay as static sites keep it, perhaps first posted on a forum.

The front matter gives title, address, dates and author under the names that site generators use; LessWrong's own
exports say `lw-…`. Where it names no author the speaker is None, unless the user names one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from corpus.errors import Malformed
from corpus.limits import LIMITS
from corpus.model import Conversation, Utterance
from ingest.markup import from_markdown
from ingest.sources.fields import (
    attempt,
    comment_id,
    content_id,
    invented_ids,
    moment,
    one_line,
    post_id,
    site_named,
    speaker_named,
    text_of,
    web_address,
    whole_number,
)
from ingest.sources.sites import place_of
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


def detects(source: Source, head: bytes) -> bool:
    """Tell front matter by a first line of three dashes and a key on the next."""
    return _BEGINS.match(head) is not None


def read(source: Source) -> Iterator[Loaded]:
    """Yield the one conversation: the essay, as one utterance."""
    text = text_of(source, LIMITS.line_bytes)
    yield attempt(source.name, lambda: _essay(text, source))


def _essay(text: str, source: Source) -> Conversation:
    said, body = _parted(text, source.name)
    hints = source.hints
    url = hints.url or _first(said, _URLS, web_address)
    place = place_of(url)
    conversation_id = post_id(place) or content_id(text.strip())
    named = comment_id(place) or post_id(place)  # an essay may have been a comment first
    namespace = place.site.namespace if place is not None else None
    names = [hints.author] if hints.author else _names(_first(said, _AUTHORS, lambda value: value))
    speakers = [speaker for name in names if (speaker := speaker_named(name, namespace)) is not None]
    posted = moment(hints.date) or _first(said, _DATES, moment)
    markup = from_markdown(body)
    key = (speakers[0].id if speakers else "", posted.isoformat() if posted else "", markup.text)
    utterance = Utterance(
        id=named or next(invented_ids(conversation_id, [key])),
        conversation_id=conversation_id,
        text=markup.text,
        speaker=speakers[0] if speakers else None,
        posted_at=posted,
        edited_at=_first(said, _EDITS, moment),
        passages=markup.passages,
        karma=_first(said, _KARMA, whole_number),
        url=url,
        meta={"coauthors": [speaker.name for speaker in speakers[1:]]} if len(speakers) > 1 else {},
    )
    tags = said.get("tags")
    return Conversation(
        id=conversation_id,
        title=one_line(hints.title or said.get("title")) or one_line(markup.text)[:60],
        utterances=(utterance,),
        site=site_named(url, place),
        url=url,
        meta={"tags": [str(tag) for tag in tags]} if isinstance(tags, list) and tags else {},
    )


def _parted(text: str, name: str) -> tuple[Mapping[str, Any], str]:
    """Part front matter from body. Raises `Malformed` for front matter that is no YAML or has no end."""
    found = _FRONT.match(text, 0, _FRONT_CHARS)
    if found is None:
        raise Malformed(f"{name}: front matter begins (---) and does not end within {_FRONT_CHARS:,} characters")
    try:
        said = yaml.safe_load(found[1])  # in Python: the loader in C dies on 30,000 open brackets
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise Malformed(f"{name}: front matter is not YAML ({one_line(str(problem), 120)})") from problem
    return (said if isinstance(said, dict) else {}), text[found.end() :]


def _first(said: Mapping[str, Any], keys: tuple[str, ...], read_as: Any) -> Any:
    """Take the first of several keys that can be read."""
    return next((found for key in keys if (found := read_as(said.get(key))) is not None), None)


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [name for name in _AND.split(value) if name]
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


FORMAT = Format("markdown_file", rank=35, detects=detects, read=read)
