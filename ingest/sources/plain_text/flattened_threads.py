"""Threads flattened to text that kept their marks: the lines that say who wrote what follows.

Four layouts, each a rule for its header lines (`LAYOUTS`):

    issarice       comment by Ana Ruiz (anaruiz) · 2023-01-02T03:04:05.000Z · LW(p) · GW(p)     … Replies from: a, b
    lesswrong      [-]Ana Ruiz 4d 12      (also fused, "[-]Ana Ruiz4d12", and one piece a line)
    greaterwrong   Ana Ruiz 26 Jul 2021 5:00 UTC      12 points      Replies: >Ben >Chi
    mail           From: Ana Ruiz <…>      Date: …      Subject: …

Where a layout lists the replies under a comment, the reply structure is rebuilt from it (comments stand parent
first); where it does not, nothing is said of it.
"""

# pyright: standard

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ingest.sources.fields import parse_mail_time, parse_time, parse_whole_number
from ingest.sources.mail.headers import decode_words, list_ids, read_sender
from ingest.sources.mail.introductions import read_introduction_lines
from ingest.sources.plain_text.page_furniture import KARMA


@dataclass(slots=True)
class MarkedTurn:
    """What one person wrote, with what its header says. `parent` is the index of the turn answered, if known.

    `marks` are what its header has, by which others are told from what only looks like one.

    `before` turns hold what stands above the first header: a title, a post without its author's line.
    """

    author: str | None = None
    username: str | None = None
    posted_at: datetime | None = None
    karma: int | None = None
    kind: str = "comment"  # post | comment | answer | before
    deleted: bool = False
    subject: str = ""
    marks: frozenset[str] = frozenset()
    id: str | None = None
    parent_id: str | None = None
    parent: int | None = None
    lines: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ThreadLayout:
    """One way to mark who writes. `header` reads a turn at a line and tells how many lines it took, or None.

    `closing` finds the line that lists the replies. `from_the_top`: the file must begin with a header, and what else is
    one is told by its likeness to that. `furniture` are lines that are nobody's words on pages of this layout.
    """

    name: str
    header: Callable[[Sequence[str], int], tuple[MarkedTurn, int] | None]
    closing: re.Pattern[str] | None = None
    split: str = ","
    from_the_top: bool = False
    furniture: re.Pattern[str] | None = None


_ISO = r"\d{4}-\d\d-\d\dT[\d:.]+Z"
_ISSARICE = re.compile(
    rf"(?:\[?↑\]?\s*)?(post|comment|answer) by (.{{1,200}}?)(?: \(([^()]{{1,100}})\))? · ({_ISO})(?: ·.*)?$"
)
_ISSARICE_REPLIES = re.compile(r"Replies from: (.+)$")
_DASH = re.compile(r"\[[-+–\u2212]\]\s*(.*)$")
_NAME_AGE = re.compile(r"(.{1,100}?)\s*((?<![A-Za-z])now|\d{1,2} ?(?:mo|s|m|h|d|y))\*?([\sΩ\d,\u2212*-]*)$")
_AGE = re.compile(r"(?:now|\d{1,2} ?(?:mo|s|m|h|d|y))\*?")
_NUMBER = re.compile(rf"{KARMA}(?: points?)?")
_HEADER_CHARS = 500  # a longer line is no header, and rules for headers need not be quick on it
_REACH = 100  # awaited lists of replies that are looked through for a name
_LONGEST = {"s": 60, "m": 60, "h": 24, "d": 31, "mo": 12, "y": 30}
_GREATERWRONG = re.compile(
    r"(.{0,80}?)\s*(\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{1,2}:\d\d) UTC\b\s*(.*)$"
)
_GW_REST = re.compile(rf"(?:(?:LW|AF|EA|GW|link|Permalink|Parent|[·\s()*]|{KARMA}|points?|votes?|:)*)")
_GW_META = re.compile(
    rf"(?:(?:{KARMA}(?: (?:points?|votes?|comments?))?|\d+ min read|(?:LW|AF|EA|archive) link|archive|parent|permalink"
    rf"|(?:LW|EA): ?{KARMA}(?: AF: ?{KARMA})?(?: points?)?|in reply to: .{{1,200}}|on: .{{1,300}})\s*)+",
    re.I,
)
_GW_POINTS = re.compile(r"(?:LW: ?)?([-\u2212]?\d[\d,]*)(?: points?| AF:)")
_GW_REPLIES = re.compile(r"Replies: ?>?(.+)$")
_MAIL = re.compile(
    r"(From|Date|Subject|Message-ID|In-Reply-To|References|To|Cc|Reply-To|Sender|List-Id):\s?(.*)$", re.I
)
_MBOX = re.compile(r"From \S+(?: at \S+)?\s+\w{3} \w{3}\s+\d+ [\d:]{8} \d{4}$")


def _read_issarice(lines: Sequence[str], index: int) -> tuple[MarkedTurn, int] | None:
    match = _ISSARICE.match(lines[index])
    if match is None:
        return None
    return MarkedTurn(match[2], match[3] or match[2], parse_time(match[4]), kind=match[1]), 1


def _read_lesswrong(lines: Sequence[str], index: int) -> tuple[MarkedTurn, int] | None:
    """Read "[-]" with name, age and scores, on one line or on as many as they are."""
    match = _DASH.match(lines[index])
    if match is None:
        return None
    rest = match[1].strip()
    if rest and (whole := _NAME_AGE.match(rest)) is not None and (name := _move_digits_to_name(whole[1], whole[2])):
        return _make_bracketed_turn(name, whole[3]), 1
    taken = index + 1
    pieces = [rest] if rest else []
    while len(pieces) < 2 and taken < min(index + 6, len(lines)):
        if lines[taken].strip():
            pieces.append(lines[taken].strip())
        taken += 1
    if len(pieces) < 2 or len(pieces[0]) > 100 or _AGE.fullmatch(pieces[1]) is None:
        return None
    scores: list[str] = []
    while taken < len(lines) and (not lines[taken].strip() or _NUMBER.fullmatch(lines[taken].strip())):
        scores.append(lines[taken].strip())
        taken += 1
    return _make_bracketed_turn(pieces[0], " ".join(scores)), taken - index


def _move_digits_to_name(name: str, age: str) -> str | None:
    """Give back to the name the digits that no age has: ("user8", "83y") -> "user8" + "8"."""
    digits = re.match(r"\d*", age)
    number, unit = (digits[0] if digits else ""), age.lstrip("0123456789 ")
    while number and (int(number) > _LONGEST.get(unit, 99) or (number.startswith("0") and len(number) > 1)):
        name, number = name + number[0], number[1:]
    return name.strip() if number or unit == "now" else None


def _make_bracketed_turn(name: str, scores: str) -> MarkedTurn:
    """Make the turn of a "[-]" header. Fused scores ("Ω61410") cannot be told apart, so they are not read."""
    answer = re.match(r"(?i)answer by\s*(.+)$", name)
    separate = scores.replace("Ω", " Ω ").split()
    first = separate[0] if separate and separate[0] != "Ω" and len(scores.split()) > 1 else None
    karma = parse_whole_number(first) if first is not None else None
    deleted = name.strip().casefold() in ("[comment deleted]", "[deleted]")
    return MarkedTurn(
        answer[1] if answer else name, karma=karma, kind="answer" if answer else "comment", deleted=deleted
    )


def _read_greaterwrong(lines: Sequence[str], index: int) -> tuple[MarkedTurn, int] | None:
    match = _GREATERWRONG.match(lines[index].strip())
    if match is None or _GW_REST.fullmatch(match[3]) is None or not match[1].strip():
        return None
    posted = datetime.strptime(match[2], "%d %b %Y %H:%M").replace(tzinfo=UTC)
    turn, taken = MarkedTurn(match[1].strip(" ·"), posted_at=posted), 1
    points = _GW_POINTS.search(match[3])
    while index + taken < len(lines) and _GW_META.fullmatch(lines[index + taken].strip()):
        points = points or _GW_POINTS.match(lines[index + taken].strip())
        taken += 1
    turn.karma = parse_whole_number(points[1]) if points else None
    return turn, taken


def _read_mail(lines: Sequence[str], index: int) -> tuple[MarkedTurn, int] | None:
    """Read the header of a mail: From, and at least two more of the usual fields on the next lines."""
    start = index + (1 if _MBOX.match(lines[index]) else 0)
    fields: dict[str, str] = {}
    taken = start
    last = ""
    while taken < len(lines) and taken < start + 40:
        match = _MAIL.match(lines[taken])
        if match is not None:
            last = match[1].casefold()
            fields.setdefault(last, match[2].strip())
        elif last and lines[taken][:1] in (" ", "\t") and lines[taken].strip():
            fields[last] += " " + lines[taken].strip()
        else:
            break
        taken += 1
    if "from" not in fields or len(fields) < 3:
        return None
    parents = list_ids(fields.get("in-reply-to", "") or fields.get("references", ""))
    turn = MarkedTurn(
        author=read_sender(fields["from"]),
        posted_at=parse_mail_time(fields.get("date") or ""),
        kind="post",
        subject=decode_words(fields.get("subject", "")),
        marks=frozenset({"envelope"} if start > index else ()) | (fields.keys() & {"message-id", "date"}),
        id=next(iter(list_ids(fields.get("message-id", ""))), None),
        parent_id=parents[-1] if parents else None,
    )
    return turn, taken - index


LAYOUTS: tuple[ThreadLayout, ...] = (
    ThreadLayout("issarice", _read_issarice, _ISSARICE_REPLIES),
    ThreadLayout("lesswrong", _read_lesswrong),
    ThreadLayout("greaterwrong", _read_greaterwrong, _GW_REPLIES, split=">"),
    ThreadLayout("mail", _read_mail, from_the_top=True),
)


def split_marked_turns(lines: Sequence[str]) -> tuple[ThreadLayout, list[MarkedTurn]] | None:
    """Cut a flattened thread at its header lines; None if it has no marks of any layout.

    `connect_replies` sets the parents, once the caller has looked at what stands before the first header.
    """
    for layout in LAYOUTS:
        turns = list(split_turns(lines, layout))
        if turns[-1].kind != "before" and not (layout.from_the_top and turns[0].kind == "before"):
            return layout, turns
    return None


def split_turns(lines: Sequence[str], layout: ThreadLayout) -> Iterator[MarkedTurn]:
    """Yield the turns of a text in one layout, and first what stands before them, if there is anything."""
    turn = MarkedTurn(kind="before")
    marks: frozenset[str] = frozenset()
    index = 0
    while index < len(lines):
        header = layout.header(lines, index) if len(lines[index]) <= _HEADER_CHARS else None
        if header is not None and layout.from_the_top:
            marks = marks or header[0].marks
            header = header if marks <= header[0].marks and not _is_introduced(lines, index) else None
        if header is not None:
            if turn.kind != "before" or any(line.strip() for line in turn.lines):
                yield turn
            turn, taken = header
            index += taken
            continue
        closing = layout.closing.match(lines[index].strip()) if layout.closing and turn.kind != "before" else None
        if closing is not None:
            turn.replies = [name.strip() for name in closing[1].split(layout.split) if name.strip()]
        elif layout.furniture is None or not layout.furniture.match(lines[index][:_HEADER_CHARS]):
            turn.lines.append(lines[index])
        index += 1
    yield turn


def _is_introduced(lines: Sequence[str], index: int) -> bool:
    """Return whether a header stands in a mail, below "-----Original Message-----" or a rule: it begins no other."""
    above = next((lines[number] for number in range(index - 1, max(-1, index - 4), -1) if lines[number].strip()), "")
    return read_introduction_lines([above, *lines[index : index + 40]]) is not None


def connect_replies(turns: Sequence[MarkedTurn]) -> None:
    """Set the parents that the lists of replies tell: each turn is the next awaited reply of the nearest turn above."""
    root = next((index for index, turn in enumerate(turns) if turn.kind in ("post", "before")), None)
    ids = {turn.id: index for index, turn in enumerate(turns) if turn.id}
    lists_replies = any(turn.replies for turn in turns)
    waiting: list[tuple[int, list[str]]] = []
    for index, turn in enumerate(turns):
        if turn.kind == "before" or (index == root and turn.parent_id is None):
            continue
        if turn.parent_id is not None:
            turn.parent = ids.get(turn.parent_id) if ids.get(turn.parent_id) != index else None
        elif lists_replies:
            names = {turn.author, turn.username}
            while waiting and not waiting[-1][1]:
                waiting.pop()
            answered = next((w for w in waiting[: -_REACH - 1 : -1] if w[1] and w[1][0] in names), None)
            turn.parent = root
            if answered is not None:
                answered[1].pop(0)
                turn.parent = answered[0]
        if turn.replies:
            waiting.append((index, list(turn.replies)))
