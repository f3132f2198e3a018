"""ConvoKit corpus folders, and the ones that Crosstalk itself exports.

Format of Chang et al. (SIGDIAL 2020): `utterances.jsonl` (or `utterances.json`, one list) with `{id, speaker,
conversation_id, reply_to, timestamp, text, meta}`, and `speakers.json`, `conversations.json`; older corpora say
`user`, `root`, `reply-to`. Text is Markdown, or mail where the corpus is one of mails. A file of any size is read in
bounded memory: the first pass notes where the utterances of each conversation lie, the second reads them one
conversation at a time. An utterance that names no conversation belongs to that of the root it leads to by its replies.
Where a corpus as a whole is escaped (`escaped_text`), as Reddit's JSON is, that is undone before Markdown is read.
`meta.crosstalk` holds what ConvoKit has no place for (see `corpus.convokit_format`).
"""

# pyright: standard

import re
from array import array
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from corpus.convokit_format import CROSSTALK, UNATTRIBUTED, read_conversation
from corpus.errors import Malformed, TooLarge, Unreadable
from corpus.limits import LIMITS
from corpus.model import Conversation, Speaker, Status, Utterance
from ingest.markup import Markup, read_markdown
from ingest.sources.encodings import convert_to_utf8
from ingest.sources.escaped_text import EscapeEvidence, unescape_once
from ingest.sources.fields import (
    check_size,
    drop_repeats,
    fold_to_line,
    is_removed,
    make_speaker,
    name_site,
    parse_time,
    parse_web_address,
    parse_whole_number,
    try_making,
)
from ingest.sources.json_bytes import parse_json_bytes
from ingest.sources.line_reader import Line, parse_line, read_numbered_lines
from ingest.sources.mail.quoted_mail import read_mail_text
from ingest.sources.sites import parse_forum_address
from ingest.sources.sniff import list_json_keys
from ingest.sources.source import Failure, Format, Loaded, Source

# A character takes up to twelve bytes in JSON (two escapes); an utterance's own fields take little beside its text.
LINE_BYTES = 16 * LIMITS.utterance_chars
WHOLE_BYTES = 256 << 20
_LINES, _LIST = "utterances.jsonl", "utterances.json"
_IDS = ("id", "_id")
_CONVERSATION = ("conversation_id", "root")
_SPEAKER = ("speaker", "user")
_REPLY = ("reply_to", "reply-to")
_UNNAMED = ("null", "None", "")  # the key of a conversation without an id, once Python or JSON has written it
_TITLE = ("title", "subject", "conversation_title", "name")
_KARMA = ("karma", "score")
_MAIL_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_WROTE = re.compile(r"^[^\n>]{1,200}\bwrote:[ \t]*\n{1,2}>", re.M)
_MAIL_SHARE = 0.1
_ARBITAL = re.compile(r"https?://(?:www\.)?arbital\.com/")

Render = Callable[[str], Markup]


@dataclass(slots=True)
class _Index:
    """Where the utterances of each conversation lie in the file, and what the corpus as a whole is like."""

    places: dict[str, array]
    titles: Mapping[str, str]  # of all conversations, for pages that link to one another by id alone
    homeless: dict[str, tuple[str | None, array]] = field(default_factory=dict)  # id → the id it answers, its places
    unnamed: str | None = None  # the one conversation that nothing names; None where there are several, or none
    count: int = 0
    mails: int = 0
    evidence: EscapeEvidence = field(default_factory=EscapeEvidence)

    def note(self, row: Mapping[str, Any], offset: int) -> None:
        conversation_id = _conversation_id(row)
        if conversation_id is None:
            self.homeless.setdefault(str(_first(row, _IDS)), (_parent_id(row), array("Q")))[1].append(offset)
        else:
            self.places.setdefault(conversation_id, array("Q")).append(offset)
        self.count += 1
        self.mails += bool(_MAIL_ID.fullmatch(str(row.get("id", ""))) or _WROTE.search(row["text"][:20_000]))
        self.evidence.note(row["text"])

    def list_wanted(self) -> Set[str]:
        """List the utterances whose conversation must be known to say where the homeless belong."""
        return {parent for parent, _ in self.homeless.values() if parent is not None and parent not in self.homeless}

    def assign_homes(self, homes: Mapping[str, str]) -> None:
        """Put each homeless utterance where its replies lead. `homes`: the conversations of those that name one."""
        roots: dict[str, str] = {}
        for start in self.homeless:
            walked: list[str] = []
            id_ = start
            while id_ in self.homeless and id_ not in roots:
                roots[id_] = id_  # a circle ends here
                walked.append(id_)
                id_ = self.homeless[id_][0] or id_
            root = roots.get(id_) or homes.get(id_, id_)
            roots.update(dict.fromkeys(walked, root))
        for id_, (_, offsets) in self.homeless.items():
            self.places.setdefault(roots[id_], array("Q")).extend(offsets)
        if self.homeless:
            ordered = ((id_, array("Q", sorted(offsets))) for id_, offsets in self.places.items())
            self.places = dict(sorted(ordered, key=lambda placed: placed[1][0]))
        unnamed = {roots[id_] for id_ in self.homeless} - set(homes.values())
        self.unnamed = unnamed.pop() if len(unnamed) == 1 else None


def is_convokit(source: Source, head: bytes) -> bool:
    """Return whether a source is a corpus folder, or a file of utterances, told by its keys."""
    if source.path is not None and source.path.is_dir():
        return True
    keys = list_json_keys(head)
    return "text" in keys and any(key in keys for key in _SPEAKER) and any(key in keys for key in _CONVERSATION)


def read_convokit(source: Source) -> Iterator[Loaded]:
    """Yield the conversations in the order of their first utterance. A line that cannot be read is a `Failure`."""
    path = _find_utterances_file(source)
    folder = path.parent if path is not None else source.path.parent if source.path is not None else None
    speakers = _read_table(folder, ("speakers.json", "users.json"), source.name)
    headings = _read_table(folder, ("conversations.json",), source.name)
    name = source.name
    with (source if path is None else convert_to_utf8(Source(name, path=path))).open() as stream:
        if stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            yield from _read_list(stream, name, speakers, headings)
        else:
            yield from _read_lines(stream, name, speakers, headings)


def _find_utterances_file(source: Source) -> Path | None:
    """Find the file of utterances in a folder. Raise `Unreadable` for a folder without one. None for a file."""
    if source.path is None or not source.path.is_dir():
        return None
    for name in (_LINES, _LIST):
        if (source.path / name).is_file():
            return source.path / name
    raise Unreadable(f"{source.name}: no {_LINES} in this folder")


def _read_table(folder: Path | None, names: tuple[str, ...], source_name: str) -> dict[str, Any]:
    """Read speakers.json or conversations.json: id → its entry. {} where there is none."""
    path = next((folder / name for name in names if (folder / name).is_file()), None) if folder is not None else None
    if path is None:
        return {}
    try:
        content = convert_to_utf8(Source(f"{source_name}: {path.name}", path=path)).read_whole(WHOLE_BYTES)
        table = parse_json_bytes(content)
    except orjson.JSONDecodeError as problem:
        raise Malformed(f"{source_name}: {path.name} is not JSON ({problem.msg})") from problem
    if not isinstance(table, dict):
        raise Malformed(f"{source_name}: {path.name} is no JSON object of id → entry")
    return table


def _read_lines(
    stream: BinaryIO, name: str, speakers: Mapping[str, Any], headings: Mapping[str, Any]
) -> Iterator[Loaded]:
    index = _Index({}, _titles(headings))
    stream.seek(0)
    for line in read_numbered_lines(stream, LINE_BYTES):
        try:
            index.note(_check_row(parse_line(line, name, LINE_BYTES), name, line.number), line.offset)
        except (Malformed, TooLarge) as problem:
            yield Failure(name, problem)
    index.assign_homes(_find_homes(stream, index.list_wanted()))
    for conversation_id in _order_conversations(index, headings):
        rows = partial(_read_rows_at, stream, index.places.get(conversation_id, array("Q")), conversation_id)
        yield try_making(name, partial(_make_conversation, conversation_id, rows, speakers, headings, index))


def _find_homes(stream: BinaryIO, wanted: Set[str]) -> dict[str, str]:
    """Find the conversations of some utterances in another pass over the lines, so that nobody else's is held."""
    homes: dict[str, str] = {}
    stream.seek(0)
    for line in read_numbered_lines(stream, LINE_BYTES) if wanted else ():
        try:
            row = _check_row(parse_line(line, "", LINE_BYTES), "", line.number)
        except (Malformed, TooLarge):
            continue
        id_, home = str(_first(row, _IDS)), _conversation_id(row)
        if id_ in wanted and home is not None:
            homes[id_] = home
    return homes


def _read_rows_at(stream: BinaryIO, places: array, conversation_id: str) -> Iterator[dict[str, Any]]:
    if len(places) > LIMITS.utterances:
        raise TooLarge(f"{conversation_id}: {len(places):,} utterances; the limit is {LIMITS.utterances:,}")
    for offset in places:
        stream.seek(offset)
        content = stream.readline().removeprefix(b"\xef\xbb\xbf" if offset == 0 else b"")
        yield parse_line(Line(0, offset, len(content), content), conversation_id, LINE_BYTES)


def _read_list(
    stream: BinaryIO, name: str, speakers: Mapping[str, Any], headings: Mapping[str, Any]
) -> Iterator[Loaded]:
    """Read the older form, one JSON list; it must be held whole."""
    stream.seek(0)
    content = stream.read(WHOLE_BYTES + 1)
    if len(content) > WHOLE_BYTES:
        raise TooLarge(f"{name}: one JSON list of more than {WHOLE_BYTES:,} bytes; write it as {_LINES}")
    try:
        listed = parse_json_bytes(content)
    except orjson.JSONDecodeError as problem:
        raise Malformed(f"{name}: not JSON ({problem.msg})") from problem
    index = _Index({}, _titles(headings))
    for number, row in enumerate(listed, 1):
        try:
            index.note(_check_row(row, name, number), number - 1)
        except (Malformed, TooLarge) as problem:
            yield Failure(name, problem)
    homes = {str(_first(row, _IDS)): _conversation_id(row) for row in listed if isinstance(row, dict)}
    index.assign_homes({id_: home for id_, home in homes.items() if home is not None and id_ in index.list_wanted()})
    for conversation_id in _order_conversations(index, headings):
        rows = [listed[position] for position in index.places.get(conversation_id, ())]
        yield try_making(
            name, partial(_make_conversation, conversation_id, partial(iter, rows), speakers, headings, index)
        )


def _order_conversations(index: _Index, headings: Mapping[str, Any]) -> list[str]:
    """Order conversations as their first utterances lie; then those that Crosstalk exported without utterances."""
    empty = [id_ for id_, entry in headings.items() if id_ not in index.places and CROSSTALK in _meta(entry)]
    return [*index.places, *empty]


def _check_row(row: Any, name: str, number: int) -> dict[str, Any]:
    """Refuse a row that cannot be an utterance. Raise `Malformed` or `TooLarge`, naming the line."""
    if not isinstance(row, dict):
        raise Malformed(f"{name}: utterance {number} is no JSON object")
    if not isinstance(row.get("text"), str):
        raise Malformed(f"{name}: line {number} has no text")
    if _first(row, _IDS) in (None, ""):
        raise Malformed(f"{name}: line {number} has no id")
    check_size(row["text"], f"{name}: line {number}")
    return row


def _first(row: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((row[key] for key in keys if row.get(key) is not None), None)


def _conversation_id(row: Mapping[str, Any]) -> str | None:
    named = _first(row, _CONVERSATION)
    return None if named in (None, "") else str(named)


def _parent_id(row: Mapping[str, Any]) -> str | None:
    """Return the id that an utterance answers; older corpora let a root answer itself."""
    reply = _first(row, _REPLY)
    return None if reply in (None, "") or str(reply) == str(_first(row, _IDS)) else str(reply)


def _meta(entry: Any) -> Mapping[str, Any]:
    """Take the `meta` of an entry; older corpora put the fields straight into the entry."""
    meta = entry.get("meta", entry) if isinstance(entry, dict) else None
    return meta if isinstance(meta, dict) else {}


def _make_conversation(
    conversation_id: str,
    rows: Callable[[], Iterator[dict[str, Any]]],
    speakers: Mapping[str, Any],
    headings: Mapping[str, Any],
    index: _Index,
) -> Conversation:
    heading = headings.get(conversation_id)
    if heading is None and conversation_id == index.unnamed:
        heading = next((headings[key] for key in _UNNAMED if key in headings), None)
    meta = _meta(heading)
    if CROSSTALK in meta:
        return read_conversation(conversation_id, meta, rows(), speakers)
    url = parse_web_address(meta.get("url"))
    render = _choose_render(url, index)
    utterances = [_make_utterance(row, conversation_id, speakers, render) for row in rows()]
    return Conversation(
        id=conversation_id,
        title=unescape_once(_title(meta)) if index.evidence.is_escaped else _title(meta),
        utterances=drop_repeats(utterances),
        site=name_site(url, parse_forum_address(url)),
        url=url,
        meta={key: value for key, value in meta.items() if key not in ("title", "url")},
    )


def _title(meta: Mapping[str, Any]) -> str:
    return next((fold_to_line(meta[key]) for key in _TITLE if isinstance(meta.get(key), str)), "")


def _titles(headings: Mapping[str, Any]) -> dict[str, str]:
    return {id_: title for id_, entry in headings.items() if (title := _title(_meta(entry)))}


def _choose_render(url: str | None, index: _Index) -> Render:
    """Choose how the words are marked up: a corpus is of mail as a whole, or of Markdown as a whole.

    In mail a line without ">" is never part of the quotation above it; in Markdown it may be (a lazy continuation).
    """
    if index.count and index.mails / index.count >= _MAIL_SHARE:
        return read_mail_text
    if url and _ARBITAL.match(url):
        return partial(read_markdown, dialect="arbital", titles=index.titles)
    return _read_escaped_markdown if index.evidence.is_escaped else read_markdown


def _read_escaped_markdown(text: str) -> Markup:
    return read_markdown(unescape_once(text), dialect="reddit")


def _make_utterance(
    row: Mapping[str, Any], conversation_id: str, speakers: Mapping[str, Any], render: Render
) -> Utterance:
    id_ = str(_first(row, _IDS))
    own_meta = row.get("meta")
    meta: Mapping[str, Any] = own_meta if isinstance(own_meta, dict) else {}
    gone = is_removed(row["text"])
    markup = Markup("") if gone else render(row["text"])
    return Utterance(
        id=id_,
        conversation_id=conversation_id,
        text=check_size(markup.text, id_),
        speaker=_make_speaker(_first(row, _SPEAKER), speakers),
        reply_to=_parent_id(row),
        posted_at=parse_time(row.get("timestamp")),
        passages=markup.passages,
        karma=parse_whole_number(_first(meta, _KARMA)),
        status=Status.DELETED if gone else Status.LIVE,
        url=parse_web_address(meta.get("url")),
        meta={key: value for key, value in meta.items() if key not in ("url", "karma")},
    )


def _make_speaker(entry: Any, speakers: Mapping[str, Any]) -> Speaker | None:
    """Make the speaker with ConvoKit's own id; a name in speakers.json is what readers see."""
    id_ = entry.get("id") if isinstance(entry, dict) else entry
    if id_ is None or str(id_) == UNATTRIBUTED:
        return None
    meta = _meta(speakers.get(str(id_)))
    called = next((meta[key] for key in ("name", "display_name", "username") if isinstance(meta.get(key), str)), None)
    speaker = make_speaker(called or str(id_))
    url = parse_web_address(meta.get("url"))
    return None if speaker is None else Speaker(id=str(id_), name=speaker.name, url=url)


FORMAT = Format(
    "convokit",
    rank=50,
    detects=is_convokit,
    read=read_convokit,
    what="a ConvoKit corpus, or an export of one",
    sign="a folder with utterances.jsonl; rows with id, speaker, conversation_id, text",
    example="crosstalk ingest corpus/",
)
