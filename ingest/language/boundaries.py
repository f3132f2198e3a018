"""Where a sentence may and may not begin, decided from the tokens before the parser sees them.

The parser keeps to these marks (`Token.is_sent_start` is True or False, None leaves it the choice), so that its trees
fit its sentences. Only what holds whatever the words are stands here; everything else is learnt.
"""

import re
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from thinc.types import Ints2d

CLOSERS = frozenset(")]}”»,;:%…") | {"][", "!!", "??", "n't", "n’t", "'s", "’s"}
LEADERS = frozenset(
    ("e.g.", "i.e.", "eg.", "ie.", "cf.", "vs.", "v.", "viz.", "approx.", "resp.", "esp.", "incl.", "ca.")
) | {"Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Fig.", "fig.", "Eq.", "eq.", "Sec.", "sec.", "pp.", "w.r.t."}
SIGNS = frozenset("=+≤≥≈^|∈×")
OPENERS = SIGNS | {*"([{“‘$", "#", "##", "###", "####"}
TERMINALS = frozenset(".!?") | {"...", "…", "!!", "??", "?!", "!?"}
CLOSING_QUOTES = frozenset("\"”’'»")
OPENING = {"(": ")", "[": "]", "`": "`"}
LIST_MARK = re.compile(r"[-*•–·]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]")
MOST_TOKENS_IN_BRACKETS = 12
MARK_LENGTH = 4


def mark(doc: "Doc") -> "Doc":
    """Set where sentences must and must not begin; the rest stays open. Changes and returns `doc`."""
    import numpy as np

    verdicts = np.zeros((len(doc), 1), dtype="int64")
    for first, last in asides(doc):
        verdicts[first : last + 1] = -1
    for i in range(1, len(doc)):
        verdict = begins(doc, i)
        if verdict is not None:
            verdicts[i] = 1 if verdict else -1
    # `Token.is_sent_start = …` looks through the whole document each time.
    return doc.from_array(["SENT_START"], cast("Ints2d", verdicts.astype("uint64")))


def begins(doc: "Doc", i: int) -> bool | None:
    """Say whether a sentence must (True) or must not (False) begin at token `i` > 0, or either (None)."""
    token, before = doc[i], doc[i - 1]
    if token.is_space:
        return False
    if before.is_space:
        if before.text.count("\n") > 1:
            return True
        if "\n" in before.text:
            return True if i + 1 < len(doc) and LIST_MARK.match(doc[i : i + 2].text) else None
        if i == 1:
            return False
    text = token.text
    ended = before.text[-1] in ".!?…"
    if not before.whitespace_ and not before.is_space and not (ended and text[0].isalpha()):
        return False
    if text in CLOSERS and not (text == ":" and before.whitespace_):
        return False
    if before.text in LEADERS or before.text in OPENERS or is_list_mark(doc, i):
        return False
    if text.isalpha() and text[0].islower() and (is_small_word(before) or before.text in (")", "]")):
        return False
    if before.text == "*" and i > 1 and doc[i - 2].whitespace_:
        return False
    if text in SIGNS and not ended:
        return False
    if is_note_mark(doc, i):
        return False
    quote_closed = before.text in CLOSING_QUOTES and i > 1 and doc[i - 2].text in TERMINALS
    if quote_closed and text.isalpha() and text[0].islower() and not doc[i - 2].whitespace_:
        return False
    return None


def is_small_word(token: "Token") -> bool:
    """Whether a token is a word without capitals; nobody can tell a sentence that begins without any sign of it."""
    return token.text.isalpha() and token.text.islower()


def is_list_mark(doc: "Doc", i: int) -> bool:
    """Whether what stands before token `i` on its line is the mark of a list item, such as "2." or "(b)"."""
    first = i - 1
    while first > 0 and i - first < 3 and not doc[first - 1].is_space:
        first -= 1
    begins_line = first == 0 or "\n" in doc[first - 1].text
    return begins_line and LIST_MARK.fullmatch(doc[first:i].text) is not None


def is_note_mark(doc: "Doc", i: int) -> bool:
    """Whether token `i` belongs to a mark like [12] that stands directly behind what it annotates."""
    opening = i
    while opening > 0 and i - opening < 2 and doc[opening].text not in ("[", "]["):
        opening -= 1
    annotated = doc[opening - 1] if opening else None
    if annotated is None or doc[opening].text not in ("[", "][") or annotated.whitespace_ or annotated.is_space:
        return False
    number = doc[opening + 1].text if opening + 1 < len(doc) else ""
    closed = opening + 2 < len(doc) and doc[opening + 2].text in ("]", "][")
    return closed and number.isalnum() and len(number) <= MARK_LENGTH


def asides(doc: "Doc") -> list[tuple[int, int]]:
    """Give the insides (first, last) of short brackets in the middle of running words; no sentence begins in them."""
    found: list[tuple[int, int]] = []
    opened: dict[str, int] = {}
    for i, token in enumerate(doc):
        for opener, closer in OPENING.items():
            if token.text == closer and opener in opened:
                start = opened.pop(opener)
                if i - start <= MOST_TOKENS_IN_BRACKETS:
                    found.append((start + 1, i))
                break
            if token.text == opener:
                if i and not doc[i - 1].is_space and doc[i - 1].text not in TERMINALS:
                    opened[opener] = i
                break
        if token.is_space and "\n" in token.text:
            opened.clear()
    return found
