"""What the patterns of definition are built of: a term, a gloss, who speaks, verbs of meaning."""

import re
from dataclasses import dataclass

from corpus.model import Stance

QUOTED = r"[\"“‘*_`][^\"“”*`\n]{1,60}?[\"”’*_`]|'[^'\"“”\n]{1,60}'(?!\w)"
WORD = r"[^\s,;:.()\"“”?!]{1,40}"
TERM = rf"(?P<term>{QUOTED}|{WORD}(?: {WORD}){{0,5}}?)"
NAMED = rf"(?P<term>{QUOTED}|(?:(?:the|an?) )?{WORD}(?: {WORD}){{0,3}}?)"
AS_NAME = rf"(?P<term>{QUOTED}|(?:the |an? )?[A-Za-z][\w-]{{0,40}}(?: [\w-]{{1,40}}){{0,3}}?)"
REST = r"(?P<gloss>[^\n]{3,900})"
WHO = r"(?:I|we|one|people|you|they|he|she)"
AUX = (
    r"(?: ?['’](?:ll|d|m|re|ve)| (?:would|will|could|can|do|am|are|is|have|might"
    r"|usually|generally|often|mostly|really"
    r"|just|always|actually|here|only|simply|still|both|all|specifically|roughly|tend to|like to)){0,4}"
)
MEAN = r"(?:mean|means|meant|meaning|am (?:referring|pointing) (?:to|at)|refer to|understand)"
SOFTLY = (
    r"(?:(?:here|just|simply|usually|roughly|basically|then|literally|generally|essentially|often|typically|really"
    r"|loosely|informally|formally|sometimes|actually|also|normally) ){0,2}"
)
STOP = r"(?=[.,;:)(!?—–]|$| (?:and|or|but|because|if|when|since|in|by|is|are|where|here|which|at|on)\b)"
OR = rf"(?:,? or (?:just |simply |the )?(?:{QUOTED}))?"
CLOSED = r"(?=,? (?:here|there|exactly|in this|in that)|[ ,]*(?:\?|$|[.,;)—–]))"


@dataclass(frozen=True, slots=True)
class DefinitionForm:
    """One way to define: `pattern` has a group `term` and perhaps `gloss`. `needs`: one of these stands in the text."""

    name: str
    stance: Stance
    likely: float
    needs: tuple[str, ...]
    pattern: re.Pattern[str]


def compile_form(name: str, stance: Stance, likely: float, needs: str, pattern: str) -> DefinitionForm:
    """Compile a form; a blank in `pattern` stands for one to three of any white space."""
    spaced = pattern.replace(" ?", r"\s{0,2}").replace(" ", r"\s{1,3}")
    return DefinitionForm(name, stance, likely, tuple(needs.split("|")), re.compile(spaced, re.IGNORECASE))
