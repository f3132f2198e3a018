"""The terms of a base: chosen among the counted phrases, forms joined, named, the most argued with first."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Stance
from corpus.term_key import term_key
from index.terms.acronyms import expansions, written
from index.terms.boilerplate import is_boilerplate
from index.terms.matcher import Matcher
from index.terms.record_view import Meant, Reading
from index.terms.termhood import Counted, counted, termhood

_LEAST_VOICES = 2
_LEAST_TERMHOOD = 0.3
_LEAST_PARSED = 0.4  # share of the places where the parse saw a phrase: "nobody" and "count" are mostly none
_MOST_WORDS_DEFINED = 6
_MOST_FORMS = 8
_ENDING = re.compile(r"['’]s?\b|['’](?=\s|$)")  # of a possessive


@dataclass(frozen=True, slots=True)
class Chosen:
    """A term: its name, the keys of all its forms (its own first), other forms as they were met, its definitions."""

    name: str
    keys: tuple[str, ...]
    aliases: tuple[str, ...]
    termhood: float
    voices: int
    meant: tuple[Meant, ...]

    @property
    def argued(self) -> float:
        """Say how much people argue with it: they define, dispute and ask for it, and use it; then termhood."""
        definers = {each.voice for each in self.meant if each.definition.stance is Stance.STATED}
        doubters = {each.voice for each in self.meant if each.definition.stance is not Stance.STATED}
        stated = 0.5 + math.log2(len(definers)) if definers else 0.0  # one definer is not yet an argument
        return (1 + stated + 1.5 * math.log2(1 + len(doubters))) * math.log2(1 + self.voices) * self.termhood


def vocabulary(reading: Reading) -> list[Chosen]:
    """Choose the terms, the most argued with first."""
    meant: dict[str, list[Meant]] = {}
    for each in reading.meant:
        key = term_key(each.definition.term)
        if 0 < len(key.split()) <= _MOST_WORDS_DEFINED:
            meant.setdefault(key, []).append(each)
    phrases, words = counted(reading, meant)
    total = sum(words.values())
    joined = expansions(phrases, written(said.text for said in reading.said))
    groups: dict[str, list[Counted]] = {}
    for key, one in phrases.items():
        groups.setdefault(joined.get(key, key), []).append(one)
    found = []
    for members in groups.values():
        defined = [each for one in members for each in meant.get(one.key, ())]
        weight = max(termhood(one, words, total) for one in members)
        if _is_term(members, defined, weight):
            found.append(_chosen(members, defined, weight))
    return sorted(found, key=lambda one: (-one.argued, one.keys[0]))


def matcher(terms: Sequence[Chosen]) -> Matcher:
    """Make what finds the terms in texts."""
    return Matcher({key: one.name for one in reversed(terms) for key in one.keys})


def _is_term(members: list[Counted], defined: list[Meant], weight: float) -> bool:
    uses = sum(one.uses for one in members)
    if defined:
        return uses > 0
    if len({voice for one in members for voice in one.voices}) < _LEAST_VOICES or weight < _LEAST_TERMHOOD:
        return False
    if all(is_boilerplate(one.key) or _is_name(one) for one in members):
        return False
    return sum(one.parsed for one in members) >= _LEAST_PARSED * uses


def _is_name(one: Counted) -> bool:
    """Tell whether a phrase is always written as people and places are: "Paul Christiano", not "Newcomb's problem"."""
    forms = {form: count for form, count in one.forms.items() if not form.startswith("^")}
    plain = sum(count for form, count in forms.items() if not all(_is_title(word) for word in form.split()))
    return bool(forms) and plain < 0.1 * sum(forms.values())


def _is_title(word: str) -> bool:
    return word[:1].isupper() and word[1:] == word[1:].lower() and len(word) > 1


def _chosen(members: list[Counted], defined: list[Meant], weight: float) -> Chosen:
    members = sorted(members, key=lambda one: (-one.uses, one.key))
    names = [_name(one, [each for each in defined if term_key(each.definition.term) == one.key]) for one in members]
    others = {name.casefold(): name for name in names}
    for one in members:
        for form, _ in sorted(one.forms.items(), key=lambda pair: (-pair[1], pair[0])):
            plain = " ".join(form.lstrip("^").split())
            others.setdefault(plain.casefold(), plain.lower() if form.startswith("^") else plain)
    forms = [form for folded, form in others.items() if folded != names[0].casefold()]
    return Chosen(
        name=names[0],
        keys=tuple(one.key for one in members),
        aliases=tuple(forms[:_MOST_FORMS]),
        termhood=weight,
        voices=len({voice for one in members for voice in one.voices}),
        meant=tuple(defined),
    )


def _name(one: Counted, defined: list[Meant]) -> str:
    """Give the usual form: the singular where that is met; in small letters where a capital may be the sentence's."""
    forms: Counter[str] = Counter()
    for form, count in one.forms.items():
        form = form.removeprefix("^")[:1].lower() + form[2:] if form.startswith("^") else form
        forms[" ".join(form.split())] += count
    for each in defined:
        if not forms:
            forms[" ".join(each.definition.term.split())] += 1
    singular = {form: count for form, count in forms.items() if _plain(form) == one.key}
    return min(singular or forms, key=lambda form: (-forms[form], form), default=one.key)


def _plain(form: str) -> str:
    return " ".join(_ENDING.sub("", form.casefold().replace("-", " ")).split())
