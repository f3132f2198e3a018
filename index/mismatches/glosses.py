"""What somebody says a word means: the complement of a verb or phrase of meaning, to the end of its clause."""

import re

_LONGEST = 240  # characters of a gloss; what goes on longer is no gloss but an argument
_SHORTEST = 3
_END = re.compile(
    r"(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\betc)[.!?](?=[\s\"'”’)*_]|$)|;"
    r"|[,.]?[\"”] (?!(?:as|or|and|of|in|by)\b)|[,.]?[\"”] ?\(|\s[–—-]{1,3}\s|—|:\s"
    r"|,? (?:but|whereas|although|though|however|because|so that)\b"
    r"|,? (?:and|so|then|which|while|since|yet|or) (?=(?:i|we|you|that|this|it|they|he|she|there|is|are|means?|would|"
    r"seems?|so|not)\b)"
    r"|,? then\b|,? not (?=[\"“])"
    r"|, (?:so|not|rather than|which|i|you|we|it|that|this|as opposed to|in which case)\b",
    re.IGNORECASE,
)
_NO_GLOSS = re.compile(
    r"(?:but|and|or|so|because|than)\b.*|something (?:else|different|other|more|less)\b.{0,60}|the "
    r"following|follows|(?:more|less|much|just|only|rather)(?: like)?\s*$|(?:by|with|different(?:ly)?|(?:some|"
    r"any|no|every)thing(?: else)?|other things?|the same(?: thing)?|so|also|it|this|that|"
    r"what (?:you|i) (?:said|mean)|here|there|well|to (?:say|imply|claim|suggest)|either|both)\s*$",
    re.IGNORECASE,
)
_NEAR = 60  # characters before a verb of meaning in which the word stands that it is about
_DENIED = re.compile(r"(?:\b(?:not|never|cannot|hardly|whether|if)|n['’]t)(?: \w+)?\s*$", re.IGNORECASE)
_COMPLEMENT = re.compile(
    r"(?<!\bwhich )(?<!\bthat )(?<!\bthis )(?<!\bit )"
    r"\b(?:means?|meant|is when|are when|refers? to|is defined (?:as|to be)|stands? for|as in|"
    r"in the sense (?:of|that)|i\.e\.|that is to say|consists? (?:of|in))"
    r"[,:]? (?:that |just |roughly |basically |something like |like )?"
    r"(?!(?:by|with|for|to|different(?:ly)?|what|so|also|not|nothing)\b)(?P<gloss>[^\n]{3,400})",
    re.IGNORECASE,
)


def cut_gloss(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the place of a gloss that begins at `start`, cut where its clause ends; None where it says nothing.

    >>> text = "By goal I mean what it steers toward, but not always."
    >>> text[slice(*cut_gloss(text, 15, len(text)))]
    'what it steers toward'
    """
    while start < end and text[start] in " ,:\"'":
        start += 1
    stop = _END.search(text, start + 1, end)
    last = min(stop.start() if stop else end, end)
    if last - start > _LONGEST:
        return None
    while last > start and text[last - 1] in " ,;:.\"'":
        last -= 1
    written = text[start:last]
    if last - start < _SHORTEST or _NO_GLOSS.fullmatch(written):
        return cut_gloss(text, stop.end(), end) if stop and text[stop.start()] == ":" else None
    return _close_brackets(text, start, last)


def find_complement(text: str) -> tuple[str, tuple[int, int]] | None:
    """Return what stands before the first verb or phrase of meaning in a sentence, and the place of what follows it."""
    match = _COMPLEMENT.search(text)
    if match and _DENIED.search(text, max(0, match.start() - _NEAR), match.start()):
        return None
    gloss = cut_gloss(text, *match.span("gloss")) if match else None
    return (text[max(0, match.start() - _NEAR) : match.start()], gloss) if match and gloss else None


def _close_brackets(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Leave out a bracket that is opened and not closed, and what is in it."""
    for opening, closing in ("()", "[]"):
        opened = text.rfind(opening, start, end)
        if opened >= 0 and text.find(closing, opened, end) < 0:
            end = len(text[:opened].rstrip(" ,;:"))
    return (start, end) if end - start >= _SHORTEST else None
