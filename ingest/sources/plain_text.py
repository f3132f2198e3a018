"""Text with no markup, which is what people have: flattened threads, profile pages, mails, essays.

Who speaks is taken from marks in the text (`flat_threads`), from the header of a profile page (`profile_page`), or
from what the user says (`--author`, a sidecar). Where none of them names anybody, the speaker is None: never guessed.
A page that the file holds twice is stored once (`renderings`); the page's own words are dropped (`furniture`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from corpus.errors import Unreadable
from corpus.limits import LIMITS
from corpus.model import Conversation, Speaker, Status, Utterance
from ingest.markup import from_text
from ingest.sources.fields import (
    attempt,
    content_id,
    invented_ids,
    moment,
    one_line,
    post_id,
    site_named,
    speaker_named,
    text_of,
    web_address,
)
from ingest.sources.flat_threads import Turn, marked_turns
from ingest.sources.furniture import without_furniture
from ingest.sources.mail_text import mail_text
from ingest.sources.profile_page import Profile, profile_of
from ingest.sources.renderings import Piece, once
from ingest.sources.sites import Place, place_of
from ingest.sources.sniff import is_html, is_json
from ingest.sources.source import Format, Hints, Loaded, Source

_WHOLE_BYTES = LIMITS.line_bytes
_CHUNK_CHARS = LIMITS.utterance_chars // 2
_TITLE_CHARS = 120
_FIRST_WORDS = 60
_BY = re.compile(r"(?:posted |written )?by:? (.{2,80})$", re.I)
_BLANK_SHARE = 0.2
_SITE_LINKS = re.compile(r" \[(?:LW|AF|EA|GW|LW\(p\)|GW\(p\)|EA\(p\)|AF\(p\))(?: · (?:LW|AF|EA|GW)(?:\(p\))?)*\]")


@dataclass(slots=True)
class _Draft:
    """An utterance in the making: who, when, and its paragraphs."""

    pieces: list[Piece]
    author: str | None = None
    username: str | None = None
    posted_at: datetime | None = None
    karma: int | None = None
    status: Status = Status.LIVE
    parent: int | None = None
    meta: dict[str, Any] = field(default_factory=dict)


def detects(source: Source, head: bytes) -> bool:
    """Take anything that is a text: every other format has been asked before."""
    return source.head() != b"" and not is_html(head) and not is_json(head)


def read(source: Source) -> Iterator[Loaded]:
    """Yield the one conversation of a text."""
    text = text_of(source, _WHOLE_BYTES)
    yield attempt(source.name, lambda: conversation_of(text, source.hints, source.name))


def conversation_of(text: str, hints: Hints, name: str) -> Conversation:
    """Read a text. Raises `Unreadable` where nothing of it is somebody's words, `TooLarge` above the limits."""
    lines = text.split("\n")
    profile = profile_of(lines)
    if profile is not None:
        title, drafts = f"{profile.name}'s comments", _of_profile(profile, lines)
    elif (marked := marked_turns(lines)) is not None:
        title, drafts = _of_turns(marked[1], marked[0].name)
    else:
        title, drafts = _of_unmarked(lines)
    drafts = [draft for draft in drafts if draft.pieces or draft.status is Status.DELETED]
    if not any(draft.pieces for draft in drafts):
        raise Unreadable(f"{name}: only headings and buttons of a page, no text")
    return _finished(drafts, title, text, hints, profile)


def paragraphs_of(lines: Sequence[str]) -> list[str]:
    """Part lines into paragraphs: at blank lines, or, in a text that has hardly any, at every line.

    Lines that plainly run on (they end in a comma or within brackets, as semantic line breaks do) stay together.
    """
    shown = [place for place, line in enumerate(lines) if line.strip()]
    blank_before = sum(after - before > 1 for before, after in pairwise(shown))
    by_blanks = len(shown) < 2 or blank_before >= _BLANK_SHARE * (len(shown) - 1)
    paragraphs: list[list[str]] = []
    open_ = False
    for line in lines:
        if not line.strip():
            open_ = False
        elif open_ and (by_blanks or _runs_on(paragraphs[-1][-1]) or _both_quoted(paragraphs[-1][-1], line)):
            paragraphs[-1].append(line.rstrip())
        else:
            paragraphs.append([line.rstrip()])
            open_ = True
    return ["\n".join(paragraph) for paragraph in paragraphs]


def _runs_on(line: str) -> bool:
    line = line.rstrip()
    return len(line) <= 100 and (line.endswith((",", "(")) or line.count("(") > line.count(")"))


def _both_quoted(line: str, following: str) -> bool:
    return line.lstrip().startswith(">") and following.lstrip().startswith(">")


def _of_profile(profile: Profile, lines: Sequence[str]) -> list[_Draft]:
    """Make one utterance of what stands below the header: where a comment ends cannot be seen in it."""
    body = once(paragraphs_of(without_furniture(lines[profile.begins :])))
    about = [Piece(text) for text in profile.about]
    return [
        _Draft(about, profile.name, meta={"section": "about"}),
        _Draft(body, profile.name, meta={"section": "comments"}),
    ]


def _of_turns(turns: Sequence[Turn], layout: str) -> tuple[str, list[_Draft]]:
    title = ""
    drafts: list[_Draft] = []
    shift = 0
    for turn in turns:
        lines = mail_text("\n".join(turn.lines)).split("\n") if layout == "mail" else without_furniture(turn.lines)
        paragraphs = paragraphs_of(lines)
        if turn.kind in ("before", "post") and not title and paragraphs and turn is turns[0]:
            title, paragraphs, byline = _heading(paragraphs)
            turn.author = turn.author or byline
        if turn.kind == "before" and not paragraphs:
            shift = 1
            continue
        drafts.append(
            _Draft(
                once([_SITE_LINKS.sub("", text) for text in paragraphs]),
                turn.author,
                turn.username,
                turn.posted_at,
                turn.karma,
                Status.DELETED if turn.deleted else Status.LIVE,
                turn.parent - shift if turn.parent is not None and turn.parent >= shift else None,
                {"layout": layout, "kind": turn.kind},
            )
        )
    return title, drafts


def _of_unmarked(lines: Sequence[str]) -> tuple[str, list[_Draft]]:
    """Read a text without marks. It is one utterance (more only where it is too long for one): nobody is named."""
    title, paragraphs, byline = _heading(paragraphs_of(without_furniture(lines)))
    pieces = once(paragraphs)
    drafts: list[_Draft] = []
    size = _CHUNK_CHARS
    for piece in pieces:
        if size + len(piece.text) > _CHUNK_CHARS:
            drafts.append(_Draft([], byline))
            size = 0
        drafts[-1].pieces.append(piece)
        size += len(piece.text) + 2
    return title, drafts


def _heading(paragraphs: Sequence[str]) -> tuple[str, list[str], str | None]:
    """Take a title, and a line "by NAME" after it, off the top: (title, the rest, the name)."""
    rest = list(paragraphs)
    title = byline = ""
    if len(rest) > 1 and is_title(rest[0]):
        title = one_line(rest.pop(0).lstrip("# "))
        found = _BY.match(rest[0].strip())
        if found is not None and len(rest) > 1:
            byline = found[1]
            rest.pop(0)
    return title, rest, byline or None


def is_title(line: str) -> bool:
    """Tell whether a first line is the title of what follows: short, one line, no end of a sentence."""
    line = line.strip()
    return (
        1 < len(line) <= _TITLE_CHARS
        and "\n" not in line
        and line[-1] not in ".,;:!…”\"'"
        and (line[0].isupper() or line[0] in "#[“\"'" or line[0].isdigit())
        and len(line.split()) <= 20
    )


def _finished(drafts: Sequence[_Draft], title: str, text: str, hints: Hints, profile: Profile | None) -> Conversation:
    url = web_address(hints.url)
    place = place_of(url)
    conversation_id = post_id(place) or content_id(text.strip())
    markups = [from_text("\n\n".join(piece.text for piece in draft.pieces)) for draft in drafts]
    speakers = [_speaker(draft, hints, place) for draft in drafts]
    posted = [draft.posted_at or moment(hints.date) for draft in drafts]
    keys = [
        (speaker.id if speaker else "", draft.posted_at.isoformat() if draft.posted_at else "", markup.text)
        for speaker, draft, markup in zip(speakers, drafts, markups, strict=True)
    ]
    ids = list(invented_ids(conversation_id, keys))
    utterances = tuple(
        Utterance(
            id=id_,
            conversation_id=conversation_id,
            text=markup.text,
            speaker=speaker,
            reply_to=ids[draft.parent] if draft.parent is not None else None,
            posted_at=when,
            passages=markup.passages,
            karma=draft.karma,
            status=draft.status,
            url=url,
            meta=draft.meta | _once_rendered(draft.pieces, markup.text),
        )
        for id_, markup, speaker, when, draft in zip(ids, markups, speakers, posted, drafts, strict=True)
    )
    return Conversation(
        id=conversation_id,
        title=one_line(hints.title) or title or _first_words(utterances),
        utterances=utterances,
        site=site_named(url, place),
        url=url,
        meta=dict(profile.listed) if profile is not None else {},
    )


def _speaker(draft: _Draft, hints: Hints, place: Place | None) -> Speaker | None:
    """Name the speaker: by the text's own mark, else by what the user says, else by the address of a user's page."""
    namespace = place.site.namespace if place is not None else None
    if draft.author is not None:
        slug_ = place.user if place is not None and draft.meta.get("section") else None
        return speaker_named(draft.author, namespace, slug_)
    if draft.status is Status.DELETED:
        return None
    if hints.author is not None:
        return speaker_named(hints.author, namespace)
    return speaker_named(place.user, namespace, place.user) if place is not None and place.user else None


def _once_rendered(pieces: Sequence[Piece], text: str) -> dict[str, Any]:
    """Say which stretches stood in one of two renderings only: [[start, end], …]."""
    spans: list[list[int]] = []
    at = 0
    for piece in pieces:
        if (start := text.find(piece.text, at)) >= 0:
            at = start + len(piece.text)
            if piece.single:
                spans.append([start, at])
    return {"once_rendered": spans} if spans else {}


def _first_words(utterances: Sequence[Utterance]) -> str:
    words = one_line(next((u.text for u in utterances if u.text), ""))
    return words if len(words) <= _FIRST_WORDS else words[:_FIRST_WORDS].rsplit(" ", 1)[0] + " …"


FORMAT = Format("plain_text", rank=10, detects=detects, read=read)
