"""Stated probabilities: "15% likely", "between .1% and 5%", "P(doom) ~ 0.2", "3:1 against", and what they are about.

A number is a stated probability when the words around it say so: a noun of probability ("chance", "odds", "credence"),
an adjective of certainty ("sure", "likely"), a verb of estimating ("I'd put it at"), or a parenthesis after a hedge
("probably (70%)"). A percentage with none of these is a share, a score or a growth rate, and is left alone.
Only a bounded stretch around each number is looked at, so that time grows linearly with the text.
"""

# pyright: standard

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.epistemic import credence_cues as words
from ingest.epistemic.quantities import Quantity, QuantityForm, find_quantities

_THEIRS = "others"
_AHEAD_WINDOW = 180
_BEHIND_WINDOW = 60
_LINES_ABOVE = 600
_NEIGHBOUR_GAP = 30
# More numbers than this in one text are a table; the rest is left unread, so that time is bounded.
_MOST_NUMBERS = 3000


@dataclass(frozen=True, slots=True)
class StatedCredence:
    """A probability stated at `text[start:end]`, low..high within 0..1 ("<<1%" is 0..0.01, "at least 10%" is 0.1..1).

    `denied`: the author says that it is *not* so ("15% is way too high"). `supposed`: it is asked, imagined, part of a
    condition, or what would be required. `compared`: named beside another only to tell the two apart ("10% versus 90%
    matters"). `whose`: "author" where a first person states it, the words that name somebody else where they do
    ("they", "Paul"), "others" where it stands in what somebody else is said to think, "" where nobody is named.
    """

    start: int
    end: int
    low: float
    high: float
    form: QuantityForm
    denied: bool = False
    supposed: bool = False
    compared: bool = False
    whose: str = ""


def find_credences(
    text: str, sentence_starts: Sequence[int] = (), views: Sequence[tuple[int, int]] = ()
) -> list[StatedCredence]:
    """Find the probabilities stated in `text`, in order. Offsets count characters of `text`.

    `sentence_starts` says in order where its sentences begin; without them it is read as one. `views` are the stretches
    that tell what somebody else says or thinks: a probability in one is his.

    Give it a whole paragraph or utterance where there is one: the head of a list ("My predictions:") is what makes
    "doom: 20%" a probability.
    >>> [(stated.low, stated.high) for stated in find_credences("I'd put it between .1% and 5%.")]
    [(0.001, 0.05)]
    """
    numbers = sorted([*find_quantities(text), *_bare(text)], key=lambda number: number.start)
    if not numbers:
        return []
    numbers = numbers[:_MOST_NUMBERS]
    made = [_is_probability(text, number, sentence_starts) for number in numbers]
    _spread(text, numbers, made, sentence_starts)
    stated = (
        _read_statement(text, number, sentence_starts, views)
        for number, is_one in zip(numbers, made, strict=True)
        if is_one
    )
    return [credence for credence in stated if credence is not None]


def _bare(text: str) -> list[Quantity]:
    """Read "I'd put it at 60" as percent."""
    numbers = []
    for match in words.BARE.finditer(text):
        ends = [int(part) / 100 for part in re.split(r"\s?[-–]\s?", match["n"])]
        if ends == sorted(ends):
            numbers.append(Quantity(*match.span("n"), ends[0], ends[-1], QuantityForm.PERCENT))
    return numbers


# --- is it a probability

_MARKUP = re.compile(r"[*_$\\{}`]+")


def _cut_sentence_around(text: str, start: int, end: int, starts: Sequence[int]) -> tuple[str, str]:
    """Return the words before and after [start, end), within the line and the sentence, without marks of emphasis."""
    begun = bisect_right(starts, start)
    sentence_start = starts[begun - 1] if begun else 0
    ahead = text[max(sentence_start, start - _AHEAD_WINDOW) : start]
    ahead = ahead[ahead.rfind("\n") + 1 :]
    behind = text[end : end + _BEHIND_WINDOW].split("\n", 1)[0]
    return _MARKUP.sub("", ahead), _MARKUP.sub("", behind)


def _is_probability(text: str, number: Quantity, starts: Sequence[int]) -> bool:
    start, end, _, _ = _widen_by_bounds(text, number)
    ahead, behind = _cut_sentence_around(text, start, end, starts)
    match number.form:
        case QuantityForm.EVEN:
            return not (words.SPLIT_BEHIND.match(behind) or words.SPLIT_AHEAD.search(ahead))
        case QuantityForm.ODDS:
            return _is_odds(ahead, behind)
        case QuantityForm.EPSILON:
            return bool(words.DIRECTLY_AHEAD.search(ahead))
        case QuantityForm.DECIMAL:
            return _is_decimal_probability(text, number, ahead, behind)
    if words.PROBABLE_BEHIND.match(behind) or words.FUNCTION_AHEAD.search(ahead):
        return True
    if words.SPOILED_BEHIND.match(behind) or words.SPOILED_AHEAD.search(ahead):
        return False
    if words.THAT_BEHIND.match(behind) or (words.JUDGED_BEHIND.match(behind) and words.CLAUSE_AHEAD.search(ahead)):
        return True
    if not words.WORTH_A_LOOK.search(ahead):
        return number.form in (QuantityForm.PERCENT, QuantityForm.FREQUENCY) and _stands_alone(
            text, number.form, start, end, ahead, behind, starts
        )
    if words.I_AM_AHEAD.search(ahead) and words.I_AM_BEHIND.match(behind) and number.low < 1.0:
        return True
    if words.PROBABLE_AHEAD.search(ahead) or words.PROBABLE_AHEAD.search(
        _cut_sentence_around(text, number.start, end, starts)[0]
    ):
        return True
    return number.form in (QuantityForm.PERCENT, QuantityForm.FREQUENCY) and _stands_alone(
        text, number.form, start, end, ahead, behind, starts
    )


def _stands_alone(
    text: str, form: QuantityForm, start: int, end: int, ahead: str, behind: str, starts: Sequence[int]
) -> bool:
    """Tell whether a number without a word of probability beside it is one by its place."""
    if form is QuantityForm.FREQUENCY:
        return words.IT_AHEAD.search(ahead) is not None
    return _in_brackets(ahead, behind) or _in_a_list(text, start, end) or _is_alone(text, start, end, starts)


def _is_odds(ahead: str, behind: str) -> bool:
    if words.NO_ODDS_BEHIND.match(behind):
        return False
    if words.PROBABLE_BEHIND.match(behind):
        return True
    other = words.NO_ODDS_AHEAD.search(ahead)
    return bool(words.ODDS_AHEAD.search(ahead)) and not (other and not words.ODDS_AHEAD.search(other[0][1:]))


def _is_decimal_probability(text: str, number: Quantity, ahead: str, behind: str) -> bool:
    if text[number.start : number.end].lower() in ("one", "zero", "0", "1"):
        if re.search(r"[<>≤≥≪≫]\s?$", text[max(0, number.start - 4) : number.start]):
            return False
        named = words.DIRECTLY_AHEAD.search(ahead) or words.FUNCTION_AHEAD.search(ahead)
        return bool(named) and words.WHOLE_BEHIND.match(behind) is not None
    before = text[max(0, number.start - 2) : number.start]
    money = before.endswith("$") and not re.match(r"\s?[$\\+*=<>^]|\s?-", text[number.end : number.end + 3])
    divided = re.match(r"\s?[/=]\s?\d", behind) or re.search(r"\d\s?/\s?$", ahead)
    if money or divided or before == "_{":
        return False
    if words.LETTER_AHEAD.search(ahead):
        return number.low > 0.1 and not words.STATISTICS.search(text[max(0, number.start - 200) : number.end + 100])
    if words.PROBABLE_BEHIND.match(behind) or words.FUNCTION_AHEAD.search(ahead):
        return True
    if words.SPOILED_BEHIND.match(behind) or words.SPOILED_AHEAD.search(ahead):
        return False
    return words.PROBABLE_AHEAD.search(ahead) is not None


def _in_brackets(ahead: str, behind: str) -> bool:
    """Tell whether a percentage alone in brackets qualifies a hedged clause: "I think it works (80%)", "[~95%]"."""
    opened = ahead.rstrip(' ~≈<>"“')
    if opened.endswith("["):
        return behind.lstrip().startswith("]")
    if not opened.endswith("(") or not re.match(r"\s?\)", behind) or not words.HEDGED_AHEAD.search(opened):
        return False
    return bool(words.HEDGE_THEN_BRACKET.search(opened) or words.CLAUSE_ENDS_BEHIND.match(behind))


def _in_a_list(text: str, start: int, end: int) -> bool:
    """Tell whether "doom: 20%" or "20%: doom" is a line below a head that announces forecasts."""
    line_start = text.rfind("\n", max(0, start - _AHEAD_WINDOW), start) + 1
    if line_start == 0 and start > _AHEAD_WINDOW:
        return False
    before, after = text[line_start:start], text[end : end + _AHEAD_WINDOW].split("\n", 1)[0]
    labelled = re.fullmatch(r"[^\n]{1,160}[:–—=-]\s*", before) and not words.WORD.search(after)
    labels = not words.WORD.search(before) and re.match(r"\s?[:–—-]", after)
    if not (labelled or labels):
        return False
    above = text[max(0, line_start - _LINES_ABOVE) : line_start].rstrip().split("\n")
    return any(words.FORECASTS.search(line) for line in above)


def _is_alone(text: str, start: int, end: int, starts: Sequence[int]) -> bool:
    """Tell whether the sentence says only a hedged number: "Maybe 15%?"."""
    ahead, behind = _cut_sentence_around(text, start, end, starts)
    full = re.match(r"[^.!?]*", behind)
    sentence = text[max(0, start - len(ahead)) : start] + " " + (full[0] if full else "")
    about = text[max(0, start - 10) : start]
    return is_framing_only(sentence) and bool(
        words.HEDGE.search(sentence + about) or words.HEDGE.search(text[start:end])
    )


def _widen_by_bounds(text: str, number: Quantity) -> tuple[int, int, float, float]:
    """Widen a number by the words that bound or blur it: "<<1%" → 0..0.01, "at least 10%" → 0.1..1.

    The offsets take in all of those words; `_read_statement` trims what only blurs.
    """
    start, end, low, high = number.start, number.end, number.low, number.high
    for _ in range(5):
        begin = max(0, start - 40)
        bound = words.BOUND_AHEAD.search(text[begin:start])
        if bound is None or _is_quote_mark(text, begin + bound.start()):
            break
        start = begin + bound.start()
        if bound["above"] or bound["below"]:
            turned = words.TURNED_AHEAD.search(text[max(0, start - 50) : start])
            if bool(bound["above"]) != bool(turned):
                high = 1.0
            else:
                low = 0.0
    after = words.BOUND_BEHIND.match(text, end)
    if after is not None and not number.ranged:
        end = after.end()
        if after["above"]:
            high = 1.0
        elif after["below"]:
            low = 0.0
    return start, end, low, high


def _is_quote_mark(text: str, offset: int) -> bool:
    """Tell a ">" that quotes a line from one that means "more than"."""
    if text[offset : offset + 2] != "> ":
        return False
    before = text[max(0, offset - 8) : offset]
    return ("\n" in before or offset < 8) and not before.rsplit("\n", 1)[-1].strip()


def _spread(text: str, numbers: Sequence[Quantity], made: list[bool], starts: Sequence[int]) -> None:
    """Let numbers in a row share what they are: "from 3% to 10%", "25% and 75% likely", "1/64 or roughly 1.6%"."""
    size = len(numbers)
    for index, neighbour in [(i, i + 1) for i in range(size - 1)] + [(i, i - 1) for i in range(size - 1, 0, -1)]:
        first, second = numbers[min(index, neighbour)], numbers[max(index, neighbour)]
        between = text[first.end : second.start]
        if not made[index] or made[neighbour] or len(between) > _NEIGHBOUR_GAP:
            continue
        behind = _cut_sentence_around(text, numbers[neighbour].start, numbers[neighbour].end, starts)[1]
        if words.SPOILED_BEHIND.match(behind) or words.NO_ODDS_BEHIND.match(behind):
            continue
        alike = first.form is second.form and words.JOINED.fullmatch(between)
        restated = words.RESTATED.fullmatch(between) and abs(first.low - second.low) <= 0.1 * max(first.low, second.low)
        made[neighbour] = bool(alike or restated)


# --- how it stands in its sentence


def _read_statement(
    text: str, number: Quantity, starts: Sequence[int], views: Sequence[tuple[int, int]]
) -> StatedCredence | None:
    """Say how a probability stands in its sentence; None where "not 100% sure" states none."""
    start, end, low, high = _widen_by_bounds(text, number)
    ahead, behind = _cut_sentence_around(text, start, end, starts)
    if (low, high) == (0.0, 1.0) or (low == high == 1.0 and words.NOT_WHOLLY_AHEAD.search(ahead)):
        return None
    is_bounded = (low, high) != (number.low, number.high)
    if (
        number.form is QuantityForm.ODDS
        and re.match(r"[\s,)$]*(?:odds )?against\b", behind, re.IGNORECASE)
        and low > 0.5
    ):
        low, high = 1.0 - high, 1.0 - low
    turned = is_bounded and words.TURNED_AHEAD.search(text[max(0, start - 50) : start])
    is_others = any(view_start <= number.start and number.end <= view_end for view_start, view_end in views)
    denied = (
        words.DENIED_BEHIND.match(behind)
        or (not turned and words.DENIED_AHEAD.search(ahead[-90:]))
        or words.DOUBTED_AHEAD.search(ahead)
        or (words.CLAIM_AHEAD.search(ahead) and words.FALSE_BEHIND.match(behind))
    )
    required = (
        words.REQUIRED_AHEAD.search(ahead)
        or words.REQUIRED_BEHIND.match(behind)
        or (words.OUGHT_AHEAD.search(ahead) and words.BEFORE_BEHIND.match(behind))
    )
    return StatedCredence(
        _without_blur(text, start, number.start) if is_bounded else number.start,
        end,
        low,
        high,
        number.form,
        denied=bool(denied),
        supposed=bool(required or words.SUPPOSED_AHEAD.search(ahead)),
        compared=bool(words.COMPARED.search(text[max(0, start - 60) : end + 40])),
        whose=_THEIRS if is_others else _whose(ahead + text[start : number.start], behind),
    )


_BLUR = re.compile(
    r"(?:about|around|roughly|maybe|perhaps|probably|like|say|only|just|an?|the|that|some|I['’]d say)[\s,]+",
    re.IGNORECASE,
)


def _without_blur(text: str, start: int, number_start: int) -> int:
    while (blur := _BLUR.match(text, start)) and blur.end() <= number_start:
        start = blur.end()
    return start


def _whose(ahead: str, behind: str) -> str:
    """Name whose probability it is by the last person named before it."""
    are_sure = words.SURE_BEHIND.match(behind) and words.OTHERS_ARE_AHEAD.search(ahead)
    if are_sure:
        return are_sure[1]
    own = [match.end() for match in words.AUTHOR.finditer(ahead)]
    others = list(words.OTHERS.finditer(ahead))
    if others and (not own or others[-1].end() > own[-1]):
        return others[-1][0]
    return "author" if own else ""


# --- what it is about


def attach_credences(
    text: str, stated: Sequence[StatedCredence], claims: Sequence[tuple[int, int]]
) -> dict[int, StatedCredence]:
    """Say which claim each stated probability is about: index in `claims` → the probability.

    `claims` are spans of `text` (an utterance, or one paragraph of it), in order. A probability belongs to the smallest
    claim around it; one in brackets after a claim, to that claim; one in a sentence that says nothing else ("I'd say
    70%."), to that sentence and to the claim before it in the paragraph. Of two in one claim the first is taken, but
    the last of a change ("from 3% to 10%"). Denied, supposed and merely compared probabilities belong to no claim, nor
    do other people's (`whose`), which whoever reads reported speech may attach to the claims reported.
    """
    chosen: dict[int, StatedCredence] = {}
    for credence in stated:
        if credence.denied or credence.supposed or credence.compared or credence.whose not in ("", "author"):
            continue
        home = _home(text, credence, claims)
        if home is None:
            continue
        if home not in chosen or _replaces(text, chosen[home], credence):
            chosen[home] = credence
        start, end = claims[home]
        if home > 0 and is_framing_only(text[start : credence.start] + " " + text[credence.end : end]):
            before = claims[home - 1][1]
            if before <= start and "\n\n" not in text[before:start]:
                chosen.setdefault(home - 1, credence)
    return chosen


def _home(text: str, credence: StatedCredence, claims: Sequence[tuple[int, int]]) -> int | None:
    around = [i for i, (start, end) in enumerate(claims) if start <= credence.start and credence.end <= end]
    if around:
        return min(around, key=lambda i: claims[i][1] - claims[i][0])
    ahead = [i for i, (_, end) in enumerate(claims) if end <= credence.start]
    if not ahead:
        return None
    last = max(ahead, key=lambda i: (claims[i][1], claims[i][0]))
    between = text[claims[last][1] : credence.start]
    near = len(between) <= 60 and "\n\n" not in between and is_framing_only(between)
    return last if near else None


def is_framing_only(stretch: str) -> bool:
    """Tell whether a stretch holds only words that frame a probability: "I'd say", "my credence is around"."""
    return all(words.FRAME.fullmatch(word) for word in words.WORD.findall(stretch))


def _replaces(text: str, earlier: StatedCredence, later: StatedCredence) -> bool:
    """Tell whether `later` is where a change ends: "from 3% to 10%"."""
    to = re.fullmatch(r"[^.;!?\n]{0,20}?\bto (?:about |around |~)?", text[earlier.end : later.start])
    return bool(to and re.search(r"\bfrom (?:\w{1,12} )?$", text[max(0, earlier.start - 30) : earlier.start]))
