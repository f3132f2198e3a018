"""Whether a word belongs to what its sentence says, or to a clause inside that: by the words, or by a parse.

A parse is a spaCy `Doc` or `Span` over exactly the text in question, with Universal Dependencies. Offsets count
characters of that text. Where a span's tokens hang on something outside it, the climb ends there.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_QUOTED = re.compile(r"“[^“”\n]{1,600}”|(?<![\w\"])\"[^\"\n]{1,600}\"(?!\w)|`[^`\n]{1,200}`")
_INTRODUCES = re.compile(
    r"\b(?:what|which|who|whom|whose|whether|where|when|how|why|because|if|unless|until|so that|in order that"
    r"|(?<!think )(?<!believe )(?<!expect )(?<!predict )(?<!suspect )(?<!guess )(?<!hope )(?<!clear )(?<!likely )"
    r"(?<!sure )(?<!confident )(?<!means )(?<!say )(?<!seems )(?<!true )(?<!fact )(?<!bet )(?<!is )that"
    r"|(?:he|she|they|someone|somebody|people|else|others|\w+s) (?:\w+ )?(?:thinks?|believes?|says?|said|thought"
    r"|argues?))(?:['’]\w+)?(?: [\w'’-]+){0,6} ?$",
    re.IGNORECASE,
)


def blank_quotations(text: str) -> str:
    """Blank out what stands in quotation marks or as code, keeping every offset.

    >>> blank_quotations('He said "go".')
    'He said "  ".'
    """
    return _QUOTED.sub(lambda match: match[0][0] + " " * (len(match[0]) - 2) + match[0][-1], text)


def is_main(text: str, start: int) -> bool:
    """Tell whether the words at text[start:] belong to the main line of what `text` says.

    The main line is the main clause, what is joined to it, and what the author thinks, hopes or finds to be so ("I
    think that …", "it seems that …"); not relative clauses, reasons, conditions, indirect questions or others' views.
    """
    return _INTRODUCES.search(text[max(0, start - 80) : start]) is None


def select_tokens(parse: "Doc | Span", start: int, end: int) -> "list[Token]":
    """Return the tokens of a parse that begin in [start, end) of its text."""
    offset = parse[0].idx if len(parse) else 0
    return [token for token in parse if start <= token.idx - offset < end]
