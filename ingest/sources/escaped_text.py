"""Text in which a site's API has put entities for &, < and >, as Reddit's does: told by the whole of a source.

One text cannot tell: a writer may mean "&gt;". But where entities occur in a source and the three characters
themselves nowhere, nobody there can have typed one: they have all been escaped, once, by a program. Then, and only
then, that is undone, once.
"""

import re
from dataclasses import dataclass

_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
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
        return self.escaped > 0 and self.bare == 0


def unescape_once(text: str) -> str:
    """Undo one escaping of &, < and >; other entities were the author's own and stay.

    >>> unescape_once("&gt; a &amp;lt; b &amp;amp; c")
    '> a &lt; b &amp; c'
    """
    return _ENTITY.sub(lambda entity: _CHARACTERS[entity[0]], text)
