"""The forms of words by which authors take back what they wrote, and the dates they give.

Each cue says what it takes back: the whole of what it stands in, what stands before it, a view that it names, or only
something unsaid. Everything runs on one sentence at a time, with quotations blanked out.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Reach(StrEnum):
    """What a form of words takes back."""

    HERE = "here"  # "no longer endorsed", "[retracted]": whatever it is pinned to
    WHOLE = "whole"  # "I no longer endorse this post"
    BEFORE = "before"  # "this point", "the above", "scratch that"
    AFTER = "after"  # "the following answer"
    NAMED = "named"  # "I was wrong about X", "I no longer think that X"
    MINE = "mine"  # "I retract my earlier comment", in another utterance
    ANSWERED = "answered"  # "I've now changed my mind based on …": what has just been said, where that is one thing
    UNSAID = "unsaid"  # "I've changed my mind": about something not named


@dataclass(frozen=True, slots=True)
class RetractionCue:
    """A form of words that takes something back. A group `x` in the pattern holds the view named."""

    pattern: re.Pattern[str]
    reach: Reach
    probability: float


_I = (
    r"\bI(?:['’](?:ve|d|m|ll))?(?: (?:have|do|now|hereby|also|must|am|definitely|actually|basically"
    r"|completely|totally|currently|since|have since|personally|therefore))*"
)
_WHOLE = (
    r"(?:post|comment|essay|article|reply|answer|shortform|piece|sequence|page|thread|review|everything (?:here"
    r"|in this \w+)|most of this|all of this)"
)
_PART = (
    r"(?:point|claim|argument|paragraph|sentence|section|part|bit|statement|view|take|line|bullet|remark"
    r"|assertion|conclusion|prediction|estimate|analysis|reasoning|objection)"
)
# "this paragraph", "the two points above"; `part` is what is named, `count` how many.
_BEFORE_PART = (
    rf"(?:(?:this|that|these|those|the above|the previous|the last|the preceding) (?:(?P<count>two|three|four) |\\w+ )?"
    rf"(?P<part>{_PART})s?|(?:the|my) (?:(?P<counted>two|three|four) )?(?P<named>{_PART})s? (?:just |right |directly )?"
    r"(?:above|before this))\b"
)
_STAND = r"(?:endors(?:e|ing)|stand(?:ing)? (?:by|behind)|agree(?:ing)? with|hold|back|support)"

# What names the post at the root of a conversation rather than the utterance that says so.
POST = re.compile(r"post|essay|article|piece|sequence|page|thread|review", re.IGNORECASE)

CUES: tuple[RetractionCue, ...] = tuple(
    RetractionCue(re.compile(pattern, re.IGNORECASE), reach, probability)
    for pattern, reach, probability in (
        (
            r"[\[(](?:now )?(?:retracted|no longer endorsed|withdrawn)(?:[,:;—–-][^\])\n]{0,120}| (?:by author|on|as"
            r"|see|because|due)[^\])\n]{0,120})?[\])]",
            Reach.HERE,
            0.92,
        ),
        (rf"{_I} no longer {_STAND} (?:the following|what follows|the below)\b", Reach.AFTER, 0.9),
        (
            rf"{_I} (?:no longer {_STAND}|retract|disavow|withdraw|take back) this (?:whole |entire )?"
            rf"(?P<noun>{_WHOLE})\b",
            Reach.WHOLE,
            0.95,
        ),
        (
            rf"\bthis (?P<noun>{_WHOLE}) (?:is|has been|should be considered) (?:now )?(?:retracted|withdrawn"
            rf"|no longer endorsed|obsolete and wrong)\b",
            Reach.WHOLE,
            0.95,
        ),
        (
            rf"{_I} (?:no longer {_STAND}|retract|disavow|withdraw|take back) the {_PART}"
            r" (?:just |right |directly )?(?:below|that follows|after this)\b",
            Reach.AFTER,
            0.9,
        ),
        (
            rf"{_I} (?:no longer {_STAND}|no longer (?:think|believe|buy|accept)|retract|disavow|withdraw|take back"
            rf"|was (?:(?:completely|totally|simply|just|badly) )?(?:wrong|mistaken) (?:about|in|on)) {_BEFORE_PART}",
            Reach.BEFORE,
            0.9,
        ),
        (
            rf"\bI (?:do not|don['’]t) (?:endorse|stand by|stand behind|agree with|believe) {_BEFORE_PART}"
            r" (?:any ?more|any longer|now)\b",
            Reach.BEFORE,
            0.9,
        ),
        (
            rf"{_I} changed my (?:mind|view|opinion|position) (?:about|on) {_BEFORE_PART}",
            Reach.BEFORE,
            0.85,
        ),
        (
            rf"{_I} (?:changed my (?:mind|view|opinion|position)(?P<this> (?:about|on) (?:this|that|it))?"
            rf"|no longer (?:think|believe) (?P<so>this|that|so|it)),? (?:based on|because|due to|after (?:reading"
            r"|seeing|talking|thinking)|thanks to|in (?:the )?light of|since)\b",
            Reach.ANSWERED,
            0.8,
        ),
        (
            rf"{_I} (?:no longer {_STAND}|retract|disavow|withdraw) (?:all of )?(?:this|that|it|the above"
            rf"|everything above)(?= ?[.,;:!)\]]|$| anymore| based| because| since| after| for| as)",
            Reach.HERE,
            0.85,
        ),
        (
            r"^[\W\d_]*(?:(?:edit(?:ed)?|eta|update[d]?|note|disclaimer|warning"
            r"|important)\b[^:.\n]{0,40}[:.,)\]]\W*)?(?:this is |now |as of [^,.\n]{1,30},? )?(?:retracted"
            r"|no longer endorsed|withdrawn)\b(?! (?:by|paper|article|study)\b)",
            Reach.HERE,
            0.9,
        ),
        (
            r"^[\W\d_]*(?:edit(?:ed)?|eta|update[d]?)\b[^:.\n]{0,40}[:.,)\]]\W*(?:(?:this|the above"
            r"|that)(?: (?:comment|post|claim|paragraph|point|section))? (?:was|is|turned out to be"
            r"|turns out to be) (?:completely |totally |just |simply |plain |flat(?:ly)? |badly )?"
            r"(?:wrong|false|incorrect|mistaken|not (?:true|right|correct)|untrue|in error))",
            Reach.HERE,
            0.85,
        ),
        (
            r"^[\W\d_]*(?:edit(?:ed)?|eta|update[d]?)\b[^:.\n]{0,40}[:.,)\]]\W*(?:I was (?:completely |totally |just "
            r"|simply |very |quite |badly )?(?:wrong|mistaken|incorrect)(?: (?:here|about this|above"
            r"|on this))?(?= ?[.,;:!)\]—–-]|$)"
            r"|never ?mind(?=[.,!]|$)|(?:please )?(?:disregard|ignore) (?:this|the above|that)\b)",
            Reach.HERE,
            0.82,
        ),
        (
            r"(?:^|[,;.—–-] ?|\b(?:no|wait|oh|actually|okay|ok|hmm),? )(?:scratch|strike) that\b(?! (?:itch|one"
            r"|idea off))",
            Reach.BEFORE,
            0.82,
        ),
        (
            r"(?:^|[,;.—–-] ?|\b(?:no|wait|oh|actually|okay|ok|hmm),? )I (?:actually |hereby |must |should )?(?:take"
            r"|took) (?:that|it|this) back\b(?! (?:slightly|a bit|a little|partly|partially|to|from|in|home|with))",
            Reach.BEFORE,
            0.82,
        ),
        (
            rf"{_I} (?:retract|withdraw|take back|disavow) (?:my|the) (?:earlier|previous|original|initial|former"
            rf"|prior|above|last|first)? ?"
            rf"(?:(?P<noun>{_WHOLE})|{_PART}s?)\b(?: (?:about|that|on) (?P<x>[^.;!?\n]{{3,200}}))?",
            Reach.MINE,
            0.9,
        ),
        (
            rf"{_I} (?:retract|withdraw|take back|disavow) (?:what I (?:said|wrote|claimed)|that|this"
            rf"|it)\b(?: (?:about|that|on) (?P<x>[^.;!?\n]{{3,200}}))?",
            Reach.MINE,
            0.8,
        ),
        (
            rf"{_I} no longer (?:think|believe|hold|expect|claim|say|accept|buy)(?: that)? (?P<x>(?!so\b|this\b"
            rf"|it\b(?! is)|that\b)[^.;!?\n]{{3,240}})",
            Reach.NAMED,
            0.85,
        ),
        (
            r"\bI (?:was|were|have been|had been)(?: (?:completely|totally|just|simply|very|quite|badly|clearly"
            r"|probably))? (?:wrong|mistaken|incorrect)"
            r" (?:about|in (?:saying|claiming|thinking|writing|asserting)(?: that)?|to (?:say|claim|assert|write"
            r"|think)(?: that)?|when I (?:said|claimed|wrote)(?: that)?|that)"
            r" (?P<x>(?!you\b|he\b|she\b|this\b|that\b|it\b|what\b|things\b|something\b|many\b"
            r"|a lot\b)[^.;!?\n]{3,240})",
            Reach.NAMED,
            0.85,
        ),
        (
            rf"{_I} (?:no longer (?:think|believe|hold|agree with|endorse) (?:this|that|so|it)|changed my (?:mind"
            rf"|view|opinion|position)|stand corrected|was (?:wrong|mistaken)(?= ?[.!]| here| on this| about (?:this"
            rf"|that|it)))",
            Reach.UNSAID,
            0.7,
        ),
        (
            r"\b(?:you(?:['’]re| are) right)[^.;\n]{0,30}, I (?:was (?:wrong|mistaken)|retract (?:that|it|my)"
            r"|stand corrected)",
            Reach.UNSAID,
            0.7,
        ),
    )
)

# "[correction: E. coli has 4,400 genes]": what stands in the brackets replaces the sentence that they end.
CORRECTION = re.compile(
    r"[\[(](?:correction|erratum|corrected)\s?[:—–-]\s?(?P<new>[^\])\n]{3,300})[\])]", re.IGNORECASE
)

# What unmakes a cue: others' doings, conditions, possibilities, questions, denials, jokes, life stories.
NOT_MEANT = re.compile(
    r"\b(?:maybe|perhaps|if|unless|whether|would|might|could|may|should|shall|will|suppose|imagine|never|until|before"
    r"|wish|want to|hope to|able to|have to|had to|ready to|happy to"
    r"|willing to|going to|need to|like to|refus\w+ to|fantasi[sz]e|why|how|not going to|don['’]t|didn['’]t"
    r"|haven['’]t|won['’]t|wouldn['’]t|can['’]t|cannot|not)\s(?:\w+\s){0,3}$",
    re.IGNORECASE,
)
CONDITION_AHEAD = re.compile(
    r"[\W_]*(?:(?:and|but|so|also),? )?(?:if|unless|suppose|imagine|assuming|when|once)\b", re.IGNORECASE
)
LIFE_STORY = re.compile(
    r"\b(?:at one point|back then|when I was|as a (?:kid|child|teenager|student)|years ago|once upon"
    r"|in (?:high school|college|my (?:teens|twenties))"
    r"|used to|at first|at the time|growing up|lunch|dinner|breakfast|wedding|restaurant|outfit)\b",
    re.IGNORECASE,
)
PARTIAL = re.compile(
    r"\b(?:slightly|a bit|a little|somewhat|partly|partially|in part|not (?:entirely|totally|completely)|some (?:of"
    r"|parts)|parts of|one (?:argument|claim|point|part)|most of)\b",
    re.IGNORECASE,
)
MARK = re.compile(
    r"^[\W_]*(?:edit(?:ed)?|eta|update[d]?|note|disclaimer|warning|as of|\[|retracted|no longer)\b|^[\W_]*\[",
    re.IGNORECASE,
)

# --- dates

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DATES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>20\d\d|19\d\d)-(?P<number>\d{1,2})-(?P<day>\d{1,2})\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?P<year>(?:20|19)\d\d)\b",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>(?:20|19)\d\d)\b",
        rf"\b{_MONTH},? (?P<year>(?:20|19)\d\d)\b",
        r"\b(?P<number>\d{1,2})/(?P<day>\d{1,2})/(?P<year>(?:20|19)?\d\d)\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}\b",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,? \d)",
        r"\bas of (?P<year>(?:20|19)\d\d)\b",
    )
)


def find_date(words: str, posted_at: datetime | None = None) -> date | None:
    """Read the date that a sentence gives: "Edit 15 Dec", "EDIT 6/26/23", "As of September 2024".

    A month without a day is its first day, a year without a month its first; a day without a year is the first such
    day from `posted_at` on, or None where that is unknown. Of "6/7/23" the first number is taken for the month.
    """
    for pattern in DATES:
        match = pattern.search(words)
        if match is None:
            continue
        groups = match.groupdict()
        month = _MONTHS.index(groups["month"].lower()) + 1 if groups.get("month") else int(groups.get("number") or 1)
        day = int(groups.get("day") or 1)
        if month > 12 >= day:
            month, day = day, month
        year = groups.get("year")
        try:
            if year is not None:
                return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
            if posted_at is not None:
                same = date(posted_at.year, month, day)
                return same if same >= posted_at.date() else date(posted_at.year + 1, month, day)
        except ValueError:
            continue
    return None
