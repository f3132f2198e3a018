"""Who is in the base: lists of people, and one person by what they are called."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corpus.errors import NotFound
from corpus.record import SpeakerCount
from index.answers import Page, Person
from index.cursors import pack, unpack
from index.words import name_key, plain_words

_NAMED_IN_AN_ERROR = 5


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who wrote or was quoted, those with most claims first, equal ones in order of name and id."""

    persons: tuple[Person, ...]
    _ids: dict[str, tuple[str, ...]] = field(hash=False)  # name key → ids

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
        return cls(tuple(persons), ids)

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


def _called(person: Person, asked: str) -> bool:
    return asked in name_key(person.speaker.name) or asked in name_key(person.speaker.id)
