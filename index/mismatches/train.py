"""Learn `weights.json`: `python -m index.mismatches.train --kb BASE --gold mismatches.jsonl --made-up FILE`.

BASE is a knowledge base that holds the corpus of the labels (see MODEL_CARD.md). The exchange model is learned from
sentences weighed by models that had not seen them.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

import orjson

from index.analysis import Material
from index.knowledge_base import KnowledgeBase
from index.mismatches.find import conversation_of
from index.mismatches.lessons import (
    exchange_lessons,
    gold_of,
    learn_exchanges,
    learn_sentences,
    lessons,
    made_up,
    out_of_fold,
)
from index.mismatches.negotiation import WEIGHTS


def main() -> None:
    """Read the command line and train."""
    import numpy as np

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--made-up", type=Path, default=Path("bench/mismatches_gold/made_up.txt"))
    asked = parser.parse_args()
    with KnowledgeBase.open(asked.kb, purpose="training") as base:
        material = Material(base.record, base.vectors, base.encoder, base.findings)
        read = [conversation_of(material, id_, weighed=False) for id_ in base.record.conversations()]
        held = lessons([one for one in read if one is not None], gold_of(asked.gold))
        invented = made_up(asked.made_up)
        out_of_fold(held, invented, base.encoder)
        _, features, labels = exchange_lessons(held.voices, held.gold)
        scorer = learn_exchanges(features, labels)
        body = learn_sentences(held, np.ones(len(held.texts), dtype=bool), invented, base.encoder)
    written = {"negotiation": body, "scorer": asdict(scorer)}
    WEIGHTS.write_bytes(orjson.dumps(written, option=orjson.OPT_SORT_KEYS) + b"\n")


if __name__ == "__main__":
    main()
