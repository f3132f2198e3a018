"""The analysis of terms, in one readable function: record → terms → places → vectors → senses → findings."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from corpus.term_key import term_key
from index.encoding.sentence_encoder import Encoder
from index.findings.context import AnalysisContext
from index.findings.findings import Term, kept_term
from index.findings.findings_store import Finding
from index.senses import SenseEncoder
from index.senses.sense_encoder import CONTEXT_WEIGHTS, WEIGHTS
from index.terms.context_model import ContextModel, learn_context_model
from index.terms.occurrences import Occurrence, find_occurrences, sample_occurrences
from index.terms.record_view import read_record
from index.terms.sense_induction import null_threshold
from index.terms.sense_inventory import (
    SampledUses,
    is_defining,
    list_with_senses,
    list_without_senses,
    make_sense_gloss,
)
from index.terms.stated_senses import has_several_senses, is_comparable
from index.terms.usage_vectors import UseEncoder, compute_context_vectors, compute_use_vectors
from index.terms.vocabulary import VocabularyTerm, choose_terms

MOST_TERMS = 3_000
MOST_USES = 30_000  # whose senses are compared; terms beyond, the least argued with, are listed without senses


def load_sense_encoder() -> tuple[UseEncoder, str]:
    """Return what tells senses apart, and a name for its weights."""
    weights = WEIGHTS.read_bytes() + CONTEXT_WEIGHTS.read_bytes()
    return SenseEncoder.load(), hashlib.sha256(weights).hexdigest()[:16]


def find_terms(context: AnalysisContext) -> dict[str, list[Finding]]:
    """Find terms and their senses. What was computed for the uses that are still there is not computed again."""
    senses, weights = load_sense_encoder()
    view = read_record(context.record)
    terms = choose_terms(view)[:MOST_TERMS]
    standing = find_occurrences(view.claims, terms)
    sampled_occurrences: dict[str, list[Occurrence]] = {}
    left = MOST_USES
    for chosen in terms:
        sampled = sample_occurrences(standing[chosen.name], is_wanted=partial(is_defining, chosen))
        if sampled and len(sampled) <= left:
            sampled_occurrences[chosen.name] = sampled
            left -= len(sampled)

    def report_uses(done: int, total: int) -> None:
        context.progress("uses", done, total)

    context_vectors = compute_context_vectors(
        sampled_occurrences, standing, senses, weights, context.findings_store, report_uses
    )
    model = learn_from_base(context_vectors)
    sampled_uses = {
        name: SampledUses.group(sampled, context_vectors[name], model) for name, sampled in sampled_occurrences.items()
    }
    threshold = null_threshold({name: its.split for name, its in sampled_uses.items()})
    gloss_vectors = _encode_glosses(terms, context.encoder)
    disputed = [
        occurrence
        for chosen in terms
        if has_several_senses(chosen.definitions, gloss_vectors)
        for occurrence in sampled_occurrences.get(chosen.name, ())
    ]
    use_vectors = compute_use_vectors(disputed, senses, weights, context.findings_store)

    def measure_fits(term: VocabularyTerm, occurrences: Sequence[Occurrence]) -> np.ndarray:
        matrix = np.stack([use_vectors[occurrence.key] for occurrence in occurrences]).astype(np.float32)
        return senses.predict_match(
            matrix, senses.encode_glosses([make_sense_gloss(definition) for definition in term.definitions])
        )

    findings = []
    for number, chosen in enumerate(terms):
        all_occurrences = standing[chosen.name]
        if chosen.name in sampled_uses:
            listed_term = list_with_senses(
                chosen, all_occurrences, sampled_uses[chosen.name], threshold, gloss_vectors, measure_fits
            )
        else:
            listed_term = list_without_senses(chosen, all_occurrences)
        if all_occurrences:
            findings.append(
                Finding(term_key(listed_term.name), kept_term(listed_term), tuple(_make_keys(listed_term, chosen)))
            )
        context.progress("terms", number + 1, len(terms))
    return {"term": findings}


def learn_from_base(context_vectors: Mapping[str, np.ndarray]) -> ContextModel | None:
    """Learn from all uses in a base what contexts of one term have in common; None where there are too few."""
    if not context_vectors:
        return None
    names = sorted(context_vectors)
    return learn_context_model(
        np.concatenate([context_vectors[name] for name in names]),
        [name for name in names for _ in context_vectors[name]],
    )


def _encode_glosses(terms: Sequence[VocabularyTerm], encoder: Encoder) -> dict[str, np.ndarray]:
    """Encode the glosses of the terms that two people define."""
    texts = {
        definition.definition.gloss
        for term in terms
        if len({definition.voice for definition in term.definitions if is_comparable(definition.definition)}) > 1
        for definition in term.definitions
        if is_comparable(definition.definition)
    }
    ordered = sorted(texts)
    return dict(zip(ordered, encoder.encode(ordered), strict=True))


def _make_keys(term: Term, vocabulary_term: VocabularyTerm) -> Iterator[tuple[str, str]]:
    """Name a term by each of its forms, and by every word and part of its names."""
    keys = dict.fromkeys((term_key(term.name), *vocabulary_term.keys, *map(term_key, term.aliases)))
    for key in keys:
        yield "name", key
    for key in keys:
        words = key.split()
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                yield "word", " ".join(words[start:end])
