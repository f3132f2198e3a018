"""Dates as people type them."""

import re
from datetime import UTC, datetime

from corpus.errors import WrongUsage

_SHORT = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


def parse_moment(written: str) -> datetime:
    """Read a year, a month, a day or an ISO 8601 time; without a zone it is UTC. Raises `WrongUsage`.

    >>> parse_moment("2024-03").isoformat()
    '2024-03-01T00:00:00+00:00'
    """
    written = written.strip()
    try:
        if short := _SHORT.fullmatch(written):
            year, month, day = (int(part or 1) for part in short.groups())
            return datetime(year, month, day, tzinfo=UTC)
        read = datetime.fromisoformat(written)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise WrongUsage("that is no date: write 2024, 2024-03, 2024-03-15 or 2024-03-15T12:00:00Z") from problem
