"""How well the language pipeline reads: `python -m bench.language --data DIR [--pipeline NAME] [--split dev]`.

DIR (or $CROSSTALK_DATA/ud-ewt) holds the UD English Web Treebank. Everything is read from raw text: the documents as
their paragraphs, an empty line between them, then each paragraph by itself, then all run together on one line. Tags,
lemmas, UAS and LAS are spaCy's measures (Scorer: tokens aligned, punctuation left out of UAS and LAS); `las_conll`
counts punctuation too, on exactly equal tokens, as the CoNLL 2018 shared task did. Sentence F counts a sentence whose
both ends are right.
The baseline is spaCy's blank English with the rule sentencizer. Speed is words a second of processor time, on one core.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.training.parser.treebank import Document, Sentence, f1, lay_out, own, read_documents, reference, sentence_f1
from ingest.language import load, parse, split_sentences

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

LAYOUTS: dict[str, Callable[[Document], list[list[Sentence]]]] = {
    "paragraphs": lambda document: [lay_out(document, "\n\n")],
    "each_paragraph": lambda document: [lay_out((paragraph,), " ") for paragraph in document],
    "one_line": lambda document: [lay_out(document, " ")],
}
SPEED_REPEATS = 3


def arcs(doc: "Doc") -> set[tuple[int, int, int, int, str]]:
    """Each word with the place of its head (its own for a root) and its relation; white space left out."""
    return {
        (token.idx, len(token), token.head.idx, len(token.head), token.dep_.lower())
        for token in doc
        if not token.is_space
    }


def measure(data: Path, pipeline: str | None, split: str) -> dict[str, float]:
    """Every figure, by name."""
    import spacy
    from spacy.scorer import Scorer
    from spacy.training import Example

    nlp = load(pipeline)
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    documents = list(read_documents(data / f"en_ewt-ud-{split}.conllu"))
    figures: dict[str, float] = {}
    golds: list[Doc] = []
    for layout, lay in LAYOUTS.items():
        golds = [reference(text, nlp.vocab) for document in documents for text in lay(document)]
        docs = list(parse((gold.text for gold in golds), nlp))
        figures[f"sentence_f_{layout}"] = sentence_f1(golds, docs, split_sentences)
        figures[f"sentence_f_{layout}_without_repair"] = sentence_f1(golds, [nlp(gold.text) for gold in golds], own)
        baseline = list(blank.pipe(gold.text for gold in golds))
        figures[f"sentence_f_{layout}_sentencizer"] = sentence_f1(golds, baseline, own)
        if layout != "paragraphs":
            continue
        examples = [Example(doc, gold) for doc, gold in zip(docs, golds, strict=True)]
        scores = Scorer(nlp).score(examples)
        for name in ("token_f", "tag_acc", "pos_acc", "morph_acc", "lemma_acc", "dep_uas", "dep_las"):
            figures[name] = scores[name]
        pairs = [(arcs(gold), arcs(doc)) for gold, doc in zip(golds, docs, strict=True)]
        right = sum(len(gold & found) for gold, found in pairs)
        figures["las_conll"] = f1(right, sum(len(gold) for gold, _ in pairs), sum(len(found) for _, found in pairs))
    figures["words_per_second"] = speed([gold.text for gold in golds], sum(map(len, golds)), nlp)
    return figures


def speed(texts: Sequence[str], words: int, nlp: "Language") -> float:
    """Words a second of processor time, the best of a few runs over the same text."""
    best = float("inf")
    for _ in range(SPEED_REPEATS):
        start = time.process_time()
        for _ in parse(texts, nlp):
            pass
        best = min(best, time.process_time() - start)
    return words / best


def main() -> None:
    """Print the figures, one line each, or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("CROSSTALK_DATA", ".")) / "ud-ewt")
    parser.add_argument("--pipeline", help="package name or folder; ours by default")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = {name: round(figure, 4) for name, figure in measure(given.data, given.pipeline, given.split).items()}
    if given.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:45} {figure:>10}")


if __name__ == "__main__":
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    main()
