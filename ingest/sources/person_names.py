"""What people's names look like, where a text has no other sign that a word is one."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

import orjson

PARTICLES = frozenset("de da di del della der den van von la le bin ibn al el dos du y e st.".split())
_PERSON_WORD = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž][^\W\d_]*(?:['’-][^\W\d_]+)*|[A-Z]\.(?:[A-Z]\.)?|[A-Z]{2}")
_HANDLE = re.compile(r"(?=.*(?:[a-z][A-Z]|\d|_))[A-Za-z][\w-]{3,30}")
_ORNAMENTS = frozenset({"So", "Sk", "Cf"})  # general categories of signs and of what joins them


def has_given_name(line: str) -> bool:
    """Tell whether a line begins with a given name, or is one word that only a handle is written like ("ana_ruiz").

    >>> has_given_name("Ana Ruiz"), has_given_name("so8res"), has_given_name("Goodhart Taxonomy")
    (True, True, False)
    """
    words = line.split()
    if len(words) == 1 and is_handle(words[0]):
        return True
    return bool(words) and re.split(r"[-\u2010]", words[0])[0].casefold() in _load_given_names()


@cache
def _load_given_names() -> frozenset[str]:
    """Return given names, folded: those that are hardly ever another word at the head of a title."""
    return frozenset(orjson.loads(files("ingest.sources").joinpath("given_names.json").read_bytes()))


def drop_ornament(name: str) -> str:
    """Drop the badges that sites and people put behind a name.

    >>> drop_ornament("Ana Ruiz \N{LARGE ORANGE DIAMOND}")
    'Ana Ruiz'
    """
    while name and (name[-1].isspace() or name[-1] == "\ufe0f" or unicodedata.category(name[-1]) in _ORNAMENTS):
        name = name[:-1]
    return name


def is_name_word(word: str) -> bool:
    """Tell whether a word is written like a part of a person's name: "Ruiz", "O'Neil", "J.", "van"."""
    return _PERSON_WORD.fullmatch(word) is not None or word in PARTICLES


def is_handle(word: str) -> bool:
    """Tell whether a word is written as only the handle of a user is: "ana_ruiz", "so8res"."""
    return _HANDLE.fullmatch(word) is not None
