"""A mismatch as its readers see it: the term, both passages in the people's own words, their senses, and why."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass

from corpus.model import Heading, Utterance
from corpus.term_key import make_term_key
from index.findings.findings import Mismatch, MismatchCertainty, MismatchKind, Side, SideRole
from index.mismatches.exchanges import Exchange, OwnSentence, Relation
from index.mismatches.side_passages import OPENS, SAYS, PassageChooser, SidePassage
from index.mismatches.signals import Signal
from index.mismatches.signs import Act

_SHOWN = 240  # characters of a quotation in the why-line, and of a title that is a sentence
_CLAUSE = re.compile(
    r"[.;:!?](?=\s)|\s[–—-]{1,2}\s|—|\n|, (?:but|and|so|which|whereas|while|because|though|although)\b"
)
_LINES = {
    Act.ASKS: ("asks what {term} means", "asks what is meant"),
    Act.SAYS: ("says what they mean by {term}", "says what they mean"),
    Act.REJECTS: ("rejects {other}’s {term}", "rejects {other}’s reading"),
    Act.HAD_READ: ("had read {term} otherwise", "had read {other} otherwise"),
}
LIKELY = 0.4  # score from which an exchange is shown although nobody says what the term means, and no sign is plain
LEAST_PERHAPS = 0.2  # score from which it is, where somebody says what the term means
_SHORT_REPLY = 600  # characters of an utterance that is about nothing but what it answers
_UNNAMED = "somebody unnamed"


@dataclass(frozen=True, slots=True)
class CardTitle:
    """What a card is about: `term`, None where nothing there can be one; `written` is what it is called.

    `versus` is the term that it is compared with.
    """

    term: str | None
    written: str
    versus: str | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """Return the terms at issue."""
        return tuple(term for term in (self.term, self.versus) if term is not None)


def make_mismatch(
    chooser: PassageChooser,
    exchange: Exchange,
    anchor: tuple[OwnSentence, Signal | None],
    title: CardTitle,
    score: float,
    kind: MismatchKind,
    heading: Heading,
) -> Mismatch | None:
    """Make the card of an exchange whose `anchor` is the sentence that shows it; None where it would say nothing.

    Side a is the earlier utterance's, b the later one's.
    """
    sentence, signal = anchor
    turns = chooser.list_turns(exchange)
    is_later = sentence.utterance_id in {utterance.id for utterance in turns[1]}
    own_turns, other_turns = (turns[1], turns[0]) if is_later else turns
    own, cited = chooser.show_sentence(sentence, title.term, signal), signal
    better = chooser.choose_passage(own_turns, title.term, sentence, None)
    if own.gloss is None and better is not None and better.rank >= SAYS and better.signal is not None:
        own, cited = better, better.signal
    asked = sentence if signal is not None and signal.act is Act.ASKS else None
    question = asked if not is_later else None
    other = chooser.choose_passage(other_turns, title.term, sentence, question)
    if other is None and signal is not None and title.term is not None:
        other = chooser.choose_before(own.utterance, title.term, sentence)
    if other is None and signal is not None and signal.phrase is None and own.utterance.id != other_turns[0].id:
        other = chooser.choose_quoted(other_turns[0], sentence)
    takes_up = other is not None or title.term is None or signal is None or signal.act is Act.ASKS
    if not takes_up:  # who sets the own words right in a short reply has been asked or mistaken
        takes_up = is_later and exchange.relation is Relation.REPLY and len(own.utterance.text) <= _SHORT_REPLY
    if other is None and (signal is not None or score >= LIKELY):
        other = chooser.choose_closest(other_turns[0], sentence)
    if other is None or (not takes_up and score < LIKELY):
        return None
    if signal is None and (score < LIKELY if own.gloss is None and other.gloss is None else score < LEAST_PERHAPS):
        return None
    sides = tuple(make_side(passage) for passage in ((other, own) if is_later else (own, other)))
    says = _find_saying(own, other) if signal is None else None
    if cited is None and says is not None:
        cited = Signal(Act.SAYS, 0, 0)
    speaking = says or (own.sentence if own.sentence is not None else sentence)
    speaking_utterance = chooser.view.utterance_by_id[speaking.utterance_id]
    partner = other.utterance if speaking_utterance.voice == own.utterance.voice else own.utterance
    is_reply = speaking_utterance.reply_to is not None and speaking_utterance.reply_to == partner.id
    return Mismatch(
        id=make_mismatch_id(sides[0], sides[1], title.written),
        term=title.written,
        score=score,
        kind=kind,
        noticed=True,
        why=write_why(speaking.text, cited, speaking_utterance, partner, title, is_reply=is_reply),
        a=sides[0],
        b=sides[1],
        conversation=heading,
        certainty=MismatchCertainty.POSSIBLE if signal is not None and takes_up else MismatchCertainty.PERHAPS,
        admitted=signal is not None and signal.admits,
        terms=title.terms,
    )


def _find_saying(own: SidePassage, other: SidePassage) -> OwnSentence | None:
    """Return the sentence of two passages that says what its speaker means, if one does."""
    return next((passage.sentence for passage in (own, other) if passage.gloss is not None), None)


def make_side(passage: SidePassage) -> Side:
    """Return a passage as a side of a finding. Its sense is the gloss in it, word for word, or None."""
    sense = passage.utterance.text[slice(*passage.gloss)] if passage.gloss else None
    return Side(
        passage.utterance.speaker,
        passage.utterance.id,
        passage.start,
        passage.end,
        passage.text,
        " ".join(sense.split()) if sense else None,
        role=_find_role(passage),
    )


def _find_role(passage: SidePassage) -> SideRole:
    if passage.gloss is not None:
        return SideRole.SAYS
    acts = {Act.ASKS: SideRole.ASKS, Act.REJECTS: SideRole.REJECTS}
    if passage.signal is not None and passage.signal.act in acts:
        return acts[passage.signal.act]
    return SideRole.ANSWERS if passage.rank >= OPENS else SideRole.USES


def write_why(
    text: str, signal: Signal | None, own: Utterance, other: Utterance, title: CardTitle, *, is_reply: bool = False
) -> str:
    """Return one line that a reader can check: who does what with the term, and the clause that shows it.

    Where no plain sign is (`signal`), it claims nothing of what they do, and quotes.
    """
    if signal is None:
        toward = f", in answer to {name_author(other)}" if is_reply else ""
        return f"{name_author(own)}{toward}: “{cut_clause(text, Signal(Act.SAYS, 0, 0))}”"
    phrase = text[slice(*signal.phrase)] if signal.phrase else title.term if signal.end == 0 else None
    with_term, without = _LINES[signal.act]
    named = f"“{phrase}”" if phrase else ""
    if phrase and signal.versus:
        named += f" and “{text[slice(*signal.versus)]}”"
        with_term = with_term.replace("means", "mean")
    line = (with_term if named else without).format(term=named, other=name_author(other))
    toward = f", in answer to {name_author(other)}" if is_reply and signal.act is not Act.REJECTS else ""
    return f"{name_author(own)} {line}{toward}: “{cut_clause(text, signal)}”"


def cut_clause(text: str, signal: Signal) -> str:
    """Return the part of a sentence that holds a sign with its phrase and gloss: the whole one, where it is short."""
    if len(text) <= _SHOWN:
        return _flatten(text)
    spans = [(signal.start, signal.end), *(span for span in (signal.phrase, signal.versus, signal.gloss) if span)]
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    start = max((match.end() for match in _CLAUSE.finditer(text, 0, first) if match.end() <= first), default=0)
    stop = _CLAUSE.search(text, last)
    end = stop.start() + (text[stop.start()] in ".!?") if stop else len(text)
    shown = text[start:end].strip()
    if len(shown) > _SHOWN:
        shown = shown[:_SHOWN].rsplit(" ", 1)[0]
        end = start + len(shown)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return f"{before}{_flatten(shown)}{after}"


def _flatten(words: str) -> str:
    return " ".join(words.split())


def name_author(utterance: Utterance) -> str:
    """Say who wrote an utterance."""
    return utterance.speaker.name if utterance.speaker else _UNNAMED


def make_mismatch_id(a: Side, b: Side, term: str) -> str:
    """Return the id of a mismatch: that of its two utterances and its term."""
    key = f"{a.utterance_id}\x1f{b.utterance_id}\x1f{make_term_key(term)}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def make_sentence_title(sentence: OwnSentence, signal: Signal) -> CardTitle:
    """Return the title of a card whose sign governs no phrase: the sentence itself."""
    return CardTitle(None, cut_clause(sentence.text, signal))


def make_phrase_title(sentence: OwnSentence, signal: Signal, names: Collection[str] = ()) -> CardTitle | None:
    """Return the title that a sign gives: the phrase that it governs, whole, and what it is compared with.

    None where it governs none, or a person (`names`, by key).
    """
    if signal.phrase is None:
        return None
    phrase = _flatten(sentence.text[slice(*signal.phrase)])
    if make_term_key(phrase) in names or not make_term_key(phrase):
        return None
    if signal.versus is not None:
        versus = _flatten(sentence.text[slice(*signal.versus)])
        return CardTitle(phrase, f"{phrase} vs {versus}", versus)
    return CardTitle(phrase, phrase)
