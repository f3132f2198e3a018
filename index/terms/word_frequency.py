"""How often words come in general English, for contrast: a term is frequent among these people and rare elsewhere.

`word_frequency.json` holds occurrences per ten million words by the word's key (`corpus.term_key.term_key`): counts in
the English Web Treebank (Silveira et al., 2014; CC BY-SA 4.0), and an estimate from the vocabulary of BERT (Devlin et
al., 2019; Apache-2.0). bench/training/word_frequency.py makes it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import orjson

TABLE = Path(__file__).with_name("word_frequency.json")
PER = 10_000_000
_UNSEEN = 5.0 / PER  # a word in neither source


@cache
def _table() -> Mapping[str, int]:
    return orjson.loads(TABLE.read_bytes())


def get_share(word: str) -> float:
    """Return the share of a word, by its key, among all words of general English.

    >>> get_share("thing") > get_share("agent") > get_share("corrigibility")
    True
    """
    return max(_table().get(word, 0) / PER, _UNSEEN)
