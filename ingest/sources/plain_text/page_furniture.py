"""Lines of a forum page that are the page's own words and nobody's: buttons, counters, headings of lists.

The rules are whole-line rules and careful: a line goes only if it can hardly be text (`SURE`), or if it may be
furniture and stands beside a line that is (`LIKELY`). Sources: the page components of ForumMagnum (LessWrong,
Alignment Forum, EA Forum) and of GreaterWrong, and the ea-forum-reader.
"""

import re
from collections.abc import Sequence

AGE = r"(?:just now|now|\d{1,2} ?(?:s|m|h|d|mo|y)(?: ago)?)"
KARMA = r"Ω? ?[-\u2212+]?\d[\d,]*(?:\.\d)?k?"
DATE = r"\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8} \d{4}(?:,? \d{1,2}:\d\d(?: ?[AP]M)?(?: [A-Z]{3})?)?"

_SURE = re.compile(
    "|".join(
        (
            r"\[[-+]\]",
            r"reply(?: to this)?",
            r"(?:load|show|see|view|read) (?:more|all|fewer|less)"
            r"(?: (?:\d+ )?(?:comments?|posts?|replies|answers?|sequences?|words))?",
            r"\(?(?:see|show|read) (?:more|less)\)? ?[-–—] ?[\d,]+ (?:more|less) words\)?",
            r"show parent",
            r"new comment",
            r"new answer",
            r"moderation (?:log|guidelines)",
            r"(?:no|\d[\d,]*) (?:comments?|answers?|replies|reviews?)(?:,? sorted by.*)?",
            r"rendering \d+/\d+ (?:comments|answers).*",
            r"comments? sorted by.*",
            r"sort(?:ed)? by:? ?(?:newest|oldest|new|old|top|best|magic(?: \(.*\))?|top scoring|recent replies|karma)?"
            r"(?: first)?",
            r"click to highlight new comments since:.*",
            r"some comments are truncated due to high volume.*",
            r"change truncation settings",
            r"crossposted from the ai alignment forum\..*",
            r"ω",
            rf"(?:{KARMA}|no) (?:points?|karma|votes?)",
            rf"lw: ?{KARMA}(?: af: ?{KARMA})?(?: points)?",
            r"overall karma indicates overall quality\.?",
            r"agreement karma indicates agreement, separate from overall quality\.?",
            r"total points: ?\S+",
            r"karma: ?[\d,]+",
            r"log ?in(?:/|\s*(?:or|\|)\s*)sign ?up",
            r"back to top",
            r"what links here\?",
            r"\d+ min(?:ute)? read",
            r"(?:personal|frontpage) blog ?post?",
            r"expand this thread",
            r"new to lesswrong\?",
            r"wiki contributions",
            r"no wiki contributions to display\.?",
            r"curated and popular this week",
        )
    ),
    re.I,
)
_LIKELY = re.compile(
    "|".join(
        (
            AGE,
            KARMA,
            DATE,
            r"[×✓✕✗↑↓⌄…·*]+",
            r"comments?|posts?|answers?|sequences?|questions?|reviews?|shortform|quick takes|top posts|drafts",
            r"collections?|tags?|topics?|wiki|wikitag contributions|wikitags?|biography|about|events?|dialogues?",
            r"share|bookmark|subscribe|unsubscribe|edit|report|permalink|link|parent|submit|cancel|save|follow|message",
            r"notify me|send (?:a )?message|view (?:profile|sequence)|karma|followers?|following|interested in",
            r"newest|oldest|top|new|old|magic|best|recent replies|all|none",
            r"lw|af|gw|ea|lesswrong|less wrong|ai alignment forum|alignment forum|(?:ea|effective altruism) forum",
            r"home|library|concepts|archive|search|faq|rss|all posts|community|donate|privacy policy|features",
            r"frontpage|personal blog|linkpost|curated|post permalink|link without comments",
            r"bio|contents|mentioned in|getting started|recommendations|more from .{1,60}",
            r"(?:agree|disagree|insightful|important|thanks|changed my mind|helpful|heart)(?: ?\d+)?",
        )
    ),
    re.I,
)
_REACH = 3  # lines that may lie between a likely piece and a sure one, all of them likely too


def mark_furniture(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether it is furniture. Blank lines are not, and do not stand between neighbours.

    >>> mark_furniture(["I agree.", "Reply", "3mo", "12"])
    [False, True, True, True]
    """
    shown = [index for index, line in enumerate(lines) if line.strip()]
    sure = [is_furniture(lines[index]) for index in shown]
    likely = [_LIKELY.fullmatch(lines[index].strip()) is not None for index in shown]
    marked = list(sure)
    for order in (range(len(shown)), range(len(shown) - 1, -1, -1)):
        run = _REACH + 1
        for index in order:
            run = 0 if sure[index] else run + 1
            if not likely[index]:
                run = 0 if sure[index] else _REACH + 1
            elif run <= _REACH:
                marked[index] = True
    flags = [False] * len(lines)
    for index, mark in zip(shown, marked, strict=True):
        flags[index] = mark
    return flags


def is_furniture(line: str) -> bool:
    """Return whether a line can hardly be text, wherever it stands."""
    return len(line) <= 120 and _SURE.fullmatch(line.strip()) is not None


def is_possible_furniture(line: str) -> bool:
    """Return whether a line may be furniture where other furniture stands."""
    return len(line) <= 120 and (is_furniture(line) or _LIKELY.fullmatch(line.strip()) is not None)


def drop_furniture(lines: Sequence[str]) -> list[str]:
    """Leave out the lines that are furniture."""
    return [line for line, mark in zip(lines, mark_furniture(lines), strict=True) if not mark]
