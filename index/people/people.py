"""Who is in a base, as it is asked for: lists of people, one of them by what they are called, and one closely."""

from collections.abc import Callable, Mapping, Sequence

from corpus.record import Record
from index.answers import Page, Person
from index.generation_cache import GenerationCache
from index.people.directory import SpeakerDirectory
from index.people.profile import MakeLink, PersonProfile, ProfileBuilder, ReadHits
from index.store.points import Vectors


class People:
    """Answers who is in a base. `read_hits` gives claims where they stand, `make_link` an address of words.

    `count_uses` gives, for each person's id, the terms that they use with how often.
    """

    def __init__(
        self,
        record: Record,
        vectors: Vectors,
        read_hits: ReadHits,
        make_link: MakeLink,
        count_uses: Callable[[], Mapping[str, Sequence[tuple[str, int]]]],
    ) -> None:
        self._record = record
        self._vectors = vectors
        self._read_hits = read_hits
        self._make_link = make_link
        self._count_uses = count_uses
        self._directory = GenerationCache(
            lambda: record.generation, lambda: SpeakerDirectory.from_counts(record.list_speakers())
        )

    def list(self, name_part: str | None = None, limit: int = 100, cursor: str | None = None) -> Page[Person]:
        """Return people, those with most claims first. Raises `WrongUsage` for a cursor of another list."""
        return self.read_directory().list_page(name_part, limit, cursor)

    def list_names(self) -> Sequence[str]:
        """Return the names of everybody, each once, in alphabetical order."""
        return sorted(set(self.read_directory().map_names().values()), key=str.casefold)

    def find(self, id_or_name: str) -> Person:
        """Return one person by id, name, or a part of the name that nobody else has. Raises `NotFound`."""
        return self.read_directory().find(id_or_name)

    def describe(self, id_or_name: str) -> PersonProfile:
        """Return one person with topics, definitions, credences, changes of mind and agreement. Raises `NotFound`."""
        directory = self.read_directory()
        builder = ProfileBuilder(
            self._record, self._vectors, directory, self._read_hits, self._make_link, self._count_uses()
        )
        return builder.build(directory.find(id_or_name))

    def read_directory(self) -> SpeakerDirectory:
        """Return everybody, as the record is now."""
        return self._directory.get()
