"""Where known terms stand in a text: one walk over its words through a trie of keys, whatever the number of terms."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Self

from corpus.term_key import make_term_key

# A word as `make_term_key` cuts it; an apostrophe belongs to it, so that "agent's" is one.
_WORD = re.compile(r"(?:[^\W_]|[$+#])+(?:['’](?:[^\W_]|[$+#])+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
# What may stand between two words of one term.
_GAP = re.compile(r"[ \t\n\u00a0_\-‐‑–/\"“”'‘’*]{1,3}")
_END = ""


class TermMatch(NamedTuple):
    """A term in a text: `text[start:end]` is one of the forms of the term `name`."""

    start: int
    end: int
    name: str


class Matcher:
    """Finds terms in all their forms: number, hyphens, case and aliases do not count. Make one, ask it often."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take key of a form → name of the term; keys are those of `make_term_key`."""
        self._trie: dict[str, Any] = {}
        for key, name in names.items():
            node = self._trie
            for word in key.split():
                node = node.setdefault(word, {})
            if node is not self._trie:
                node[_END] = name

    @classmethod
    def from_forms(cls, forms: Iterable[tuple[str, str]]) -> Self:
        """Make one for (form, name of its term) pairs. A form that two terms have is the first's."""
        names: dict[str, str] = {}
        for form, name in forms:
            names.setdefault(make_term_key(form), name)
        return cls(names)

    @classmethod
    def from_bodies(cls, bodies: Iterable[Mapping[str, Any]]) -> Self:
        """Make one for terms as they are kept. A form that two terms have is the first's."""
        return cls.from_forms((form, body["name"]) for body in bodies for form in (body["name"], *body["aliases"]))

    def find(self, text: str, *, nested: bool = False) -> list[TermMatch]:
        """Find the terms in a text, in order of place: the longest from the left, or also those `nested` in them.

        Where "deceptive alignment" is a term, "Deceptive alignments" has it from 0 to 20.
        """
        words = list(_split_words(text))
        matches: list[TermMatch] = []
        index = 0
        while index < len(words):
            ending = list(self._match_at(text, words, index))
            if nested:
                matches.extend(TermMatch(words[index].start, words[last].end, name) for last, name in ending)
                index += 1
            elif ending:
                last, name = ending[-1]
                matches.append(TermMatch(words[index].start, words[last].end, name))
                index = last + 1
            else:
                index += 1
        return matches

    def _match_at(self, text: str, words: "list[_Word]", first: int) -> Iterator[tuple[int, str]]:
        """Return (last word, name) of each term that begins at a word, the shortest first."""
        node = self._trie
        for index in range(first, len(words)):
            if index > first and not _GAP.fullmatch(text, words[index - 1].whole, words[index].start):
                return
            node = node.get(words[index].key)
            if node is None:
                return
            if _END in node:
                yield index, node[_END]


class _Word(NamedTuple):
    """A word at `[start, end)`; with its possessive ending it goes on to `whole`."""

    start: int
    end: int
    whole: int
    key: str


def _split_words(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        start, whole = match.span()
        possessive = _POSSESSIVE.search(match.group())
        yield _Word(start, start + possessive.start() if possessive else whole, whole, _key(match.group()))


def iterate_word_keys(text: str) -> Iterator[str]:
    """Return the key of each word of a text, in order.

    >>> list(iterate_word_keys("The agent's goals"))
    ['the', 'agent', 'goal']
    """
    return (word.key for word in _split_words(text))


@lru_cache(maxsize=200_000)
def _key(word: str) -> str:
    return make_term_key(word)
