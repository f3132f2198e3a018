"""Make the table of general English: `python -m bench.training.word_frequency UD_TRAIN VOCABULARY`.

It holds occurrences per ten million words by the word's key (`corpus.term_key.term_key`), from two sources, the larger
of both: counts in the training part of the English Web Treebank (Silveira et al., 2014; CC BY-SA 4.0), where a word
comes three times or more, and an estimate by Zipf's law from the order in which the vocabulary of BERT (Devlin et al.,
2019; Apache-2.0) lists its words, most frequent first.
"""

import sys
from collections import Counter
from pathlib import Path

import orjson

from corpus.term_key import make_term_key
from index.terms.word_frequency import PER, TABLE

_LEAST = 3  # a single occurrence in 200,000 words says little
_ZIPF, _SHIFT = 0.08, 2.7  # share = _ZIPF / (rank + _SHIFT), Mandelbrot's form


def make_table(treebank: Path, vocabulary: Path) -> dict[str, int]:
    """Compute the table from a CoNLL-U file and a list of word pieces, most frequent first."""
    seen: Counter[str] = Counter()
    for line in treebank.read_text(encoding="utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) == 10 and columns[0].isdigit() and columns[3] != "PUNCT":
            seen[make_term_key(columns[1])] += 1
    words = sum(seen.values())
    table = Counter({word: count * PER // words for word, count in seen.items() if count >= _LEAST and word})
    pieces = vocabulary.read_text(encoding="utf-8").splitlines()
    ranked: Counter[str] = Counter()
    for rank, piece in enumerate(pieces[pieces.index("the") :], 1):
        if piece.isalpha() and piece.isascii():
            ranked[make_term_key(piece)] += int(PER * _ZIPF / (rank + _SHIFT))
    return {word: int(max(table[word], ranked[word])) for word in sorted(table | ranked)}


if __name__ == "__main__":
    TABLE.write_bytes(orjson.dumps(make_table(Path(sys.argv[1]), Path(sys.argv[2]))))
