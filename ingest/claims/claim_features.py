"""What the parse and the writing tell of a claim: the features by which learned models judge it."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.english import FUNCTION_WORDS
from ingest.claims.dependencies import SUBJECTS

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

Features = dict[str, float]

_SUBORDINATE = frozenset({"advcl", "ccomp", "acl:relcl", "acl", "xcomp"})
_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "ADV"})
_COUNTED = ("NOUN", "PROPN", "VERB", "ADJ", "PRON", "DET", "ADV", "NUM", "X", "SYM", "INTJ", "AUX")
_FIRST_PERSON = frozenset({"i", "me", "my", "we", "us", "our", "let"})
_SECOND_PERSON = frozenset({"you", "your"})
_POINTING = frozenset("this that it these those they them he she such so".split())
_DETERMINING = frozenset({"det", "nmod:poss", "nummod"})
_DEFINITE = frozenset("the this that these those my your our his her its their".split())
_LONG_WORD = 7  # letters
_PLAIN = frozenset(",.;:'\"’“”?!-()")
_CLOSING = "\"”’')*_ "
_LENGTHS = (6, 10, 26)


def describe_claim(span: "Span", text: str) -> Features:
    """Return the features of a claim: `text` is its words, `span` their parse."""
    words = [token for token in span if not (token.is_space or token.is_punct)]
    features = _describe_words(words) | _describe_writing(text) | _describe_predicate(span)
    count = max(1, len(words))
    features["clauses"] = sum(token.dep_ in _SUBORDINATE for token in span) / count
    return features


def _describe_words(words: "Sequence[Token]") -> Features:
    count = max(1, len(words))
    lower = [word.lower_ for word in words]
    kinds = [word.pos_ for word in words]
    content = [word for word in words if word.pos_ in _CONTENT and word.lemma_.lower() not in FUNCTION_WORDS]
    return {
        "words": math.log(count),
        **{f"below {length}": float(count < length) for length in _LENGTHS},
        **{f"share {kind}": kinds.count(kind) / count for kind in _COUNTED},
        "content": math.log1p(len(content)),
        "nouns": math.log1p(kinds.count("NOUN")),
        "long": math.log1p(sum(len(word) >= _LONG_WORD for word in words)),
        "letters": sum(len(word) for word in words) / count,
        "capitals": sum(word.text[:1].isupper() for word in words) / count,
        "i": sum(word in _FIRST_PERSON for word in lower) / count,
        "you": sum(word in _SECOND_PERSON for word in lower) / count,
        "pointing": sum(word in _POINTING and kind in ("PRON", "DET") for word, kind in zip(lower, kinds, strict=True))
        / count,
        f"opens {lower[0] if lower else ''}": 1.0,
        **_describe_nouns(words),
    }


def _describe_nouns(words: "Sequence[Token]") -> Features:
    """Return how much is told of things in general, and of things that only the context singles out."""
    nouns = [word for word in words if word.pos_ in ("NOUN", "PROPN")]
    determiners = [{child.lower_ for child in noun.children if child.dep_ in _DETERMINING} for noun in nouns]
    definite = sum(bool(determiner & _DEFINITE) for determiner in determiners)
    return {
        "definite": definite / max(1, len(nouns)),
        "general": sum(not determiner for determiner in determiners) / max(1, len(words)),
        "self-contained": float(bool(nouns) and not definite and not any(word.pos_ == "PRON" for word in words)),
    }


def _describe_writing(text: str) -> Features:
    size = max(1, len(text))
    bare = text.rstrip(_CLOSING)
    return {
        "signs": sum(not (letter.isalnum() or letter.isspace() or letter in _PLAIN) for letter in text) / size,
        "digits": sum(letter.isdigit() for letter in text) / size,
        "asks": float(bare.endswith("?")),
        "stops": float(bare.endswith(".")),
        "calls": float(bare.endswith("!")),
        "announces": float(bare.endswith(":")),
        "trails off": float(bare.endswith(("...", "…"))),
        "lower": float(text[:1].islower()),
        "quotes": float('"' in text or "“" in text),
    }


def _describe_predicate(span: "Span") -> Features:
    forms = [(token.morph.get("VerbForm", []), token.morph.get("Tense", [])) for token in span]
    finite = [tense for form, tense in forms if "Fin" in form]
    modal = any(token.tag_ == "MD" for token in span)
    root = span.root
    features = {
        "modal": float(modal),
        "past": float(any("Past" in tense for tense in finite)),
        "present": float(any("Pres" in tense for tense in finite)),
        "no verb": float(not finite and not modal),
        "roots": float(sum(_is_root(token, span) for token in span)),
        f"root {root.pos_}": 1.0,
        f"root {root.tag_}": 1.0,
        f"root {root.lemma_.lower()}": 1.0,
    }
    below = [token for token in root.children if span.start <= token.i < span.end]
    features |= {f"below {token.dep_}": 1.0 for token in below}
    subject = next((token for token in below if token.dep_ in SUBJECTS), None)
    if subject is not None:
        features |= {"subject": 1.0, f"subject {subject.pos_}": 1.0}
        determiner = next((child.lower_ for child in subject.children if child.dep_ in _DETERMINING), "nothing")
        features[f"subject after {determiner}"] = 1.0
        if subject.pos_ in ("PRON", "DET"):
            features[f"subject {subject.lower_}"] = 1.0
    return features


def _is_root(token: "Token", span: "Span") -> bool:
    return token.head.i == token.i or not span.start <= token.head.i < span.end
