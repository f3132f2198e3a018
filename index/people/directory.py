"""Everybody in a base, by what they are called."""

# pyright: standard

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from corpus.errors import NotFound
from corpus.model import Speaker
from corpus.record import SpeakerCount
from index.answers import Page, Person
from index.cursors import pack, unpack
from index.people.names_in_query import NO_NAMES, NameIndex
from index.text_keys import make_name_key, reduce_to_words

_NAMED_IN_AN_ERROR = 5


@dataclass(frozen=True, slots=True)
class SpeakerDirectory:
    """Everybody who wrote or was quoted, those with most claims first, equal ones in order of name and id."""

    persons: tuple[Person, ...]
    names: NameIndex = field(default=NO_NAMES, hash=False)
    _ids: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)  # name key → ids

    @classmethod
    def from_counts(cls, counts: Iterable[SpeakerCount]) -> "SpeakerDirectory":
        """Take everybody from the record's counts."""
        persons = sorted(
            (
                Person(
                    count.speaker,
                    count.utterances,
                    count.claims,
                    count.quoted,
                    count.conversations,
                    count.first,
                    count.last,
                )
                for count in counts
            ),
            key=lambda person: (-person.claims, make_name_key(person.speaker.name), person.speaker.id),
        )
        ids: dict[str, tuple[str, ...]] = {}
        for person in persons:
            for key in {make_name_key(person.speaker.id), make_name_key(person.speaker.name)}:
                ids[key] = (*ids.get(key, ()), person.speaker.id)
        return cls(tuple(persons), NameIndex.from_speakers(person.speaker for person in persons), ids)

    def find_ids(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of those who have one of these ids or names, whatever the case."""
        return tuple(dict.fromkeys(id_ for name in names for id_ in self._ids.get(make_name_key(name), ())))

    def match_names(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of those who are called so; where nobody is, of those who have it as a part of their name.

        By "marchetti": everybody whose name has that word, unless somebody's whole name is it.
        """
        ids: dict[str, None] = {}
        for name in names:
            exact = self.find_ids([name])
            asked = f" {reduce_to_words(name)} "
            parts = (
                person.speaker.id
                for person in (() if exact or not asked.strip() else self.persons)
                if asked in f" {reduce_to_words(person.speaker.name)} "
            )
            ids.update(dict.fromkeys((*exact, *parts)))
        return tuple(ids)

    def find_same_person(self, speaker: Speaker) -> tuple[Speaker, ...]:
        """Return the other entries of one and the same person: those with the address of the same profile.

        By evidence only: two who have the same name, or nearly, stay two. (One user id on one site is one entry.)
        """
        profile = normalize_profile_url(speaker)
        if profile is None:
            return ()
        others = (person.speaker for person in self.persons if person.speaker.id != speaker.id)
        return tuple(other for other in others if normalize_profile_url(other) == profile)

    def map_names(self) -> dict[str, str]:
        """Return the name shown for each id."""
        return {person.speaker.id: person.speaker.name for person in self.persons}

    def list_page(self, name_part: str | None, limit: int, cursor: str | None) -> Page[Person]:
        """Return a page of the people whose name or id holds `name_part`.

        Raises `WrongUsage` for a cursor of another list.
        """
        asked = make_name_key(name_part or "")
        persons = [person for person in self.persons if _has_part(person, asked)]
        start = int(unpack(cursor, f"people {asked}").get("at", 0)) if cursor else 0
        until = start + limit
        following = pack(f"people {asked}", at=until) if until < len(persons) else None
        return Page(tuple(persons[start:until]), following, len(persons))

    def find(self, id_or_name: str) -> Person:
        """Return one person by id, by name, or by a part of a name that only one person has. Raises `NotFound`."""
        by_id = [person for person in self.persons if person.speaker.id == id_or_name]
        if by_id:
            return by_id[0]
        exact = set(self.find_ids([id_or_name]))
        asked = make_name_key(id_or_name)
        persons = [
            person for person in self.persons if (person.speaker.id in exact if exact else _has_part(person, asked))
        ]
        if len(persons) == 1 and asked:
            return persons[0]
        if not persons or not asked:
            raise NotFound(f"nobody here is called {id_or_name!r}; `crosstalk people` lists everybody")
        shown = ", ".join(f"{person.speaker.name} ({person.speaker.id})" for person in persons[:_NAMED_IN_AN_ERROR])
        more = f" and {len(persons) - _NAMED_IN_AN_ERROR} more" if len(persons) > _NAMED_IN_AN_ERROR else ""
        raise NotFound(f"{id_or_name!r} may be {shown}{more}; give the id")


_PROFILE = re.compile(r"/(?:users?|u|profiles?|people|authors?|members?)/[^/]+/?|/@[^/]+/?", re.I)
# Hosts that show the users of one forum.
_ONE_FORUM = {
    "alignmentforum.org": "lesswrong.com",
    "greaterwrong.com": "lesswrong.com",
    "ea.greaterwrong.com": "forum.effectivealtruism.org",
}


def normalize_profile_url(speaker: Speaker) -> str | None:
    """Return the address of somebody's profile in one form for all mirrors; None where their address is no profile.

    >>> normalize_profile_url(Speaker("lesswrong:ada", "Ada", url="https://www.alignmentforum.org/users/ada"))
    'lesswrong.com/users/ada'
    """
    try:
        parts = urlsplit(speaker.url or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or not _PROFILE.fullmatch(parts.path):
        return None
    host = parts.hostname.removeprefix("www.")
    return f"{_ONE_FORUM.get(host, host)}{parts.path.rstrip('/')}"


def _has_part(person: Person, asked: str) -> bool:
    return asked in make_name_key(person.speaker.name) or asked in make_name_key(person.speaker.id)
