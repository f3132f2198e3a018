"""The search for mismatches: every conversation of the record, its exchanges weighed, the sure ones described."""

from collections.abc import Iterator, Mapping, Sequence

from corpus.errors import NotFound
from corpus.model import Attribution, Definition
from corpus.term_key import make_term_key
from index.findings.bodies import write_body
from index.findings.context import AnalysisContext
from index.findings.findings import COUNTED, LIKELY, Mismatch
from index.findings.findings_store import Finding
from index.mismatches.conversation_view import ConversationView, assign_sentences, build_view
from index.mismatches.description import describe_mismatch
from index.mismatches.exchange_scorer import MismatchModels, describe_exchange, is_worth_a_look, load_models
from index.mismatches.implicit import ImplicitMismatches
from index.mismatches.kind import classify_kind, describe_kind
from index.mismatches.sentence_scorer import load_sentence_scorer
from index.mismatches.term_choice import TermChooser, TermIndex

LEAST = 0.05  # probability below which an exchange is not listed at all
NOTICED_FROM = 0.2  # from here on somebody in the exchange is taken to have said that the word is at issue


def find_mismatches(context: AnalysisContext) -> Mapping[str, list[Finding]]:
    """Find the mismatches of the record, the surest first."""
    bodies = context.findings_store.find("term")
    term_index, implicit = TermIndex.from_bodies(bodies), ImplicitMismatches(bodies)
    mismatches_found: list[Mismatch] = []
    ids = list(context.record.list_conversations())
    for number, id_ in enumerate(ids):
        view = view_conversation(context, id_)
        if view is not None:
            explicit = list(
                find_in_conversation(view, context.record.list_definitions_of(id_), term_index, load_models())
            )
            noticed = {
                frozenset((mismatch.a.utterance_id, mismatch.b.utterance_id))
                for mismatch in explicit
                if mismatch.score >= NOTICED_FROM
            }
            unnoticed = {mismatch.id: mismatch for mismatch in implicit.find(view, noticed)}
            mismatches_found.extend(unnoticed.values())
            mismatches_found.extend(mismatch for mismatch in explicit if mismatch.id not in unnoticed)
        context.progress("exchanges", number + 1, len(ids))
    mismatches_found.sort(key=lambda mismatch: (-mismatch.score, mismatch.id))
    return {"mismatch": [_make_finding(mismatch) for mismatch in mismatches_found]}


def view_conversation(context: AnalysisContext, id_: str, *, scored: bool = True) -> ConversationView | None:
    """Read a conversation of the record; None where nobody answers, or where it has gone since.

    Its sentences are `scored` unless that is left to somebody else (the training).
    """
    try:
        conversation = context.record.get_conversation(id_)
    except NotFound:
        return None
    if len(conversation.utterances) < 2:
        return None
    claims = [claim for claim in context.record.list_claims_of(id_) if claim.attribution is not Attribution.QUOTED]
    dense = context.vectors.get_dense([claim.id for claim in claims])
    quotations = context.record.list_quotations_of(id_)
    return build_view(
        conversation,
        claims,
        quotations,
        context.record.get_sentences_of(id_),
        dense,
        context.encoder,
        load_sentence_scorer() if scored else None,
    )


def find_in_conversation(
    view: ConversationView, definitions: Sequence[Definition], term_index: TermIndex, models: MismatchModels
) -> Iterator[Mismatch]:
    """Yield what is found in one conversation: at most one mismatch for each exchange."""
    conversation = view.conversation
    heading = conversation.heading
    chooser = TermChooser(view, definitions, term_index)
    for exchange, sentences in assign_sentences(view).values():
        if not is_worth_a_look(sentences):
            continue
        ranked = chooser.rank_by_plainness(sentences)
        choice = chooser.choose_term(exchange, ranked, models.term)
        if choice is None:
            continue
        score = models.scorer.predict_probability([*describe_exchange(view, exchange, sentences), *choice.features])
        if score >= LEAST:
            kind = classify_kind(describe_kind(view, exchange, ranked), models.kind)
            name = term_index.find_name(choice.term)
            yield describe_mismatch(view, exchange, ranked[0], choice.term, name, score, kind, definitions, heading)


def _make_finding(mismatch: Mismatch) -> Finding:
    keys = [("term", make_term_key(mismatch.term)), ("conversation", mismatch.conversation.id)]
    return Finding(mismatch.id, write_body(mismatch), tuple([*keys, COUNTED] if mismatch.score >= LIKELY else keys))
