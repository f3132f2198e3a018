"""Who is in the base: lists of people, and one person by what they are called."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from corpus.errors import NotFound
from corpus.model import Speaker
from corpus.record import SpeakerCount
from index.answers import Page, Person
from index.cursors import pack, unpack
from index.people.names_in_query import NOBODY, Names
from index.text_keys import name_key, plain_words

_NAMED_IN_AN_ERROR = 5


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who wrote or was quoted, those with most claims first, equal ones in order of name and id."""

    persons: tuple[Person, ...]
    _ids: dict[str, tuple[str, ...]] = field(hash=False)  # name key → ids
    called_so: Names = field(default=NOBODY, hash=False)

    @classmethod
    def of(cls, counts: Iterable[SpeakerCount]) -> "People":
        """Take everybody from the record's counts."""
        persons = sorted(
            (
                Person(one.speaker, one.utterances, one.claims, one.quoted, one.conversations, one.first, one.last)
                for one in counts
            ),
            key=lambda person: (-person.claims, name_key(person.speaker.name), person.speaker.id),
        )
        ids: dict[str, tuple[str, ...]] = {}
        for person in persons:
            for key in {name_key(person.speaker.id), name_key(person.speaker.name)}:
                ids[key] = (*ids.get(key, ()), person.speaker.id)
        return cls(tuple(persons), ids, Names.of(person.speaker for person in persons))

    def ids_of(self, names: Sequence[str]) -> tuple[str, ...]:
        """Give the ids of those who have one of these ids or names, whatever the case."""
        found = dict.fromkeys(id_ for name in names for id_ in self._ids.get(name_key(name), ()))
        return tuple(found)

    def called(self, names: Sequence[str]) -> tuple[str, ...]:
        """Give the ids of those who are called so; where nobody is, of those who have it as a part of their name.

        Example: "marchetti" -> everybody whose name has that word, unless somebody's whole name is it
        """
        found: dict[str, None] = {}
        for name in names:
            exact = self.ids_of([name])
            asked = f" {plain_words(name)} "
            parts = (
                person.speaker.id
                for person in (() if exact or not asked.strip() else self.persons)
                if asked in f" {plain_words(person.speaker.name)} "
            )
            found.update(dict.fromkeys((*exact, *parts)))
        return tuple(found)

    def same_as(self, speaker: Speaker) -> tuple[Speaker, ...]:
        """Give the other entries of one and the same person: those with the address of the same profile.

        By evidence only: two who have the same name, or nearly, stay two. (One user id on one site is one entry.)
        """
        profile = profile_of(speaker)
        if profile is None:
            return ()
        others = (person.speaker for person in self.persons if person.speaker.id != speaker.id)
        return tuple(other for other in others if profile_of(other) == profile)

    def names(self) -> dict[str, str]:
        """Give the name shown for each id."""
        return {person.speaker.id: person.speaker.name for person in self.persons}

    def page(self, name_part: str | None, limit: int, cursor: str | None) -> Page[Person]:
        """List people whose name or id holds `name_part`. Raises `WrongUsage` for a cursor of another list."""
        asked = name_key(name_part or "")
        found = [person for person in self.persons if _called(person, asked)]
        start = int(unpack(cursor, f"people {asked}").get("at", 0)) if cursor else 0
        until = start + limit
        following = pack(f"people {asked}", at=until) if until < len(found) else None
        return Page(tuple(found[start:until]), following, len(found))

    def person(self, id_or_name: str) -> Person:
        """Find one person by id, by name, or by a part of a name that only one person has. Raises `NotFound`."""
        by_id = [person for person in self.persons if person.speaker.id == id_or_name]
        if by_id:
            return by_id[0]
        exact = set(self.ids_of([id_or_name]))
        asked = name_key(id_or_name)
        found = [person for person in self.persons if (person.speaker.id in exact if exact else _called(person, asked))]
        if len(found) == 1 and asked:
            return found[0]
        if not found or not asked:
            raise NotFound(f"nobody here is called {id_or_name!r}; `crosstalk people` lists everybody")
        shown = ", ".join(f"{p.speaker.name} ({p.speaker.id})" for p in found[:_NAMED_IN_AN_ERROR])
        more = f" and {len(found) - _NAMED_IN_AN_ERROR} more" if len(found) > _NAMED_IN_AN_ERROR else ""
        raise NotFound(f"{id_or_name!r} may be {shown}{more}; give the id")


_PROFILE = re.compile(r"/(?:users?|u|profiles?|people|authors?|members?)/[^/]+/?|/@[^/]+/?", re.I)
# Hosts that show the users of one forum.
_ONE_FORUM = {
    "alignmentforum.org": "lesswrong.com",
    "greaterwrong.com": "lesswrong.com",
    "ea.greaterwrong.com": "forum.effectivealtruism.org",
}


def profile_of(speaker: Speaker) -> str | None:
    """Give the address of somebody's profile in one form for all mirrors; None where their address is no profile.

    Example: https://www.alignmentforum.org/users/ada -> "lesswrong.com/users/ada"
    """
    try:
        parts = urlsplit(speaker.url or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or not _PROFILE.fullmatch(parts.path):
        return None
    host = parts.hostname.removeprefix("www.")
    return f"{_ONE_FORUM.get(host, host)}{parts.path.rstrip('/')}"


def _called(person: Person, asked: str) -> bool:
    return asked in name_key(person.speaker.name) or asked in name_key(person.speaker.id)
