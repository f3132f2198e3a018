"""Text with no markup, which is what people have: flattened threads, profile pages, mails, essays.

Who speaks is taken from marks in the text (`flattened_threads`), from the header of a profile page (`profile_page`), or
from what the user says (`--author`, a sidecar). Where none of them names anybody, the speaker is None: never guessed.
A page that the file holds twice is stored once (`repeated_renderings`); the page's own words are dropped
(`page_furniture`).
"""

# pyright: standard

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, pairwise
from typing import Any

from corpus.errors import Unreadable
from corpus.limits import LIMITS
from corpus.model import Conversation, Speaker, Status, Utterance
from ingest.markup import read_markdown, read_text
from ingest.sources.fields import (
    decode_source,
    fold_to_line,
    format_post_id,
    invent_ids,
    make_content_id,
    make_speaker,
    name_site,
    parse_time,
    parse_web_address,
    try_making,
)
from ingest.sources.mail.quoted_mail import read_mail_text
from ingest.sources.person_names import drop_ornament, has_given_name, is_name_word
from ingest.sources.plain_text.flattened_threads import MarkedTurn, ThreadLayout, connect_replies, split_marked_turns
from ingest.sources.plain_text.labelled_turns import split_labelled_turns
from ingest.sources.plain_text.page_furniture import drop_furniture, is_possible_furniture
from ingest.sources.plain_text.printed_pages import read_printed_lines
from ingest.sources.plain_text.profile_page import ProfileHeader, is_comment_head, read_profile
from ingest.sources.plain_text.repeated_renderings import (
    RenderedParagraph,
    find_quotations,
    join_repeated_renderings,
    reduce_to_letters,
)
from ingest.sources.sites import ForumAddress, parse_forum_address
from ingest.sources.sniff import is_html, is_json
from ingest.sources.source import Format, Hints, Loaded, Source
from ingest.turns.turn_starts import LIKELY_START, predict_turn_starts

_WHOLE_BYTES = LIMITS.line_bytes
_CHUNK_CHARS = LIMITS.utterance_chars // 2
_TITLE_CHARS = 120
_FIRST_WORDS = 60
_MANY_LETTERS = 60
_MARKDOWN = (
    (1, re.compile(r"\[[^\[\]\n]{1,300}\]\((?:https?:|/)[^()\s]+\)")),
    (1, re.compile(r"^(?:```|~~~)", re.M)),
    (2, re.compile(r"^#{1,6} \S", re.M)),
    (2, re.compile(r"^ {0,3}</?(?:blockquote|del|details|ins|table)(?: [^<>\n]*)?>", re.M)),
    (2, re.compile(r"(?<!\*)\*\*[^\s*][^*\n]{0,200}\*\*")),
)
"""Marks that hardly stand in a text that is not Markdown, each with how many of it are enough."""
_OF_COMMENTS = re.compile(r"(?:new |\d+ )?comments?(?:,? sorted.*)?|reply|(?:\d+ )?answers?|\d+ repl(?:y|ies)", re.I)
_RE = re.compile(r"(?i)^(?:\s*(?:re|aw|fwd?):)+\s*")
_BY = re.compile(r"(?:posted |written )?by:? ([^\W_]\S*(?: \S+){0,3})$", re.I)
_SEVERAL = re.compile(r"[,&/+]|(?i:\band\b)")
_BLANK_SHARE = 0.2
_SITE_LINKS = re.compile(r" \[(?:LW|AF|EA|GW|LW\(p\)|GW\(p\)|EA\(p\)|AF\(p\))(?: · (?:LW|AF|EA|GW)(?:\(p\))?)*\]")


@dataclass(slots=True)
class _UtteranceDraft:
    """An utterance in the making: who, when, its paragraphs; `quoted` are those shown to be quotations, if asked.

    `is_marked`: the author's name stands over these very words, not only over the page.
    """

    pieces: list[RenderedParagraph]
    author: str | None = None
    posted_at: datetime | None = None
    karma: int | None = None
    status: Status = Status.LIVE
    parent: int | None = None
    begins: float = 1.0
    is_marked: bool = False
    quoted: frozenset[int] | None = None
    meta: dict[str, Any] = field(default_factory=dict)


def is_plain_text(source: Source, head: bytes) -> bool:
    """Return whether a source is text of any kind; every other format has been asked before."""
    return source.read_head() != b"" and not is_html(head) and not is_json(head)


def read_plain_text(source: Source) -> Iterator[Loaded]:
    """Yield the one conversation of a text."""
    text = decode_source(source, _WHOLE_BYTES)
    yield try_making(source.name, lambda: make_conversation(text, source.hints, source.name))


def make_conversation(text: str, hints: Hints, name: str) -> Conversation:
    """Read a text. Raise `Unreadable` where nothing of it is somebody's words, `TooLarge` above the limits."""
    lines = read_printed_lines(text.split("\n"))
    profile = read_profile(lines)
    marked = split_marked_turns(lines[profile.begins :] if profile is not None else lines)
    marked = marked or (split_labelled_turns(lines) if profile is None else None)
    if profile is not None:
        title, drafts = f"{profile.name}'s comments", _draft_profile(profile, lines, marked)
    elif marked is not None:
        title, drafts = _draft_turns(marked[1], marked[0].name)
    else:
        title, drafts = _draft_unmarked(lines, hints)
    drafts = [draft for draft in drafts if draft.pieces or draft.status is Status.DELETED]
    if not any(draft.pieces for draft in drafts):
        raise Unreadable(f"{name}: only headings and buttons of a page, no text")
    return _assemble_drafts(drafts, title, text, hints, profile)


def split_paragraphs(lines: Sequence[str]) -> list[str]:
    """Part lines into paragraphs: at blank lines, or, in a text that has hardly any, at every line.

    Lines that plainly run on (they end in a comma or within brackets, as semantic line breaks do) stay together.
    """
    by_blanks = _has_blanks(lines)
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


def _has_blanks(lines: Sequence[str]) -> bool:
    shown = [index for index, line in enumerate(lines) if line.strip()]
    blank_before = sum(after - before > 1 for before, after in pairwise(shown))
    return len(shown) < 2 or blank_before >= _BLANK_SHARE * (len(shown) - 1)


def _runs_on(line: str) -> bool:
    line = line.rstrip()
    return len(line) <= 100 and (line.endswith((",", "(")) or line.count("(") > line.count(")"))


def _both_quoted(line: str, following: str) -> bool:
    return line.lstrip().startswith(">") and following.lstrip().startswith(">")


def _draft_profile(
    profile: ProfileHeader, lines: Sequence[str], marked: tuple[ThreadLayout, list[MarkedTurn]] | None
) -> list[_UtteranceDraft]:
    """Make utterances of what stands below the header: cut where the text marks a comment, else in one piece."""
    about = _UtteranceDraft(
        [RenderedParagraph(text) for text in profile.about], profile.name, meta={"section": "about"}
    )
    if marked is not None:
        drafts = _draft_turns(marked[1], marked[0].name)[1]
        for draft in drafts:
            if draft.meta["kind"] == "before":
                draft.author = draft.author or profile.name
        return [about, *drafts]
    parts: list[list[str]] = [[]]
    in_head = False
    for line in lines[profile.begins :]:
        if is_comment_head(line, profile.name):
            parts.append([])
            in_head = True
        elif not (in_head and (not line.strip() or is_possible_furniture(line))):
            parts[-1].append(line)
            in_head = False
    pieces = [join_repeated_renderings(split_paragraphs(drop_furniture(part))) for part in parts]
    return [
        about,
        *(_UtteranceDraft(part_pieces, profile.name, meta={"section": "comments"}) for part_pieces in pieces),
    ]


def _draft_turns(turns: list[MarkedTurn], layout: str) -> tuple[str, list[_UtteranceDraft]]:
    first = turns[0]
    title, first.lines, byline = _split_heading(drop_furniture(first.lines))
    if first.kind == "before":
        first.author = byline
        if not any(line.strip() for line in first.lines):
            turns = turns[1:]
            if layout == "greaterwrong":
                turns[0].kind = "post"
    turns = _drop_repeated_turns(turns)
    connect_replies(turns)
    drafts: list[_UtteranceDraft] = []
    for turn in turns:
        drafts.append(
            _UtteranceDraft(
                _join_turn(turn.lines, layout),
                turn.author,
                turn.posted_at,
                turn.karma,
                Status.DELETED if turn.deleted else Status.LIVE,
                turn.parent,
                is_marked=turn.kind != "before",
                meta={"layout": layout, "kind": turn.kind},
            )
        )
    return title or _RE.sub("", turns[0].subject), drafts


def _join_turn(lines: Sequence[str], layout: str) -> list[RenderedParagraph]:
    """Return the paragraphs of a turn; a mail in one piece, since its lines and its quotations hang together."""
    if layout == "mail":
        body = "\n".join(lines).strip("\n")
        return [RenderedParagraph(body)] if body.strip() else []
    return join_repeated_renderings([_SITE_LINKS.sub("", text) for text in split_paragraphs(drop_furniture(lines))])


def _drop_repeated_turns(turns: Sequence[MarkedTurn]) -> list[MarkedTurn]:
    """Drop turns that stand twice, as on a page that was saved twice: the same author, time and (many) words."""
    seen: set[tuple[str | None, datetime | None, str]] = set()
    kept: list[MarkedTurn] = []
    for turn in turns:
        words = reduce_to_letters("".join(turn.lines))
        key = (turn.author, turn.posted_at, words)
        if key not in seen or not (turn.posted_at or len(words) >= _MANY_LETTERS):
            kept.append(turn)
        seen.add(key)
    return kept


def _draft_unmarked(lines: Sequence[str], hints: Hints) -> tuple[str, list[_UtteranceDraft]]:
    """Read a text without marks. Nobody is named but by a line "by NAME" under the title, and then only as the author
    of an essay: on a page that shows comments, nothing tells where the author's words end. What one person is known to
    have written is not cut into turns, nor what kept its marks and yet marks no change of author.
    """
    title, rest, byline = _split_heading(drop_furniture(lines))
    pieces = join_repeated_renderings(split_paragraphs(rest))
    author = None if any(_OF_COMMENTS.fullmatch(line.strip()) for line in lines) else byline
    address = parse_forum_address(parse_web_address(hints.url))
    one_voice = author or hints.author or (address is not None and address.user) or is_markdown("\n".join(lines))
    texts = [piece.text for piece in pieces]
    quoted = find_quotations(pieces)
    one_voice = one_voice or any(text.startswith(">") for text in texts)
    whole = [float(index == 0) for index in range(len(texts))]
    starts = choose_turn_starts(texts, whole if one_voice else predict_turn_starts(texts, quoted))
    ends = [start for start, _ in starts[1:]] + [len(pieces)]
    return title, [
        _UtteranceDraft(
            pieces[start:end],
            author,
            begins=probability,
            quoted=frozenset(number - start for number in quoted if start <= number < end),
        )
        for (start, probability), end in zip(starts, ends, strict=False)  # no paragraphs: no beginnings, one end
    ]


def choose_turn_starts(paragraphs: Sequence[str], probabilities: Sequence[float]) -> list[tuple[int, float]]:
    """Return at which paragraphs a turn begins, as (index, probability): the first, and those that are likely enough.

    A text that is too long for one utterance is cut at its limit, however improbable a new voice is there.
    """
    starts: list[tuple[int, float]] = []
    size = 0
    for index, (paragraph, probability) in enumerate(zip(paragraphs, probabilities, strict=True)):
        if index == 0 or probability >= LIKELY_START or size + len(paragraph) > _CHUNK_CHARS:
            starts.append((index, round(probability, 3)))
            size = 0
        size += len(paragraph) + 2
    return starts


def _split_heading(lines: Sequence[str]) -> tuple[str, list[str], str | None]:
    """Take a title, and a line "by NAME" below it, off the top: (title, the rest, the name).

    A title stands alone: below it is a blank line, or such a line, or nothing; or the text has a paragraph a line.
    """
    shown = [index for index, line in enumerate(lines) if line.strip()]
    if not shown or not is_title(lines[shown[0]]):
        return "", list(lines), None
    byline = read_byline(lines[shown[1]]) if len(shown) > 1 else None
    alone = len(shown) == 1 or shown[1] > shown[0] + 1 or not _has_blanks(lines)
    if not alone and byline is None:
        return "", list(lines), None
    below = shown[1] + 1 if byline is not None else shown[0] + 1
    return fold_to_line(lines[shown[0]].lstrip("# ")), list(lines[below:]), byline


def read_byline(line: str) -> str | None:
    """Return whom a line "by NAME" names; None for another line, and for more names than one.

    >>> read_byline("by Ana Ruiz"), read_byline("By the end of 2030"), read_byline("by Ana Ruiz and Ben Lo")
    ('Ana Ruiz', None, None)
    """
    match = _BY.match(line.strip())
    name = drop_ornament(match[1]) if match is not None else ""
    if not any(map(str.isalpha, name)) or _SEVERAL.search(name) or name.endswith((".", ":", "?", "!")):
        return None
    words = name.split()
    return name if len(words) == 1 or has_given_name(name) or all(is_name_word(word) for word in words) else None


def is_title(line: str) -> bool:
    """Return whether a first line is the title of what follows: short, one line, no end of a sentence."""
    line = line.strip()
    return (
        1 < len(line) <= _TITLE_CHARS
        and "\n" not in line
        and line[-1] not in ".,;:!…”\"'"
        and (line[0].isupper() or line[0] in "#[“\"'" or line[0].isdigit())
        and len(line.split()) <= 20
    )


def is_markdown(text: str) -> bool:
    """Return whether a text is Markdown: by links, fences, headings or bold words as Markdown writes them."""
    return any(sum(1 for _ in islice(mark.finditer(text), enough)) == enough for enough, mark in _MARKDOWN)


def _assemble_drafts(
    drafts: Sequence[_UtteranceDraft], title: str, text: str, hints: Hints, profile: ProfileHeader | None
) -> Conversation:
    url = parse_web_address(hints.url)
    address = parse_forum_address(url)
    conversation_id = format_post_id(address) or make_content_id(text.strip())
    render = read_markdown if is_markdown(text) else read_text
    markups = [
        (read_mail_text if draft.meta.get("layout") == "mail" else render)(_mark_quotations(draft.pieces, draft.quoted))
        for draft in drafts
    ]
    speakers = [_make_speaker(draft, hints, address) for draft in drafts]
    posted = [draft.posted_at or parse_time(hints.date) for draft in drafts]
    keys = [
        (speaker.id if speaker else "", draft.posted_at.isoformat() if draft.posted_at else "", markup.text)
        for speaker, draft, markup in zip(speakers, drafts, markups, strict=True)
    ]
    ids = list(invent_ids(conversation_id, keys))
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
            begins=draft.begins,
            meta=draft.meta,
        )
        for id_, markup, speaker, when, draft in zip(ids, markups, speakers, posted, drafts, strict=True)
    )
    return Conversation(
        id=conversation_id,
        title=fold_to_line(hints.title) or title or _first_words(utterances),
        utterances=utterances,
        site=name_site(url, address),
        url=url,
        meta=dict(profile.listed) if profile is not None else {},
    )


def _make_speaker(draft: _UtteranceDraft, hints: Hints, address: ForumAddress | None) -> Speaker | None:
    """Name the speaker: by the mark over his words, else by what the user says, else by the head of the whole page.

    Last of all comes the address of a user's page.
    """
    namespace = address.site.namespace if address is not None else None
    if draft.author is not None and (hints.author is None or draft.is_marked):
        slug_ = address.user if address is not None and draft.meta.get("section") else None
        return make_speaker(draft.author, namespace, slug_)
    if draft.status is Status.DELETED:
        return None
    if hints.author is not None:
        return make_speaker(hints.author, namespace, address.user if address is not None else None)
    return make_speaker(address.user, namespace, address.user) if address is not None and address.user else None


def _mark_quotations(pieces: Sequence[RenderedParagraph], quoted: Set[int] | None) -> str:
    """Put paragraphs together, with the mark of a quotation before those that two renderings show to be one."""
    quoted = find_quotations(pieces) if quoted is None else quoted
    texts = (piece.text.replace("\n", "\n> ") if n in quoted else piece.text for n, piece in enumerate(pieces))
    return "\n\n".join(f"> {text}" if n in quoted else text for n, text in enumerate(texts))


def _first_words(utterances: Sequence[Utterance]) -> str:
    words = fold_to_line(next((u.text for u in utterances if u.text), ""))
    return words if len(words) <= _FIRST_WORDS else words[:_FIRST_WORDS].rsplit(" ", 1)[0] + " …"


FORMAT = Format(
    "plain_text",
    rank=10,
    detects=is_plain_text,
    read=read_plain_text,
    what="text: a flattened thread, a profile page, mail, an essay",
    sign="anything else that reads as text and could be somebody's words",
    example="crosstalk ingest profile.txt --author 'Ilse Marchetti'",
)
