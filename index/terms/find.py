"""The analysis of terms, in one readable function: record → terms → places → vectors → senses → findings."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from corpus.term_key import term_key
from index.encoding.sentence_encoder import Encoder
from index.findings.context import Material
from index.findings.findings import Term, kept_term
from index.findings.findings_store import Finding
from index.senses import SenseEncoder
from index.senses.sense_encoder import CONTEXT_WEIGHTS, WEIGHTS
from index.terms.context_model import Contexts, learned
from index.terms.places import Place, places, sample
from index.terms.record_view import read
from index.terms.sense_induction import bar_of
from index.terms.sense_inventory import Looked, is_defining, meaning, plain, with_senses
from index.terms.stated_senses import defines, differs
from index.terms.usage_vectors import Senses, contexts, usages
from index.terms.vocabulary import Chosen, vocabulary

if TYPE_CHECKING:
    import numpy as np

MOST_TERMS = 3_000
MOST_USES = 30_000  # whose senses are compared; terms beyond, the least argued with, are listed without senses


def senses_and_weights() -> tuple[Senses, str]:
    """Give what tells senses apart, and a name for its weights."""
    weights = WEIGHTS.read_bytes() + CONTEXT_WEIGHTS.read_bytes()
    return SenseEncoder.load(), hashlib.sha256(weights).hexdigest()[:16]


def study(material: Material) -> dict[str, list[Finding]]:
    """Find terms and their senses. What was computed for the uses that are still there is not computed again."""
    senses, weights = senses_and_weights()
    reading = read(material.record)
    terms = vocabulary(reading)[:MOST_TERMS]
    standing = places(reading.said, terms)
    chosen_places: dict[str, list[Place]] = {}
    left = MOST_USES
    for chosen in terms:
        some = sample(standing[chosen.name], surely=partial(is_defining, chosen))
        if some and len(some) <= left:
            chosen_places[chosen.name] = some
            left -= len(some)

    def reading_uses(done: int, total: int) -> None:
        material.progress("uses", done, total)

    calls = contexts(chosen_places, standing, senses, weights, material.kept, reading_uses)
    model = of_base(calls)
    looked = {name: Looked.at(some, calls[name], model) for name, some in chosen_places.items()}
    bar = bar_of({name: its.split for name, its in looked.items()})
    glosses = _glosses(terms, material.encoder)
    disputed = [
        place for chosen in terms if differs(chosen.meant, glosses) for place in chosen_places.get(chosen.name, ())
    ]
    known = usages(disputed, senses, weights, material.kept)

    def fits(chosen: Chosen, some: Sequence[Place]) -> "np.ndarray":
        import numpy as np

        matrix = np.stack([known[place.key] for place in some]).astype(np.float32)
        return senses.match(matrix, senses.meanings([meaning(each) for each in chosen.meant]))

    found = []
    for number, chosen in enumerate(terms):
        here = standing[chosen.name]
        if chosen.name in looked:
            term = with_senses(chosen, here, looked[chosen.name], bar, glosses, fits)
        else:
            term = plain(chosen, here)
        if here:
            found.append(Finding(term_key(term.name), kept_term(term), tuple(_keys(term, chosen))))
        material.progress("terms", number + 1, len(terms))
    return {"term": found}


def of_base(calls: "Mapping[str, np.ndarray]") -> Contexts | None:
    """Learn from all uses in a base what contexts of one term have in common; None where there are too few."""
    import numpy as np

    if not calls:
        return None
    names = sorted(calls)
    return learned(np.concatenate([calls[name] for name in names]), [name for name in names for _ in calls[name]])


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
