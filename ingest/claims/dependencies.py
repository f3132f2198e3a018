"""What a dependency parse says of a word: its subject, whether it is finite (labels of Universal Dependencies)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

# Whatever stands in a subject's place, an expletive ("it seems") too.
SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "expl"})
_FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})


def has_subject(token: "Token") -> bool:
    """Tell whether a token has a subject of its own."""
    return any(child.dep_ in SUBJECTS for child in token.children)


def is_helper(token: "Token") -> bool:
    """Tell whether a token is an auxiliary or a copula of what it hangs on."""
    return token.dep_.startswith("aux") or token.dep_ == "cop"


def is_finite(token: "Token") -> bool:
    """Tell whether a token heads a finite clause: it is a finite verb, or has an auxiliary or a copula that is."""
    return token.tag_ in _FINITE or any(child.tag_ in _FINITE and is_helper(child) for child in token.children)
