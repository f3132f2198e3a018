"""A person's name in a query: "Ilse Marchetti oversight is cheap" asks for what she said about it.

A whole name of two words or more counts however it is written. One word counts where it is written with a capital and
is a whole name, or a part of names of one person only. It raises what they said, and hides nobody: the query may be
about the person.
"""

# pyright: standard

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.model import Speaker
from index.text_keys import reduce_to_words

_LONGEST = 5  # words of a name
_LEAST = 4  # letters of a name of one word


@dataclass(frozen=True, slots=True)
class NamedSpeakers:
    """Who is named in a query, and the words that are left without the names."""

    ids: tuple[str, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class NameIndex:
    """All names, by their words: whole ones, and parts that one name alone has."""

    whole: dict[str, tuple[str, ...]]
    parts: dict[str, tuple[str, ...]]

    @classmethod
    def from_speakers(cls, speakers: Iterable[Speaker]) -> "NameIndex":
        """Collect the names of speakers."""
        whole: dict[str, tuple[str, ...]] = {}
        for speaker in speakers:
            if words := reduce_to_words(speaker.name):
                whole[words] = (*whole.get(words, ()), speaker.id)
        having: dict[str, set[str]] = {}
        for name in whole:
            for part in name.split():
                having.setdefault(part, set()).add(name)
        parts = {
            part: whole[next(iter(names))] for part, names in having.items() if len(names) == 1 and len(part) >= _LEAST
        }
        return cls(whole, parts)

    def find_names(self, query: str) -> NamedSpeakers:
        """Find the names in a query, longer ones first.

        "Ilse Marchetti on oversight" gives her id, and "on oversight" as the rest.
        """
        written = query.split()
        words = [reduce_to_words(word) for word in written]
        ids: dict[str, None] = {}
        rest = []
        start = 0
        while start < len(words):
            size, matched = self._match_at(written, words, start)
            ids.update(dict.fromkeys(matched))
            if not matched:
                rest.append(written[start])
            start += size
        return NamedSpeakers(tuple(ids), " ".join(rest))

    def _match_at(self, written: list[str], words: list[str], start: int) -> tuple[int, tuple[str, ...]]:
        """Return how many words from `start` on are a name, and whose; (1, ()) where none is."""
        for size in range(min(_LONGEST, len(words) - start), 1, -1):
            name = " ".join(word.removesuffix(" s") for word in words[start : start + size] if word)
            if name in self.whole:
                return size, self.whole[name]
        word = words[start].removesuffix(" s")  # Ilse's
        if not written[start][:1].isupper() or len(word) < _LEAST:
            return 1, ()
        return 1, self.whole.get(word) or self.parts.get(word) or ()


NO_NAMES = NameIndex({}, {})
