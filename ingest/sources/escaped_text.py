"""Text in which a site's API has put entities for &, < and >, as Reddit's does: told by the whole of a source.

One text cannot tell: a writer may mean "&gt;". But where entities occur in a source and the three characters
themselves nowhere, nobody there can have typed one: they have all been escaped, once, by a program. Then, and only
then, that is undone, once. In a big source one text in a hundred may have come another way; that one stays as it is.
"""

import re
from dataclasses import dataclass

_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_STRAYS = 100  # escaped texts for each that is not
_CHARACTERS = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}


@dataclass(slots=True)
class EscapeEvidence:
    """How many texts of a source hold entities of &, < and >, and how many hold one of these characters bare."""

    escaped: int = 0
    bare: int = 0

    def note(self, text: str) -> None:
        """Take a text into account."""
        if _BARE.search(text):
            self.bare += 1
        elif _ENTITY.search(text):
            self.escaped += 1

    @property
    def is_escaped(self) -> bool:
        """Tell whether the source as a whole is escaped."""
        return self.escaped > 0 and self.bare * _STRAYS <= self.escaped


def unescape_once(text: str) -> str:
    """Undo one escaping of &, < and >; other entities were the author's own and stay, and so does a text with one bare.

    >>> unescape_once("&gt; a &amp;lt; b &amp;amp; c")
    '> a &lt; b &amp; c'
    """
    return text if _BARE.search(text) else _ENTITY.sub(lambda entity: _CHARACTERS[entity[0]], text)
