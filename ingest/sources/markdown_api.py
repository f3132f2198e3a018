"""The forums' Markdown API (`/api/post/<slug>`, `…/comments`), which is what agents save.

Layout from ForumMagnum (`server/markdownComponents`): a comment is a heading "Comment by [NAME](/users/slug)", a
list of its data, perhaps two lists of reactions, and its body, indented by its depth. A post is "# Title", a list that
begins "By [NAME](/users/slug)", and the body; an index of top comments without bodies and a navigation list follow.
"""

# pyright: standard

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from corpus.limits import LIMITS
from corpus.model import Speaker, Utterance
from ingest.markup import read_markdown
from ingest.sources.assembly import ConversationFrame, UtteranceMaker, assemble_conversation
from ingest.sources.fields import (
    decode_source,
    fold_to_line,
    make_content_id,
    make_speaker,
    parse_time,
    parse_whole_number,
)
from ingest.sources.sites import ForumAddress, parse_forum_address
from ingest.sources.source import Format, Loaded, Source

_COMMENT = re.compile(r"\s*#{2,6} Comment by (.+?)\s*$")
_SIGNS = re.compile(rb"^[ \t]{0,40}(?:#{2,6} Comment by |[-*+] {1,8}Post URL \(HTML\):)", re.M)
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(([^()\s]*)\)")
_ITEM = re.compile(r"\s*[-*+] +(.*)$")
_KEY = re.compile(r"([A-Z][A-Za-z ()]{2,40}?):\s*(.*)$")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?$")
_REACTIONS = re.compile(r"\s*Reactions (?:\(whole comment\)|by quoted text):\s*$")
_END = re.compile(r"\s*#{2,3} (?:Top Comments Index|Navigation)\s*$")
_NO_BODY = "[No comment body available]"
_PERMALINK = re.compile(r"/(?:comment|comments)/([A-Za-z0-9]{17})\b")


@dataclass(slots=True)
class _Part:
    """A post or comment as lines: `values` is its list of data, key → value; `author_links` are (name, address)."""

    heading: str
    is_comment: bool
    values: dict[str, str] = field(default_factory=dict)
    author_links: list[tuple[str, str]] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


def is_api_markdown(source: Source, head: bytes) -> bool:
    """Return whether a text has the heading of a comment, or the list under the title of a post."""
    return _SIGNS.search(head) is not None


def read_api_markdown(source: Source) -> Iterator[Loaded]:
    """Yield the one conversation: the post if it is there, and its comments."""
    text = decode_source(source, LIMITS.line_bytes)
    parts = list(_split_parts(text.split("\n")))
    address = _find_address(parts, source)
    namespace = address.site.namespace if address is not None else "forum"
    linked_id = next((_find_post_id(part) for part in parts if _find_post_id(part)), None)
    post = address.post if address is not None and address.post else linked_id
    conversation_id = f"{namespace}:{post}" if post else make_content_id(text.strip())
    home = next((part for part in parts if not part.is_comment), None)
    url = address.site.home + f"/posts/{post}" if address is not None and post else source.hints.url
    frame = ConversationFrame(
        conversation_id,
        fold_to_line(source.hints.title or (home.heading if home else "")) or f"Comments on {post or 'a post'}",
        address.site.name if address is not None else None,
        url,
        {"tags": home.values["tags"].split("\n")} if home is not None and "tags" in home.values else {},
    )
    yield from assemble_conversation(source.name, frame, _list_makers(parts, frame, address, namespace))


def _find_post_id(part: _Part) -> str | None:
    """Find the id of the post in the links of a part."""
    for value in part.values.values():
        if (match := re.search(r"/posts/([A-Za-z0-9]{17})\b", value)) is not None:
            return match[1]
    return None


def _find_address(parts: Sequence[_Part], source: Source) -> ForumAddress | None:
    """Find the forum: by what the user says, or by a whole address in the data of a part."""
    urls = [source.hints.url, source.url]
    urls += [
        url for part in parts for value in part.values.values() for url in re.findall(r"https://[^\s()\[\]]+", value)
    ]
    return next((address for url in urls if (address := parse_forum_address(url)) is not None), None)


def _split_parts(lines: Sequence[str]) -> Iterator[_Part]:
    """Cut the text into the post and the comments, each with its list of data read off."""
    part = _Part("", False)
    index = 0
    while index < len(lines):
        heading = _COMMENT.match(lines[index])
        if heading is not None:
            if part.is_comment or any(line.strip() for line in part.body):
                yield part
            part = _Part("", True, author_links=_LINK.findall(heading[1]))
            index = _read_data(lines, index + 1, part)
        elif not part.is_comment and not part.heading and lines[index].startswith("# "):
            part.heading = lines[index][2:].strip()
            index = _read_data(lines, index + 1, part)
        elif _END.match(lines[index]):
            if part.is_comment or any(line.strip() for line in part.body):
                yield part
            if "Navigation" in lines[index]:
                return
            part = _Part("", True)
            index += 1
        else:
            part.body.append(lines[index])
            index += 1
    if part.is_comment or any(line.strip() for line in part.body):
        yield part


def _read_data(lines: Sequence[str], index: int, part: _Part) -> int:
    """Read the list of data under a heading, and pass over the reactions; return where the body begins."""
    index = _skip_blank(lines, index)
    while index < len(lines) and (item := _ITEM.match(lines[index])) is not None:
        _read_item(item[1].strip(), part)
        index += 1
        if index < len(lines) and not lines[index].strip() and _has_more_data(lines, index):
            index = _skip_blank(lines, index)
    index = _skip_blank(lines, index)
    while index < len(lines) and _REACTIONS.match(lines[index]):
        index = _skip_blank(lines, index + 1)
        while index < len(lines) and (_ITEM.match(lines[index]) or _is_within_item(lines, index)):
            index += 1
        index = _skip_blank(lines, index)
    return index


def _read_item(item: str, part: _Part) -> None:
    if item.startswith("By "):
        part.author_links = _LINK.findall(item)
    elif _TIME.match(item):
        part.values["time"] = item
    elif item.startswith("Tag:"):
        name = _LINK.search(item)
        part.values["tags"] = "\n".join(filter(None, (part.values.get("tags"), name[1] if name else item[4:].strip())))
    elif (points := re.match(r"([-\u2212]?\d+) points?$", item)) is not None:
        part.values["Karma"] = points[1]
    elif (key := _KEY.match(item)) is not None:
        part.values.setdefault(key[1], key[2])


def _has_more_data(lines: Sequence[str], index: int) -> bool:
    """Return whether the list goes on after blank lines (a loose list) and is not a list that the body begins with."""
    index = _skip_blank(lines, index)
    item = _ITEM.match(lines[index]) if index < len(lines) else None
    return item is not None and (_KEY.match(item[1]) is not None or _TIME.match(item[1].strip()) is not None)


def _is_within_item(lines: Sequence[str], index: int) -> bool:
    """Return whether a blank or indented line still belongs to a list of reactions."""
    if lines[index].strip():
        return lines[index].startswith("    ") or lines[index].lstrip().startswith('"')
    following = _skip_blank(lines, index)
    return following < len(lines) and lines[following].startswith("    ") and _ITEM.match(lines[following]) is not None


def _skip_blank(lines: Sequence[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _list_makers(
    parts: Sequence[_Part], frame: ConversationFrame, address: ForumAddress | None, namespace: str
) -> Iterator[UtteranceMaker]:
    for number, part in enumerate(parts):
        if part.is_comment:
            match = _PERMALINK.search(
                part.values.get("HTML permalink", "") or part.values.get("Markdown permalink", "")
            )
            if not match or not any(line.strip() for line in part.body):
                continue  # the index of top comments has no bodies
            id_ = f"{namespace}:{match[1]}"
        else:
            id_ = frame.id if number == 0 else f"{frame.id}~{number}"
        yield id_, partial(_make_utterance, part, id_, frame, address, namespace)


def _make_utterance(
    part: _Part, id_: str, frame: ConversationFrame, address: ForumAddress | None, namespace: str
) -> Utterance:
    parent = _PERMALINK.search(part.values.get("Parent comment (Markdown)", ""))
    markup = read_markdown(textwrap.dedent("\n".join(part.body)).replace(f"_{_NO_BODY}_", ""))
    speakers = [
        speaker for name, link in part.author_links if (speaker := _make_speaker(name, link, address)) is not None
    ]
    meta: dict[str, Any] = {"coauthors": [speaker.name for speaker in speakers[1:]]} if len(speakers) > 1 else {}
    own = id_.partition(":")[2]
    link = f"{frame.url}?commentId={own}" if frame.url and part.is_comment else frame.url
    above = f"{namespace}:{parent[1]}" if parent else frame.id
    return Utterance(
        id=id_,
        conversation_id=frame.id,
        text=markup.text,
        speaker=speakers[0] if speakers else None,
        reply_to=above if part.is_comment else None,
        posted_at=parse_time(part.values.get("time")),
        passages=markup.passages,
        karma=parse_whole_number(part.values.get("Karma")),
        url=link,
        meta=meta,
    )


def _make_speaker(name: str, link: str, address: ForumAddress | None) -> Speaker | None:
    user = re.search(r"/users/([^/?#]+)", link)
    namespace = address.site.namespace if address is not None else None
    return make_speaker(re.sub(r"\\(.)", r"\1", name), namespace, user[1] if user else None)


FORMAT = Format(
    "markdown_api",
    rank=45,
    detects=is_api_markdown,
    read=read_api_markdown,
    what="what the forums' Markdown interface gives",
    sign="its headings: By, points, Post URL",
    example="crosstalk ingest post.md",
)
