"""One spelling for the many forms of a term, so that all floors look it up alike."""

import re
import unicodedata

from corpus.inflection import make_singular

_ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S)")
_ACRONYMS = re.compile(r"\b([A-Z]{2,})s\b")  # "AIs": in small letters its ending would be taken for the word's own
_NOT_WORD = re.compile(r"[^\w$+#]+")
_APOSTROPHE = re.compile(r"['’]s?\b")


def make_term_key(term: str) -> str:
    """Return the form of a term by which it is looked up: case, number, hyphens, marks and articles do not count.

    The key of a key is itself.

    >>> make_term_key("the Utility-Functions"), make_term_key("LLMs"), make_term_key("Niches")
    ('utility function', 'llm', 'niche')
    """
    key, before = _plainer(_ACRONYMS.sub(r"\1", unicodedata.normalize("NFKC", term))), None
    while key != before:
        key, before = _plainer(key), key
    return key


def _plainer(term: str) -> str:
    plain = _APOSTROPHE.sub("", term.casefold())
    words = " ".join(_NOT_WORD.sub(" ", plain.replace("_", " ")).split())
    return " ".join(make_singular(word) for word in _ARTICLE.sub("", words).split())
