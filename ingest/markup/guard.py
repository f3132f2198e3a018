"""Stand in front of the HTML parser: bound depth, attributes and tags before it runs.

Measured on selectolax 1.0: 100,000 nested `<div>` parse in 20 s, one tag with 100,000 attributes in 53 s; both are
quadratic. Unclosed formatting tags are worse: the parser makes them anew in every paragraph.
"""

# pyright: standard

import re
from dataclasses import dataclass, field

from corpus.errors import TooLarge
from corpus.limits import LIMITS

_ATTRIBUTE_CHARS = 2_000  # of one tag, without the quoted values
_REMADE = 500_000  # elements the parser would make anew for unclosed formatting tags
HTML_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<raw>script|style|xmp|iframe|noembed|noframes)(?=[\s/>]).*?(?:</(?P=raw)(?=[\s/>])[^>]*+(?:>|\Z)|\Z)"
    r"|<[!?][^>]*+(?:>|\Z)"
    r"|<(?P<slash>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<rest>(?:[^>=]++|=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|=)*+)(?P<end>>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_FORMATTING = frozenset("b big code em font i nobr s small strike strong tt u".split())
# Never nest in themselves, or hold nothing: they add no depth.
_FLAT = frozenset(
    "a area base br col dd dt embed hr img input li link meta option optgroup p param source td th tr track wbr".split()
)


@dataclass(frozen=True, slots=True)
class MarkupBounds:
    """How much markup is taken. Deeper tags become breaks, unless depth means something: then they are refused."""

    chars: int
    tags: int
    depth: int
    refuses_depth: bool = False


BODY = MarkupBounds(LIMITS.markup_chars, 2_000_000, LIMITS.markup_depth)
# In a page replies nest in one another. To flatten them would give words to the wrong person.
PAGE = MarkupBounds(10 * LIMITS.markup_chars, 10_000_000, 4_000, refuses_depth=True)


@dataclass(slots=True)
class _Guard:
    """Counts over one document. Used as the replacement of `HTML_TOKEN`."""

    bounds: MarkupBounds
    open: dict[str, int] = field(default_factory=dict)
    depth: int = 0
    formatting: int = 0
    remade: int = 0

    def __call__(self, token: re.Match[str]) -> str:
        name = token["name"]
        if name is None:
            return ""
        name = name.lower()
        if name == "plaintext":
            return ""
        whole = token[0]
        if token["slash"]:
            self._close(name)
            return whole
        if len(token["rest"]) > _ATTRIBUTE_CHARS and len(_QUOTED.sub("", token["rest"])) > _ATTRIBUTE_CHARS:
            whole = f"<{name}>"
        if name in _FLAT:
            self.remade += self.formatting
            return whole
        if self.depth >= self.bounds.depth and self.bounds.refuses_depth:
            raise TooLarge(f"tags nested deeper than {self.bounds.depth:,}")
        if self.depth >= self.bounds.depth or (name in _FORMATTING and self.remade > _REMADE):
            return "<wbr>" if name in _FORMATTING else "<hr>"  # both hold nothing; their end tags mean nothing
        self.open[name] = self.open.get(name, 0) + 1
        self.depth += 1
        if name in _FORMATTING:
            self.formatting += 1
        else:
            self.remade += self.formatting
        return whole

    def _close(self, name: str) -> None:
        if self.open.get(name, 0):
            self.open[name] -= 1
            self.depth -= 1
            self.formatting -= name in _FORMATTING
        self.remade += self.formatting


def bound_markup(html: str, bounds: MarkupBounds = BODY) -> str:
    """Make markup that parses in time and memory linear in its length; ordinary markup comes back as it is.

    Of markup large enough to need a look, scripts, styles and comments are gone as well. Tags nested too deep become
    breaks, their words stay. Raise `TooLarge` for more characters or tags than `bounds` allows.
    """
    if len(html) > bounds.chars:
        raise TooLarge(f"markup of {len(html):,} characters, above {bounds.chars:,}")
    tags = html.count("<")
    if tags > bounds.tags:
        raise TooLarge(f"markup with {tags:,} tags, above {bounds.tags:,}")
    if tags <= LIMITS.markup_depth and len(html) <= _ATTRIBUTE_CHARS * 5:
        return html
    guard = _Guard(bounds)
    safe = HTML_TOKEN.sub(guard, html)
    if guard.remade > _REMADE:
        # Formatting that began before the budget was spent would still be made anew in every block after it.
        return _without_formatting(safe)
    return safe


def _without_formatting(html: str) -> str:
    def keep(token: re.Match[str]) -> str:
        return "" if (token["name"] or "").lower() in _FORMATTING else token[0]

    return HTML_TOKEN.sub(keep, html)
