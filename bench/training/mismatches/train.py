"""Learn `weights.json`: `python -m bench.training.mismatches.train --lessons BASE GOLD --also BASE GOLD`.

BASE is a knowledge base that holds the corpus of the labels GOLD (see MODEL_CARD.md). The model of exchanges and the
choice of the term are learned from sentences weighed by models that had not seen their conversation.
"""

import argparse
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
from index.knowledge_base import KnowledgeBase
from index.mismatches.find import view_conversation
from index.mismatches.sentence_scorer import WEIGHTS
from index.mismatches.term_choice import TermIndex

ALSO = 0.5  # what a conversation counts that is of another kind than those that people bring


def read_training_set(base: KnowledgeBase, gold: Path, worth: float = 1.0) -> tuple[SentenceTrainingSet, CorpusTerms]:
    """Read the conversations of a base with their labels, unweighed; and what names the terms in them."""
    context = AnalysisContext(base.record, base.vectors, base.encoder, base.findings)
    read = [view_conversation(context, id_, scored=False) for id_ in base.record.conversations()]
    held = gather_sentences([one for one in read if one is not None], read_labels(gold), worth)
    definitions = {one.conversation.id: base.record.definitions_of(one.conversation.id) for one in held.views}
    return held, CorpusTerms(definitions, TermIndex.from_bodies(base.findings.find("term")))


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
        with KnowledgeBase.open(folder, purpose="training") as base:
            read.append(read_training_set(base, gold, worth))
            encoder = base.encoder
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
