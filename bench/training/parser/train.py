"""Train the pipeline that ships in `model/`: `python -m bench.training.parser.train --data DIR`.

DIR is the folder of the UD English Web Treebank. `--start` goes on from a pipeline of the same shape; `--silver` adds
trees that `bench.training.parser.silver` wrote.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, cast

from bench.training.parser.tokens import set_rules
from bench.training.parser.treebank import Document, lay_out, read_documents, reference
from bench.training.parser.variation import vary
from bench.training.parser.vectors import add_vectors
from corpus.errors import Unreadable
from ingest.language import tokenize

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import EditTreeLemmatizer
    from spacy.training import Example
    from thinc.api import Config, Optimizer

HERE = Path(__file__).parent
SHIPPED = HERE.parents[2] / "ingest" / "language" / "model"
TRAIN, DEV = "en_ewt-ud-train.conllu", "en_ewt-ud-dev.conllu"
PARAGRAPH = "\n\n"
SILVER_SHARE = 3


def read_treebank(
    path: Path, varied: bool, seed: int, silver: Path | None = None, silver_share: float = 0.0
) -> "Callable[[Language], Iterator[Example]]":
    """Read a CoNLL-U file as examples made from raw text: whole documents, or varied pieces of them.

    Every pass over varied pieces gives other ones; the sequence of passes depends on `seed` alone. To each pass
    `silver_share` times as many sentences of a second file are added, going on where the pass before left off.
    """
    from spacy.training import Example

    documents = list(read_documents(Path(path)))
    added = cycle(read_documents(Path(silver))) if silver else iter(())
    wanted = silver_share * sum(map(sentences_in, documents))
    random = Random(seed)

    def examples(nlp: "Language") -> "Iterator[Example]":
        if not varied:
            for document in documents:
                gold = reference(lay_out(document, PARAGRAPH), nlp.vocab)
                yield Example(tokenize(nlp, gold.text), gold)
            return
        with_silver = documents.copy()
        here = 0
        while silver and here < wanted:
            with_silver.append(next(added))
            here += sentences_in(with_silver[-1])
        pieces = [piece for document in with_silver for piece in vary(document, random)]
        random.shuffle(pieces)
        for piece in pieces:
            gold = reference(piece, nlp.vocab)
            yield Example(tokenize(nlp, gold.text), gold)

    return examples


def sentences_in(document: Document) -> int:
    """How many sentences a document has."""
    return sum(len(paragraph) for paragraph in document)


def train(data: Path, output: Path, config_path: Path, overrides: dict[str, object], start: Path | None = None) -> None:
    """Train from a treebank folder and leave the best pipeline in `output`.

    Raises:
        Unreadable: the folder lacks a part of the treebank, or the encoder's package is missing.
    """
    from spacy.training.loop import train as train_loop
    from spacy.util import dot_to_dict, load_config, load_model, registry

    for name in (TRAIN, DEV):
        if not (data / name).is_file():
            raise Unreadable(f"{data}: no {name}; name the folder of the UD English Web Treebank")
    registry.readers.register("crosstalk.treebank.v1", func=read_treebank)
    settings = {"paths.train": str(data / TRAIN), "paths.dev": str(data / DEV), **overrides}
    if start is None:
        nlp = begin(data, load_config(config_path, overrides=settings, interpolate=False))
    else:
        nlp = load_model(start, config=dot_to_dict(settings))
        lemmatizer = cast("EditTreeLemmatizer", nlp.get_pipe("lemmatizer"))
        # spaCy 3.8 does not restore this table, without which every gold lemma counts as label 0.
        lemmatizer.tree2label = {tree: label for label, tree in enumerate(lemmatizer.cfg["labels"])}
        nlp.resume_training(sgd=optimizer_of(nlp))
    work = output.with_name(output.name + ".work")
    work.mkdir(parents=True, exist_ok=True)
    train_loop(nlp, work, stdout=sys.stdout, stderr=sys.stderr)
    keep(work / "model-best", output)
    shutil.rmtree(work)


def begin(data: Path, config: "Config") -> "Language":
    """Make the pipeline of a config, with our tokens and word vectors, all labels known, no weight trained."""
    from spacy.util import load_model_from_config
    from thinc.api import fix_random_seed

    fix_random_seed(config.interpolate()["training"]["seed"])
    nlp = load_model_from_config(config, auto_fill=True)
    set_rules(nlp)
    documents = list(read_documents(data / TRAIN))
    words = (word for document in documents for paragraph in document for sentence in paragraph for word in sentence)
    add_vectors(nlp, (word.form for word in words))
    everything = read_treebank(data / TRAIN, False, 0)
    nlp.initialize(lambda: everything(nlp), sgd=optimizer_of(nlp))
    return nlp


def optimizer_of(nlp: "Language") -> "Optimizer":
    """The optimizer that a pipeline's config describes."""
    from spacy.util import registry

    return registry.resolve({"it": nlp.config.interpolate()["training"]["optimizer"]})["it"]


def keep(trained: Path, output: Path) -> None:
    """Put a trained pipeline in place without what belongs to the machine it was trained on."""
    import spacy
    import srsly
    from spacy.attrs import IDS

    nlp = spacy.load(trained)
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])
    nlp.config["corpora"]["train"]["silver"] = None
    nlp.meta.update(
        name="crosstalk_forum",
        version="1.0.0",
        license="CC BY-SA 4.0",
        description="English tags, lemmas, dependencies and sentences for forum text; UD English Web Treebank",
    )
    if output.exists():
        shutil.rmtree(output)
    nlp.to_disk(output)
    # spaCy 3.8 reads by which attribute vectors are looked up, but does not write it unless they are floret vectors.
    settings = output / "vocab" / "vectors.cfg"
    srsly.write_json(settings, {**cast(dict, srsly.read_json(settings)), "attr": IDS["LOWER"]})
    srsly.write_json(output / "vocab" / "strings.json", sorted(needed_strings(nlp)))


def needed_strings(nlp: "Language") -> set[str]:
    """The strings that a trained pipeline cannot do without; the store also holds every word that it was shown."""
    import srsly

    lemmatizer = cast("EditTreeLemmatizer", nlp.get_pipe("lemmatizer"))
    trees = cast(dict, srsly.msgpack_loads(lemmatizer.trees.to_bytes()))["trees"]
    hashes = {value for tree in trees for name, value in tree.items() if name in ("orig", "subst")}
    hashes.update(nlp.vocab.vectors.keys())
    strings = nlp.vocab.strings
    labels = {label for labels in nlp.pipe_labels.values() for label in labels if isinstance(label, str)}
    return labels | {strings[value] for value in hashes if value} | {text for text in strings if "=" in text[1:]}


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the UD English Web Treebank")
    parser.add_argument("--start", type=Path, help="pipeline to go on from")
    parser.add_argument("--silver", type=Path, help="CoNLL-U file of trees to learn from beside the treebank")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    parser.add_argument("--config", type=Path, default=HERE / "train.cfg")
    parser.add_argument("--set", nargs=2, action="append", default=[], metavar=("OPTION", "VALUE"))
    given = parser.parse_args()
    import srsly

    overrides: dict[str, object] = {name: srsly.json_loads(value) for name, value in given.set}
    if given.silver:
        overrides["corpora.train.silver"] = str(given.silver)
        overrides.setdefault("corpora.train.silver_share", SILVER_SHARE)
    train(given.data, given.output, given.config, overrides, given.start)


if __name__ == "__main__":
    main()
