"""Keys of words: by what names, phrases and claims that say the same are compared."""

import hashlib
import re
import unicodedata

from corpus.inflection import list_plurals, make_singular

_WORD = re.compile(r"[^\W_]+")


def make_name_key(name: str) -> str:
    """Return the form under which names and ids are compared: one space, no case.

    >>> make_name_key(" Ilse MARCHETTI ")
    'ilse marchetti'
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def reduce_to_words(text: str) -> str:
    """Return the words of a text alone: no case, no marks, no accents, one space. What phrases are compared by.

    >>> reduce_to_words("It isn't “naïve”!")
    'it isn t naive'
    """
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter)) if not text.isascii() else parts
    return " ".join(_WORD.findall(bare.casefold()))


# What comes and goes where somebody writes the same again. No negations, no words of degree or doubt.
_SLIGHT = frozenset("a an the that and but so then well also just really very actually indeed".split())
_SHORTENED = (("can t ", "can not "), ("won t ", "will not "), ("n t ", " not "))


def reduce_to_near_words(text: str) -> str:
    """Return what nearly the same words have in common: without articles and other words that come and go.

    >>> reduce_to_near_words("But goals really don't last.") == reduce_to_near_words("goals do not last")
    True
    """
    words = f"{reduce_to_words(text)} "
    for short, long in _SHORTENED:
        words = words.replace(short, long)
    kept = " ".join(word for word in words.split() if word not in _SLIGHT)
    return kept or words.strip() or text


def make_wording_key(text: str) -> str:
    """Name what a claim says by its words, nearly, whoever says them."""
    return compute_short_hash(reduce_to_near_words(text))


def make_fold_key(text: str, speaker_id: str | None, quoted_by_id: str | None = None) -> str:
    """Name what is the same claim said again: nearly the same words, by the same speaker.

    Who quotes counts too: what somebody said and what another quoted of it are two things to see. Where nobody is
    named, equal words are folded: a scrape holds a passage twice more often than two unknown people write it.
    """
    return compute_short_hash(f"{speaker_id or ''}\x1f{quoted_by_id or ''}\x1f{reduce_to_near_words(text)}")


def list_forms(term: str) -> tuple[str, ...]:
    """Return the forms in which a term is written: as it is, and its last word in singular and plural.

    >>> list_forms("Inner optimizers")
    ('inner optimizers', 'inner optimizer')
    """
    words = reduce_to_words(term)
    if not words:
        return ()
    before, space, last = words.rpartition(" ")
    one = make_singular(last)
    return tuple(dict.fromkeys(f"{before}{space}{form}" for form in (last, one, *list_plurals(one))))


def compute_short_hash(text: str) -> str:
    """Return 24 hexadecimal digits that stand for a text."""
    return hashlib.sha256(make_encodable(text).encode("utf-8")).hexdigest()[:24]


def make_encodable(text: str) -> str:
    """Replace lone surrogates, which no encoding can hold, by question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
