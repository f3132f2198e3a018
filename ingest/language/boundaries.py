"""Where a sentence may and may not begin, decided from the tokens before the parser sees them.

The parser keeps to these marks (`Token.is_sent_start` is True or False, None leaves it the choice), so that its trees
fit its sentences. Only what holds whatever the words are stands here; everything else is learnt.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from thinc.types import Ints2d

CLOSERS = frozenset(")]}”»,;:%…") | {"][", "!!", "??", "n't", "n’t", "'s", "’s"}
LEADERS = frozenset(
    ("e.g.", "i.e.", "eg.", "ie.", "cf.", "vs.", "v.", "viz.", "approx.", "resp.", "esp.", "incl.", "ca.")
) | {"Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Fig.", "fig.", "Eq.", "eq.", "Sec.", "sec.", "pp.", "w.r.t."}
SIGNS = frozenset("=+≤≥≈^|∈×")
OPENERS = SIGNS | {*"([{“‘$", "#", "##", "###", "####"}
TERMINALS = frozenset(".!?") | {"...", "…", "!!", "??", "?!", "!?"}
CLOSING_QUOTES = frozenset("\"”’'»")
OPENING_QUOTES = frozenset('"“«')
SIGNING_OFF = frozenset(("regards", "sincerely", "cheers", "yours"))
OPENING = {"(": ")", "[": "]", "`": "`"}
CLOSING = {closer: opener for opener, closer in OPENING.items()}
LIST_MARK = re.compile(r"[-*•–·]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]")
MOST_TOKENS_IN_BRACKETS = 12
MARK_LENGTH = 4


@dataclass(frozen=True, slots=True)
class TokenTexts:
    """The tokens of a Doc as plain strings, and which are followed by a blank: asking spaCy for each costs more."""

    texts: tuple[str, ...]
    spaced: tuple[bool, ...]

    @classmethod
    def from_doc(cls, doc: "Doc") -> "TokenTexts":
        """Take the tokens of a Doc."""
        return cls(tuple([token.text for token in doc]), tuple([bool(token.whitespace_) for token in doc]))

    def join(self, first: int, last: int) -> str:
        """Return the text of tokens [first, last), without the blank behind them."""
        return "".join(
            text + " " * spaced for text, spaced in zip(self.texts[first:last], self.spaced[first:last], strict=True)
        ).removesuffix(" " * self.spaced[last - 1] if last > first else "")


def mark_boundaries(doc: "Doc") -> "Doc":
    """Set where sentences must and must not begin; the rest stays open. Changes and returns `doc`."""
    words = TokenTexts.from_doc(doc)
    verdicts = np.zeros((len(doc), 1), dtype="int64")
    for first, last in find_asides(words):
        verdicts[first : last + 1] = -1
    for i in range(1, len(doc)):
        verdict = is_sentence_start(words, i)
        if verdict is not None:
            verdicts[i] = 1 if verdict else -1
    # `Token.is_sent_start = …` looks through the whole document each time.
    return doc.from_array(["SENT_START"], cast("Ints2d", verdicts.astype("uint64")))


def is_sentence_start(words: TokenTexts, i: int) -> bool | None:
    """Say whether a sentence must (True) or must not (False) begin at token `i` > 0, or either (None)."""
    text, before, spaced = words.texts[i], words.texts[i - 1], words.spaced[i - 1]
    if text.isspace():
        return False
    if before.isspace():
        if before.count("\n") > 1:
            return True
        if "\n" in before:
            return True if i + 1 < len(words.texts) and LIST_MARK.match(words.join(i, i + 2)) else None
        if i == 1:
            return False
    ended = before[-1] in ".!?…"
    if not spaced and not before.isspace() and not (ended and text[0].isalpha()):
        return False
    if text in CLOSERS and not (text == ":" and spaced):
        return False
    if before in LEADERS or before in OPENERS or is_list_mark(words, i):
        return False
    if text.isalpha() and text[0].islower() and (is_small_word(before) or before in (")", "]")):
        return False
    if before == "*" and i > 1 and words.spaced[i - 2]:
        return False
    if text in SIGNS and not ended:
        return False
    if is_note_mark(words, i) or _goes_on_behind_note(words, i):
        return False
    quote_closed = before in CLOSING_QUOTES and i > 1 and words.texts[i - 2] in TERMINALS
    if quote_closed and text.isalpha() and text[0].islower() and not words.spaced[i - 2]:
        return False
    return _opens_quotation(words, i) or _signs(words, i) or None


def _opens_quotation(words: TokenTexts, i: int) -> bool:
    """Whether token `i` is a quotation mark that opens, by the blanks around it, behind the end of a sentence."""
    if words.texts[i] not in OPENING_QUOTES or words.spaced[i] or not words.spaced[i - 1] or i + 1 == len(words.texts):
        return False
    last = i - 1
    if last and (words.texts[last] in CLOSING_QUOTES or words.texts[last] == ")") and not words.spaced[last - 1]:
        last -= 1
    return words.texts[last] in TERMINALS and words.texts[i + 1][0].isalnum()


def _signs(words: TokenTexts, i: int) -> bool:
    """Whether token `i` is the name under a letter: "Best regards, Kim"."""
    if i < 2 or words.texts[i - 1] != "," or not words.texts[i][0].isupper():
        return False
    return words.texts[i - 2].lower() in SIGNING_OFF


def is_small_word(text: str) -> bool:
    """Whether a token is a word without capitals; nobody can tell a sentence that begins without any sign of it."""
    return text.isalpha() and text.islower()


def is_list_mark(words: TokenTexts, i: int) -> bool:
    """Whether what stands before token `i` on its line is the mark of a list item, such as "2." or "(b)"."""
    texts = words.texts
    first = i - 1
    while first > 0 and i - first < 3 and not texts[first - 1].isspace():
        first -= 1
    begins_line = first == 0 or "\n" in texts[first - 1]
    return begins_line and LIST_MARK.fullmatch(words.join(first, i)) is not None


def is_note_mark(words: TokenTexts, i: int) -> bool:
    """Whether token `i` belongs to a mark like [12] that stands directly behind what it annotates."""
    texts = words.texts
    opening = i
    while opening > 0 and i - opening < 2 and texts[opening] not in ("[", "]["):
        opening -= 1
    if not opening or texts[opening] not in ("[", "]["):
        return False
    if words.spaced[opening - 1] or texts[opening - 1].isspace():
        return False
    number = texts[opening + 1] if opening + 1 < len(texts) else ""
    closed = opening + 2 < len(texts) and texts[opening + 2] in ("]", "][")
    return closed and number.isalnum() and len(number) <= MARK_LENGTH


def _goes_on_behind_note(words: TokenTexts, i: int) -> bool:
    """Whether a mark like [12] stands before token `i` in the middle of a sentence: behind a word, not a full stop."""
    if i < 4 or words.texts[i - 1] != "]" or not is_note_mark(words, i - 2):
        return False
    opening = i - 3
    while opening > 2 and words.texts[opening] == "][":
        opening -= 2
    return words.texts[opening] == "[" and words.texts[opening - 1][-1].isalnum()


def find_asides(words: TokenTexts) -> list[tuple[int, int]]:
    """Return the insides (first, last) of short brackets in the middle of running words; no sentence begins in them."""
    spans: list[tuple[int, int]] = []
    opened: dict[str, int] = {}
    texts = words.texts
    for i, text in enumerate(texts):
        if text in CLOSING and CLOSING[text] in opened:
            start = opened.pop(CLOSING[text])
            if i - start <= MOST_TOKENS_IN_BRACKETS:
                spans.append((start + 1, i))
        elif text in OPENING:
            if i and not texts[i - 1].isspace() and texts[i - 1] not in TERMINALS:
                opened[text] = i
        elif opened and "\n" in text and text.isspace():
            opened.clear()
    return spans
