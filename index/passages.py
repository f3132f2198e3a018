"""A claim where it stands: the words around it, and an address that opens at it."""

import re
from urllib.parse import quote, urlsplit

CONTEXT_CHARS = 200
_SENTENCE_END = re.compile(r"(?:[.!?…][\"')\]”’]*\s+|\n+)")
_SPACE = re.compile(r"\s")
_LONG = 80  # characters; a longer claim is named by its first and last words
_ENDS = 5  # words


def before(text: str, start: int) -> str:
    """Give the sentence before `start`, or the last words of it that fit, cut between words.

    Example: before("It is late. We wait. Go.", 21) -> "We wait."
    """
    begin = max(0, start - CONTEXT_CHARS)
    nearby = text[begin:start]
    kept = nearby.rstrip()
    ends = [match.end() for match in _SENTENCE_END.finditer(kept) if match.end() < len(kept)]
    if ends:
        return kept[ends[-1] :].strip()
    if begin > 0 and not text[begin - 1].isspace():
        cut = _SPACE.search(kept)
        kept = kept[cut.end() :] if cut else ""
    return kept.strip()


def after(text: str, end: int) -> str:
    """Give the sentence after `end`, or the first words of it that fit, cut between words.

    Example: after("Go. We wait. It is late.", 3) -> "We wait."
    """
    nearby = text[end : end + CONTEXT_CHARS]
    skipped = len(nearby) - len(nearby.lstrip())
    first = _SENTENCE_END.search(nearby, skipped + 1)
    if first is not None:
        return nearby[skipped : first.end()].strip()
    if end + CONTEXT_CHARS < len(text) and not text[end + CONTEXT_CHARS].isspace():
        cut = list(_SPACE.finditer(nearby))
        nearby = nearby[: cut[-1].start()] if cut else ""
    return nearby.strip()


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """Give (start, end) of the sentence in which `text[start:end]` stands, or of as much of it as is near enough.

    Example: around("Go. We wait. It is late.", 7, 11) -> (4, 12)
    """
    begin = max(0, start - CONTEXT_CHARS)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, begin, start)]
    if ends:
        begin = ends[-1]
    elif begin > 0 and (cut := _SPACE.search(text, begin, start)):
        begin = cut.end()
    stop = min(len(text), end + CONTEXT_CHARS)
    if first := _SENTENCE_END.search(text, end, stop):
        stop = first.end()
    elif stop < len(text) and (cuts := list(_SPACE.finditer(text, end, stop))):
        stop = cuts[-1].start()
    return begin, end + len(text[end:stop].rstrip())


def shortened(words: str, most: int = 70) -> str:
    """Cut words at a space, and show that they were cut.

    Example: shortened("a habit of asking", 8) -> "a habit…"
    """
    flat = " ".join(words.split())
    return flat if len(flat) <= most else flat[: most + 1].rsplit(" ", 1)[0].rstrip(",.;: ") + "…"


def permalink(url: str | None, text: str, start: int, end: int) -> str | None:
    """Give an address that opens at `text[start:end]`, by a text fragment; None where the place has no web address.

    The form is that of WICG's "URL Fragment Text Directives": `#:~:text=[prefix-,]first[,last]`, with the characters
    that it gives a meaning (`-`, `,`, `&`) percent-encoded. A fragment that is already there stays.

    Example: permalink("https://x.org/p", "A-b, c.", 0, 7) -> "https://x.org/p#:~:text=A%2Db%2C%20c."
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
    parts = [_encoded(first)]
    if last:
        parts.append(_encoded(last))
    if " ".join(first.split()) in " ".join(text[:start].split()):  # the same words stand there earlier, too
        prefix = text[max(0, start - _LONG) : start].rsplit("\n", 1)[-1].split()[-3:]
        if prefix:
            parts.insert(0, _encoded(" ".join(prefix)) + "-")
    return ",".join(parts)


def _encoded(words: str) -> str:
    shown = quote(" ".join(words.split()).encode("utf-8", "replace"), safe="")
    return shown.replace("-", "%2D")
