"""A mismatch as its readers see it: both passages in the people's own words, what the term is in each, and why."""

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.model import Definition, Heading, Stance, Utterance
from corpus.term_key import term_key
from index.findings.findings import Mismatch, MismatchKind, Side
from index.mismatches.conversation_view import Voices, Weighed
from index.mismatches.cues import CUES, cues_in, is_question
from index.mismatches.exchanges import Exchange, Sentence

if TYPE_CHECKING:
    import numpy as np

_GLOSS = re.compile(
    r"\b(?:means?|meant|refers? to|is defined (?:as|to be)|stands? for|in the sense of|is just|is really|is a"
    r"|is an|is the|are)\b"
    r"[:,]? (?:that )?(?!(?:by|with|different(?:ly)?|(?:some|any|no)thing|other things?|the same|what|so|also)\b)"
    r"(?P<gloss>[^\n]{3,300})",
    re.IGNORECASE,
)
_SHOWN = 160  # characters of a sense
_SAYS = {cue.name: cue.says for cue in CUES}


def mismatch(
    voices: Voices,
    exchange: Exchange,
    weighed: Weighed,
    term: str,
    name: str,
    score: float,
    kind: MismatchKind,
    definitions: Sequence[Definition],
    heading: Heading,
) -> Mismatch:
    """Describe an exchange that was found: its `term` as it is written there, and its `name` in the base.

    Side a is the earlier utterance, b the later one.
    """
    sentence = weighed.sentence
    here = exchange.later if sentence.utterance_id == exchange.later.id else exchange.earlier
    there = exchange.earlier if here is exchange.later else exchange.later
    partner = passage_about(voices, there, term, sentence, definitions)
    mine = _side(here, sentence, term, definitions)
    other = _side(there, partner, term, definitions)
    a, b = (other, mine) if here is exchange.later else (mine, other)
    met = cues_in(sentence.text)
    return Mismatch(
        id=named(a, b, name),
        term=name,
        score=score,
        kind=kind,
        noticed=True,
        why=_why(here, there, term, met, weighed),
        a=a,
        b=b,
        conversation=heading,
    )


def passage_about(
    voices: Voices, utterance: Utterance, term: str, sentence: Sentence, definitions: Sequence[Definition]
) -> Sentence:
    """Find the sentence of an utterance to set against `sentence`: its definition of the term, else where it uses it.

    Among several the closest in meaning; where it does not use the term, the closest of all.
    """
    said = voices.said[utterance.id]
    key = term_key(term)
    near = voices.vectors[utterance.id] @ _vector(voices, sentence)
    defining = [
        (one.start, one.end) for one in definitions if one.utterance_id == utterance.id and term_key(one.term) == key
    ]

    def weight(row: int) -> tuple[float, int]:
        one = said[row]
        uses = f" {key} " in f" {term_key(one.text)} "
        defines = any(start < one.end and one.start < end for start, end in defining)
        return float(near[row]) + 1.0 * uses + 0.5 * defines, -row

    if not said:
        end = min(len(utterance.text), 300)
        return Sentence(utterance.id, 0, end, utterance.text[:end])
    return said[max(range(len(said)), key=weight)]


def _vector(voices: Voices, sentence: Sentence) -> "np.ndarray":
    row = voices.said[sentence.utterance_id].index(sentence)
    return voices.vectors[sentence.utterance_id][row]


def _side(utterance: Utterance, sentence: Sentence, term: str, definitions: Sequence[Definition]) -> Side:
    return Side(
        utterance.speaker,
        utterance.id,
        sentence.start,
        sentence.end,
        sentence.text,
        _sense(utterance, sentence, term, definitions),
    )


def _sense(utterance: Utterance, sentence: Sentence, term: str, definitions: Sequence[Definition]) -> str:
    """Say what the term is here: the gloss of a definition, else what follows a verb of meaning, else the sentence."""
    key = term_key(term)
    glosses = [
        (one.utterance_id == utterance.id, _touches(one, sentence), one.probability, one.gloss)
        for one in definitions
        if _is_by(one, utterance) and one.gloss and one.stance is Stance.STATED and term_key(one.term) == key
    ]
    if glosses:
        return shortened(max(glosses)[-1])
    tells = key in term_key(sentence.text) and not is_question(sentence.text)
    met = _GLOSS.search(sentence.text) if tells else None
    return shortened(met.group("gloss") if met else sentence.text)


def _touches(definition: Definition, sentence: Sentence) -> bool:
    if definition.utterance_id != sentence.utterance_id:
        return False
    return definition.start < sentence.end and sentence.start < definition.end


def _is_by(definition: Definition, utterance: Utterance) -> bool:
    """Tell whether a definition stands in an utterance, or elsewhere in its thread by the same person."""
    if definition.utterance_id == utterance.id:
        return True
    return definition.speaker is not None and definition.speaker == utterance.speaker


def shortened(words: str) -> str:
    """Give words on one line, cut to what is shown of a sense."""
    flat = " ".join(words.split()).strip(" ,;:")
    if len(flat) <= _SHOWN:
        return flat.rstrip(".")
    return flat[:_SHOWN].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def _why(here: Utterance, there: Utterance, term: str, met: Sequence[str], weighed: Weighed) -> str:
    says = next((_SAYS[cue] for cue in met), "takes the word up in another way")
    toward = f"{name_of(there)} answers" if weighed.asked else f"in answer to {name_of(there)}"
    return f"“{term}”: {name_of(here)} {says} (“{shortened(weighed.sentence.text)}”), {toward}"


def name_of(utterance: Utterance) -> str:
    """Say who wrote an utterance."""
    return utterance.speaker.name if utterance.speaker else "somebody unnamed"


def named(a: Side, b: Side, term: str) -> str:
    """Give the id of a mismatch: that of its two utterances and its term."""
    place = f"{a.utterance_id}\x1f{b.utterance_id}\x1f{term_key(term)}"
    return hashlib.sha256(place.encode()).hexdigest()[:16]
