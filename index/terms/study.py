"""The analysis of terms, in one readable function: record → terms → places → vectors → senses → findings."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from corpus.words import term_key
from index.analyses import Finding
from index.analysis import Material
from index.encoder import Encoder
from index.findings import Term, kept_term
from index.senses import SenseEncoder
from index.senses.sense_encoder import WEIGHTS
from index.terms.inventory import plain, with_senses
from index.terms.reading import read
from index.terms.stated import defines
from index.terms.usages import places, sample
from index.terms.vectors import Senses, vectors
from index.terms.vocabulary import Chosen, vocabulary

if TYPE_CHECKING:
    import numpy as np

MOST_TERMS = 3_000
MOST_USES = 30_000  # whose senses are compared; terms beyond, the least argued with, are listed without senses


def senses_and_weights() -> tuple[Senses, str]:
    """Give what tells senses apart, and a name for its weights."""
    return SenseEncoder.load(), hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:16]


def study(material: Material) -> dict[str, list[Finding]]:
    """Find terms and their senses. What was computed for the uses that are still there is not computed again."""
    senses, weights = senses_and_weights()
    reading = read(material.record)
    terms = vocabulary(reading)[:MOST_TERMS]
    standing = places(reading.said, terms)
    looked_at = {}
    left = MOST_USES
    for chosen in terms:
        some = sample(standing[chosen.name])
        if len(some) <= left:
            looked_at[chosen.name] = some
            left -= len(some)
    wanted = [place for some in looked_at.values() for place in some]
    known = vectors(wanted, senses, weights, material.kept, lambda done, total: material.progress("uses", done, total))
    glosses = _glosses(terms, material.encoder)
    found = []
    for number, chosen in enumerate(terms):
        here = standing[chosen.name]
        if chosen.name in looked_at:
            term = with_senses(chosen, here, known, glosses, senses)
        else:
            term = plain(chosen, here)
        if here:
            found.append(Finding(term_key(term.name), kept_term(term), tuple(_keys(term, chosen))))
        material.progress("terms", number + 1, len(terms))
    return {"term": found}


def _glosses(terms: Sequence[Chosen], encoder: Encoder) -> "dict[str, np.ndarray]":
    """Encode the glosses of the terms that two people define."""
    texts = {
        each.definition.gloss
        for chosen in terms
        if len({each.voice for each in chosen.meant if defines(each.definition)}) > 1
        for each in chosen.meant
        if defines(each.definition)
    }
    ordered = sorted(texts)
    return dict(zip(ordered, encoder.encode(ordered), strict=True))


def _keys(term: Term, chosen: Chosen) -> Iterator[tuple[str, str]]:
    """Name a term by each of its forms, and by every word and part of its names."""
    keys = dict.fromkeys((term_key(term.name), *chosen.keys, *map(term_key, term.aliases)))
    for key in keys:
        yield "name", key
    for key in keys:
        words = key.split()
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                yield "word", " ".join(words[start:end])
