"""The search for mismatches: every conversation of the record, its exchanges weighed, the sure ones made cards."""

from collections.abc import Iterator, Mapping, Sequence

from corpus.errors import NotFound
from corpus.model import Attribution, Definition
from corpus.term_key import make_term_key
from index.findings.bodies import write_body
from index.findings.context import AnalysisContext
from index.findings.findings import COUNTED, Mismatch, MismatchCertainty
from index.findings.findings_store import Finding
from index.mismatches.card import CardTitle, make_mismatch, make_phrase_title, make_sentence_title
from index.mismatches.conversation_view import ConversationView, ScoredSentence, assign_sentences, build_view
from index.mismatches.exchange_scorer import MismatchModels, describe_exchange, is_worth_a_look, load_models
from index.mismatches.exchanges import Exchange, OwnSentence
from index.mismatches.folding import FoundMismatch, fold_mismatches, rank_mismatch
from index.mismatches.implicit import ImplicitMismatches
from index.mismatches.kind import classify_kind, describe_kind
from index.mismatches.sentence_scorer import load_sentence_scorer
from index.mismatches.side_passages import PassageChooser
from index.mismatches.signals import Signal
from index.mismatches.signs import Act
from index.mismatches.term_choice import TermChoice, TermChooser, TermIndex
from index.terms.boilerplate import is_boilerplate
from index.terms.word_frequency import get_share

LEAST = 0.05  # probability below which an exchange is not listed at all
_EVERYDAY = 2e-5  # share of a word in general English, from which alone it is too general to be the one at issue
_SIGN_WEIGHTS = {Act.SAYS: 1.0, Act.ASKS: 1.0, Act.HAD_READ: 1.5, Act.REJECTS: 1.0}
_GOVERNS, _GLOSSES = 3.0, 1.0  # what it is worth in a sign that it governs a phrase, and gives a gloss


def find_mismatches(context: AnalysisContext) -> Mapping[str, list[Finding]]:
    """Find the mismatches of the record, one for each dispute, the best first."""
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
            noticed = {known.pair for known in explicit if known.mismatch.certainty is MismatchCertainty.POSSIBLE}
            unnoticed = implicit.find(view, noticed)
            unfolded = [*explicit, *(FoundMismatch(mismatch, _pair(mismatch)) for mismatch in unnoticed)]
            mismatches_found.extend(fold_mismatches(unfolded))
        context.progress("exchanges", number + 1, len(ids))
    mismatches_found.sort(key=lambda mismatch: (rank_mismatch(mismatch), mismatch.id))
    return {"mismatch": [_make_finding(mismatch, term_index) for mismatch in mismatches_found]}


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
) -> Iterator[FoundMismatch]:
    """Yield what is found in one conversation: at most one mismatch for each exchange, not yet folded."""
    term_chooser, passages = TermChooser(view, definitions, term_index), PassageChooser(view, definitions)
    names = _list_names(view)
    for exchange, sentences in assign_sentences(view).values():
        if not is_worth_a_look(sentences):
            continue
        ranked = term_chooser.rank_by_plainness(sentences)
        choice = term_chooser.choose_term(exchange, ranked, models.term)
        if choice is None:
            continue
        score = models.scorer.predict_probability([*describe_exchange(view, exchange, sentences), *choice.features])
        if score < LEAST:
            continue
        anchor = _choose_anchor(passages, sentences) or (ranked[0].sentence, None)
        title = _choose_title(term_chooser, exchange, anchor, choice, names)
        if title is None:
            continue
        kind = classify_kind(describe_kind(view, exchange, ranked), models.kind)
        mismatch = make_mismatch(passages, exchange, anchor, title, score, kind, view.conversation.heading)
        if mismatch is not None:
            yield FoundMismatch(mismatch, frozenset((exchange.earlier.id, exchange.later.id)))


def _choose_anchor(
    passages: PassageChooser, sentences: Sequence[ScoredSentence]
) -> tuple[OwnSentence, Signal | None] | None:
    """Choose the sentence of an exchange with the plainest sign; None where none has one."""
    signs = [
        (
            scored.log_odds
            + _SIGN_WEIGHTS[signal.act]
            + _GOVERNS * (signal.phrase is not None)
            + _GLOSSES * (signal.gloss is not None),
            -scored.sentence.start,
            scored.sentence,
            signal,
        )
        for scored in sentences
        for signal in passages.find_signals(scored.sentence)
    ]
    best = max(signs, key=lambda sign: sign[:2], default=None)
    return (best[2], best[3]) if best else None


def _choose_title(
    term_chooser: TermChooser,
    exchange: Exchange,
    anchor: tuple[OwnSentence, Signal | None],
    choice: TermChoice,
    names: frozenset[str],
) -> CardTitle | None:
    """Choose what a card is about: what its sign governs, else the sentence; without a sign, a term that both use."""
    sentence, signal = anchor
    if signal is not None:
        return make_phrase_title(sentence, signal, names) or make_sentence_title(sentence, signal)
    view, key = term_chooser.view, make_term_key(choice.term)
    used_by_both = all(
        f" {key} " in view.get_word_key(utterance.id) for utterance in (exchange.earlier, exchange.later)
    )
    general = " " not in key and get_share(key) >= _EVERYDAY and not term_chooser.is_defined(key)
    if (
        not used_by_both
        or general
        or is_boilerplate(key)
        or key in names
        or key == make_term_key(view.conversation.title)
    ):
        return None
    return CardTitle(choice.term, choice.term)


def _list_names(view: ConversationView) -> frozenset[str]:
    """Return the names of those who speak in a conversation, whole and in parts, as keys."""
    names = {utterance.speaker.name for utterance in view.conversation.utterances if utterance.speaker}
    return frozenset(make_term_key(part) for name in names for part in (name, *name.split()))


def _pair(mismatch: Mismatch) -> frozenset[str]:
    return frozenset((mismatch.a.utterance_id, mismatch.b.utterance_id))


def _make_finding(mismatch: Mismatch, term_index: TermIndex) -> Finding:
    keys = [("conversation", mismatch.conversation.id)]
    for term in mismatch.terms:
        its_keys = dict.fromkeys((make_term_key(term), make_term_key(term_index.find_name(term))))
        keys += [("term", key) for key in its_keys]
    if mismatch.certainty is MismatchCertainty.POSSIBLE:
        keys.append(COUNTED)
    return Finding(mismatch.id, write_body(mismatch), tuple(keys))
