"""Numbers that could be probabilities: where they stand and what range of 0..1 they name.

Nothing here decides whether a number *is* a probability ("20% of the time" is not): that is `credence`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

_UNITS = {
    "zero": 0, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "a hundred": 100, "one hundred": 100,
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
          "fifth": 5, "fifths": 5, "tenth": 10, "tenths": 10}  # fmt: skip
_GLYPHS = {"½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅛": 1 / 8, "⅒": 1 / 10}

# What an unnamed tiny probability ("ε") is taken to be at most.
EPSILON = 0.01


class QuantityForm(StrEnum):
    """How the number is written, which decides how much must stand around it to make it a probability."""

    PERCENT = "percent"
    EVEN = "even"  # fifty-fifty
    ODDS = "odds"  # 3:1
    FREQUENCY = "frequency"  # 1 in 3
    FRACTION = "fraction"  # 1/3
    DECIMAL = "decimal"  # 0.7
    EPSILON = "epsilon"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at text[start:end] that names the range low..high within 0..1. `ranged`: two numbers were written."""

    start: int
    end: int
    low: float
    high: float
    form: QuantityForm
    ranged: bool = False


_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,12})(?:\.\d{1,20})?|\.\d{1,20}"
_PERCENT = r"(?:\s?\\?%|[ -]?per ?cent\b)"
_SMALL = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|(?:twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a |one )?hundred)"
)
_LARGE = rf"(?:(?:(?:{_NUMBER})|{_SMALL}|an?)[ -])?(?:hundred|thousand|million|billion|trillion)"
_BEFORE = r"(?<![\w.,^\\])"
_AFTER = r"(?![\w^])"

_DASH = r"\\?[-–—−]"

# Tried in this order; what an earlier one took, a later one leaves alone.
_PATTERNS: tuple[tuple[QuantityForm, re.Pattern[str]], ...] = tuple(
    (form, re.compile(pattern, re.IGNORECASE))
    for form, pattern in (
        (QuantityForm.EVEN, rf"{_BEFORE}(?<!\d:)(?:fifty[ -]fifty|50\s?[/:–-]\s?50)(?![\d%]){_AFTER}"),
        (
            QuantityForm.PERCENT,
            rf"{_BEFORE}(?<!/)(?P<a>{_NUMBER})(?P<unit>{_PERCENT})?(?P<joint>\s?{_DASH}\s?|,? (?:to|or|and) )"
            rf"(?:maybe |even |perhaps |about |around |~)?(?P<b>{_NUMBER}){_PERCENT}",
        ),
        (QuantityForm.PERCENT, rf"{_BEFORE}(?P<a>{_NUMBER}){_PERCENT}"),
        (QuantityForm.PERCENT, rf"\b(?P<a>{_SMALL})(?:(?P<joint> or | to )(?P<b>{_SMALL}))?[ -]per ?cent\b"),
        (
            QuantityForm.FREQUENCY,
            rf"{_BEFORE}(?P<a>{_NUMBER}|{_SMALL})[ -](?:in|out[ -]of)[ -](?P<b>{_LARGE}|{_NUMBER}|{_SMALL}){_AFTER}",
        ),
        (
            QuantityForm.ODDS,
            rf"{_BEFORE}(?<!/)(?<!\d:)(?<!\d: )(?<!\d :)(?<!\d : )(?:(?P<a>{_LARGE}|{_NUMBER}"
            rf"|{_SMALL})\s?:\s?(?P<b>{_NUMBER})"
            rf"|(?P<a2>{_LARGE}|\d{{1,9}}|{_SMALL})[ -]to[ -](?P<b2>\d{{1,3}}|one\b))(?!\s?[:/]\s?\d)(?!\s?%"
            rf"|[.,]\d){_AFTER}",
        ),
        (QuantityForm.ODDS, r"\b(?P<evens>even)(?= odds| chance| money)"),
        (
            QuantityForm.FRACTION,
            rf"{_BEFORE}(?<!\d/)(?P<a>\d{{1,12}})\s?[/⁄]\s?(?P<b>\d{{1,3}}(?:,\d{{3}})+|\d{{1,12}})(?!/"
            rf"|[.,]?\d){_AFTER}",
        ),
        (QuantityForm.FRACTION, r"\\[dt]?frac\{(?P<a>\d{1,12})\}\{(?P<b>\d{1,12})\}"),
        (QuantityForm.FRACTION, rf"(?P<glyph>[{''.join(_GLYPHS)}])"),
        (
            QuantityForm.FRACTION,
            r"\b(?P<a>a|one|two|three|four|nine)[ -](?P<part>half|thirds?|quarters?|fourths?|fifths?|tenths?)\b",
        ),
        (QuantityForm.EPSILON, r"(?P<from_one>1\s?[-−–]\s?)?(?:\\(?:var)?epsilon\b|\bepsilon\b(?!-)|[εϵ])"),
        (
            QuantityForm.DECIMAL,
            rf"{_BEFORE}(?:(?P<a>\d(?:\.\d{{1,6}})?)\s?(?:[x×·]|\\times|\\cdot)\s?10(?:\^|\*\*)|"
            r"(?P<a2>\d(?:\.\d{1,6})?)e|10(?:\^|\*\*))\{?(?P<power>[-−]\d{1,3})\}?",
        ),
        (
            QuantityForm.DECIMAL,
            rf"{_BEFORE}(?P<a>[01]?\.\d{{1,20}})(?P<joint>\s?{_DASH}\s?| (?:to|or|and) )"
            rf"(?P<b>[01]?\.\d{{1,20}})(?![%^]|\.\d){_AFTER}",
        ),
        (QuantityForm.DECIMAL, rf"{_BEFORE}(?P<a>[01]?\.\d{{1,20}}|[01])(?![%^:/]|[.,]\d){_AFTER}"),
        (QuantityForm.DECIMAL, r"\b(?P<a>one|zero)\b"),
    )
)
_WORTH_A_LOOK = re.compile(
    rf"[\d%εϵ{''.join(_GLYPHS)}]|per ?cent|fifty|epsilon|half|third|quarter|fourth|fifth|tenth|\b(?:even|one|zero)\b",
    re.IGNORECASE,
)


def find_quantities(text: str) -> list[Quantity]:
    """Find every number in `text` that names a point or a range of 0..1, in order, none overlapping.

    >>> [(quantity.low, quantity.high) for quantity in find_quantities("10-20%, or 1 in 4")]
    [(0.1, 0.2), (0.25, 0.25)]
    """
    if not _WORTH_A_LOOK.search(text):
        return []
    taken = bytearray(len(text))
    quantities: list[Quantity] = []
    for form, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            for quantity in _read_quantities(form, match):
                if 0.0 <= quantity.low <= quantity.high <= 1.0:
                    quantities.append(quantity)
            taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return sorted(quantities, key=lambda quantity: quantity.start)


def _read_quantities(form: QuantityForm, match: re.Match[str]) -> Iterator[Quantity]:
    groups = match.groupdict()
    start, end = match.span()
    if form is QuantityForm.PERCENT or (form is QuantityForm.DECIMAL and groups.get("joint")):
        yield from _percents(form, match)
        return
    value = _VALUES[form](groups)
    if value is not None:
        yield Quantity(start, end, *value, form)


def _percents(form: QuantityForm, match: re.Match[str]) -> Iterator[Quantity]:
    """Read "a%", "a-b%" or "a% and b%": one range, or two numbers where the words around say so."""
    groups = match.groupdict()
    scale = 100 if form is QuantityForm.PERCENT else 1
    first, joint = _number(groups["a"]) / scale, groups.get("joint")
    if not joint:
        yield Quantity(match.start(), match.end(), first, first, form)
        return
    second = _number(groups["b"]) / scale
    ahead = match.string[max(0, match.start() - 24) : match.start()].lower()
    apart = ("and" in joint and "between" not in ahead) or ("to" in joint and "from" in ahead) or first > second
    if not apart:
        yield Quantity(match.start(), match.end(), first, second, form, ranged=True)
        return
    if form is not QuantityForm.PERCENT or groups.get("unit"):
        yield Quantity(match.start(), match.end("unit") if groups.get("unit") else match.end("a"), first, first, form)
    yield Quantity(match.start("b"), match.end(), second, second, form)


def _number(written: str) -> float:
    """Read "12,500", ".5", "twenty-five", "a hundred thousand"."""
    words = written.lower().replace("-", " ").replace(",", "").split()
    total = 1.0
    for index, word in enumerate(words):
        if word in _UNITS:
            value = float(_UNITS[word])
        else:
            value = float(word)
        if index and value < 10 and words[index - 1] in _UNITS:
            total += value
        else:
            total *= value
    return total


def _even(groups: dict[str, str | None]) -> tuple[float, float]:
    return 0.5, 0.5


def _odds(groups: dict[str, str | None]) -> tuple[float, float] | None:
    if groups.get("evens"):
        return 0.5, 0.5
    a, b = _number(groups["a"] or groups["a2"] or ""), _number(groups["b"] or groups["b2"] or "")
    return (a / (a + b), a / (a + b)) if a + b else None


def _ratio(groups: dict[str, str | None]) -> tuple[float, float] | None:
    if groups.get("glyph"):
        value = _GLYPHS[groups["glyph"] or ""]
        return value, value
    if groups.get("part"):
        value = _number(groups["a"] or "") / _PARTS[(groups["part"] or "").lower()]
        return value, value
    a, b = _number(groups["a"] or ""), _number(groups["b"] or "")
    return (a / b, a / b) if b else None


def _decimal(groups: dict[str, str | None]) -> tuple[float, float]:
    value = _number(groups.get("a") or groups.get("a2") or "1")
    if groups.get("power"):
        value *= 10.0 ** int((groups["power"] or "").replace("−", "-"))
    return value, value


def _epsilon(groups: dict[str, str | None]) -> tuple[float, float]:
    return (1 - EPSILON, 1.0) if groups.get("from_one") else (0.0, EPSILON)


_VALUES: dict[QuantityForm, Callable[[dict[str, str | None]], tuple[float, float] | None]] = {
    QuantityForm.EVEN: _even,
    QuantityForm.ODDS: _odds,
    QuantityForm.FREQUENCY: _ratio,
    QuantityForm.FRACTION: _ratio,
    QuantityForm.DECIMAL: _decimal,
    QuantityForm.EPSILON: _epsilon,
}
