"""The search for mismatches: every conversation of the record, its exchanges weighed, the sure ones described."""

from collections.abc import Iterator, Mapping, Sequence

from corpus.errors import NotFound
from corpus.model import Attribution, Definition
from corpus.words import term_key
from index.analyses import Finding
from index.analysis import Material
from index.answers import Heading
from index.findings import Mismatch, mismatch_json
from index.mismatches.at_issue import at_issue, points_at
from index.mismatches.implicit import Divided
from index.mismatches.negotiation import negotiation
from index.mismatches.scoring import Scorer, described, scorer
from index.mismatches.sides import mismatch
from index.mismatches.thread import Voices, Weighed, assigned, read
from index.terms.matcher import Matcher

LEAST = 0.05  # probability below which an exchange is not listed at all
SAID = 0.2  # from here on somebody in the exchange is taken to have said that the word is at issue
_PLAIN = 0.5  # log odds that it is worth to point plainly at the word (bench/mismatches.py: more kinds are right)
_TRIED = 4  # sentences of an exchange, strongest first, in which a term is looked for


def study(material: Material) -> Mapping[str, list[Finding]]:
    """Find the mismatches of the record, the surest first."""
    bodies = material.kept.find("term")
    terms, divided = Matcher.of(bodies), Divided(bodies)
    found: list[Mismatch] = []
    ids = list(material.record.conversations())
    for number, id_ in enumerate(ids):
        read_out = conversation_of(material, id_)
        if read_out is not None:
            told = list(mismatches(read_out, material.record.definitions_of(id_), terms, scorer()))
            said_so = {frozenset((one.a.utterance_id, one.b.utterance_id)) for one in told if one.score >= SAID}
            unsaid = {one.id: one for one in divided.found(read_out, said_so)}
            found.extend(unsaid.values())
            found.extend(one for one in told if one.id not in unsaid)
        material.progress("exchanges", number + 1, len(ids))
    found.sort(key=lambda one: (-one.score, one.id))
    return {"mismatch": [_finding(one) for one in found]}


def conversation_of(material: Material, id_: str, *, weighed: bool = True) -> Voices | None:
    """Read a conversation of the record; None where nobody answers, or where it has gone since.

    Its sentences are `weighed` unless that is left to somebody else (the training).
    """
    try:
        conversation = material.record.conversation(id_)
    except NotFound:
        return None
    if len(conversation.utterances) < 2:
        return None
    claims = [one for one in material.record.claims_of(id_) if one.attribution is not Attribution.QUOTED]
    dense = material.vectors.dense_of([claim.id for claim in claims])
    quotations = material.record.quotations_of(id_)
    return read(conversation, claims, quotations, dense, material.encoder, negotiation() if weighed else None)


def mismatches(voices: Voices, definitions: Sequence[Definition], terms: Matcher, model: Scorer) -> Iterator[Mismatch]:
    """Yield what is found in one conversation: at most one mismatch for each exchange."""
    conversation = voices.conversation
    heading = Heading(conversation.id, conversation.title, conversation.url, conversation.site)
    for exchange, sentences in assigned(voices).values():
        score = model.probability(described(voices, exchange, sentences))
        if score < LEAST:
            continue
        for weighed in _plainest(voices, sentences, terms)[:_TRIED]:
            asked = weighed.sentence.utterance_id == exchange.earlier.id
            other = exchange.later if asked else exchange.earlier
            term = at_issue(voices, weighed.sentence, other, definitions, terms)
            if term is not None:
                yield mismatch(voices, exchange, weighed, term, score, definitions, heading)
                break


def _plainest(voices: Voices, sentences: Sequence[Weighed], terms: Matcher) -> list[Weighed]:
    """Put first what is likeliest about a word's meaning, and of that what says which word."""

    def rank(one: Weighed) -> tuple[float, int]:
        return -one.log_odds - _PLAIN * points_at(voices, one.sentence, terms), one.sentence.start

    return sorted(sentences, key=rank)


def _finding(one: Mismatch) -> Finding:
    keys = (("term", term_key(one.term)), ("conversation", one.conversation.id))
    return Finding(one.id, mismatch_json(one), keys)
