"""The plain signs that the meaning of a word is at issue, each with the phrase that it governs and the gloss it gives.

They are few and strict (signs.py), where cues.py is wide: a finding may be shown on one of these alone, and one line
says of it what the speaker does (`Act`). The phrase is the whole one that the sign governs: a quoted string entire,
else the words up to where the clause goes on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.english import FUNCTION_WORDS
from index.mismatches.cues import is_agreement, is_question
from index.mismatches.glosses import cut_gloss
from index.mismatches.signs import SIGNS, Act, Sign


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign in a sentence: `text[start:end]` is the sign, the others are places in the same text.

    `phrase`: what it governs; None where it governs a pronoun or nothing. `versus`: the second of two words that are
    compared. `gloss`: what the word is said to mean, `is_others` where that is the other's meaning as the speaker reads
    it. `admits`: the speaker says that the word was taken differently.
    """

    act: Act
    start: int
    end: int
    phrase: tuple[int, int] | None = None
    versus: tuple[int, int] | None = None
    gloss: tuple[int, int] | None = None
    is_others: bool = False
    admits: bool = False


# Without one of these nothing above is found, and most sentences have none.
_TRIGGER = re.compile(
    r"mean|sense|call|defin|taboo|word|term|concept|notion|label|nam|phrase|express|wording|count|qualif|refer|"
    r"interpret|underst|misread|read|took|take|us(?:e|ing)|clarif|disambig|operational|differen|distinct|relation|"
    r"connection|so much as|measur|as in|classif|describ|characteri|entail|impl|requir|includ|reserve|keep|retire|"
    r"equivoc|conflat|confus|back and forth|switch|suggest|connot|sounds|presuppos|synonym|interchang|hear|past each|"
    r"past one|treating|thinking of|thought|parsed|stands? for|description|likely|read",
    re.IGNORECASE,
)
_TRANSLATION = str.maketrans({"\n": " ", "\t": " ", "\xa0": " ", "’": "'", "‘": "'", "“": '"', "”": '"'})
_ARTICLE = re.compile(
    r"(?:(?:more|just|really|basically|rather|even|such|kind of|sort of)\s+)?"
    r"(?:the|an?|this|that|these|those|your|my|our|his|her|their|any|some|such)\s+(?!(?:is|are|was|were|has|does)\b)",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(
    r"(?:is|are|was|were|has|have|does|do|did|can|will|would|in|of|to|and|or|but|i|we|you|they|he|she|it)\b",
    re.IGNORECASE,
)
_TRIMMED = " \t\n\"“”'‘’*_.,;:()[]?!"
_POINTERS = frozenset(
    "both each it this that these those them they he she him her you me us one ones something anything everything "
    "nothing here there what which thing things stuff such so latter former other others point above below first "
    "second same".split()
)
_DEICTIC = re.compile(r"\b(?:latter|former)\b", re.IGNORECASE)
_WORDS_FOR_WORDS = frozenset(
    "word words term terms phrase phrases name names label definition definitions meaning sense notion concept "
    "terminology usage wording question way sentence paragraph point points claim statement comment argument part bit "
    "last final again".split()
)


def find_signals(text: str) -> list[Signal]:
    """Return the signs in a sentence, in order; where two overlap, the stricter one.

    A question never says, and what only a statement can do is not read from a question.

    >>> text = "By “goal” I mean whatever it steers toward, but others differ."
    >>> signal = find_signals(text)[0]
    >>> signal.act.value, text[slice(*signal.phrase)], text[slice(*signal.gloss)]
    ('says', 'goal', 'whatever it steers toward')
    """
    plain = text.translate(_TRANSLATION)
    if not _TRIGGER.search(plain) or is_agreement(text):
        return []
    asks = is_question(text)
    signals: list[Signal] = []
    for sign in SIGNS:
        if (sign.only == "question" and not asks) or (sign.only == "statement" and asks):
            continue
        for match in sign.pattern.finditer(plain):
            signal = _read_match(sign, match, plain)
            if signal.phrase is not None and _DEICTIC.search(plain, *signal.phrase):
                continue  # which of two is meant, not what a word means
            governs = signal.phrase is not None or not _has_phrase(match)
            if not governs and signal.act in (Act.SAYS, Act.REJECTS) and not signal.admits:
                continue  # it says what "it" is: nobody knows of which word
            if not any(signal.start < other.end and other.start < signal.end for other in signals):
                signals.append(signal)
    return sorted(signals, key=lambda signal: signal.start)


def _has_phrase(match: re.Match[str]) -> bool:
    return any(match.group(name) for name in match.re.groupindex if name.startswith("x"))


def _read_match(sign: Sign, match: re.Match[str], plain: str) -> Signal:
    spans = {name: match.span(name) for name in match.re.groupindex if match.group(name)}
    phrase = next(_read_phrases(plain, spans, ("x_quoted", "x", "x2_quoted", "x2")), None)
    versus = next(_read_phrases(plain, spans, ("y_quoted", "y")), None)
    gloss = next((spans[name] for name in ("gloss", "gloss2") if name in spans), None)
    end = gloss[0] if gloss else match.end()
    return Signal(
        sign.act,
        match.start(),
        end,
        phrase,
        versus if phrase else None,
        cut_gloss(plain, *gloss) if gloss else None,
        sign.is_others,
        sign.admits,
    )


def _read_phrases(plain: str, spans: dict[str, tuple[int, int]], names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for name in names:
        if name in spans:
            phrase = trim_phrase(plain, *spans[name], quoted=name.endswith("quoted"))
            if phrase is not None:
                yield phrase


def trim_phrase(text: str, start: int, end: int, *, quoted: bool = False) -> tuple[int, int] | None:
    """Return the place of a phrase without the marks and the article at its ends; None for a mere pointer."""
    while start < end and text[start] in _TRIMMED:
        start += 1
    while end > start and text[end - 1] in _TRIMMED:
        end -= 1
    if not quoted:
        article = _ARTICLE.match(text, start, end)
        start = article.end() if article else start
    words = text[start:end].casefold().split()
    if not words or not any(character.isalpha() for character in text[start:end]):
        return None
    if quoted:
        return start, end
    if all(word in _POINTERS or word in FUNCTION_WORDS or word in _WORDS_FOR_WORDS for word in words):
        return None
    if _VERB_FIRST.match(text, start, end):
        return None
    return start, end
