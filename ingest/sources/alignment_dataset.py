"""Alignment Research Dataset, JSON Lines: the current form, and version 1.0 (June 2022) with nested comments.

A line is one article. Current (StampyAI): `id source title authors text url date_published` and more; authors are a
list that came of splitting one string at commas; comments are not in it. Version 1.0 (moirage): `authors` is a string,
numbers are strings, `comments` nest, and an article that failed to download has "n/a" in every field.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.errors import Malformed, TooLarge
from corpus.limits import LIMITS
from corpus.model import Conversation, Speaker, Utterance
from ingest.markup import from_markdown
from ingest.sources.fields import (
    attempt,
    checked_size,
    content_id,
    invented_ids,
    moment,
    one_line,
    post_id,
    site_named,
    speaker_named,
    web_address,
    whole_number,
    without_repeats,
)
from ingest.sources.line_reader import Line, numbered_lines, parsed
from ingest.sources.sites import SITES, Place, place_of
from ingest.sources.sniff import json_keys
from ingest.sources.source import Format, Loaded, Source

_FAILED = "n/a"
_SUFFIXES = frozenset(
    {"phd", "ph.d.", "md", "m.d.", "jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "esq", "esq.", "inc."}
)
_SOURCES = {"lesswrong": "lesswrong", "alignment forum": "alignmentforum", "alignmentforum": "alignmentforum"}


def detects(source: Source, head: bytes) -> bool:
    """Tell an article line by its keys: `text` with the dataset's own `source`, `authors` or `date_published`."""
    keys = json_keys(head)
    return "text" in keys and "title" in keys and bool(keys & {"source", "authors", "date_published"})


def read(source: Source) -> Iterator[Loaded]:
    """Yield one conversation a line; a line that is broken, or that failed to download, is a `Failure` by number."""
    with source.open() as stream:
        for line in numbered_lines(stream, LIMITS.line_bytes):
            yield attempt(source.name, lambda line=line: _article(line, source))


def _article(line: Line, source: Source) -> Conversation:
    row = parsed(line, source.name, LIMITS.line_bytes)
    where = f"{source.name}: line {line.number}"
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Malformed(f"{where}: an article without text")
    if text.strip() == _FAILED:
        raise Malformed(f"{where}: this article was never downloaded (every field is n/a)")
    url = web_address(row.get("url")) or source.hints.url
    place = place_of(url) or _place_named(row.get("source"))
    conversation_id = post_id(place) or _own_id(row, text)
    site = site_named(url, place) or one_line(row.get("source")) or None
    meta = {key: row[key] for key in ("source", "source_type", "summaries") if row.get(key)}
    if tags := row.get("tags"):
        meta["tags"] = tags.split("/") if isinstance(tags, str) else tags
    try:
        post = _utterance(row, conversation_id, conversation_id, None, place, url)
        comments = tuple(_comments(row.get("comments"), conversation_id, place, url))
    except TooLarge as problem:
        raise TooLarge(f"{where}: {problem}") from problem
    return Conversation(
        id=conversation_id,
        title=one_line(row.get("title")) or source.hints.title or "",
        utterances=without_repeats((post, *comments)),
        site=site,
        url=url,
        meta=meta,
    )


def _place_named(name: Any) -> Place | None:
    """Find the forum by the dataset's name for it, where an article has no address."""
    known = _SOURCES.get(name, name) if isinstance(name, str) else None
    return next((Place(site) for site in SITES if site.name == known), None)


def _own_id(row: Mapping[str, Any], text: str) -> str:
    found = row.get("id")
    return f"alignment-dataset:{found}" if isinstance(found, str) and 0 < len(found) <= 128 else content_id(text)


def _utterance(
    row: Mapping[str, Any], id_: str, conversation_id: str, parent: str | None, place: Place | None, url: str | None
) -> Utterance:
    markup = from_markdown(checked_size(row["text"], id_))
    speaker, coauthors = _authors(row.get("authors"), place)
    meta: dict[str, Any] = {"coauthors": coauthors} if coauthors else {}
    for key in ("votes", "omega_karma"):
        if (count := whole_number(row.get(key))) is not None:
            meta[key] = count
    karma = whole_number(row.get("karma"))
    return Utterance(
        id=id_,
        conversation_id=conversation_id,
        text=checked_size(markup.text, id_),
        speaker=speaker,
        reply_to=parent,
        posted_at=moment(row.get("date_published")),
        edited_at=moment(row.get("modified_at")),
        passages=markup.passages,
        karma=karma if karma is not None else whole_number(row.get("score")),
        url=web_address(row.get("url")) or url,
        meta=meta,
    )


def _authors(said: Any, place: Place | None) -> tuple[Speaker | None, list[str]]:
    """Take the first author as the speaker, and name the others, who wrote the text with them."""
    namespace = place.site.namespace if place is not None else None
    names = [said] if isinstance(said, str) else _rejoined(said) if isinstance(said, list) else []
    speakers = [speaker for name in names if (speaker := speaker_named(name, namespace)) is not None]
    return (speakers[0] if speakers else None), [speaker.name for speaker in speakers[1:]]


def _rejoined(names: list[Any]) -> list[str]:
    """Mend names that the dataset split at a comma: ["A. Holm", "PhD"] -> ["A. Holm, PhD"]."""
    mended: list[str] = []
    for name in names:
        if isinstance(name, str) and mended and name.strip().casefold() in _SUFFIXES:
            mended[-1] = f"{mended[-1]}, {name.strip()}"
        elif isinstance(name, str):
            mended.append(name.strip())
    return mended


def _comments(nested: Any, conversation_id: str, place: Place | None, url: str | None) -> Iterator[Utterance]:
    """Yield nested comments, parents first, without recursion. Raises `Malformed` where a comment is none."""
    waiting: list[tuple[Any, str]] = [(row, conversation_id) for row in reversed(_listed(nested))]
    count = 0
    while waiting:
        row, parent = waiting.pop()
        count += 1
        if count > LIMITS.utterances:
            raise TooLarge(f"{conversation_id}: more than {LIMITS.utterances:,} comments")
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise Malformed(f"{conversation_id}: comment {count} has no text")
        id_ = _comment_id(row, conversation_id, place)
        yield _utterance(row, id_, conversation_id, parent, place, url)
        waiting.extend((reply, id_) for reply in reversed(_listed(row.get("comments"))))


def _comment_id(row: Mapping[str, Any], conversation_id: str, place: Place | None) -> str:
    found = row.get("id")
    if isinstance(found, str) and 0 < len(found) <= 128 and found != _FAILED:
        return f"{place.site.namespace if place is not None else 'alignment-dataset'}:{found}"
    key = (str(row.get("authors", "")), str(row.get("date_published", "")), row["text"])
    return next(invented_ids(conversation_id, [key]))


def _listed(nested: Any) -> list[Any]:
    return nested if isinstance(nested, list) else []


FORMAT = Format("alignment_dataset", rank=30, detects=detects, read=read)
