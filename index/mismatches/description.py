"""A mismatch as its readers see it: both passages in the people's own words, what the term is in each, and why."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from corpus.model import Definition, Heading, Stance, Utterance
from corpus.term_key import make_term_key
from index.findings.findings import Mismatch, MismatchKind, Side
from index.mismatches.conversation_view import ConversationView, ScoredSentence
from index.mismatches.cues import CUES, find_cues, is_question
from index.mismatches.exchanges import Exchange, OwnSentence

_GLOSS = re.compile(
    r"\b(?:means?|meant|refers? to|is defined (?:as|to be)|stands? for|in the sense of|is just|is really|is a"
    r"|is an|is the|are)\b"
    r"[:,]? (?:that )?(?!(?:by|with|different(?:ly)?|(?:some|any|no)thing|other things?|the same|what|so|also)\b)"
    r"(?P<gloss>[^\n]{3,300})",
    re.IGNORECASE,
)
_SHOWN = 160  # characters of a sense
_SAYS = {cue.name: cue.says for cue in CUES}


def describe_mismatch(
    view: ConversationView,
    exchange: Exchange,
    scored: ScoredSentence,
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
    sentence = scored.sentence
    own = exchange.later if sentence.utterance_id == exchange.later.id else exchange.earlier
    other_utterance = exchange.earlier if own is exchange.later else exchange.later
    partner = find_passage_about(view, other_utterance, term, sentence, definitions)
    own_side = _make_side(own, sentence, term, definitions)
    other_side = _make_side(other_utterance, partner, term, definitions)
    a, b = (other_side, own_side) if own is exchange.later else (own_side, other_side)
    cues = find_cues(sentence.text)
    return Mismatch(
        id=make_mismatch_id(a, b, name),
        term=name,
        score=score,
        kind=kind,
        noticed=True,
        why=_explain(own, other_utterance, term, cues, scored),
        a=a,
        b=b,
        conversation=heading,
    )


def find_passage_about(
    view: ConversationView, utterance: Utterance, term: str, sentence: OwnSentence, definitions: Sequence[Definition]
) -> OwnSentence:
    """Find the sentence of an utterance to set against `sentence`: its definition of the term, else where it uses it.

    Among several the closest in meaning; where it does not use the term, the closest of all.
    """
    sentences = view.sentences[utterance.id]
    key = make_term_key(term)
    cosines = view.vectors[utterance.id] @ _get_vector(view, sentence)
    defining = [
        (definition.start, definition.end)
        for definition in definitions
        if definition.utterance_id == utterance.id and make_term_key(definition.term) == key
    ]

    def weigh_sentence(row: int) -> tuple[float, int]:
        candidate = sentences[row]
        uses = f" {key} " in f" {make_term_key(candidate.text)} "
        defines = any(start < candidate.end and candidate.start < end for start, end in defining)
        return float(cosines[row]) + 1.0 * uses + 0.5 * defines, -row

    if not sentences:
        end = min(len(utterance.text), 300)
        return OwnSentence(utterance.id, 0, end, utterance.text[:end])
    return sentences[max(range(len(sentences)), key=weigh_sentence)]


def _get_vector(view: ConversationView, sentence: OwnSentence) -> np.ndarray:
    row = view.sentences[sentence.utterance_id].index(sentence)
    return view.vectors[sentence.utterance_id][row]


def _make_side(utterance: Utterance, sentence: OwnSentence, term: str, definitions: Sequence[Definition]) -> Side:
    return Side(
        utterance.speaker,
        utterance.id,
        sentence.start,
        sentence.end,
        sentence.text,
        _describe_sense(utterance, sentence, term, definitions),
    )


def _describe_sense(utterance: Utterance, sentence: OwnSentence, term: str, definitions: Sequence[Definition]) -> str:
    """Say what the term is here: the gloss of a definition, else what follows a verb of meaning, else the sentence."""
    key = make_term_key(term)
    glosses = [
        (
            definition.utterance_id == utterance.id,
            _touches(definition, sentence),
            definition.probability,
            definition.gloss,
        )
        for definition in definitions
        if _is_by(definition, utterance)
        and definition.gloss
        and definition.stance is Stance.STATED
        and make_term_key(definition.term) == key
    ]
    if glosses:
        return shorten(max(glosses)[-1])
    tells = key in make_term_key(sentence.text) and not is_question(sentence.text)
    match = _GLOSS.search(sentence.text) if tells else None
    return shorten(match.group("gloss") if match else sentence.text)


def _touches(definition: Definition, sentence: OwnSentence) -> bool:
    if definition.utterance_id != sentence.utterance_id:
        return False
    return definition.start < sentence.end and sentence.start < definition.end


def _is_by(definition: Definition, utterance: Utterance) -> bool:
    """Return whether a definition stands in an utterance, or elsewhere in its thread by the same person."""
    if definition.utterance_id == utterance.id:
        return True
    return definition.speaker is not None and definition.speaker == utterance.speaker


def shorten(words: str) -> str:
    """Return words on one line, cut to what is shown of a sense."""
    flat = " ".join(words.split()).strip(" ,;:")
    if len(flat) <= _SHOWN:
        return flat.rstrip(".")
    return flat[:_SHOWN].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def _explain(own: Utterance, other: Utterance, term: str, cues: Sequence[str], scored: ScoredSentence) -> str:
    says = next((_SAYS[cue] for cue in cues), "takes the word up in another way")
    toward = f"{name_author(other)} answers" if scored.has_answer else f"in answer to {name_author(other)}"
    return f"“{term}”: {name_author(own)} {says} (“{shorten(scored.sentence.text)}”), {toward}"


def name_author(utterance: Utterance) -> str:
    """Say who wrote an utterance."""
    return utterance.speaker.name if utterance.speaker else "somebody unnamed"


def make_mismatch_id(a: Side, b: Side, term: str) -> str:
    """Return the id of a mismatch: that of its two utterances and its term."""
    key = f"{a.utterance_id}\x1f{b.utterance_id}\x1f{make_term_key(term)}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]
