"""One spelling for the many forms of a term, so that all floors look it up alike."""

import re
import unicodedata

_ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S)")
_ACRONYMS = re.compile(r"\b([A-Z]{2,})s\b")  # "AIs": in small letters its ending would be taken for the word's own
_NOT_WORD = re.compile(r"[^\w$+#]+")
_APOSTROPHE = re.compile(r"['’]s?\b")
_KEEP_S = ("ss", "us", "is", "os")
_SINGULAR = frozenset("bias gas lens canvas atlas alias news bayes means".split())
_IRREGULAR = {
    "biases": "bias",
    "lenses": "lens",
    "gases": "gas",
    "canvases": "canvas",
    "aliases": "alias",
    "hypotheses": "hypothesis",
    "theses": "thesis",
    "analyses": "analysis",
    "syntheses": "synthesis",
    "crises": "crisis",
    "criteria": "criterion",
    "phenomena": "phenomenon",
    "matrices": "matrix",
    "indices": "index",
    "vertices": "vertex",
    "viruses": "virus",
    "men": "man",
    "women": "woman",
    "lives": "life",
    "selves": "self",
}


def term_key(term: str) -> str:
    """Give the form of a term by which it is looked up: case, number, hyphens, marks and articles do not count.

    Example: term_key("the Utility-Functions") -> "utility function" ; term_key("LLMs") -> "llm"
    """
    key, before = _plainer(_ACRONYMS.sub(r"\1", unicodedata.normalize("NFKC", term))), None
    while key != before:  # the key of a key is itself: it only ever gets shorter
        key, before = _plainer(key), key
    return key


def _plainer(term: str) -> str:
    plain = _APOSTROPHE.sub("", term.casefold())
    words = " ".join(_NOT_WORD.sub(" ", plain.replace("_", " ")).split())
    return " ".join(_singular(word) for word in _ARTICLE.sub("", words).split())


def _singular(word: str) -> str:
    if word in _IRREGULAR or word in _SINGULAR:
        return _IRREGULAR.get(word, word)
    if len(word) <= 3 and not word.endswith("s"):
        return word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(_KEEP_S):
        return word[:-1]
    return word
