"""How sure an author sounds: cues of hedging and boosting, which of them bear on a claim, and one number from them.

A plain assertion is `PLAIN` (0.85): forum readers take an unhedged sentence as meant, and a booster leaves room above.
Hedges pull down to the lowest of their levels, a little more for each further hedge; boosters lift only what nothing
hedges, since "it might definitely be" is still "might". Certainty is about how firmly the author stands by the
sentence, not about which way it points: "this is definitely not so" is certain, and "I don't think so" is as
certain as "I think so". What leans against the clause it governs is told apart in `against`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.epistemic.hedge_lexicon import ENTRIES, CueClass
from ingest.epistemic.scope import select_tokens

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

PLAIN = 0.85
_FURTHER_HEDGE = 0.04
_FURTHER_BOOSTER = 0.01
_SENTENCES = 32  # read lately: a sentence is asked about once for each claim in it
# Every cue begins with a word, so only beginnings of words are tried: five times as fast.
_CUE = re.compile(
    r"\b(?=\w)(?:" + "|".join(f"(?P<c{i}>{entry.pattern})" for i, entry in enumerate(ENTRIES)) + ")", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class CertaintyCue:
    """A hedge or booster at `text[start:end]`. `level` is the certainty that it leaves by itself, 0..1."""

    start: int
    end: int
    kind: CueClass
    level: float


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure the author sounds (`level`, 0..1), by which cues, and whether they lean against what they govern.

    `against` holds for "I doubt that P" and "I don't think that P": the author rather holds that not P.
    """

    level: float
    cues: tuple[CertaintyCue, ...] = ()
    against: bool = False


def estimate_certainty(
    text: str,
    span: tuple[int, int] | None = None,
    parse: "Doc | Span | None" = None,
    views: Sequence[tuple[int, int]] = (),
) -> Certainty:
    """Judge how sure an author sounds about the claim `text[span]` of the sentence `text` (all of it if no span).

    Cues count within the claim and where they stand over it ("I think that", "apparently," ahead of it); not inside a
    quotation, in one of `views` (the stretches of `text` that tell what somebody else says or thinks), or in a
    condition, unless the claim itself lies there. `parse`, a spaCy parse of exactly `text` with Universal
    Dependencies, settles parts of speech where it is given.
    >>> estimate_certainty("I think it might rain").level
    0.43
    """
    start, end = span or (0, len(text))
    borrowed = [zone for zone in (*_zones(text), *views) if not (zone[0] <= start and end <= zone[1])]
    bearing = [
        cue
        for cue in find_cues(text)
        if _bears(text, cue, start, end)
        and not any(zone_start <= cue.start < zone_end for zone_start, zone_end in borrowed)
        and not _ruled_out(cue, parse)
    ]
    against = any(_AGAINST[cue.kind].search(text[cue.start : cue.end]) for cue in bearing if cue.kind in _AGAINST)
    return Certainty(_combine(bearing), tuple(bearing), against)


@lru_cache(maxsize=_SENTENCES)
def find_cues(text: str) -> tuple[CertaintyCue, ...]:
    """Find every hedge and booster in `text`, in order, whatever it bears on."""
    return tuple(_iterate_cues(text))


def _iterate_cues(text: str) -> Iterator[CertaintyCue]:
    for match in _CUE.finditer(text):
        if match.start() == match.end() or _is_other_word(text, match):
            continue
        entry = ENTRIES[int((match.lastgroup or "c0")[1:])]
        yield CertaintyCue(match.start(), match.end(), entry.kind, entry.level)


_AGAINST = {
    CueClass.STANCE: re.compile(r"n['’]t\b|\bnot\b", re.IGNORECASE),
    CueClass.DOUBT: re.compile(r"\bdoubt\b", re.IGNORECASE),
}
_MONTH = re.compile(
    r"\b(?:in|of|by|since|until|till|late|early|mid|last|next|this|every|from|to|on|\d{1,2}(?:st|nd|rd|th)?|,) ?$"
)
_ASKING = re.compile(r"^[\s\"“(]*(?:may|might|could) (?:I|we|you|he|she|they|it)\b", re.IGNORECASE)


def _is_other_word(text: str, match: re.Match[str]) -> bool:
    """Tell whether "may" is a month or asks leave, and "might" is strength."""
    word = match[0]
    if word[:3].lower() not in ("may", "mig") or word.lower().startswith("maybe"):
        return False
    ahead = text[max(0, match.start() - 14) : match.start()]
    if word.startswith("May") and (_MONTH.search(ahead) or re.match(r" \d", text[match.end() : match.end() + 2])):
        return True
    if re.search(r"\b(?:the|his|her|their|its|our|military|with all|of) $", ahead, re.IGNORECASE):
        return True
    return not ahead.strip() and bool(_ASKING.match(text[match.start() : match.start() + 20]))


# --- whose words and what condition a cue stands in

_QUOTED = re.compile(r"“[^“”\n]{12,600}”|(?<![\w\"])\"[^\"\n]{12,600}\"(?!\w)")
_CONDITION = re.compile(
    r"\b(?:if|unless|whether|supposing|suppose|assuming|even if|imagine)\b(?P<given>[^,;:.!?\n]{0,200})", re.IGNORECASE
)


@lru_cache(maxsize=_SENTENCES)
def _zones(text: str) -> tuple[tuple[int, int], ...]:
    """Return the stretches whose cues are not the author's judgment: quoted, supposed."""
    return (
        *((match.start() + 1, match.end() - 1) for match in _QUOTED.finditer(text)),
        *(match.span("given") for match in _CONDITION.finditer(text)),
    )


_OVER_ALL = frozenset({CueClass.STANCE, CueClass.EVIDENTIAL, CueClass.DOUBT})
_BREAK = re.compile(r"[;:]|\b(?:but|whereas|however|although|though|while)\b|[.!?]\s", re.IGNORECASE)
_JOINT = re.compile(r"(?:,? ?\b(?:that|and|or|if|whether|is|was|so|then|also|,)\b|[\s,(\"“-]|['’]s\b)*", re.IGNORECASE)


def _bears(text: str, cue: CertaintyCue, start: int, end: int) -> bool:
    """Tell whether a cue lies in the claim, directly before or after it, or frames the clause that holds it."""
    if start <= cue.start < end:
        return True
    if cue.end <= start:
        between = text[cue.end : start]
        if _JOINT.fullmatch(between):
            return True
        return cue.kind in _OVER_ALL and not _BREAK.search(between) and len(between) <= 200
    tail = text[end : cue.start]
    return len(tail) <= 3 and not _BREAK.search(tail)


# --- what a parse knows better


def _ruled_out(cue: CertaintyCue, parse: "Doc | Span | None") -> bool:
    """Tell whether the parse shows a noun or an attribute ("the likely candidate")."""
    if parse is None or not len(parse):
        return False
    within = select_tokens(parse, cue.start, cue.end)
    if not within:
        return False
    if cue.kind is CueClass.MODAL and not any(token.tag_ == "MD" or token.pos_ == "AUX" for token in within):
        return True
    return len(within) == 1 and within[0].pos_ == "ADJ" and within[0].dep_ == "amod"


def _combine(bearing: list[CertaintyCue]) -> float:
    hedges = sorted(cue.level for cue in bearing if cue.kind is not CueClass.BOOSTER)
    boosters = sorted((cue.level for cue in bearing if cue.kind is CueClass.BOOSTER), reverse=True)
    if hedges:
        firm = [level for level in hedges[1:] if level >= 0.78]
        return round(max(0.05, hedges[0] - _FURTHER_HEDGE * (len(hedges) - 1 - len(firm))), 3)
    if boosters:
        return round(min(0.99, boosters[0] + _FURTHER_BOOSTER * (len(boosters) - 1)), 3)
    return PLAIN
