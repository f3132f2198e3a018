"""Which phrases are terms: C-value over what the parse saw, contrasted with general English, shared by several people.

C-value is Frantzi, Ananiadou & Mima's (2000): a phrase counts for as often as it stands by itself, not as a part of
longer ones; here with log2(1 + words), so that single words have one too. The contrast is how much more often its words
come here than in general English, in powers of two.
"""

# pyright: standard

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from index.terms.boilerplate import JOINING, is_boilerplate
from index.terms.matcher import Matcher, iterate_word_keys
from index.terms.record_view import OwnClaim, RecordView
from index.terms.word_frequency import get_share

_LEAST_VOICES = 2
_FULL_CONTRAST = 6.0  # 64 times as often as in general English: all that contrast can give


@dataclass(slots=True)
class PhraseCounts:
    """What was counted of a phrase: places in people's own words, and whose; and the forms in which it stood.

    `parsed` counts the claims where the parse took it for a phrase, by itself or at the end of a longer one; `nested`
    those of the `longer` phrases that end in it. A form whose capital may only be the sentence's is marked "^".
    """

    key: str
    uses: int = 0
    nested: int = 0
    longer: int = 0
    parsed: int = 0
    voices: set[str] = field(default_factory=set)
    conversations: set[str] = field(default_factory=set)
    forms: Counter[str] = field(default_factory=Counter)

    @property
    def c_value(self) -> float:
        """Return the C-value."""
        alone = self.uses - (self.nested / self.longer if self.longer else 0.0)
        return math.log2(1 + len(self.key.split())) * max(alone, 0.0)


def count_phrases(view: RecordView, defined: Iterable[str]) -> tuple[dict[str, PhraseCounts], Counter[str]]:
    """Count every phrase that may be a term, and every word, by key. `defined` are the keys of what people define."""
    proposed = _propose_phrases(view, frozenset(defined))
    matcher = Matcher({key: key for key in proposed})
    words: Counter[str] = Counter()
    for claim in view.claims:
        words.update(iterate_word_keys(claim.text))
        for start, end, key in matcher.find(claim.text, nested=True):
            phrase = proposed[key]
            phrase.uses += 1
            phrase.voices.add(claim.voice)
            phrase.conversations.add(claim.conversation_id)
            phrase.forms[_mark_form(claim, start, end)] += 1
    return proposed, words


def _mark_form(claim: OwnClaim, start: int, end: int) -> str:
    """Return a form as it stands; one with a capital at the beginning of a claim is marked, since it means nothing."""
    form = claim.text[start:end]
    begins = not any(letter.isalnum() for letter in claim.text[:start])
    return f"^{form}" if begins and form[:1].isupper() and form[1:] == form[1:].lower() else form


def _propose_phrases(view: RecordView, defined: frozenset[str]) -> dict[str, PhraseCounts]:
    """Choose what is worth counting: phrases of several people, those nested in them, and what is defined."""
    whole: Counter[str] = Counter()
    voices: dict[str, set[str]] = {}
    longer: dict[str, set[str]] = {}
    for claim in view.claims:
        for key in claim.terms:
            whole[key] += 1
            for part in (key, *_tails(key)):
                known = voices.setdefault(part, set())
                if len(known) < _LEAST_VOICES:
                    known.add(claim.voice)
                if part != key:
                    longer.setdefault(part, set()).add(key)
    proposed = {
        key
        for key, known in voices.items()
        if len(known) >= _LEAST_VOICES and not is_boilerplate(key) and (key in whole or len(longer.get(key, ())) > 1)
    }
    proposed |= defined
    counts = {key: PhraseCounts(key) for key in sorted(proposed)}
    for key, phrase in counts.items():
        around = longer.get(key, ())
        phrase.parsed = whole[key] + sum(whole[longer_key] for longer_key in around)
        often = [whole[longer_key] for longer_key in around if whole[longer_key] > 1]
        phrase.longer, phrase.nested = len(often), sum(often)
    return counts


def _tails(key: str) -> list[str]:
    """Return the phrases that end as a phrase does.

    >>> _tails("large language model")
    ['language model', 'model']
    """
    words = key.split()
    return [" ".join(words[start:]) for start in range(1, len(words)) if words[start] not in JOINING]


def measure_termhood(phrase: PhraseCounts, words: Counter[str], total: int) -> float:
    """Weigh a phrase, in 0..1, by C-value, contrast and the number of voices.

    `words` counts each word here, `total` all of them.
    """
    contrast = _measure_contrast(phrase, words, total)
    if contrast <= 0:
        return 0.0
    size = 1 - 1 / (1 + math.log2(1 + phrase.c_value) / 3)
    spread = 1 - 1 / (1 + math.log2(1 + len(phrase.voices)) / 2)
    return math.sqrt(contrast * size) * (0.5 + spread / 2)


def _measure_contrast(phrase: PhraseCounts, words: Counter[str], total: int) -> float:
    """Return how much rarer its words are in general English, up to 1: their mean, shrunk where they are few."""
    parts = [word for word in phrase.key.split() if word not in JOINING]
    ratios = []
    for word in parts:
        count = max(words[word], phrase.uses)
        ratios.append(math.log2(max(count - math.sqrt(count) / 2, 0.1) / (total * get_share(word))))
    return min(sum(ratios) / len(ratios) / _FULL_CONTRAST, 1.0) if ratios else 0.0
