"""Whether a stretch of a block says enough to be claimed."""

import re
from itertools import islice
from typing import TYPE_CHECKING

from ingest.blocks import Block
from ingest.claims.dependencies import SUBJECTS

if TYPE_CHECKING:
    from spacy.tokens import Token

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HANDS_OVER = re.compile(  # "On Tue, 3 May, Ann wrote:": it says whose words follow
    r"(?:(?:On|Am|Le|At)\b.{5,200}|[A-Z][\w.'’?-]*(?: [A-Z][\w.'’?-]*){0,3}(?:\s?[<(].{1,80}[>)])?)"
    r"\s(?:wrote|writes|said|says|schrieb|a écrit)\s*:[\s|>]*",
    re.DOTALL,
)
_LEAST_WORDS = 3
_NAMING = frozenset({"NOUN", "PROPN", "NUM", "X", "SYM", "PUNCT", "ADP"})
_NEGATIONS = frozenset({"no", "not", "none", "never", "neither", "nor"})
_SHORT = 5  # tokens, the full stop included
_STOPS = (".", "!", "…")
_PROBABLE = re.compile(r"\d ?%|\bper ?cent\b|(?<!\d)0?\.\d")
_GLOSSED = re.compile(r"\w[\"”’)*_]*(?::| [—–-]) \w+ \w+ \w")  # "Corrigibility: readiness to be changed"
_FORMULA = re.compile(r"[=<>≤≥≈∈⊢→]|\\(?:leq?|geq?|in|to|vdash|implies|approx|equiv|sim)\b")


def has_substance(block: Block, start: int, end: int) -> bool:
    """Tell whether there is something to claim: three words that say something of something, or two with a verb.

    "Sent." and "Judges." say little; "Risks of scaling" is a title, "Non-naive multiple updates." the head of a list.
    Without a verb a sentence needs a full stop, and some length or more than a name ("Not convinced by it."): a parser
    may have taken a verb for a noun.
    """
    words = sum(1 for _ in islice(_WORD.finditer(block.read, start, end), _LEAST_WORDS))
    if words < _LEAST_WORDS - 1 or _HANDS_OVER.fullmatch(block.text, start, end):
        return False
    span = block.doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return False
    if words < _LEAST_WORDS:
        return any(token.pos_ == "VERB" for token in span)
    if _FORMULA.search(block.text, start, end) or any(_is_predicating(token) for token in span):
        return True
    text = block.text[start:end].rstrip("\"”’')*_ ")
    if text.endswith("?") or _GLOSSED.search(text) or _PROBABLE.search(text):
        return True
    is_full = len(span) > _SHORT or span[0].lower_ in _NEGATIONS or span.root.pos_ not in _NAMING
    return text.endswith(_STOPS) and is_full


def _is_predicating(token: "Token") -> bool:
    """Tell whether a word shows that something is said of something, or asked for."""
    return (
        token.dep_ in SUBJECTS
        or token.tag_ == "MD"
        or (token.tag_ == "VB" and token.dep_ == "ROOT")
        or "Fin" in token.morph.get("VerbForm", [])
    )
