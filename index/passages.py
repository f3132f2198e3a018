"""A claim where it stands: the words around it, and an address that opens at it."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter
from urllib.parse import quote, urlsplit

CONTEXT_CHARS = 200
Spans = Sequence[tuple[int, int]]
"""(start, end) of each sentence of a text, in order, as the record keeps them."""
_SPACE = re.compile(r"\s")
_LONG = 80  # characters; a longer claim is named by its first and last words
_ENDS = 5  # words


def extract_before(text: str, start: int, sentences: Spans) -> str:
    """Return the sentence before `start`, or the last words of it that fit, cut between words.

    >>> extract_before("It is late. We wait. Go.", 21, [(0, 11), (12, 20), (21, 24)])
    'We wait.'
    """
    end = len(text[:start].rstrip())
    return text[_find_begin(text, end, sentences, start - CONTEXT_CHARS) : end].strip()


def extract_after(text: str, end: int, sentences: Spans) -> str:
    """Return the sentence after `end`, or the first words of it that fit, cut between words.

    >>> extract_after("Go. We wait. It is late.", 3, [(0, 3), (4, 12), (13, 24)])
    'We wait.'
    """
    start = len(text) - len(text[end:].lstrip())
    stop = _find_stop(text, start, sentences, end + CONTEXT_CHARS)
    if not any(map(str.isalnum, text[start:stop])):  # the full stop of the claim itself
        following = len(text) - len(text[stop:].lstrip())
        stop = _find_stop(text, following, sentences, end + CONTEXT_CHARS)
    return text[start:stop].strip()


def find_sentence(text: str, start: int, end: int, sentences: Spans) -> tuple[int, int]:
    """Return (start, end) of the sentence in which `text[start:end]` stands, or of as much of it as is near enough.

    >>> find_sentence("Go. We wait. It is late.", 7, 11, [(0, 3), (4, 12), (13, 24)])
    (4, 12)
    """
    begin = _find_begin(text, start, sentences, start - CONTEXT_CHARS) if start else 0
    stop = _find_stop(text, end - 1, sentences, end + CONTEXT_CHARS) if end > start else end
    begin, stop = min(begin, start), max(stop, end)
    return begin + len(text[begin:start]) - len(text[begin:start].lstrip()), end + len(text[end:stop].rstrip())


def _find_begin(text: str, end: int, sentences: Spans, least: int) -> int:
    """Return where the sentence begins that `text[:end]` ends in, or its line where it is in none; from `least` on."""
    number = bisect_right(sentences, end - 1, key=itemgetter(0)) - 1
    begin, stop = sentences[number] if number >= 0 else (0, 0)
    if stop < end:  # between sentences: code, a heading
        begin = max(stop, text.rfind("\n", 0, end) + 1)
    if begin < least and not text[least - 1].isspace():
        cut = _SPACE.search(text, least, end)
        return cut.end() if cut else end
    return max(begin, least, 0)


def _find_stop(text: str, start: int, sentences: Spans, most: int) -> int:
    """Return where the sentence ends that stands at `start`, or its line where none does; at most at `most`."""
    number = bisect_right(sentences, start, key=itemgetter(0)) - 1
    stop = sentences[number][1] if number >= 0 else 0
    if stop <= start:  # between sentences
        line_end = text.find("\n", start)
        following = sentences[number + 1][0] if number + 1 < len(sentences) else len(text)
        stop = min(line_end if line_end >= 0 else len(text), following)
    if stop > most and not text[most].isspace():
        return max((match.start() for match in _SPACE.finditer(text, start, most)), default=start)
    return min(stop, most)


def shorten(words: str, most: int = 70) -> str:
    """Cut words at a space, and show that they were cut.

    >>> shorten("a habit of asking", 8)
    'a habit…'
    """
    flat = " ".join(words.split())
    return flat if len(flat) <= most else flat[: most + 1].rsplit(" ", 1)[0].rstrip(",.;: ") + "…"


def make_permalink(url: str | None, text: str, start: int, end: int) -> str | None:
    """Return an address that opens at `text[start:end]`, by a text fragment; None where the place has no web address.

    The form is that of WICG's "URL Fragment Text Directives": `#:~:text=[prefix-,]first[,last]`, with the characters
    that it gives a meaning (`-`, `,`, `&`) percent-encoded. A fragment that is already there stays.

    >>> make_permalink("https://x.org/p", "A-b, c.", 0, 7)
    'https://x.org/p#:~:text=A%2Db%2C%20c.'
    """
    if url is None or urlsplit(url).scheme not in ("http", "https"):
        return None
    directive = _directive(text, start, end)
    base = url.split(":~:", 1)[0]
    return f"{base}{'' if '#' in base else '#'}:~:text={directive}"


def _directive(text: str, start: int, end: int) -> str:
    claim = text[start:end]
    lines = [line for line in claim.split("\n") if line.strip()]
    first, last = claim, ""
    if len(claim) > _LONG or len(lines) > 1:
        first = " ".join(lines[0].split()[:_ENDS])
        last = " ".join(lines[-1].split()[-_ENDS:])
    parts = [_encode(first)]
    if last:
        parts.append(_encode(last))
    if " ".join(first.split()) in " ".join(text[:start].split()):  # the same words stand there earlier, too
        prefix = text[max(0, start - _LONG) : start].rsplit("\n", 1)[-1].split()[-3:]
        if prefix:
            parts.insert(0, _encode(" ".join(prefix)) + "-")
    return ",".join(parts)


def _encode(words: str) -> str:
    shown = quote(" ".join(words.split()).encode("utf-8", "replace"), safe="")
    return shown.replace("-", "%2D")
