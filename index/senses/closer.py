"""A closer look at one use and one definition: what changes where the gloss, or what it is a kind of, takes its place.

Cosines between layers of the encoder as it is, weighed by a logistic regression. Costs four readings a pair, or six
where hypernyms are known.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from index.senses.sense_encoder import Gloss, Use

# Reads marked texts: gives, for each, the states of its term and of the text around it, (texts, layers + 1, size) both.
Reader = Callable[[Sequence[str], Sequence[tuple[int, int]]], "tuple[np.ndarray, np.ndarray]"]
HYPERNYMS = 3  # as many are read


class Closer:
    """Logistic regressions over `features` and the log odds by vectors.

    `learned` has "closer" for definitions without hypernyms and "closer_kinds" for those with: a weight for each
    feature, one for the log odds, and the bias.
    """

    def __init__(self, learned: "Mapping[str, np.ndarray]") -> None:
        self._plain, self._kinds = learned["closer"], learned["closer_kinds"]

    def odds(
        self, read: Reader, uses: "Sequence[Use]", definitions: "Sequence[Gloss]", by_vectors: "np.ndarray"
    ) -> "np.ndarray":
        """Give log odds that each use has the sense of its definition, shape (pairs,)."""
        import numpy as np

        odds = np.zeros(len(uses), dtype=np.float32)
        for kinds, weights in ((False, self._plain), (True, self._kinds)):
            members = [at for at, one in enumerate(definitions) if bool(one.hypernyms) == kinds]
            if members:
                found = features(read, [uses[at] for at in members], [definitions[at] for at in members], kinds=kinds)
                odds[members] = found @ weights[:-2] + by_vectors[members] * weights[-2] + weights[-1]
        return odds


def features(read: Reader, uses: "Sequence[Use]", definitions: "Sequence[Gloss]", *, kinds: bool) -> "np.ndarray":
    """Give the cosines of each pair, shape (pairs, 31), or (pairs, 56) where hypernyms are read too."""
    import numpy as np

    glosses = [one.gloss for one in definitions]
    named = [f"{one.term}: {one.gloss}" for one in definitions]
    term, text = read([use.text for use in uses], [use.place for use in uses])
    defined, whole = read(named, [(0, len(one.term)) for one in definitions])
    _, gloss = read(glosses, [(0, len(one)) for one in glosses])
    put, around_put = read(*_replaced(uses, glosses))
    found = [
        _cosines(term, defined),
        _cosines(term, whole),
        _cosines(term, gloss),
        _cosines(text, gloss)[:, -1:],
        _cosines(text, whole)[:, -1:],
        _cosines(term, put),
        _cosines(text, around_put)[:, -1:],
    ]
    if kinds:
        hypernyms = [", ".join(one.hypernyms[:HYPERNYMS]) for one in definitions]
        _, kind = read(hypernyms, [(0, len(one)) for one in hypernyms])
        put, around_put = read(*_replaced(uses, [one.hypernyms[0] for one in definitions]))
        found += [
            _cosines(term, kind),
            _cosines(term, put),
            _cosines(text, around_put)[:, -1:],
            _cosines(whole, kind)[:, -1:],
            _cosines(put, defined),
            _cosines(around_put, whole)[:, -1:],
            _cosines(around_put, gloss)[:, -1:],
        ]
    return np.hstack(found)


def _replaced(uses: "Sequence[Use]", words: Sequence[str]) -> tuple[list[str], list[tuple[int, int]]]:
    """Put other words in the place of the term."""
    texts, places = [], []
    for use, word in zip(uses, words, strict=True):
        start = max(0, use.place[0])
        before = use.text[:start]
        texts.append(before + word + use.text[max(start, use.place[1]) :])
        places.append((len(before), len(before) + len(word)))
    return texts, places


def _cosines(a: "np.ndarray", b: "np.ndarray") -> "np.ndarray":
    import numpy as np

    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
