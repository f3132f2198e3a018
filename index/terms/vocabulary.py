"""The terms of a base: chosen among the counted phrases, forms joined, named, the most argued with first."""

# pyright: standard

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Stance
from corpus.term_key import make_term_key
from index.terms.acronyms import count_written_pairs, match_expansions
from index.terms.boilerplate import is_boilerplate
from index.terms.matcher import Matcher
from index.terms.record_view import AttributedDefinition, RecordView
from index.terms.termhood import PhraseCounts, count_phrases, measure_termhood

_LEAST_VOICES = 2
_LEAST_TERMHOOD = 0.3
_LEAST_PARSED = 0.4  # share of the places where the parse saw a phrase: "nobody" and "count" are mostly none
_MOST_WORDS_DEFINED = 6
_MOST_FORMS = 8
_ENDING = re.compile(r"['’]s?\b|['’](?=\s|$)")  # of a possessive


@dataclass(frozen=True, slots=True)
class VocabularyTerm:
    """A term: its name, the keys of all its forms (its own first), other forms as they were met, its definitions."""

    name: str
    keys: tuple[str, ...]
    aliases: tuple[str, ...]
    termhood: float
    voices: int
    definitions: tuple[AttributedDefinition, ...]

    @property
    def contention(self) -> float:
        """Say how much people argue with it: they define, dispute and ask for it, and use it; then termhood."""
        definers = {
            definition.voice for definition in self.definitions if definition.definition.stance is Stance.STATED
        }
        doubters = {
            definition.voice for definition in self.definitions if definition.definition.stance is not Stance.STATED
        }
        stated = 0.5 + math.log2(len(definers)) if definers else 0.0  # one definer is not yet an argument
        return (1 + stated + 1.5 * math.log2(1 + len(doubters))) * math.log2(1 + self.voices) * self.termhood


def choose_terms(view: RecordView) -> list[VocabularyTerm]:
    """Choose the terms, the most argued with first."""
    definitions: dict[str, list[AttributedDefinition]] = {}
    for definition in view.definitions:
        key = make_term_key(definition.definition.term)
        if 0 < len(key.split()) <= _MOST_WORDS_DEFINED:
            definitions.setdefault(key, []).append(definition)
    phrases, words = count_phrases(view, definitions)
    total = sum(words.values())
    joined = match_expansions(phrases, count_written_pairs(claim.text for claim in view.claims))
    groups: dict[str, list[PhraseCounts]] = {}
    for key, phrase in phrases.items():
        groups.setdefault(joined.get(key, key), []).append(phrase)
    terms = []
    for members in groups.values():
        defined = [definition for phrase in members for definition in definitions.get(phrase.key, ())]
        weight = max(measure_termhood(phrase, words, total) for phrase in members)
        if _is_term(members, defined, weight):
            terms.append(_make_term(members, defined, weight))
    return sorted(terms, key=lambda phrase: (-phrase.contention, phrase.keys[0]))


def make_matcher(terms: Sequence[VocabularyTerm]) -> Matcher:
    """Make what finds the terms in texts."""
    return Matcher({key: term.name for term in reversed(terms) for key in term.keys})


def _is_term(members: list[PhraseCounts], defined: list[AttributedDefinition], weight: float) -> bool:
    uses = sum(phrase.uses for phrase in members)
    if defined:
        return uses > 0
    if len({voice for phrase in members for voice in phrase.voices}) < _LEAST_VOICES or weight < _LEAST_TERMHOOD:
        return False
    if all(is_boilerplate(phrase.key) or _is_name(phrase) for phrase in members):
        return False
    return sum(phrase.parsed for phrase in members) >= _LEAST_PARSED * uses


def _is_name(phrase: PhraseCounts) -> bool:
    """Return whether a phrase is always written as names are: "Paul Christiano", not "Newcomb's problem"."""
    forms = {form: count for form, count in phrase.forms.items() if not form.startswith("^")}
    plain = sum(count for form, count in forms.items() if not all(_is_title(word) for word in form.split()))
    return bool(forms) and plain < 0.1 * sum(forms.values())


def _is_title(word: str) -> bool:
    return word[:1].isupper() and word[1:] == word[1:].lower() and len(word) > 1


def _make_term(members: list[PhraseCounts], defined: list[AttributedDefinition], weight: float) -> VocabularyTerm:
    members = sorted(members, key=lambda phrase: (-phrase.uses, phrase.key))
    names = [
        _choose_name(
            phrase, [definition for definition in defined if make_term_key(definition.definition.term) == phrase.key]
        )
        for phrase in members
    ]
    others = {name.casefold(): name for name in names}
    for phrase in members:
        for form, _ in sorted(phrase.forms.items(), key=lambda pair: (-pair[1], pair[0])):
            plain = " ".join(form.lstrip("^").split())
            others.setdefault(plain.casefold(), plain.lower() if form.startswith("^") else plain)
    forms = [form for folded, form in others.items() if folded != names[0].casefold()]
    return VocabularyTerm(
        name=names[0],
        keys=tuple(phrase.key for phrase in members),
        aliases=tuple(forms[:_MOST_FORMS]),
        termhood=weight,
        voices=len({voice for phrase in members for voice in phrase.voices}),
        definitions=tuple(defined),
    )


def _choose_name(phrase: PhraseCounts, defined: list[AttributedDefinition]) -> str:
    """Return the usual form: the singular where that is met; in small letters where a capital may be the sentence's."""
    forms: Counter[str] = Counter()
    for form, count in phrase.forms.items():
        form = form.removeprefix("^")[:1].lower() + form[2:] if form.startswith("^") else form
        forms[" ".join(form.split())] += count
    for definition in defined:
        if not forms:
            forms[" ".join(definition.definition.term.split())] += 1
    singular = {form: count for form, count in forms.items() if _normalize_form(form) == phrase.key}
    return min(singular or forms, key=lambda form: (-forms[form], form), default=phrase.key)


def _normalize_form(form: str) -> str:
    return " ".join(_ENDING.sub("", form.casefold().replace("-", " ")).split())
