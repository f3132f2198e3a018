"""The analysis of terms, in one readable function: record → terms → places → vectors → senses → findings."""

# pyright: standard

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from corpus.term_key import make_term_key
from index.encoding.sentence_encoder import Encoder
from index.findings.bodies import write_body
from index.findings.context import AnalysisContext
from index.findings.findings import Term
from index.findings.findings_store import Finding
from index.senses import SenseEncoder
from index.senses.sense_encoder import CONTEXT_WEIGHTS, WEIGHTS
from index.terms.context_model import ContextModel, learn_context_model
from index.terms.occurrences import Occurrence, find_occurrences, sample_occurrences
from index.terms.record_view import read_record
from index.terms.sense_induction import estimate_null_threshold
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
    encoder, weights = load_sense_encoder()
    view = read_record(context.record)
    terms = choose_terms(view)[:MOST_TERMS]
    occurrences = find_occurrences(view.claims, terms)
    sampled = _sample_within_budget(terms, occurrences)
    report_uses = partial(context.progress, "uses")
    context_vectors = compute_context_vectors(
        sampled, occurrences, encoder, weights, context.findings_store, report_uses
    )
    model = learn_from_base(context_vectors)
    uses = {name: SampledUses.group(places, context_vectors[name], model) for name, places in sampled.items()}
    threshold = estimate_null_threshold({name: term_uses.split for name, term_uses in uses.items()})
    gloss_vectors = _encode_glosses(terms, context.encoder)
    disputed = [
        occurrence
        for term in terms
        if has_several_senses(term.definitions, gloss_vectors)
        for occurrence in sampled.get(term.name, ())
    ]
    use_vectors = compute_use_vectors(disputed, encoder, weights, context.findings_store)

    def measure_fits(term: VocabularyTerm, places: Sequence[Occurrence]) -> np.ndarray:
        matrix = np.stack([use_vectors[occurrence.key] for occurrence in places]).astype(np.float32)
        glosses = [make_sense_gloss(definition) for definition in term.definitions]
        return encoder.predict_match(matrix, encoder.encode_glosses(glosses))

    findings = []
    for number, term in enumerate(terms):
        if term.name in uses:
            listed = list_with_senses(
                term, occurrences[term.name], uses[term.name], threshold, gloss_vectors, measure_fits
            )
        else:
            listed = list_without_senses(term, occurrences[term.name])
        if occurrences[term.name]:
            findings.append(Finding(make_term_key(listed.name), write_body(listed), tuple(_make_keys(listed, term))))
        context.progress("terms", number + 1, len(terms))
    return {"term": findings}


def _sample_within_budget(
    terms: Sequence[VocabularyTerm], occurrences: Mapping[str, Sequence[Occurrence]]
) -> dict[str, list[Occurrence]]:
    """Return the occurrences that are looked at, by the name of the term: those of the first terms, while they last."""
    sampled: dict[str, list[Occurrence]] = {}
    left = MOST_USES
    for term in terms:
        places = sample_occurrences(occurrences[term.name], is_wanted=partial(is_defining, term))
        if places and len(places) <= left:
            sampled[term.name] = places
            left -= len(places)
    return sampled


def learn_from_base(context_vectors: Mapping[str, np.ndarray]) -> ContextModel | None:
    """Learn from all uses in a base what contexts of one term have in common; None where there are too few.

    `context_vectors` are those of the uses of each term, shape (uses, size), by its name.
    """
    if not context_vectors:
        return None
    names = sorted(context_vectors)
    vectors = np.concatenate([context_vectors[name] for name in names])
    return learn_context_model(vectors, [name for name in names for _ in context_vectors[name]])


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
    keys = dict.fromkeys((make_term_key(term.name), *vocabulary_term.keys, *map(make_term_key, term.aliases)))
    for key in keys:
        yield "name", key
    for key in keys:
        words = key.split()
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                yield "word", " ".join(words[start:end])
