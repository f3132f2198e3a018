"""What a mail holds that its author did not write for it: signatures, list footers, notes of scrubbed attachments.

Conventions: the signature stands below a line "-- " (RFC 3676, 4.3); list software (Mailman) appends a rule of
underscores with the name and address of the list, and "-------------- next part --------------" where it took
something off. A signed mail stands in the armour of OpenPGP (RFC 9580, 7).
"""

import re
from bisect import bisect
from collections.abc import Sequence

from ingest.sources.mail.introductions import read_introduction_lines

_SIGNATURE = re.compile(r"--\s?$")
_SIGNATURE_LINES = 16
_AHEAD = 16
_RULE = re.compile(r"_{20,}\s*$")
_LIST = re.compile(
    r"(?:.{1,80} (?:mailing list|maillist)\s*$|.{0,80}(?:mailman/listinfo|listinfo\.cgi)|\S*<?email>?\s*$)", re.I
)
_SIGNED = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\s*$")
_ARMOUR_HEADER = re.compile(r"(?:Hash|Charset|Comment|Version|NotDashEscaped): ?.*$")
_ARMOUR = re.compile(r"-----(BEGIN|END) PGP (?:SIGNATURE|MESSAGE|PUBLIC KEY BLOCK)-----\s*$")
_NEXT_PART = re.compile(r"-{10,} next part -{10,}\s*$")
_SCRUBBED = re.compile(
    r"(?:An? .{1,60} was scrubbed\.\.\.|(?:Name|Type|Size|Desc|Url|From|Date|Subject) ?:.*|\s+\S.*"
    r"|Skipped content.*|)$",
    re.I,
)


def clean_mail(text: str) -> str:
    """Return the mail without what its author did not write; the mails that it quotes stay.

    >>> clean_mail("Yes.\\n-- \\nAna, at her desk")
    'Yes.'
    """
    lines = _drop_armour(text.replace("\r\n", "\n").split("\n"))
    body = "\n".join(_drop_signature(_drop_footers(lines))).rstrip()
    return body if body.strip() else text.rstrip()


def _drop_armour(lines: Sequence[str]) -> list[str]:
    """Leave out what OpenPGP put around the words of a signed mail, and its signature."""
    ends = [index for index, line in enumerate(lines) if (met := _ARMOUR.match(line)) and met[1] == "END"]
    kept: list[str] = []
    index = 0
    while index < len(lines):
        if _SIGNED.match(lines[index]):
            index = _skip_matching(lines, index + 1, _ARMOUR_HEADER, 6)
            continue
        begun = _ARMOUR.match(lines[index])
        if begun and begun[1] == "BEGIN":
            later = bisect(ends, index)
            index = (ends[later] if later < len(ends) else index) + 1
            continue
        kept.append(lines[index])
        index += 1
    return kept


def _drop_footers(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    index = 0
    while index < len(lines):
        if _RULE.match(lines[index]) and index + 1 < len(lines) and _LIST.match(lines[index + 1]):
            index = _skip_matching(lines, index + 1, _LIST, 4)
        elif _NEXT_PART.match(lines[index]):
            index = _skip_matching(lines, index + 1, _SCRUBBED, 10)
        else:
            kept.append(lines[index])
            index += 1
    return kept


def _skip_matching(lines: Sequence[str], index: int, kind: re.Pattern[str], most: int) -> int:
    stop = min(len(lines), index + most)
    while index < stop and kind.match(lines[index]):
        index += 1
    return index


def _drop_signature(lines: Sequence[str]) -> list[str]:
    """Cut at the last signature mark if little follows it and none of that is quoted."""
    for index in range(len(lines) - 1, max(-1, len(lines) - _SIGNATURE_LINES - 1), -1):
        if lines[index].lstrip().startswith(">"):
            break
        if _SIGNATURE.match(lines[index]):
            below = range(index + 1, len(lines))
            quotes = any(read_introduction_lines(lines[line : line + _AHEAD]) for line in below)
            return list(lines) if quotes else list(lines[:index])
    return list(lines)
