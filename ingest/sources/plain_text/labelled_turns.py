"""Texts that name who speaks: pages of Hacker News, Reddit and the EA Forum as text, chats, and transcripts.

hacker_news   ben 3 days ago | next [–]
reddit        [–]ben_lo 4 points 3 days ago        ben_lo • 3d ago      (in one line, or on lines of their own)
forum_lines   Ben Lo / Mar 15 2024 / 4 / 3         (name, date and scores on lines of their own)
chat          Ana Ruiz - Yesterday at 5:02 PM      [5:02 PM] Ana Ruiz: …      <ana> …      Ana Ruiz (00:12): …
transcript    Ana Ruiz: …      [Ana Ruiz] …        (where the names alternate)
"""

# pyright: standard

import re
from collections.abc import Sequence
from datetime import datetime

from ingest.sources.fields import parse_time, parse_whole_number
from ingest.sources.person_names import drop_ornament, is_name_word
from ingest.sources.plain_text.flattened_threads import MarkedTurn, ThreadLayout, split_turns
from ingest.sources.plain_text.page_furniture import AGE, is_possible_furniture
from ingest.sources.speaker_labels import find_label_names, match_label

_AGO = r"(?:(?:\d{1,3}|an?) ?(?:second|minute|hour|day|week|month|year|sec|min|hr|wk|mo|yr|[smhdwy])s?\.? ago|just now)"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY = rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}(?:,? \d{{4}})?)"
_CLOCK = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?"
_NUMERIC = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}"
_WHEN = (
    rf"(?:(?:{_NUMERIC}|{_DAY}|yesterday|today|(?:last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    rf"(?:,? (?:at )?|T){_CLOCK}Z?|{_NUMERIC})"
)
_NAME = r"[^\W_][^\n:|<>\[\]—–•·]{0,58}?"
_HACKER_NEWS = re.compile(
    rf"\s*(\S{{2,40}}) (?:{_AGO}|on {_DAY})(?: \[[a-z]+\])*"
    r"\s*\|\s*(?:root|parent|prev|next|context|favorite|on:|\[[–\-+]\]).*$"
)
_HACKER_NEWS_POST = re.compile(rf"\s*(\d+) points? by (\S{{2,40}}) (?:{_AGO}|on {_DAY})\b.*$")
_BAR = re.compile(r"\s*(?:[^|\n]{1,40}\|){2,}[^|\n]{0,60}$")
_HACKER_NEWS_FURNITURE = re.compile(r"\s*(?:Hacker News|login|reply|add comment|More|Search:.*|upvote)\s*$")
_REDDIT_OLD = re.compile(
    rf"\s*\[[–\-+]\]\s*([\w-]{{2,40}})(?:\[[A-Z,]+\])?\s.{{0,120}}?{_AGO}\*?(?:\s*\(\d+ child(?:ren)?\))?\s*$"
)
_REDDIT_NEW = re.compile(rf"\s*(?:u/)?([\w-]{{2,40}})(?: (?:OP|MOD))?\s*[•·]\s*{_AGO}(?:\s*[•·].{{0,60}})?\s*$")
_REDDIT_POST = re.compile(
    rf"\s*(?:r/\w+.{{0,40}})?(?:submitted|posted by u/\S+|[•·]) ?.{{0,20}}{_AGO} by ([\w-]{{2,40}}).*$", re.I
)
_REDDIT_DOT = re.compile(rf"\s*[•·]\s*({_AGO})?\s*$")
_REDDIT_AGE = re.compile(rf"\s*(?:Edited )?{_AGO}\s*$")
_REDDIT_NAME = re.compile(r"(?:u/)?([\w-]{2,40})$")
_REDDIT_FURNITURE = re.compile(
    r"\s*(?:(?:permalink|embed|save|unsave|parent|report|reply|give award|award|share|context|full comments|hide|source"
    r"|crosspost|edit|delete)(?:\s+|$))+$|\s*(?:upvote|downvote|vote|reply|award|share|op|mod|join|level \d+"
    r"|u/\S+ avatar|r/\w+|more repl(?:y|ies)|continue this thread|go to comments|search comments"
    r"|expand comment search|add a comment|sort by:?.*|best"
    r"|collapse|\d+ more repl(?:y|ies)|top \d+% (?:commenter|poster)"
    r"|\d[\d.,]*k?|[•·])\s*$",
    re.I,
)
_POINTS = re.compile(r"(-?\d[\d,]*) points?")
_NUMBER = re.compile(r"[-\u2212+]?\d[\d,]*(?:\.\d)?k?|[×✓✕✗]")
_DATE_LINE = re.compile(rf"(?:{_DAY}|{AGE}\*?|{_AGO})(?: ?\*)?", re.I)
_OF_PAGE = re.compile(
    r"reply|(?:no|\d[\d,]*) comments?|comments?|(?:\d+ )?repl(?:y|ies)|new comment|add a comment", re.I
)
_CHAT_LINE = re.compile(rf"\s*({_NAME})(?: BOT| APP)?\s+[—–-]\s*({_WHEN}|{_CLOCK})\s*$", re.I)
_CHAT_STAMPED = re.compile(
    rf"\s*(?:\[({_WHEN}|{_CLOCK})\]\s*-?\s*|({_WHEN}),? - |({_CLOCK})\s+(?=<))(?:<@?({_NAME})>|({_NAME}):)\s+(\S.*)$",
    re.I,
)
_CHAT_IRC = re.compile(r"\s*<[@+ ]?([^\s<>]{2,30})>\s+(\S.*)$")
_CHAT_NAMED = re.compile(rf"\s*({_NAME})\s*[(\[]({_CLOCK})[)\]]\s*:?\s*(\S.*)?$", re.I)
_CHAT_CLOCK = re.compile(rf"\s*({_NAME})\s{{1,3}}({_CLOCK})\s*$", re.I)
_DASH_LINE = re.compile(rf"\s*[—–-]\s*({_WHEN}|{_CLOCK})?\s*$", re.I)
_WHEN_LINE = re.compile(rf"\s*(?:{_WHEN}|{_CLOCK})\s*$", re.I)


def _read_hacker_news(lines: Sequence[str], index: int) -> tuple[MarkedTurn, int] | None:
    post = _HACKER_NEWS_POST.match(lines[index])
    if post is not None:
        return MarkedTurn(post[2], karma=parse_whole_number(post[1]), kind="post"), 1
    match = _HACKER_NEWS.match(lines[index])
    return (MarkedTurn(match[1]), 1) if match is not None else None


def _read_reddit(lines: Sequence[str], index: int) -> tuple[MarkedTurn, int] | None:
    line = lines[index]
    post = _REDDIT_POST.match(line)
    if post is not None:
        return MarkedTurn(post[1], kind="post"), 1
    match = _REDDIT_OLD.match(line) or _REDDIT_NEW.match(line)
    if match is not None:
        points = _POINTS.search(line)
        return MarkedTurn(match[1], karma=parse_whole_number(points[1]) if points else None), 1
    shown = _list_shown(lines, index, 5)
    name = _REDDIT_NAME.match(line.strip())
    if name is None and not line.startswith("r/"):
        return None
    after = 1 + (len(shown) > 1 and lines[shown[1]].strip() in ("OP", "MOD"))
    dot = _REDDIT_DOT.match(lines[shown[after]]) if len(shown) > after else None
    if dot is None:
        return None
    last = after if dot[1] else after + 1
    if len(shown) <= last or not (dot[1] or _REDDIT_AGE.match(lines[shown[last]])):
        return None
    if not line.startswith("r/"):
        return MarkedTurn(name[1] if name else None), shown[last] + 1 - index
    by = _REDDIT_NAME.match(lines[shown[last + 1]].strip()) if len(shown) > last + 1 else None
    return (MarkedTurn(by[1], kind="post"), shown[last + 1] + 1 - index) if by is not None else None


def _read_forum_lines(lines: Sequence[str], index: int) -> tuple[MarkedTurn, int] | None:
    """Read a name that stands on a line of its own, below nothing that runs on to it, with a date on the next."""
    name = drop_ornament(lines[index].strip())
    if not 1 < len(name) <= 60 or len(name.split()) > 5 or name[-1] in ".?!:;,…" or not name[0].isalnum():
        return None
    if is_possible_furniture(lines[index]) or name.casefold().startswith("by ") or _DATE_LINE.fullmatch(name):
        return None
    if index > 0 and lines[index - 1].strip() and not is_possible_furniture(lines[index - 1]):
        return None
    shown = _list_shown(lines, index, 8)
    if len(shown) < 2 or _DATE_LINE.fullmatch(lines[shown[1]].strip()) is None:
        return None
    last, scores = 1, []
    while last + 1 < len(shown) and _NUMBER.fullmatch(lines[shown[last + 1]].strip()):
        last += 1
        scores.append(lines[shown[last]].strip())
    karma = parse_whole_number(scores[0]) if scores else None
    return MarkedTurn(name, posted_at=_parse_day(lines[shown[1]].strip()), karma=karma), shown[last] + 1 - index


def _read_chat(lines: Sequence[str], index: int) -> tuple[MarkedTurn, int] | None:
    line = lines[index]
    match = _CHAT_LINE.match(line)
    if match is not None:
        return MarkedTurn(drop_ornament(match[1]), posted_at=_parse_day(match[2])), 1
    stamped = _CHAT_STAMPED.match(line)
    if stamped is not None:
        when = stamped[1] or stamped[2] or ""
        return MarkedTurn(stamped[4] or stamped[5], posted_at=_parse_day(when), lines=[stamped[6]]), 1
    irc = _CHAT_IRC.match(line)
    if irc is not None:
        return MarkedTurn(irc[1], lines=[irc[2]]), 1
    named = _CHAT_NAMED.match(line)
    if named is not None:
        return MarkedTurn(named[1].strip(), lines=[named[3]] if named[3] else []), 1
    clock = _CHAT_CLOCK.match(line)
    if clock is not None and all(map(is_name_word, clock[1].split())):
        return MarkedTurn(clock[1].strip()), 1
    shown = _list_shown(lines, index, 3)
    dash = _DASH_LINE.match(lines[shown[1]]) if len(shown) > 1 and len(line.strip()) <= 40 else None
    if dash is None or line.strip()[-1:] in ".?!:;,":
        return None
    if dash[1]:
        return MarkedTurn(drop_ornament(line.strip()), posted_at=_parse_day(dash[1])), shown[1] + 1 - index
    if len(shown) > 2 and _WHEN_LINE.match(lines[shown[2]]):
        when = _parse_day(lines[shown[2]].strip())
        return MarkedTurn(drop_ornament(line.strip()), posted_at=when), shown[2] + 1 - index
    return None


def _list_shown(lines: Sequence[str], index: int, most: int) -> list[int]:
    """Return the places of the next lines that are not blank, the line at `index` first."""
    return [n for n in range(index, min(index + 3 * most, len(lines))) if lines[n].strip()][:most]


def _parse_day(written: str) -> datetime | None:
    """Return the day that a page writes, None where it needs to know today's, or which number is the month."""
    numeric = re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", written)
    if numeric is not None:
        first, second, year = (int(number) for number in numeric.groups())
        month, day = (first, second) if second > 12 or first == second else (second, first)
        return parse_time(f"{year}-{month:02}-{day:02}") if first > 12 or second > 12 or first == second else None
    iso = re.match(r"\d{4}-\d\d-\d\d", written)
    if iso is not None:
        return parse_time(iso[0])
    words = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|[.,]", "", written).split()
    for pattern in ("%b %d %Y", "%d %b %Y", "%B %d %Y", "%d %B %Y"):
        try:
            return parse_time(datetime.strptime(" ".join(words[:3]), pattern))
        except ValueError:
            continue
    return None


_PAGES = (
    ThreadLayout(
        "hacker_news", _read_hacker_news, furniture=re.compile(f"{_HACKER_NEWS_FURNITURE.pattern}|{_BAR.pattern}")
    ),
    ThreadLayout("reddit", _read_reddit, furniture=_REDDIT_FURNITURE),
)
_FORUM_LINES = ThreadLayout("forum_lines", _read_forum_lines)
_CHAT = ThreadLayout("chat", _read_chat)


def split_labelled_turns(lines: Sequence[str]) -> tuple[ThreadLayout, list[MarkedTurn]] | None:
    """Cut a text where it says who speaks; None where it does not, or where it is not certain that it does."""
    for layout in _PAGES:
        turns = list(split_turns(lines, layout))
        if sum(turn.kind != "before" for turn in turns) >= 1:
            return layout, turns
    if any(_OF_PAGE.fullmatch(line.strip()) for line in lines if len(line) < 40):
        turns = list(split_turns(lines, _FORUM_LINES))
        if turns[-1].kind != "before":
            return _FORUM_LINES, turns
    turns = list(split_turns(lines, _CHAT))
    if sum(turn.kind != "before" for turn in turns) >= 2:
        return _CHAT, turns
    names = find_label_names(lines)
    if not names:
        return None

    def read_label(lines: Sequence[str], index: int) -> tuple[MarkedTurn, int] | None:
        match = match_label(lines[index])
        if match is None or match[1] not in names:
            return None
        rest = lines[index][match.end() :]
        return MarkedTurn(match[1], lines=[rest] if rest.strip() else []), 1

    layout = ThreadLayout("transcript", read_label)
    return layout, list(split_turns(lines, layout))
