"""Alignment Research Dataset, JSON Lines: the current form, and version 1.0 (June 2022) with nested comments.

A line is one article. Current (StampyAI): `id source title authors text url date_published` and more; authors are a
list that came of splitting one string at commas; comments are not in it. Version 1.0 (moirage): `authors` is a string,
numbers are strings, `comments` nest, and an article that failed to download has "n/a" in every field.
"""

# pyright: standard

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.errors import Malformed, TooLarge
from corpus.limits import LIMITS
from corpus.model import Conversation, Speaker, Utterance
from ingest.markup import read_markdown
from ingest.sources.fields import (
    check_size,
    drop_repeats,
    fold_to_line,
    format_post_id,
    invent_ids,
    list_values,
    make_content_id,
    make_speaker,
    name_site,
    parse_time,
    parse_web_address,
    parse_whole_number,
    try_making,
)
from ingest.sources.line_reader import Line, parse_line, read_numbered_lines
from ingest.sources.sites import SITES, ForumAddress, parse_forum_address
from ingest.sources.sniff import list_json_keys
from ingest.sources.source import Format, Loaded, Source

_FAILED = "n/a"
_SUFFIXES = frozenset(
    {"phd", "ph.d.", "md", "m.d.", "jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "esq", "esq.", "inc."}
)
_SOURCES = {"lesswrong": "lesswrong", "alignment forum": "alignmentforum", "alignmentforum": "alignmentforum"}


def is_alignment_dataset(source: Source, head: bytes) -> bool:
    """Return whether a line has the keys of an article: `text` with `source`, `authors` or `date_published`."""
    keys = list_json_keys(head)
    return "text" in keys and "title" in keys and bool(keys & {"source", "authors", "date_published"})


def read_alignment_dataset(source: Source) -> Iterator[Loaded]:
    """Yield one conversation a line; a line that is broken, or that failed to download, is a `Failure` by number."""
    with source.open() as stream:
        for line in read_numbered_lines(stream, LIMITS.line_bytes):
            yield try_making(source.name, lambda line=line: _read_article(line, source))


def _read_article(line: Line, source: Source) -> Conversation:
    row = parse_line(line, source.name, LIMITS.line_bytes)
    where = f"{source.name}: line {line.number}"
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Malformed(f"{where}: an article without text")
    if text.strip() == _FAILED:
        raise Malformed(f"{where}: this article was never downloaded (every field is n/a)")
    url = parse_web_address(row.get("url")) or source.hints.url
    address = parse_forum_address(url) or _find_forum(row.get("source"))
    conversation_id = format_post_id(address) or _make_own_id(row, text)
    site = name_site(url, address) or fold_to_line(row.get("source")) or None
    meta = {key: row[key] for key in ("source", "source_type", "summaries") if row.get(key)}
    if tags := row.get("tags"):
        meta["tags"] = tags.split("/") if isinstance(tags, str) else tags
    try:
        post = _make_utterance(row, conversation_id, conversation_id, None, address, url)
        comments = tuple(_read_comments(row.get("comments"), conversation_id, address, url))
    except TooLarge as problem:
        raise TooLarge(f"{where}: {problem}") from problem
    return Conversation(
        id=conversation_id,
        title=fold_to_line(row.get("title")) or source.hints.title or "",
        utterances=drop_repeats((post, *comments)),
        site=site,
        url=url,
        meta=meta,
    )


def _find_forum(name: Any) -> ForumAddress | None:
    """Find the forum by the dataset's name for it, where an article has no address."""
    known = _SOURCES.get(name, name) if isinstance(name, str) else None
    return next((ForumAddress(site) for site in SITES if site.name == known), None)


def _make_own_id(row: Mapping[str, Any], text: str) -> str:
    own_id = row.get("id")
    return (
        f"alignment-dataset:{own_id}" if isinstance(own_id, str) and 0 < len(own_id) <= 128 else make_content_id(text)
    )


def _make_utterance(
    row: Mapping[str, Any],
    id_: str,
    conversation_id: str,
    parent: str | None,
    address: ForumAddress | None,
    url: str | None,
) -> Utterance:
    markup = read_markdown(check_size(row["text"], id_))
    speaker, coauthors = _read_authors(row.get("authors"), address)
    meta: dict[str, Any] = {"coauthors": coauthors} if coauthors else {}
    for key in ("votes", "omega_karma"):
        if (count := parse_whole_number(row.get(key))) is not None:
            meta[key] = count
    karma = parse_whole_number(row.get("karma"))
    return Utterance(
        id=id_,
        conversation_id=conversation_id,
        text=check_size(markup.text, id_),
        speaker=speaker,
        reply_to=parent,
        posted_at=parse_time(row.get("date_published")),
        edited_at=parse_time(row.get("modified_at")),
        passages=markup.passages,
        karma=karma if karma is not None else parse_whole_number(row.get("score")),
        url=parse_web_address(row.get("url")) or url,
        meta=meta,
    )


def _read_authors(authors: Any, address: ForumAddress | None) -> tuple[Speaker | None, list[str]]:
    """Take the first author as the speaker, and name the others, who wrote the text with them."""
    namespace = address.site.namespace if address is not None else None
    names = [authors] if isinstance(authors, str) else _rejoin_names(authors) if isinstance(authors, list) else []
    speakers = [speaker for name in names if (speaker := make_speaker(name, namespace)) is not None]
    return (speakers[0] if speakers else None), [speaker.name for speaker in speakers[1:]]


def _rejoin_names(names: list[Any]) -> list[str]:
    """Mend names that the dataset split at a comma: ["A. Holm", "PhD"] -> ["A. Holm, PhD"]."""
    mended: list[str] = []
    for name in names:
        if isinstance(name, str) and mended and name.strip().casefold() in _SUFFIXES:
            mended[-1] = f"{mended[-1]}, {name.strip()}"
        elif isinstance(name, str):
            mended.append(name.strip())
    return mended


def _read_comments(
    nested: Any, conversation_id: str, address: ForumAddress | None, url: str | None
) -> Iterator[Utterance]:
    """Yield nested comments, parents first, without recursion. Raise `Malformed` where a comment is none."""
    waiting: list[tuple[Any, str]] = [(row, conversation_id) for row in reversed(list_values(nested))]
    count = 0
    while waiting:
        row, parent = waiting.pop()
        count += 1
        if count > LIMITS.utterances:
            raise TooLarge(f"{conversation_id}: more than {LIMITS.utterances:,} comments")
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise Malformed(f"{conversation_id}: comment {count} has no text")
        id_ = _make_comment_id(row, conversation_id, address)
        yield _make_utterance(row, id_, conversation_id, parent, address, url)
        waiting.extend((reply, id_) for reply in reversed(list_values(row.get("comments"))))


def _make_comment_id(row: Mapping[str, Any], conversation_id: str, address: ForumAddress | None) -> str:
    own_id = row.get("id")
    if isinstance(own_id, str) and 0 < len(own_id) <= 128 and own_id != _FAILED:
        return f"{address.site.namespace if address is not None else 'alignment-dataset'}:{own_id}"
    key = (str(row.get("authors", "")), str(row.get("date_published", "")), row["text"])
    return next(invent_ids(conversation_id, [key]))


FORMAT = Format(
    "alignment_dataset",
    rank=30,
    detects=is_alignment_dataset,
    read=read_alignment_dataset,
    what="the Alignment Research Dataset, also version 1",
    sign="rows with text, title, and source or authors",
    example="crosstalk ingest lesswrong.jsonl",
)
