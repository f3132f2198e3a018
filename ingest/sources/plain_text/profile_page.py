"""The header of a user's profile page, scraped as text: whose page it is.

The name in the header is the author of every comment below it. Two layouts are met:

    Name · (about) · Sequences · titles · Posts · titles · Wiki Contributions · Comments · the comments · Load More
    Organisation's badge · Name · the comments

The first shows by the headings of its sections. The second shows by nothing but its two short lines, which a title
with the name of its site above has too: so the one must be known for an organisation (or the heading of the comments
must stand below it) and the other begin with a given name, or be a handle that is no word. Where that is not sure,
nobody is named.
"""

# pyright: standard

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.sources.person_names import PARTICLES, has_given_name, is_handle, is_name_word
from ingest.sources.plain_text.page_furniture import AGE, KARMA, is_furniture, is_possible_furniture

_SECTIONS = {
    "sequences": "sequences",
    "posts": "posts",
    "top posts": "posts",
    "shortform": "posts",
    "quick takes": "posts",
    "wiki contributions": "wiki",
    "wikitag contributions": "wiki",
    "tag contributions": "wiki",
    "topic contributions": "wiki",
    "comments": "comments",
}
_STRONG = frozenset({"sequences", "wiki"})  # sections that only a profile has
_HEADER_LINES = 400
_NAME_CHARS = 60
_TITLE_CHARS = 200
_PROSE_CHARS = 60
_ABOUT_CHARS = 5_000
_ORGANISATION = frozenset(
    "research institute institution university college school lab labs laboratory center centre foundation team "
    "company inc inc. llc ltd ltd. gmbh group project fund trust society association alignment safety program "
    "programme network collective initiative moderator admin staff ai systems ventures philanthropy".split()
)
_ORGANISATIONS = frozenset(
    "anthropic openai deepmind metr miri arc chai fhi fli cais cset apollo conjecture ought mats cltr govai rand "
    "redwood epoch aleph google meta microsoft nvidia lightcone cfar givewell xai eleutherai aisi timaeus palisade "
    "constellation goodfire transluce eleos forethought astra independent".split()
)
_NOT_NAMES = frozenset(
    "the a an on in of for to and or is are was why how what when who against with from by my your our as at if not "
    "no vs vs. about some more than it this that these those i we you introduction summary abstract contents".split()
)
_HEAD_TAIL = re.compile(rf"\s*(?:{AGE}\*?)?(?:\s*{KARMA})*\s*", re.I)
_COUNT = re.compile(r"\s+\(?\d[\d,]*\)?$")  # "Comments 123"
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_NAVIGATION = frozenset({"main page", "skip navigation", "skip to main content", "open thread", "menu", "navigation"})


@dataclass(frozen=True, slots=True)
class ProfileHeader:
    """Whose page it is, and where the comments begin (a line number).

    `about` is what they say of themselves; `listed` the titles under each heading ("sequences", "posts", "wiki").
    """

    name: str
    begins: int
    about: tuple[str, ...] = ()
    listed: dict[str, list[str]] = field(default_factory=dict)


def read_profile(lines: Sequence[str]) -> ProfileHeader | None:
    """Read the header of a profile page; None where the text is no profile page, or might be something else."""
    shown = [index for index, line in enumerate(lines[: 4 * _HEADER_LINES]) if line.strip()][:_HEADER_LINES]
    return (_read_sections(lines, shown) or _read_badge(lines, shown)) if shown else None


def is_comment_head(line: str, name: str) -> bool:
    """Return whether a line stands over a comment of the page's owner: the name alone, or with age and scores.

    >>> is_comment_head("Ana Ruiz3mo 12", "Ana Ruiz")
    True
    """
    line = line.strip()
    return line.startswith(name) and len(line) <= 120 and _HEAD_TAIL.fullmatch(line[len(name) :]) is not None


def _read_sections(lines: Sequence[str], shown: Sequence[int]) -> ProfileHeader | None:
    """Read the layout with headings: they stand within short lines, before the first run of prose under them."""
    headings = _find_headings(lines, shown)
    if len(headings) < 2 or not any(section in _STRONG for _, section in headings):
        return None
    first = headings[0][0]
    top = [start for start in shown if start < first and not is_furniture(lines[start])]
    name_at = _find_name(lines, top)
    if name_at is None or sum(len(lines[start]) for start in top) > _ABOUT_CHARS:
        return None
    last = headings[-1][0]
    listed: dict[str, list[str]] = {}
    for (start, section), end in zip(headings, [p for p, _ in headings[1:]] + [last + 1], strict=True):
        titles = [
            lines[index].strip() for index in shown if start < index < end and not is_possible_furniture(lines[index])
        ]
        if titles:
            listed.setdefault(section, []).extend(titles)
    about = tuple(lines[start].strip() for start in top if start > name_at and not is_possible_furniture(lines[start]))
    return ProfileHeader(lines[name_at].strip(), last + 1, about, listed)


def _find_headings(lines: Sequence[str], shown: Sequence[int]) -> list[tuple[int, str]]:
    """Return the headings (line, section) of the header; "comments" ends it, and so does prose under a heading."""
    headings: list[tuple[int, str]] = []
    for index in shown:
        line = lines[index].strip()
        section = _SECTIONS.get(_fold_heading(line))
        if section is not None:
            headings.append((index, section))
            if section == "comments":
                break
        elif headings and (len(line) > _TITLE_CHARS or (headings[-1][1] == "wiki" and not is_possible_furniture(line))):
            break
    return headings


def _find_name(lines: Sequence[str], top: Sequence[int]) -> int | None:
    """Find the name among the lines above the first heading: the first that is no badge; None where there is none."""
    short = [index for index in top[:3] if _is_short(lines[index]) and not _is_navigation(lines[index])]
    named = [index for index in short if not _is_organisation(lines[index])]
    if not named or named[0] != next((index for index in top if not _is_organisation(lines[index])), None):
        return None
    return named[0]


def _read_badge(lines: Sequence[str], shown: Sequence[int]) -> ProfileHeader | None:
    """Read the layout without headings: short lines at the top, one a person and the others badges, then prose."""
    header: list[int] = []
    heads_comments = False
    for index in shown[:4]:
        if is_possible_furniture(lines[index]) and not _is_organisation(lines[index]):
            heads_comments = heads_comments or _SECTIONS.get(_fold_heading(lines[index])) == "comments"
            continue
        if not _is_short(lines[index]) or len(lines[index].split()) > 6:
            break
        header.append(index)
    rest = [lines[index].strip() for index in shown if header and index > header[-1]]
    if not 1 <= len(header) <= 3 or not any(len(line) >= _PROSE_CHARS for line in rest[:3]):
        return None
    body = "\n".join(rest)
    badges = [index for index in header if _is_organisation(lines[index])]
    spoken = body if badges else body.casefold()  # without a badge the name must not be spoken of at all
    people = [index for index in header if index not in badges and _is_person(lines[index], spoken)]
    if len(people) != 1 or len(people) + len(badges) != len(header) or not (badges or heads_comments):
        return None
    if not has_given_name(lines[people[0]]) or _has_more_names(rest, body):
        return None
    return ProfileHeader(lines[people[0]].strip(), header[-1] + 1)


def _fold_heading(line: str) -> str:
    return _COUNT.sub("", line.strip()).casefold()


def _has_more_names(rest: Sequence[str], body: str) -> bool:
    """Return whether more short lines look like people: then names stand over comments, and the first is only one."""
    return any(len(line.split()) > 1 and _is_short(line) and _is_person(line, body) for line in rest)


def _is_short(line: str) -> bool:
    line = line.strip()
    return 1 < len(line) <= _NAME_CHARS and line[-1] not in ".!?:;,…" and any(c.isalpha() for c in line)


def _is_navigation(line: str) -> bool:
    return is_possible_furniture(line) or line.strip().casefold() in _NAVIGATION


def _is_organisation(line: str) -> bool:
    words = [word.casefold() for word in line.split()]
    return len(words) <= 6 and (
        any(word in _ORGANISATION for word in words)
        or (len(words) <= 2 and words[:1] != [] and words[0] in _ORGANISATIONS)
    )


def _is_person(line: str, body: str) -> bool:
    """Return whether a line is a person's name or a handle. A title's words stand in the text below; a name's do not.

    >>> _is_person("Ana Ruiz", "I agree."), _is_person("Embedded Agency", "On agency…")
    (True, False)
    """
    words = line.split()
    if len(words) == 1:
        return is_handle(words[0]) and words[0].casefold() not in body.casefold()
    if not 2 <= len(words) <= 4 or any(word.casefold() in _NOT_NAMES for word in words):
        return False
    if not all(is_name_word(word) for word in words):
        return False
    if any(word.endswith(("'s", "’s")) for word in words):
        return False
    common = set(_WORD.findall(body))
    return not any(word.lower() in common for word in words if word not in PARTICLES)
