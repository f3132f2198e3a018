"""The forums' Markdown API (`/api/post/<slug>`, `…/comments`), which is what agents save.

Layout from ForumMagnum (`server/markdownComponents`): a comment is a heading "Comment by [NAME](/users/slug)", a
list of its data, perhaps two lists of reactions, and its body, indented by its depth. A post is "# Title", a list that
begins "By [NAME](/users/slug)", and the body; an index of top comments without bodies and a navigation list follow.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from corpus.limits import LIMITS
from corpus.model import Speaker, Utterance
from ingest.markup import from_markdown
from ingest.sources.assembly import Frame, Maker, assemble
from ingest.sources.fields import content_id, moment, one_line, speaker_named, text_of, whole_number
from ingest.sources.sites import Place, place_of
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
    """A post or comment as lines: `said` is its list of data, key → value; `by` the links to its authors."""

    heading: str
    is_comment: bool
    said: dict[str, str] = field(default_factory=dict)
    by: list[tuple[str, str]] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


def detects(source: Source, head: bytes) -> bool:
    """Tell the format by the heading of a comment or by the list under the title of a post."""
    return _SIGNS.search(head) is not None


def read(source: Source) -> Iterator[Loaded]:
    """Yield the one conversation: the post if it is there, and its comments."""
    text = text_of(source, LIMITS.line_bytes)
    parts = list(_parts(text.split("\n")))
    place = _place(parts, source)
    namespace = place.site.namespace if place is not None else "forum"
    found = next((place_of_post(part) for part in parts if place_of_post(part)), None)
    post = place.post if place is not None and place.post else found
    conversation_id = f"{namespace}:{post}" if post else content_id(text.strip())
    home = next((part for part in parts if not part.is_comment), None)
    url = place.site.home + f"/posts/{post}" if place is not None and post else source.hints.url
    frame = Frame(
        conversation_id,
        one_line(source.hints.title or (home.heading if home else "")) or f"Comments on {post or 'a post'}",
        place.site.name if place is not None else None,
        url,
        {"tags": home.said["tags"].split("\n")} if home is not None and "tags" in home.said else {},
    )
    yield from assemble(source.name, frame, _makers(parts, frame, place, namespace))


def place_of_post(part: _Part) -> str | None:
    """Find the id of the post in the links of a part."""
    for value in part.said.values():
        if (found := re.search(r"/posts/([A-Za-z0-9]{17})\b", value)) is not None:
            return found[1]
    return None


def _place(parts: Sequence[_Part], source: Source) -> Place | None:
    """Find the forum: by what the user says, or by a whole address in the data of a part."""
    urls = [source.hints.url, source.url]
    urls += [
        url for part in parts for value in part.said.values() for url in re.findall(r"https://[^\s()\[\]]+", value)
    ]
    return next((place for url in urls if (place := place_of(url)) is not None), None)


def _parts(lines: Sequence[str]) -> Iterator[_Part]:
    """Cut the text into the post and the comments, each with its list of data read off."""
    part = _Part("", False)
    at = 0
    while at < len(lines):
        heading = _COMMENT.match(lines[at])
        if heading is not None:
            if part.is_comment or any(line.strip() for line in part.body):
                yield part
            part = _Part("", True, by=_LINK.findall(heading[1]))
            at = _read_data(lines, at + 1, part)
        elif not part.is_comment and not part.heading and lines[at].startswith("# "):
            part.heading = lines[at][2:].strip()
            at = _read_data(lines, at + 1, part)
        elif _END.match(lines[at]):
            if part.is_comment or any(line.strip() for line in part.body):
                yield part
            if "Navigation" in lines[at]:
                return
            part = _Part("", True)
            at += 1
        else:
            part.body.append(lines[at])
            at += 1
    if part.is_comment or any(line.strip() for line in part.body):
        yield part


def _read_data(lines: Sequence[str], at: int, part: _Part) -> int:
    """Read the list of data under a heading, and pass over the reactions; returns where the body begins."""
    at = _skip_blank(lines, at)
    while at < len(lines) and (item := _ITEM.match(lines[at])) is not None:
        _read_item(item[1].strip(), part)
        at += 1
        if at < len(lines) and not lines[at].strip() and _more_data(lines, at):
            at = _skip_blank(lines, at)
    at = _skip_blank(lines, at)
    while at < len(lines) and _REACTIONS.match(lines[at]):
        at = _skip_blank(lines, at + 1)
        while at < len(lines) and (_ITEM.match(lines[at]) or _within_item(lines, at)):
            at += 1
        at = _skip_blank(lines, at)
    return at


def _read_item(item: str, part: _Part) -> None:
    if item.startswith("By "):
        part.by = _LINK.findall(item)
    elif _TIME.match(item):
        part.said["time"] = item
    elif item.startswith("Tag:"):
        name = _LINK.search(item)
        part.said["tags"] = "\n".join(filter(None, (part.said.get("tags"), name[1] if name else item[4:].strip())))
    elif (points := re.match(r"([-\u2212]?\d+) points?$", item)) is not None:
        part.said["Karma"] = points[1]
    elif (key := _KEY.match(item)) is not None:
        part.said.setdefault(key[1], key[2])


def _more_data(lines: Sequence[str], at: int) -> bool:
    """Tell whether the list goes on after blank lines (a loose list) and is not a list that the body begins with."""
    at = _skip_blank(lines, at)
    item = _ITEM.match(lines[at]) if at < len(lines) else None
    return item is not None and (_KEY.match(item[1]) is not None or _TIME.match(item[1].strip()) is not None)


def _within_item(lines: Sequence[str], at: int) -> bool:
    """Tell whether a blank or indented line still belongs to a list of reactions."""
    if lines[at].strip():
        return lines[at].startswith("    ") or lines[at].lstrip().startswith('"')
    following = _skip_blank(lines, at)
    return following < len(lines) and lines[following].startswith("    ") and _ITEM.match(lines[following]) is not None


def _skip_blank(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _makers(parts: Sequence[_Part], frame: Frame, place: Place | None, namespace: str) -> Iterator[Maker]:
    for number, part in enumerate(parts):
        if part.is_comment:
            found = _PERMALINK.search(part.said.get("HTML permalink", "") or part.said.get("Markdown permalink", ""))
            if not found or not any(line.strip() for line in part.body):
                continue  # the index of top comments has no bodies
            id_ = f"{namespace}:{found[1]}"
        else:
            id_ = frame.id if number == 0 else f"{frame.id}~{number}"
        yield id_, partial(_utterance, part, id_, frame, place, namespace)


def _utterance(part: _Part, id_: str, frame: Frame, place: Place | None, namespace: str) -> Utterance:
    parent = _PERMALINK.search(part.said.get("Parent comment (Markdown)", ""))
    markup = from_markdown(textwrap.dedent("\n".join(part.body)).replace(f"_{_NO_BODY}_", ""))
    speakers = [speaker for name, link in part.by if (speaker := _speaker(name, link, place)) is not None]
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
        posted_at=moment(part.said.get("time")),
        passages=markup.passages,
        karma=whole_number(part.said.get("Karma")),
        url=link,
        meta=meta,
    )


def _speaker(name: str, link: str, place: Place | None) -> Speaker | None:
    user = re.search(r"/users/([^/?#]+)", link)
    namespace = place.site.namespace if place is not None else None
    return speaker_named(re.sub(r"\\(.)", r"\1", name), namespace, user[1] if user else None)


FORMAT = Format("markdown_api", rank=45, detects=detects, read=read)
