"""Whether a claim says something by itself: read alone, with its author's name and the thread's title beside it.

Boosted trees over what the parse tells (subject, predicate, tense, clauses), the share of each kind of word, and how
the claim opens and ends. How they were learned and how good they are: WORTH.md beside this file.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from corpus.boosted_trees import Tree, score, tree_from_json
from corpus.logistic import logistic
from ingest.claims.claim_features import describe_claim
from ingest.claims.draft import ClaimContext, ClaimDraft, ClaimFields

if TYPE_CHECKING:
    from spacy.tokens import Span

WEIGHTS = Path(__file__).with_name("worth.json")
SHOWN_AT = 0.295  # by folds, .95 of what readers call claims are at or above it (WORTH.md)
_AUTHOR = frozenset({"i", "we"})
_OPINION = frozenset("think believe guess suspect expect predict bet feel hope suppose conclude argue claim".split())


@cache
def _read_trees() -> tuple[Tree, ...]:
    return tuple(tree_from_json(tree) for tree in orjson.loads(WEIGHTS.read_bytes()))


def estimate_worth(span: "Span", text: str) -> float:
    """Return the probability that a claim says something by itself: it, or what its author says to think."""
    worth = logistic(score(_read_trees(), describe_claim(span, text)))
    thought = _find_thought(span)
    if thought is None:
        return worth
    return max(worth, logistic(score(_read_trees(), describe_claim(thought, thought.text))))


def _find_thought(span: "Span") -> "Span | None":
    """Return what follows "I think that", "we expect", in a claim that is no more than that."""
    root = span.root
    subject = next((child.lower_ for child in root.children if child.dep_ == "nsubj"), "")
    content = next((child for child in root.children if child.dep_ == "ccomp" and child.i > root.i), None)
    if content is None or subject not in _AUTHOR or root.lemma_.lower() not in _OPINION:
        return None
    words = [token for token in content.subtree if token.dep_ != "mark" or token.head.i != content.i]
    start, end = words[0].i, words[-1].i + 1
    return span.doc[start:end] if span.start <= start < end <= span.end else None


def annotate_worth(draft: ClaimDraft, context: ClaimContext) -> ClaimFields:
    """Say whether a claim is shown where it stands alone. A stated probability always is: it is its author's view."""
    if (draft.start, draft.end) in context.credences:
        return {"shown": True}
    span = draft.block.doc.char_span(draft.start, draft.end, alignment_mode="expand")
    return {"shown": span is None or estimate_worth(span, draft.text) >= SHOWN_AT}
