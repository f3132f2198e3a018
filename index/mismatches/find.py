"""The search for mismatches: every conversation of the record, its exchanges weighed, the sure ones described."""

from collections.abc import Iterator, Mapping, Sequence

from corpus.errors import NotFound
from corpus.model import Attribution, Definition
from corpus.term_key import term_key
from index.findings.context import Material
from index.findings.findings import COUNTED, LIKELY, Mismatch, mismatch_json
from index.findings.findings_store import Finding
from index.mismatches.conversation_view import Voices, assigned, read
from index.mismatches.description import mismatch
from index.mismatches.exchange_scorer import Models, described, is_worth_a_look, shipped
from index.mismatches.implicit import Divided
from index.mismatches.kind import described_kind, kind_of
from index.mismatches.sentence_scorer import negotiation
from index.mismatches.term_choice import Lexicon, Naming

LEAST = 0.05  # probability below which an exchange is not listed at all
SAID = 0.2  # from here on somebody in the exchange is taken to have said that the word is at issue


def study(material: Material) -> Mapping[str, list[Finding]]:
    """Find the mismatches of the record, the surest first."""
    bodies = material.kept.find("term")
    lexicon, divided = Lexicon.of(bodies), Divided(bodies)
    found: list[Mismatch] = []
    ids = list(material.record.conversations())
    for number, id_ in enumerate(ids):
        read_out = conversation_of(material, id_)
        if read_out is not None:
            told = list(mismatches(read_out, material.record.definitions_of(id_), lexicon, shipped()))
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


def mismatches(
    voices: Voices, definitions: Sequence[Definition], lexicon: Lexicon, models: Models
) -> Iterator[Mismatch]:
    """Yield what is found in one conversation: at most one mismatch for each exchange."""
    conversation = voices.conversation
    heading = conversation.heading
    naming = Naming(voices, definitions, lexicon)
    for exchange, sentences in assigned(voices).values():
        if not is_worth_a_look(sentences):
            continue
        ranked = naming.plainest(sentences)
        chosen = naming.chosen(exchange, ranked, models.term)
        if chosen is None:
            continue
        score = models.scorer.probability([*described(voices, exchange, sentences), *chosen.features])
        if score >= LEAST:
            kind = kind_of(described_kind(voices, exchange, ranked), models.kind)
            name = lexicon.name(chosen.term)
            yield mismatch(voices, exchange, ranked[0], chosen.term, name, score, kind, definitions, heading)


def _finding(one: Mismatch) -> Finding:
    keys = [("term", term_key(one.term)), ("conversation", one.conversation.id)]
    return Finding(one.id, mismatch_json(one), tuple([*keys, COUNTED] if one.score >= LIKELY else keys))
