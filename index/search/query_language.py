"""The query line: plain words for meaning, and what narrows them down, as in the forums' own search.

    "exact phrase"   these words in this order, whatever their case and punctuation
    -word -"phrase"  without it
    speaker:ilse     said by her; speaker:"Ilse Marchetti" where a value has spaces
    site:forum       on this site
    term:agency      claims that use this term
    kind:prediction  of this kind
    since:2024-03    posted at or after;  until:2025  posted before

Everything else is plain words, and so is `foo:bar`. A minus before `speaker:`, `site:`, `term:` or `kind:` leaves
those out. Several speakers, sites or kinds are alternatives; several terms and phrases must all be there. Reading is
pure, and linear in the length of the line, whatever it holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from corpus.dates import parse_moment
from corpus.errors import WrongQuery, WrongUsage
from corpus.model import ClaimKind
from index.answers import Query
from index.text_keys import reduce_to_words

NAMED = ("speaker", "site", "term", "kind", "since", "until")
LEFT_OUT = ("speaker", "site", "term", "kind")  # what a minus may stand before
_LONGEST = max(map(len, NAMED))
_PHRASE, _WORD = "phrase", "word"
_CLOSING = {'"': '"', "“": "”", "„": "“", "«": "»"}
_MARKS = "".join({*_CLOSING, *_CLOSING.values()})
_KINDS = tuple(kind.value for kind in ClaimKind)


@dataclass(frozen=True, slots=True)
class QueryPiece:
    """A piece of the line: `name` is word, phrase, or one of `NAMED`."""

    name: str
    value: str
    negated: bool = False


def split_query(line: str) -> Iterator[QueryPiece]:
    """Cut a line into its pieces, in order.

    >>> [(piece.name, piece.value, piece.negated) for piece in split_query('-"so called" kind:question why')]
    [('phrase', 'so called', True), ('kind', 'question', False), ('word', 'why', False)]
    """
    offset, size = 0, len(line)
    never: set[str] = set()  # closing marks of which there are no more
    while offset < size:
        if line[offset].isspace():
            offset += 1
            continue
        negated = line[offset] == "-" and line[offset + 1 : offset + 2].strip() not in ("", "-")
        start = offset + negated
        name = _name_at(line, start)
        value_at = start + len(name) + 1 if name else start
        quoted = _read_quoted(line, value_at, never)
        if quoted is not None:
            value, offset = quoted
        else:
            offset = _end_of_word(line, start)
            value = line[value_at:offset].strip(_MARKS) if name or negated else line[value_at:offset]
            if name and not value:
                name, value = "", line[start:offset]  # `kind:"` with nothing behind it is words
        if name and negated and name not in LEFT_OUT:
            yield QueryPiece(_WORD, f"{name} {value}")
        else:
            yield QueryPiece(name or (_PHRASE if quoted is not None else _WORD), value, negated)


def _end_of_word(line: str, offset: int) -> int:
    while offset < len(line) and not line[offset].isspace():
        offset += 1
    return offset


def _name_at(line: str, start: int) -> str:
    """Return the name that stands before a colon at a place, or nothing."""
    before, colon, _ = line[start : start + _LONGEST + 1].partition(":")
    name = before.casefold()
    return name if colon and name in NAMED and line[start + len(before) + 1 : start + len(before) + 2].strip() else ""


def _read_quoted(line: str, offset: int, never: set[str]) -> tuple[str, int] | None:
    """Read what stands in quotation marks at a place; None where no such thing does. Gives the end, too."""
    closing = _CLOSING.get(line[offset : offset + 1])
    if closing is None or closing in never:
        return None
    end = line.find(closing, offset + 1)
    if end < 0:
        never.add(closing)
        return None
    return line[offset + 1 : end], end + 1


def parse_query(query: Query) -> Query:
    """Read the line of a query: its `text` becomes the plain words, the rest joins the filters that it came with.

    Raises `WrongQuery` for a kind or a date that is none; its words repeat nothing of the line.
    """
    if query.plain:
        return query
    words: list[str] = []
    phrases: list[str] = []
    without: list[tuple[str, str]] = []
    values: dict[str, list[str]] = {name: [] for name in NAMED}
    for piece in split_query(query.text):
        if piece.name not in ("speaker", "site") and not reduce_to_words(piece.value):
            words.append(piece.value)  # marks alone narrow nothing down
        elif piece.name in NAMED:
            value = _parse_kind(piece.value) if piece.name == "kind" else piece.value
            if piece.negated:
                without.append((piece.name, value))
            else:
                values[piece.name].append(value)
        elif piece.negated:
            without.append(("words", piece.value))
        else:
            words.append(piece.value)
            phrases += [piece.value] if piece.name == _PHRASE else []
    since = [_in_utc(query.since), *(_parse_date("since", value) for value in values["since"])]
    until = [_in_utc(query.until), *(_parse_date("until", value) for value in values["until"])]
    return replace(
        query,
        plain=True,
        text=" ".join(word for word in words if word.strip()),
        speakers=_merge(query.speakers, values["speaker"]),
        sites=_merge(query.sites, values["site"]),
        kinds=_merge(query.kinds, values["kind"]),
        terms=_merge(query.terms, values["term"]),
        phrases=_merge(query.phrases, phrases),
        without=tuple(dict.fromkeys((*query.without, *without))),
        since=max((moment for moment in since if moment), default=None),
        until=min((moment for moment in until if moment), default=None),
    )


def _merge(first: tuple[str, ...], more: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *more)))


def _parse_kind(written: str) -> str:
    kind = written.strip().casefold()
    if kind not in _KINDS:
        raise WrongQuery(f"kind: there is no such kind of claim; there are {', '.join(sorted(_KINDS))}")
    return kind


def _in_utc(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time and time.tzinfo is None else time


def _parse_date(name: str, written: str) -> datetime:
    try:
        return parse_moment(written[:64])
    except WrongUsage as problem:
        raise WrongQuery(f"{name}: {problem}") from problem
