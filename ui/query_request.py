"""A search as every face is asked for it, made into a `Query` here and nowhere else."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from corpus import dates
from index.answers import Grouping, Mode, Query

Values = str | Sequence[str] | None
Day = str | date | None


def make_query(
    text: str | None,
    *,
    speaker: Values = None,
    site: Values = None,
    kind: Values = None,
    since: Day = None,
    until: Day = None,
    include_quotes: bool = False,
    include_retracted: bool = False,
    include_hidden: bool = False,
    mode: str | None = None,
    group: str | None = None,
    rerank: str | None = None,
    limit: int,
    cursor: str | None = None,
) -> Query:
    """Return the query that the options of a search stand for, named as they are on the command line and in the API.

    `speaker`, `site` and `kind` are one value, several, or None for any; `since` and `until` are times, days (from
    their first moment in UTC) or either as written. Raises `WrongUsage` for a time that cannot be read.
    """
    return Query(
        text=text or "",
        speakers=_list_values(speaker),
        sites=_list_values(site),
        kinds=_list_values(kind),
        since=_read_moment(since),
        until=_read_moment(until),
        include_quotes=include_quotes,
        include_retracted=include_retracted,
        include_hidden=include_hidden,
        mode=Mode(mode or Mode.HYBRID),
        group=Grouping(group) if group else None,
        rerank=rerank,
        limit=limit,
        cursor=cursor,
    )


def _list_values(given: Values) -> tuple[str, ...]:
    values = (given,) if isinstance(given, str) else given or ()
    return tuple(str(value) for value in values if value)


def _read_moment(given: Day) -> datetime | None:
    if isinstance(given, str):
        return dates.parse_moment(given) if given else None
    if given is None or isinstance(given, datetime):
        return given
    return datetime.combine(given, time(), UTC)
