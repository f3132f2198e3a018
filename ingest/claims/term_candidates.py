"""What a claim may be about: the noun phrases, adjectives and gerunds in it, each by its key.

Candidates only, from the parse that is there already; which of them people argue with is decided over the whole record.
Of a noun phrase the longest form is given ("large language model", not "model" besides): what is nested in it can be
told from it.
"""

# pyright: standard

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.term_key import make_term_key

if TYPE_CHECKING:
    from spacy.tokens import Doc

_MOST = 16  # candidates of one claim
_MOST_WORDS = 5
_MOST_CHARS = 60
_NOUNS = frozenset(("NOUN", "PROPN"))
_UNUSED = frozenset(("DET", "PRON", "AUX", "CCONJ", "SCONJ", "PART", "INTJ", "SPACE"))
_HYPHENS = frozenset("-‐‑–")
# Where a gerund stands as a noun does, and where an adjective is what is said of something.
_NOMINAL = frozenset(("nsubj", "nsubj:pass", "csubj", "obj", "obl", "nmod", "appos", "compound"))
_PREDICATE = frozenset(("ROOT", "ccomp", "xcomp", "advcl", "acl", "acl:relcl", "parataxis"))
_BEFORE_GERUND = frozenset(("by", "of", "about", "in", "from", "against", "for", "via", "through"))
_BEFORE_VERB = frozenset(("just", "merely", "only", "simply", "even", "not"))
_MARKS = frozenset("\"“‘'")
# In classes: adjectives and nouns, then a noun; or adjectives alone, with an adverb or without.
_PHRASE = re.compile(r"(?:l?(?:a-?)+)?n(?:-?n|-a-?n)*(?:-4)?|l?(?:a-?)*a")
# Adjectives that only point, count, compare or hedge: they begin no term, and are none.
_POINTING = frozenset(
    """
    same such other own certain more most many much several few fewer less least first second third last next previous
    latter former above following various different similar new entire whole particular specific possible likely
    unlikely sure clear obvious actual able unable very non only further additional single relevant main kinda ok okay
    better best bigger biggest larger largest smaller smallest worse worst easier harder right wrong good bad
    great nice interesting important
    """.split()
)
_LIGHT = frozenset(
    """
    kind sort type form lot bunch number set amount couple way bit piece part pair series variety range class case
    example instance majority level degree sense matter point one some any all none each both most many much side end
    rest top bottom front back middle total version group list collection host ton plenty result
    mine yours hers ours theirs
    """.split()
)


@dataclass(frozen=True, slots=True)
class TermCandidate:
    """A phrase at `[start, end)` of a parsed text, and its key."""

    start: int
    end: int
    key: str


def select_terms(candidates: Sequence[TermCandidate], start: int, end: int) -> tuple[str, ...]:
    """Return the keys of the candidates in `[start, end)`, in order of place, each once, and not too many."""
    keys = dict.fromkeys(candidate.key for candidate in candidates if start <= candidate.start and candidate.end <= end)
    return tuple(keys)[:_MOST]


def find_term_candidates(doc: "Doc", names: Collection[str] = ()) -> list[TermCandidate]:
    """Find what a text may be about, in order of place. `names` are lower-cased words by which people are called.

    "A deceptively aligned model hides its goals." gives "deceptively aligned model" and "goal".
    """
    text = doc.text  # put together anew each time that it is asked for
    texts, starts, classes, predicates = _read_columns(doc)
    candidates: list[TermCandidate] = []
    for first, last in _phrases(texts, classes, predicates):
        start, end = starts[first], starts[last] + len(texts[last])
        if end - start > _MOST_CHARS:
            continue
        if texts[first][0].isupper() and all(texts[index].lower() in names for index in range(first, last + 1)):
            continue
        key = _key(text[start:end])
        if key:
            candidates.append(TermCandidate(start, end, key))
    return candidates


@lru_cache(maxsize=50_000)
def _key(phrase: str) -> str:
    """Return the key of a phrase; nothing where it has too few letters or too many words to be a term."""
    key = make_term_key(phrase)
    return key if sum(letter.isalpha() for letter in key) >= 2 and len(key.split()) <= _MOST_WORDS else ""


def _read_columns(doc: "Doc") -> tuple[list[str], list[int], str, list[bool]]:
    """Return the tokens column by column: words, places, classes (see `_class`), and which can be predicates."""
    from spacy.attrs import DEP, IDX, POS, TAG

    pos, tags, deps, starts = doc.to_array([POS, TAG, DEP, IDX]).T.tolist()
    names = {value: doc.vocab.strings[value] for value in {*pos, *tags, *deps}}
    texts = [token.text for token in doc]
    classes = [
        "."
        if (kind := names[pos[index]]) in _UNUSED
        else _class(texts, starts, index, kind, names[tags[index]], names[deps[index]])
        for index in range(len(texts))
    ]
    predicates = {value for value in {*deps} if names[value] in _PREDICATE}
    return texts, starts, "".join(classes), [dep in predicates for dep in deps]


def _class(texts: list[str], starts: list[int], index: int, pos: str, tag: str, dep: str) -> str:
    """Return what a token is in phrases: n noun, a adjective, l adverb, - hyphen, 4 number, o "of", else a full stop.

    Of verbs, a gerund that stands as a noun is a noun, and a participle that describes one an adjective.
    """
    text = texts[index]
    if len(text) >= _MOST_CHARS:
        return "."
    if pos in _NOUNS:
        return "n" if text[0].isalpha() and text.strip("X") and "/" not in text and "@" not in text else "."
    if pos == "ADJ":
        return "a" if text[0].isalpha() else "."
    if pos == "VERB":
        if tag == "VBG" and (dep in _NOMINAL or _stands_as_noun(texts, index)):
            return "n"
        return "a" if dep == "amod" or (tag == "VBN" and index and texts[index - 1].endswith("ly")) else "."
    if pos == "ADV":
        return "l" if len(text) > 4 and text.endswith("ly") else "."
    if text == "of":
        return "o"
    if text in _HYPHENS or pos == "NUM":
        glued = index and starts[index - 1] + len(texts[index - 1]) == starts[index]
        return "." if not glued else "4" if pos == "NUM" else "-"
    return "."


def _stands_as_noun(texts: list[str], index: int) -> bool:
    """Tell whether a gerund follows a preposition, or a mark of quotation.

    So it is in "from just scaling up", and not in "it is scaling".
    """
    before = index - 1
    while before > 0 and texts[before].lower() in _BEFORE_VERB:
        before -= 1
    return before >= 0 and (
        texts[before].lower() in _BEFORE_GERUND or (before == index - 1 and texts[before] in _MARKS)
    )


def _phrases(texts: list[str], classes: str, predicates: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield first and last token of each phrase: nouns with what describes them, "N of N", adjectives in predicates."""
    before: tuple[int, int] | None = None  # the noun phrase that "of" joins to the next
    for match in _PHRASE.finditer(classes):
        first, last = match.start(), match.end() - 1
        while first < last and texts[first].lower() in _POINTING and classes[first + 1] != "-":
            first += 1
        word = texts[first].lower()
        if classes[last] == "a":
            if first < last or (predicates[last] and word not in _POINTING):
                yield first, last
            before = None
            continue
        if first == last and word in _LIGHT:
            before = None
            continue
        if before is not None and before[1] + 2 == match.start() and classes[match.start() - 1] == "o":
            yield before[0], last
        yield first, last
        before = None if texts[last].lower() in _LIGHT else (first, last)
