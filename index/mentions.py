"""Where known terms stand in a text, whatever their number, case or hyphens."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.words import term_key

# One written word with what may hang on it; `term_key` makes the words of a form out of the same pieces.
_WORD = re.compile(r"[\w$+#]+(?:['’]s?\b)?")
_JOINT = re.compile(r"[\s\-‐‑–/_*“”\"']*")  # what may stand between the words of one form: no end of a clause


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` is a form of the term that `name` names."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class _Form:
    words: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """Forms of terms, by their first word."""

    _by_first: dict[str, list[_Form]] = field(default_factory=dict)

    @classmethod
    def of(cls, forms: Iterable[tuple[str, str]]) -> "Mentions":
        """Take (form, name of its term) pairs. A form that belongs to two terms counts for the first."""
        by_first: dict[str, list[_Form]] = {}
        seen: set[tuple[str, ...]] = set()
        for form, name in forms:
            words = tuple(term_key(form).split())
            if words and words not in seen:
                seen.add(words)
                by_first.setdefault(words[0], []).append(_Form(words, name))
        for several in by_first.values():
            several.sort(key=lambda form: -len(form.words))
        return cls(by_first)

    def within(self, text: str) -> list[Mention]:
        """Find the terms in a text, the longest form where several begin; none overlap.

        Example: Mentions.of([("utility function", "U")]).within("Two utility-functions") -> [Mention(4, 21, "U")]
        """
        words = [(match, key) for match in _WORD.finditer(text) for key in _keys(match)]
        found: list[Mention] = []
        at = 0
        while at < len(words):
            form = self._longest(text, words, at)
            if form is None:
                at += 1
                continue
            end = at + len(form.words)
            found.append(Mention(words[at][0].start(), words[end - 1][0].end(), form.name))
            at = end
        return found

    def _longest(self, text: str, words: list[tuple[re.Match[str], str]], at: int) -> _Form | None:
        for form in self._by_first.get(words[at][1], ()):
            met = words[at : at + len(form.words)]
            if tuple(key for _, key in met) == form.words and all(
                _JOINT.fullmatch(text, one.end(), max(one.end(), other.start()))
                for (one, _), (other, _) in pairwise(met)
            ):
                return form
        return None


def _keys(match: re.Match[str]) -> list[str]:
    """Give the words of a written word as they stand in a key: one mostly, none for bare signs, several for a_b."""
    return term_key(match.group()).split()
