"""Learn `weights.json`: `python -m bench.training.mismatches.train --lessons BASE GOLD --also BASE GOLD`.

BASE is a knowledge base that holds the corpus of the labels GOLD (see MODEL_CARD.md). The model of exchanges and the
choice of the term are learned from sentences weighed by models that had not seen their conversation.
"""

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np
import orjson

from bench.training.mismatches.exchange_data import CorpusTerms, label_exchanges, learn
from bench.training.mismatches.sentence_data import (
    SentenceTrainingSet,
    gather_sentences,
    learn_sentences,
    read_labels,
    read_made_up,
    score_out_of_fold,
)
from index.encoding.sentence_encoder import Encoder
from index.findings.context import AnalysisContext
from index.findings.findings_store import FindingsStore
from index.mismatches.find import view_conversation
from index.mismatches.sentence_scorer import WEIGHTS
from index.mismatches.term_choice import TermIndex
from index.store.base_index import BaseIndex

ALSO = 0.5  # what a conversation counts that is of another kind than those that people bring


@contextmanager
def open_context(folder: Path, purpose: str) -> Iterator[AnalysisContext]:
    """Open what the analyses of a base read."""
    with closing(BaseIndex.open(folder, purpose=purpose)) as index:
        with closing(FindingsStore.open(index.folder / "analyses.db")) as findings_store:
            yield AnalysisContext(index.record, index.vectors, index.encoder, findings_store)


def read_training_set(
    context: AnalysisContext, gold: Path, worth: float = 1.0
) -> tuple[SentenceTrainingSet, CorpusTerms]:
    """Read the conversations of a base with their labels, unscored; and what names the terms in them."""
    record = context.record
    views = [view_conversation(context, id_, scored=False) for id_ in record.list_conversations()]
    held = gather_sentences([view for view in views if view is not None], read_labels(gold), worth)
    definitions = {view.conversation.id: record.list_definitions_of(view.conversation.id) for view in held.views}
    return held, CorpusTerms(definitions, TermIndex.from_bodies(context.findings_store.find("term")))


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=Path, nargs=2, required=True, metavar=("BASE", "GOLD"))
    parser.add_argument(
        "--also", type=Path, nargs=2, required=True, metavar=("BASE", "GOLD"), help="Threads of another kind."
    )
    parser.add_argument("--made-up", type=Path, default=Path("bench/gold/mismatches/made_up.txt"))
    asked = parser.parse_args()
    read: list[tuple[SentenceTrainingSet, CorpusTerms]] = []
    encoder: Encoder | None = None
    for (folder, gold), worth in ((asked.lessons, 1.0), (asked.also, ALSO)):
        with open_context(folder, "training") as context:
            read.append(read_training_set(context, gold, worth))
            encoder = context.encoder
    assert encoder is not None
    invented = read_made_up(asked.made_up)
    held = read[0][0] + read[1][0]
    score_out_of_fold(held, invented, encoder)
    models = learn([one for its, reading in read for one in label_exchanges(its, reading)])
    written = {
        "negotiation": learn_sentences(held, np.ones(len(held.texts), dtype=bool), invented, encoder),
        **asdict(models),
    }
    WEIGHTS.write_bytes(orjson.dumps(written, option=orjson.OPT_SORT_KEYS) + b"\n")


if __name__ == "__main__":
    main()
