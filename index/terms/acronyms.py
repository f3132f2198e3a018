"""Acronyms and what they stand for, as written ("large language model (LLM)") or by initials and company.

Written pairs are found as by Schwartz & Hearst (2003), with whole initials only. By initials alone two letters fit too
much and three a good deal: there, acronym and expansion must be met in one conversation, and no other may fit half as
well.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from corpus.term_key import make_term_key
from index.terms.boilerplate import JOINING
from index.terms.termhood import PhraseCounts

_AFTER = re.compile(r"\(([A-Z][A-Za-z]{1,7})\)")
_BEFORE = re.compile(r"\b([A-Z][A-Za-z]{1,7}) \(([^()]{4,70})\)")
_WORD = re.compile(r"[^\W\d_]+")
_SKIPPED = JOINING | {"from", "as"}
_DOMINANT = 2.0
_LEAST_TOGETHER, _LEAST_FOR_TWO = 1, 3  # conversations with both, for acronyms of two letters


def count_written_pairs(texts: Iterable[str]) -> Counter[tuple[str, str]]:
    """Count the pairs (key of the acronym, key of the expansion) that are written out in texts."""
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        if "(" in text:
            pairs.update(_find_pairs(text))
    return pairs


def _find_pairs(text: str) -> Iterator[tuple[str, str]]:
    for match in _AFTER.finditer(text):
        acronym = _capitals(match[1])
        if not acronym:
            continue
        before = list(_WORD.finditer(text, max(0, match.start() - 100), match.start()))
        for size in range(len(acronym), min(2 * len(acronym), len(before)) + 1):
            phrase = text[before[-size].start() : match.start()].strip()
            if make_term_key(acronym) in _initials(phrase):
                yield make_term_key(acronym), make_term_key(phrase)
                break
    for match in _BEFORE.finditer(text):
        acronym = _capitals(match[1])
        if acronym and make_term_key(acronym) in _initials(match[2]):
            yield make_term_key(acronym), make_term_key(match[2])


def _capitals(word: str) -> str:
    """Return an acronym without its plural ending; nothing for another word with a capital.

    >>> _capitals("LLMs")
    'LLM'
    >>> _capitals("Anna")
    ''
    """
    plain = word.removesuffix("s")
    return plain if sum(letter.isupper() for letter in plain) >= max(2, len(plain) - 2) else ""


def _initials(phrase: str) -> set[str]:
    """Return the letters with which the words of a phrase begin, with the small words and without."""
    words = [word.casefold() for word in _WORD.findall(phrase)]
    if len(words) < 2 or words[0] in _SKIPPED:
        return set()
    return {"".join(word[0] for word in some) for some in (words, [word for word in words if word not in _SKIPPED])}


def is_acronym(phrase: PhraseCounts) -> bool:
    """Return whether a word is mostly written in capitals."""
    capitals = sum(count for form, count in phrase.forms.items() if _capitals(form))
    return " " not in phrase.key and 2 <= len(phrase.key) <= 8 and capitals > phrase.uses / 2


def match_expansions(phrases: Mapping[str, PhraseCounts], pairs: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """Return key of an acronym → key of its expansion, for those phrases that belong together so."""
    by_initials: dict[str, list[PhraseCounts]] = {}
    for key, phrase in phrases.items():
        if " " in key:
            for letters in _initials(key):
                by_initials.setdefault(letters, []).append(phrase)
    expansion_of: dict[str, str] = {}
    for key, phrase in phrases.items():
        stated = {expansion: times for (acronym, expansion), times in pairs.items() if acronym == key}
        stated = {expansion: times for expansion, times in stated.items() if expansion in phrases}
        if stated:
            expansion_of[key] = max(stated, key=lambda expansion: (stated[expansion], expansion))
        elif is_acronym(phrase):
            fitting = [(_count_shared_conversations(phrase, other), other.key) for other in by_initials.get(key, ())]
            least = _LEAST_TOGETHER if len(key) > 2 else _LEAST_FOR_TWO
            fitting = sorted((pair for pair in fitting if pair[0] >= least), reverse=True)
            if fitting and (len(fitting) == 1 or fitting[0][0] >= _DOMINANT * fitting[1][0]):
                expansion_of[key] = fitting[0][1]
    return expansion_of


def _count_shared_conversations(phrase: PhraseCounts, other: PhraseCounts) -> int:
    """Count the conversations in which both are met."""
    return len(phrase.conversations & other.conversations)
