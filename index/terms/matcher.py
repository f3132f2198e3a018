"""Where known terms stand in a text: one walk over its words through a trie of keys, whatever the number of terms."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Self

from corpus.term_key import term_key
from index.findings.findings_store import Analyses

# A word as `term_key` cuts it; an apostrophe belongs to it, so that "agent's" is one.
_WORD = re.compile(r"(?:[^\W_]|[$+#])+(?:['’](?:[^\W_]|[$+#])+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
# What may stand between two words of one term.
_GAP = re.compile(r"[ \t\n\u00a0_\-‐‑–/\"“”'‘’*]{1,3}")
_END = ""


class Found(NamedTuple):
    """A term in a text: `text[start:end]` is one of the forms of the term `name`."""

    start: int
    end: int
    name: str


class Matcher:
    """Finds terms in all their forms: number, hyphens, case and aliases do not count. Make one, ask it often."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take key of a form → name of the term; keys are those of `term_key`."""
        self._trie: dict[str, Any] = {}
        for key, name in names.items():
            node = self._trie
            for word in key.split():
                node = node.setdefault(word, {})
            if node is not self._trie:
                node[_END] = name

    @classmethod
    def forms(cls, forms: Iterable[tuple[str, str]]) -> Self:
        """Make one for (form, name of its term) pairs. A form that two terms have is the first's."""
        names: dict[str, str] = {}
        for form, name in forms:
            names.setdefault(term_key(form), name)
        return cls(names)

    @classmethod
    def of(cls, bodies: Iterable[Mapping[str, Any]]) -> Self:
        """Make one for terms as they are kept. A form that two terms have is the first's."""
        return cls.forms((form, body["name"]) for body in bodies for form in (body["name"], *body["aliases"]))

    @classmethod
    def kept(cls, kept: Analyses) -> Self:
        """Make one for the terms that were found last."""
        return cls.of(kept.find("term"))

    def find(self, text: str, *, nested: bool = False) -> list[Found]:
        """Find the terms in a text, in order of place: the longest from the left, or also those `nested` in them.

        Example: find("Deceptive alignments") -> [(0, 20, "deceptive alignment")]
        """
        words = list(_words(text))
        found: list[Found] = []
        at = 0
        while at < len(words):
            here = list(self._from(text, words, at))
            if nested:
                found.extend(Found(words[at].start, words[last].end, name) for last, name in here)
                at += 1
            elif here:
                last, name = here[-1]
                found.append(Found(words[at].start, words[last].end, name))
                at = last + 1
            else:
                at += 1
        return found

    def _from(self, text: str, words: "list[_Word]", at: int) -> Iterator[tuple[int, str]]:
        """Give (last word, name) of each term that begins at a word, the shortest first."""
        node = self._trie
        for place in range(at, len(words)):
            if place > at and not _GAP.fullmatch(text, words[place - 1].whole, words[place].start):
                return
            node = node.get(words[place].key)
            if node is None:
                return
            if _END in node:
                yield place, node[_END]


class _Word(NamedTuple):
    """A word at `[start, end)`; with its possessive ending it goes on to `whole`."""

    start: int
    end: int
    whole: int
    key: str


def _words(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        start, whole = match.span()
        possessive = _POSSESSIVE.search(match.group())
        yield _Word(start, start + possessive.start() if possessive else whole, whole, _key(match.group()))


def keys_of(text: str) -> Iterator[str]:
    """Give the key of each word of a text, in order.

    Example: keys_of("The agent's goals") -> "the", "agent", "goal"
    """
    return (word.key for word in _words(text))


@lru_cache(maxsize=200_000)
def _key(word: str) -> str:
    return term_key(word)


def find_terms(text: str, matcher: Matcher) -> list[Found]:
    """Find the known terms in a text: (start, end, name of the term), the longest from the left."""
    return matcher.find(text)
