"""JSON as programs really write it: characters cut in two, NaN, bytes of the old Unicode of Java and JavaScript.

Nothing of what is there is lost: half a character becomes U+FFFD, and NaN or Infinity is a value that is missing.
"""

# pyright: standard

import json
import re
from typing import Any

import orjson

_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_SURROGATES = re.compile(rb"(?:\xed[\xa0-\xbf][\x80-\xbf])+")  # never in UTF-8: CESU-8, or half of a character
_NO_NUMBER = re.compile(rb"[:,\[]\s*-?(?:NaN|Infinity)\b")


def parse_json_bytes(content: bytes) -> Any:
    """Parse one JSON document in UTF-8. Raise `orjson.JSONDecodeError` for what is none.

    Half a character that was cut in two (a lone surrogate, escaped or in bytes) becomes U+FFFD; NaN becomes None.

    >>> parse_json_bytes(b'["cut \\\\ud83d here", NaN]')
    ['cut \\ufffd here', None]
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        mended = _ESCAPE.sub(_mend_escape, _SURROGATES.sub(_mend_bytes, content))
        if _NO_NUMBER.search(mended):
            return _parse_with_nan(mended)
        if mended == content:
            raise
        return orjson.loads(mended)


def _mend_escape(escape: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if escape[1] else escape[0]


def _mend_bytes(surrogates: re.Match[bytes]) -> bytes:
    units = surrogates[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return units.decode("utf-16-le", "replace").encode()


def _parse_with_nan(content: bytes) -> Any:
    try:
        return json.loads(content, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as problem:
        raise orjson.JSONDecodeError(str(problem).partition(":")[0], "", 0) from problem
