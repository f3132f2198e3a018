"""How much of anything Crosstalk takes from a source: one table, read by the loaders.

Limits stand in front of the libraries, because some of them are quadratic on hostile input (a tokenizer on ten
thousand emoji, a tree walk on a hundred thousand nested tags).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes above which a source, a line or an utterance is refused by name.

    `file_bytes`: a source that must be held whole (HTML, one JSON document). Line formats are streamed and only
    `line_bytes` counts. `utterance_chars`: characters of one utterance after markup is removed. `run_chars`:
    an unbroken run of non-space characters is cut at this length, for the tokenizer only.
    """

    file_bytes: int = 1 << 30
    line_bytes: int = 64 << 20
    markup_chars: int = 20_000_000
    markup_depth: int = 200
    utterance_chars: int = 1_000_000
    run_chars: int = 500
    utterances: int = 200_000
    archive_members: int = 20_000
    title_chars: int = 1_000
    name_chars: int = 200
    query_chars: int = 1_000
    response_bytes: int = 20 << 20


LIMITS = Limits()
