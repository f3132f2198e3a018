"""Agreement and disagreement as replies open, against one reader's labels of 300 replies.

    python -m bench.people DATA

DATA holds `arbital-dev`. The labels name utterances by digests only (`bench/gold/people`). The rules were written
beside the part "dev"; "test" was labelled before they were run on it. The baseline is what one would try first: a reply
that holds "agree", "yes" or "good point" agrees, one that holds "disagree", "wrong", "no" or "not" disagrees.
"""

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.quotations import conversations
from corpus.model import Conversation, Utterance
from index.people.reply_stances import Reaction, find_stance
from ingest.sentences import parse_sentences

GOLD = Path(__file__).parent / "gold" / "people" / "reactions.jsonl"
Judge = Callable[[Utterance, str], str]


def ours(reply: Utterance, answered: str) -> str:
    """Say what the product says."""
    alone = Conversation(reply.conversation_id, "", (reply,))
    sentences = [(sentence.start, sentence.end) for sentence in parse_sentences(alone)]
    stance = find_stance(reply, answered, sentences)
    return stance.reaction.value if stance else "neither"


_YES = re.compile(r"\b(?:agree|agreed|yes|good point)\b", re.I)
_NO = re.compile(r"\b(?:disagree|wrong|no|not)\b|n't\b", re.I)


def by_words(reply: Utterance, answered: str) -> str:
    """Look for a few words in the first 200 characters."""
    opening = reply.text[:200]
    if _NO.search(opening):
        return Reaction.DISAGREES.value
    return Reaction.AGREES.value if _YES.search(opening) else "neither"


def replies(data: Path) -> dict[str, tuple[Utterance, str]]:
    """Read all replies with what they answer, by digest."""
    found = {}
    for conversation in conversations(data / "arbital-dev"):
        by_id = {utterance.id: utterance for utterance in conversation.utterances}
        for utterance in conversation.utterances:
            answered = by_id.get(utterance.reply_to or "")
            digest = hashlib.sha256(utterance.id.encode()).hexdigest()[:16]
            found[digest] = (utterance, answered.text if answered else "")
    return found


def measure(data: Path) -> list[dict[str, Any]]:
    """Give precision and recall of each reaction, by part and way."""
    known = replies(data)
    gold = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    rows = []
    for part in ("dev", "test"):
        labelled = [row for row in gold if row["part"] == part and row["utterance"] in known]
        for way, judge in (("ours", ours), ("a few words", by_words)):
            said = [(judge(*known[row["utterance"]]), row["reaction"]) for row in labelled]
            rows += [_row(part, len(labelled), way, reaction.value, said) for reaction in Reaction]
    return rows


def _row(part: str, replies: int, way: str, reaction: str, said: list[tuple[str, str]]) -> dict[str, Any]:
    counts = Counter((given == reaction, label == reaction) for given, label in said)
    right = counts[True, True]
    given, labelled = right + counts[True, False], right + counts[False, True]
    return {
        "part": part,
        "replies": replies,
        "way": way,
        "reaction": reaction,
        "labelled": labelled,
        "given": given,
        "precision": round(right / given, 3) if given else None,
        "recall": round(right / labelled, 3) if labelled else None,
    }


def main() -> None:
    """Measure, and print a table or lines of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    for row in measure(told.data):
        print(json.dumps(row) if told.json else "  ".join(f"{value!s:<12}" for value in row.values()))


if __name__ == "__main__":
    main()
