"""A draft, before it is posted: which of its terms readers use in another sense, and who said something close before.

Nothing of a draft is kept. What it says is read by `ingest`, as any post is; here it is held against the base.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Protocol

import numpy as np

from corpus.errors import NotFound
from corpus.limits import LIMITS
from corpus.model import Attribution, Claim, ClaimKind, Definition, Heading, Stance
from corpus.record import Record
from corpus.term_key import make_term_key
from index.answers import Hit, Mode, Query
from index.findings.findings import Gloss, Sense, Share, Term, Usage
from index.findings.validity import CurrentFindings
from index.passages import find_sentence
from index.search.search import Search
from index.senses import SenseEncoder
from index.senses import TermGloss as Meaning
from index.terms.matcher import Matcher
from index.terms.terms import Terms

# A claim of the base is close to one of the draft where the cosine of their vectors is at least this. Of the bundled
# samples, 8 of 10 pairs of two people's claims above it are about the same thing, whether they affirm or deny it; of 14
# looked at between 0.62 and it, 2 are. (With the default encoder; vectors do not tell a claim from its denial.)
CLOSE = 0.72
_MOST_CLAIMS, _EARLIER = 200, 3
_MOST_USES, _MOST_WORDS = 3, 6  # of a term in the draft, of a sense in the base, that are compared
_MAIN = frozenset(
    {ClaimKind.ASSERTION, ClaimKind.PREDICTION, ClaimKind.RECOMMENDATION, ClaimKind.DEFINITION, ClaimKind.CONDITIONAL}
)
_LEAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """What is read out of a draft: its plain text, what it claims and defines.

    `quoted` and `sentences` are (start, end) of what it quotes, and of its sentences.
    """

    text: str
    claims: tuple[Claim, ...] = ()
    definitions: tuple[Definition, ...] = ()
    quoted: tuple[tuple[int, int], ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a draft: `text` stands at [start, end) of its plain text. `at` is where the term that they are shown for
    stands in `text`."""

    start: int
    end: int
    text: str
    at: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class OtherSense:
    """A sense in which others use a term of the draft: who, how they defined it, an example, and where."""

    label: str
    speakers: tuple[Share, ...]
    definition: Gloss | None = None
    usage: Usage | None = None
    places: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term of the draft that the base knows.

    `sense` is the label of the sense that it is used in, "" where that cannot be told; `how` says by what: "definition"
    (the draft's own, held against those of the base), "usage" (its sentences, held against those of the base), "only"
    (people here use it in one sense), or "unclear". `defined` is what the draft itself says of it. `add` is a
    definition that somebody stated and that fits the draft's sense: worth adding where readers use the word otherwise.
    """

    term: Term
    uses: tuple[Excerpt, ...]
    count: int
    sense: str = ""
    how: str = "unclear"
    others: tuple[OtherSense, ...] = ()
    defined: Excerpt | None = None
    add: Gloss | None = None

    @property
    def risky(self) -> bool:
        """Tell whether readers may take it otherwise: others do, and the draft does not say what it means."""
        return self.is_divided and self.defined is None

    @property
    def is_divided(self) -> bool:
        """Tell whether people use it in several senses, or were found to mean different things by it in an exchange."""
        return bool(self.others) or self.term.contested > 0


@dataclass(frozen=True, slots=True)
class Predecessors:
    """A claim of the draft, and the closest of what was said before: the same thing in other words, or its denial."""

    claim: Excerpt
    before: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What a reader would meet in a draft. `compared` counts the draft's claims that were looked for in the base, of
    `claimed` that it makes; `claims` has those that somebody made before."""

    terms: tuple[TermUse, ...] = ()
    claims: tuple[Predecessors, ...] = ()
    compared: int = 0
    claimed: int = 0
    took_ms: float = field(default=0.0, compare=False)


class DraftChecker:
    """Holds drafts against a base. `encode` gives the vector of a text."""

    def __init__(self, record: Record, terms: Terms, search: Search, encode: Callable[[str], Any]) -> None:
        self._record = record
        self._terms = terms
        self._search = search
        self._encode = encode

    def check(self, draft: Draft) -> Check:
        """Return what a reader would meet in a draft: terms in order of risk, then claims in order of place."""
        began = time.perf_counter()
        terms = sorted(self._find_uses(draft), key=lambda use: (not use.risky, not use.is_divided, -use.term.contested))
        main = [claim for claim in draft.claims if _is_main(claim)]
        claims = tuple(self._find_predecessors(main[:_MOST_CLAIMS]))
        took = (time.perf_counter() - began) * 1000
        return Check(tuple(terms), claims, min(len(main), _MOST_CLAIMS), len(main), took)

    def _find_uses(self, draft: Draft) -> Iterable[TermUse]:
        places: dict[str, list[Excerpt]] = {}
        for mention in self._terms.make_matcher().find(draft.text):
            if not any(start <= mention.start < end for start, end in draft.quoted):
                start, end = find_sentence(draft.text, mention.start, mention.end, draft.sentences)
                span = (mention.start - start, mention.end - start)
                places.setdefault(mention.name, []).append(Excerpt(start, end, draft.text[start:end], span))
        by_words = ByWords(self._encode)
        by_uses = _by_uses(by_words)
        for uses in places.values():
            term = self._terms.get(uses[0].text[slice(*uses[0].at)])
            uses.sort(key=lambda use: len(use.text.split()) < _LEAST_WORDS)  # a heading tells least of what is meant
            defined = _find_own_definition(term, draft)
            nearness = by_words if defined is not None else by_uses
            yield _use(term, uses, defined, nearness, CurrentFindings(self._record))

    def _find_predecessors(self, claims: Sequence[Claim]) -> Iterable[Predecessors]:
        for claim in claims:
            words = (claim.standalone or claim.text)[: LIMITS.query_chars]
            page = self._search.find(Query(words, mode=Mode.DENSE, limit=3 * _EARLIER, plain=True))
            close = [hit for hit in page.items if hit.claim.attribution is Attribution.OWN and hit.score >= CLOSE]
            if close:
                yield Predecessors(Excerpt(claim.start, claim.end, claim.text), tuple(close[:_EARLIER]))


# ---- terms -----------------------------------------------------------------------------------------------------------


def _find_own_definition(term: Term, draft: Draft) -> Excerpt | None:
    """Find where the draft says itself what it means by a term."""
    forms = {make_term_key(form) for form in (term.name, *term.aliases)}
    for definition in draft.definitions:
        if make_term_key(definition.term) in forms and definition.stance is Stance.STATED:
            text = draft.text[definition.start : definition.end]
            offset = max(text.find(definition.gloss), 0)
            return Excerpt(definition.start, definition.end, text, (offset, offset + len(definition.gloss)))
    return None


class SenseNearness(Protocol):
    """How near a draft's use of a term is to each of its senses. A sense is told from `near` on, with a `lead`."""

    near: float
    lead: float

    def compare(self, term: Term, uses: Sequence[Excerpt], defined: str | None) -> list[float]:
        """Return a number for each sense; `defined` is what the draft says that the term means, where it does."""
        ...


class ByModel:
    """By the sense encoder: the calibrated probability that uses and definitions have one sense."""

    near, lead = 0.5, 0.1

    def __init__(self, senses: SenseEncoder) -> None:
        self._senses = senses

    def compare(self, term: Term, uses: Sequence[Excerpt], defined: str | None) -> list[float]:
        """Average over uses and definitions of each sense; one that has neither is as near as far.

        It goes by the uses alone: any use in a definition fits any other definition too well.
        """
        said = self._senses.encode_uses([use.text for use in uses], [use.at for use in uses])
        return [self._compare_sense(term, sense, said) for sense in term.senses]

    def _compare_sense(self, term: Term, sense: Sense, said: np.ndarray) -> float:
        shown = [usage for usage in sense.usages if usage.at[0] < usage.at[1]][:_MOST_WORDS]
        vectors = (
            self._senses.encode_uses([usage.text for usage in shown], [usage.at for usage in shown]) if shown else None
        )
        parts = [float(self._senses.predict_same_sense(said, vectors).mean())] if vectors is not None else []
        if sense.definitions:
            glosses = [Meaning(term.name, gloss.gloss) for gloss in sense.definitions[:_MOST_WORDS]]
            parts.append(float(self._senses.predict_match(said, self._senses.encode_glosses(glosses)).mean()))
        return sum(parts) / len(parts) if parts else 0.5


class ByWords:
    """By the vectors of what is said around the term, without the term itself: it would make all of them alike.

    What a draft defines is always compared so, as one definition with others.
    """

    near, lead = 0.2, 0.1

    def __init__(self, encode: Callable[[str], Any]) -> None:
        self._encode = cache(encode)

    def compare(self, term: Term, uses: Sequence[Excerpt], defined: str | None) -> list[float]:
        """Take for each sense the nearest of its label, its definitions and what is said around the term in it."""
        texts = [defined] if defined else [_mask_term(term, use.text) for use in uses]
        return [
            sum(
                max(float(self._encode(words) @ self._encode(known)) for known in _list_words(term, sense))
                for words in texts
            )
            / len(texts)
            for sense in term.senses
        ]


def _by_uses(otherwise: SenseNearness) -> SenseNearness:
    try:
        return ByModel(SenseEncoder.load())
    except NotFound:
        return otherwise


def _use(
    term: Term, uses: Sequence[Excerpt], defined: Excerpt | None, nearness: SenseNearness, current: CurrentFindings
) -> TermUse:
    chosen, how = _sense_of(term, uses, defined, nearness)
    current.load_utterances(
        passage.utterance_id for sense in term.senses for passage in (*sense.definitions, *sense.usages)
    )
    others = tuple(
        _describe_other(sense, current) for sense in term.senses if sense is not chosen and len(term.senses) > 1
    )
    if chosen is not None and how == "only" and term.contested:
        # People differ, but not so that their uses fall apart: each is shown with what they say it means.
        how, others, chosen = "unclear", _rivals(chosen, current), None
    whole = TermUse(term, tuple(uses[:_MOST_USES]), len(uses), chosen.label if chosen else "", how, others, defined)
    if chosen is None or defined is not None or not whole.is_divided:
        return whole
    stated = [gloss for gloss in chosen.definitions if gloss.stance is Stance.STATED and gloss.speaker is not None]
    return replace(whole, add=stated[0] if stated else None)


def _sense_of(
    term: Term, uses: Sequence[Excerpt], defined: Excerpt | None, nearness: SenseNearness
) -> tuple[Sense | None, str]:
    """Tell in which sense the draft uses a term, and by what; None where it cannot be told."""
    senses = term.senses
    if len(senses) < 2:
        return (senses[0], "only") if senses else (None, "unclear")
    how = "usage" if defined is None else "definition"
    scores = nearness.compare(term, uses[:_MOST_USES], defined.text[slice(*defined.at)] if defined else None)
    first, second = sorted(scores, reverse=True)[:2]
    if first < nearness.near or first - second < nearness.lead:
        return None, "unclear"
    return senses[scores.index(first)], how


def _list_words(term: Term, sense: Sense) -> list[str]:
    """Return what stands for a sense: its label, how it was defined, and what is said around the term in this sense."""
    said = [gloss.gloss for gloss in sense.definitions]
    said += [_mask_term(term, usage.text) for usage in sense.usages]
    return list(dict.fromkeys([sense.label, *said]))[:_MOST_WORDS]


def _mask_term(term: Term, text: str) -> str:
    """Return a text with "it" in the place of a term.

    Without "goal", "Its goals are fixed." is "Its it are fixed."
    """
    for mention in reversed(Matcher.from_forms((form, "") for form in (term.name, *term.aliases)).find(text)):
        text = f"{text[: mention.start]}it{text[mention.end :]}"
    return text


def _rivals(sense: Sense, current: CurrentFindings) -> tuple[OtherSense, ...]:
    """Take each person's stated definition within one sense as a meaning of its own."""
    stated = {gloss.speaker: gloss for gloss in reversed(sense.definitions) if gloss.stance is Stance.STATED}
    return tuple(
        OtherSense(gloss.gloss, (Share(speaker, 1),), gloss, None, _list_headings([gloss], current))
        for speaker, gloss in reversed(stated.items())
    )[:_MOST_USES]


def _list_headings(passages: Iterable[Gloss | Usage], current: CurrentFindings) -> tuple[Heading, ...]:
    places = [current.get_heading(heading.utterance_id) for heading in passages]
    return tuple(dict.fromkeys(heading for heading in places if heading is not None))[:_MOST_USES]


def _describe_other(sense: Sense, current: CurrentFindings) -> OtherSense:
    stated = [gloss for gloss in sense.definitions if gloss.stance is Stance.STATED]
    return OtherSense(
        sense.label,
        sense.speakers,
        stated[0] if stated else None,
        sense.usages[0] if sense.usages else None,
        _list_headings((*sense.definitions, *sense.usages), current),
    )


# ---- claims ----------------------------------------------------------------------------------------------------------


def _is_main(claim: Claim) -> bool:
    """Tell whether a claim is the draft's own, and one that could have been made before."""
    own = claim.attribution is Attribution.OWN and claim.kind in _MAIN and not claim.retracted
    return own and len(claim.text.split()) >= _LEAST_WORDS
