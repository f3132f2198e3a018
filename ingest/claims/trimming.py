"""What stands at the ends of a claim and is no part of it: time stamps, numbers of a list, quotation marks."""

import re

from ingest.blocks import trim

_PAIRS = {'"': '"', "“": "”", "‘": "’", "'": "'"}
_MARKS = "\"“”‘’'"
_TIME_STAMP = re.compile(r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?:?\s+")  # of a recording, at the head of a turn
_NUMBER = re.compile(r"\(?\d{1,2}\)\s+(?=\S)")  # of one of several things listed within a paragraph: "2) It is …"


def trim_claim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return [start, end) without white space, the time stamp that opens a block and the number that opens a claim.

    >>> trim_claim("(2) It is so. ", 0, 14)
    (4, 13)
    """
    start, end = trim(text, start, end)
    if start == 0 and (time_stamp := _TIME_STAMP.match(text, start, end)):
        start = time_stamp.end()
    if number := _NUMBER.match(text, start, end):
        start = number.end()
    return start, end


def trim_quotation_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Return [start, end) without the marks around a quotation.

    >>> trim_quotation_marks('"It rains."', 0, 11)
    (1, 10)
    """
    start, end = trim(text, start, end)
    while start < end:
        first, last = text[start], text[end - 1]
        closing = _find_closing_mark(text, start, end) if first in _PAIRS else None
        if closing == end - 1:
            start, end = start + 1, end - 1
        elif first in _PAIRS and closing is None:
            start += 1  # its partner lies outside
        elif last == "," or (
            last in _MARKS and not any(_PAIRS[mark] == last for mark in _PAIRS if mark in text[start : end - 1])
        ):
            end -= 1
        else:
            break
    return start, end


def _find_closing_mark(text: str, start: int, end: int) -> int | None:
    """Find the partner of the quotation mark at `start`, which is no apostrophe."""
    partner = _PAIRS[text[start]]
    offsets = (offset for offset in range(start + 1, end) if text[offset] == partner)
    return next(
        (offset for offset in offsets if partner not in "'’" or not text[offset + 1 : offset + 2].isalnum()), None
    )
