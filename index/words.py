"""Words as the index sees them: BM25 weights, what a query's words match, and when two claims say the same.

BM25 is Robertson & Zaragoza's (2009), as Qdrant's own embedder computes it: words are lowercased, stemmed, and very
common ones left out. The store multiplies by the inverse document frequency.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_WORD = re.compile(r"[^\W_]+")
# Claims are short: 9.6 words are left of one when common ones are gone (mean of 21,964 claims of the Arbital threads).
_MEAN_WORDS = 10.0
_LISTED = 0.9  # of a query's words that are not common, from which it is a bare list
_KNOWN_WORDS = 100_000


@dataclass(frozen=True, slots=True)
class Weights:
    """A sparse vector: a number for each distinct word, by the word's number."""

    words: tuple[int, ...]
    values: tuple[float, ...]


class Lexicon:
    """Turn texts into weights of words, and find a query's words in a text."""

    def __init__(self) -> None:
        import qdrant_edge as edge

        self._numbers: dict[str, int | None] = {}
        self._model: Any = edge.Bm25(edge.Bm25Config(avg_len=_MEAN_WORDS, ascii_folding=True))

    def of_claim(self, text: str, standalone: str) -> Weights:
        """Weigh the words of a claim: those that stand there, and those that make it readable alone."""
        weights = self._weights(self._model.embed_document(_clean(text)))
        if standalone in (text, ""):
            return weights
        both = self._weights(self._model.embed_document(_clean(standalone)))
        best = dict(zip(weights.words, weights.values, strict=True))
        for word, value in zip(both.words, both.values, strict=True):
            best[word] = max(value, best.get(word, 0.0))
        words = tuple(sorted(best))
        return Weights(words, tuple(best[word] for word in words))

    def of_query(self, text: str) -> Weights:
        """Weigh the words of a query: 1 each. None at all where it has only common words."""
        return self._weights(self._model.embed_query(_clean(text)))

    def highlights(self, query: Weights, text: str) -> tuple[tuple[int, int], ...]:
        """Give (start, end) of each word of `text` that the query asks for, whatever its ending.

        Example: "agents" asked of "An agent acts" -> ((3, 8),)
        """
        asked = set(query.words)
        if not asked:
            return ()
        return tuple(
            match.span()
            for match in _WORD.finditer(text)
            if not asked.isdisjoint(self._model.embed_query(_clean(match.group())).indices)
        )

    def coverage(self, weights: Mapping[int, float], text: str) -> float:
        """Say how much of a query's words, by their weights, stand in a text that `plain_words` gave.

        Example: {number of "agent": 3.0, number of "goal": 1.0} of "an agent acts" -> 0.75
        """
        whole = sum(weights.values())
        if not whole:
            return 0.0
        held = {self.number(word) for word in text.split()}
        return sum(weight for word, weight in weights.items() if word in held) / whole

    def is_list(self, query: str) -> bool:
        """Tell a bare list of words from a sentence: hardly any of its words is a common one."""
        words = plain_words(query).split()
        return bool(words) and sum(self.number(word) is not None for word in words) >= _LISTED * len(words)

    def number(self, word: str) -> int | None:
        """Give the number of a word as BM25 has it, whatever its ending; None for common words."""
        known = self._numbers.get(word, -1)
        if known == -1:
            if len(self._numbers) >= _KNOWN_WORDS:
                self._numbers.clear()
            known = next(iter(self._model.embed_query(word).indices), None)
            self._numbers[word] = known
        return known

    @staticmethod
    def _weights(sparse: Any) -> Weights:
        return Weights(tuple(sparse.indices), tuple(sparse.values))


def name_key(name: str) -> str:
    """Give the form under which names and ids are compared: one space, no case.

    Example: name_key(" Ilse  MARCHETTI ") -> "ilse marchetti"
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def plain_words(text: str) -> str:
    """Give the words of a text alone: no case, no marks, no accents, one space. What phrases are compared by.

    Example: plain_words("It isn't  “naïve”!") -> "it isn t naive"
    """
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter)) if not text.isascii() else parts
    return " ".join(_WORD.findall(bare.casefold()))


# What comes and goes where somebody writes the same again. No negations, no words of degree or doubt.
_SLIGHT = frozenset("a an the that and but so then well also just really very actually indeed".split())
_SHORTENED = (("can t ", "can not "), ("won t ", "will not "), ("n t ", " not "))


def near_words(text: str) -> str:
    """Give what nearly the same words have in common: without articles and other words that come and go.

    Example: near_words("But goals really don't last.") == near_words("goals do not last")
    """
    words = f"{plain_words(text)} "
    for short, long in _SHORTENED:
        words = words.replace(short, long)
    kept = " ".join(word for word in words.split() if word not in _SLIGHT)
    return kept or words.strip() or text


def says_key(text: str) -> str:
    """Name what a claim says by its words, nearly, whoever says them."""
    return short_hash(near_words(text))


def fold_key(text: str, speaker_id: str | None, quoted_by_id: str | None = None) -> str:
    """Name what is the same claim said again: nearly the same words, by the same speaker.

    Who quotes counts too: what somebody said and what another quoted of it are two things to see. Where nobody is
    named, equal words are folded: a scrape holds a passage twice more often than two unknown people write it.
    """
    return short_hash(f"{speaker_id or ''}\x1f{quoted_by_id or ''}\x1f{near_words(text)}")


def forms_of(term: str) -> tuple[str, ...]:
    """Give the forms in which a term is written: as it is, and its last word in singular and plural.

    Example: forms_of("Inner optimizers") -> ("inner optimizers", "inner optimizer", ...)
    """
    words = plain_words(term)
    if not words:
        return ()
    forms = [words]
    if words.endswith("ies") and len(words) > 4:
        forms.append(f"{words[:-3]}y")
    elif words.endswith(("ses", "xes", "zes", "ches", "shes")):
        forms += [words[:-2], words[:-1]]
    elif words.endswith("s") and not words.endswith(("ss", "us", "is")):
        forms.append(words[:-1])
    else:
        forms += [f"{words[:-1]}ies" if words.endswith("y") else f"{words}s", f"{words}es"]
    return tuple(dict.fromkeys(forms))


def short_hash(text: str) -> str:
    """Give 24 hexadecimal digits that stand for a text."""
    return hashlib.sha256(_clean(text).encode("utf-8")).hexdigest()[:24]


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
