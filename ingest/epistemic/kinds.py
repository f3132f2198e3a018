"""What kind of thing a claim says, and what says nothing that anybody could agree with or deny.

Where several kinds fit, the first of this order wins, because it changes most what one may do with the sentence:

1. no claim        greetings, thanks, applause, bare links, headings, meta lines ("Edit:", "TL;DR", "+1")
2. question        by its form, rhetorical ones too; also "I wonder whether …"
3. definition      says what a term means: "by X I mean", "X is defined as", "a wug is an animal that …"
4. metalinguistic  about words and their use, without saying what one means
5. conditional     if, unless, assuming, suppose: never to be read as asserting its parts, so before what those contain
6. recommendation  should, ought, must (of acts), let's, imperatives, "I recommend"
7. prediction      about the world to come: will, going to, by 2030, "I expect"
8. experience      what happened to the author, what they did, felt or noticed
9. assertion       everything else

What stands in quotation marks counts for nothing, nor does a "should" or "will" inside a relative clause, an indirect
question or somebody else's view. A narrative ("I realized that I should go") is an experience although it advises.
"""

import re
from typing import TYPE_CHECKING

from corpus.model import ClaimKind
from ingest.epistemic import kind_cues as words
from ingest.epistemic.scope import is_main, root_of, tokens_at, without_quotations

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_CLOSING = "\"'”’)]*_ \t\n"
_LONGEST_NOTHING = 400


def kind_of(claim: str, sentence: str = "", parse: "Doc | Span | None" = None) -> ClaimKind | None:
    """Say what kind of thing a claim says; None where nothing is claimed. `sentence` is the one it was cut from.

    `parse`, a spaCy parse of exactly `claim` with Universal Dependencies, settles imperatives and which clause a
    "should" or "will" stands in. The order of precedence stands at the head of this module.
    Example: kind_of("Whales should be left alone.") -> ClaimKind.RECOMMENDATION
    """
    if says_nothing(claim):
        return None
    if _asks(claim, sentence or claim):
        return ClaimKind.QUESTION
    text = without_quotations(claim)
    opening = words.OPENING.match(text)
    begins = opening.end() if opening else 0
    if words.DEFINES.search(text) or words.GENUS.match(text, begins):
        return ClaimKind.DEFINITION
    if words.SPEAKS_OF_WORDS.search(text):
        return ClaimKind.METALINGUISTIC
    if _conditional(text, begins, parse):
        return ClaimKind.CONDITIONAL
    lived = words.LIVED.search(text)
    advice = _main(words.ADVISES, text, parse)
    if advice is not None and not (lived and lived.start() < advice):
        return ClaimKind.RECOMMENDATION
    if _orders(text, begins, parse):
        return ClaimKind.RECOMMENDATION
    if _main(words.FORETELLS, text, parse) is not None:
        return ClaimKind.PREDICTION
    return ClaimKind.EXPERIENCE if lived else ClaimKind.ASSERTION


def says_nothing(text: str) -> bool:
    """Tell whether a stretch is no claim at all: a greeting, thanks, a bare link, a meta line, a heading.

    Example: says_nothing("Thanks for writing this!") -> True
    """
    lowered = text.lower()
    linked = any(sign in lowered for sign in words.LINK_SIGNS)
    bare = (words.LINK.sub(" ", text) if linked else text).strip()
    if not words.WORD.search(bare):
        return True
    if len(bare) > _LONGEST_NOTHING:
        return False
    bare = bare.strip(" *_>#-–—•\t")
    return (
        words.NOTHING.fullmatch(bare) is not None or re.fullmatch(r"[a-z\d]+(?:[-_]+[a-z\d]+)+[-_]*", bare) is not None
    )


def _asks(claim: str, sentence: str) -> bool:
    closed = claim.rstrip(_CLOSING)
    if closed.endswith("?"):
        return True
    place = sentence.find(claim)
    rest = sentence[place + len(claim) :] if place >= 0 else ""
    if "?" in rest and not words.WORD.search(rest):
        return True
    opening = words.OPENING.match(claim)
    return words.ASKS.match(claim, opening.end() if opening else 0) is not None


def _conditional(text: str, begins: int, parse: "Doc | Span | None") -> bool:
    first = words.CONDITION_FIRST.search(text[begins:]) or words.CONDITION_FIRST.search(text)
    if first is not None:
        return True
    late = words.CONDITION_LATE.search(text)
    return late is not None and is_main(text, late.start(), late.start())


def _main(pattern: re.Pattern[str], text: str, parse: "Doc | Span | None") -> int | None:
    """Give the place of the first match that belongs to the main line of the text."""
    for match in pattern.finditer(text):
        if is_main(text, match.start(), match.end(), parse):
            return match.start()
    return None


def _orders(text: str, begins: int, parse: "Doc | Span | None") -> bool:
    """Tell whether the clause begins with a bare verb."""
    if parse is None or not len(parse):
        return words.ORDERS.match(text, begins) is not None
    root = root_of(parse)
    if root is None or root.tag_ != "VB" or root.lower_ in _NO_ORDERS:
        return False
    leads = tokens_at(parse, begins, len(text))
    return _bare(root) and bool(leads) and root.i - leads[0].i <= 3


_NO_ORDERS = frozenset("note suppose imagine consider recall assume say thank let".split())


def _bare(verb: "Token") -> bool:
    """Tell whether a verb has neither subject nor auxiliary (but for "don't") nor mark."""
    return not any(
        child.dep_.startswith(("nsubj", "expl", "mark")) or (child.dep_.startswith("aux") and child.lemma_ != "do")
        for child in verb.children
    )
