"""How often words come in general English, for contrast: a term is frequent among these people and rare elsewhere.

`general.json` holds occurrences per ten million words by the word's key (`corpus.term_key.term_key`), from two sources,
the larger of both: counts in the training part of the English Web Treebank (Silveira et al., 2014; CC BY-SA 4.0), where
a word comes three times or more, and an estimate by Zipf's law from the order in which the vocabulary of BERT (Devlin
et al., 2019; Apache-2.0) lists its words, most frequent first. `python -m index.terms.word_frequency UD_TRAIN
VOCABULARY` makes it.
"""

import sys
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import orjson

from corpus.term_key import term_key

_FILE = Path(__file__).with_name("word_frequency.json")
_PER = 10_000_000
_UNSEEN = 5.0 / _PER  # a word in neither source
_LEAST = 3  # a single occurrence in 200,000 words says little
_ZIPF, _SHIFT = 0.08, 2.7  # share = _ZIPF / (rank + _SHIFT), Mandelbrot's form


@cache
def _table() -> Mapping[str, int]:
    return orjson.loads(_FILE.read_bytes())


def share(word: str) -> float:
    """Give the share of a word, by its key, among all words of general English.

    Example: share("thing") > share("agent") > share("corrigibility")
    """
    return max(_table().get(word, 0) / _PER, _UNSEEN)


def make(treebank: Path, vocabulary: Path) -> dict[str, int]:
    """Compute the table from a CoNLL-U file and a list of word pieces, most frequent first."""
    seen: Counter[str] = Counter()
    for line in treebank.read_text(encoding="utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) == 10 and columns[0].isdigit() and columns[3] != "PUNCT":
            seen[term_key(columns[1])] += 1
    words = sum(seen.values())
    table = Counter({word: count * _PER // words for word, count in seen.items() if count >= _LEAST and word})
    pieces = vocabulary.read_text(encoding="utf-8").splitlines()
    ranked: Counter[str] = Counter()
    for rank, piece in enumerate(pieces[pieces.index("the") :], 1):
        if piece.isalpha() and piece.isascii():
            ranked[term_key(piece)] += int(_PER * _ZIPF / (rank + _SHIFT))
    return {word: int(max(table[word], ranked[word])) for word in sorted(table | ranked)}


if __name__ == "__main__":
    _FILE.write_bytes(orjson.dumps(make(Path(sys.argv[1]), Path(sys.argv[2]))))
