"""How right the cards are that readers see: `python -m bench.cards --kb BASE --gold GOLD [--cards CARDS] [--held]`.

GOLD are labelled exchanges (`bench.mismatches`) or corrected cards. CARDS is what `crosstalk mismatches --json` wrote;
without it the mismatches of BASE are found now. A card finds a labelled exchange where it shows, or holds under `also`,
both its utterances, or one of them with the labelled term. Of a card that finds one are counted: the term (shares its
stems), each passage (holds half of the labelled words, or lies in them), and each sense (a part of its passage, or
none). Conversations are shared out by the hash of their ids: a third is held, and measured only by `--held`.
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from bench.training.mismatches.train import open_context
from corpus.record import Record
from corpus.term_key import make_term_key
from index.mismatches.find import find_mismatches
from index.mismatches.related_terms import is_related

_THIRD = 3
_FIRST = (10, 20, 40)
_OVERLAP = 0.5  # share of the fewer words, from which two passages are one


def is_held(conversation_id: str) -> bool:
    """Tell whether a conversation belongs to the third that nothing is developed on."""
    digest = hashlib.sha256(f"third {conversation_id}".encode()).hexdigest()
    return int(digest, 16) % _THIRD == 0


def read_gold(path: Path) -> list[dict[str, Any]]:
    """Read labelled exchanges, or corrected cards, as `{term, kind, a, b}`; each side with `id`, `text`, `sense`."""
    rows = (orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip())
    return [label for row in rows if (label := _read_label(row)) is not None]


def _read_label(row: dict[str, Any]) -> dict[str, Any] | None:
    if "a_utterance" in row:
        right = row.get("corrected") or row
        sides = {side: {"id": right[f"{side}_utterance"], "text": right.get(f"{side}_text", "")} for side in ("a", "b")}
        return {"term": right["term"], "kind": "none" if row.get("M") == "no" else "card", **sides}
    if row.get("label", "mismatch") not in ("mismatch", "negative"):
        return None
    sides = {side: {**row[side], "id": row[side].get("id") or row[side].get("utterance_id")} for side in ("a", "b")}
    kind = "none" if row.get("label") == "negative" else row["kind"]
    return None if kind == "unsure" else {"term": row["term"] or "", "kind": kind, **sides}


def find_label(card: Mapping[str, Any], gold: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the label that a card finds: best one of both utterances, and of a mismatch before a negative."""
    shown = [{side["utterance_id"] for side in (place["a"], place["b"])} for place in (card, *card.get("also", ()))]
    best: tuple[tuple[bool, bool, bool], Mapping[str, Any]] | None = None
    for label in gold:
        pair = {label["a"]["id"], label["b"]["id"]}
        whole = any(pair <= utterances for utterances in shown)
        same_term = bool(label["term"]) and is_related(card["term"], label["term"])
        if whole or (same_term and any(pair & utterances for utterances in shown)):
            order = (whole, same_term, label["kind"] != "none")
            if best is None or order > best[0]:
                best = order, label
    return best[1] if best else None


def shows_passage(card: Mapping[str, Any], label: Mapping[str, Any], side: str) -> bool:
    """Return whether one of the two passages of a card is that of a side of the label."""
    wanted = label[side]
    return any(
        shown["utterance_id"] == wanted["id"] and _share_words(shown["text"], wanted["text"]) >= _OVERLAP
        for shown in (card["a"], card["b"])
    )


def _share_words(one: str, other: str) -> float:
    first, second = set(make_term_key(one).split()), set(make_term_key(other).split())
    return len(first & second) / max(1, min(len(first), len(second)))


def is_gloss(side: Mapping[str, Any]) -> bool:
    """Return whether the sense of a side is a part of its passage, and less than it."""
    sense, text = side["sense"] or "", " ".join(side["text"].split())
    return bool(sense) and sense in text and len(sense) < 0.95 * len(text.rstrip(" ."))


def measure_cards(cards: Sequence[Mapping[str, Any]], gold: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Count what is right about some cards."""
    counts: Counter[str] = Counter(cards=len(cards))
    found: set[int] = set()
    for card in cards:
        counts["senses shown"] += sum(bool(card[side]["sense"]) for side in "ab")
        counts["senses that are glosses"] += sum(is_gloss(card[side]) for side in "ab")
        label = find_label(card, gold)
        if label is None:
            counts["not labelled"] += 1
        elif label["kind"] == "none":
            counts["labelled as none"] += 1
        else:
            right_term = bool(label["term"]) and is_related(card["term"], label["term"])
            passages = [shows_passage(card, label, side) for side in "ab"]
            counts["mismatches"] += 1
            counts["of a new one"] += id(label) not in found
            counts["term right"] += right_term
            counts["passages right"] += sum(passages)
            counts["term and both passages right"] += right_term and all(passages)
            found.add(id(label))
    return counts


def _find_cards(base: Path) -> list[dict[str, Any]]:
    with open_context(base, "bench") as context:
        return [dict(finding.body) for finding in find_mismatches(context)["mismatch"]]


def _select(record: Record, ids: Iterable[str], held: bool) -> set[str]:
    return {id_ for id_, utterance in record.get_utterances(ids).items() if is_held(utterance.conversation_id) is held}


def main() -> None:
    """Print the counts, of the first cards and of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--cards", type=Path)
    parser.add_argument("--held", action="store_true", help="Measure the third that is held, not the other two.")
    asked = parser.parse_args()
    gold = read_gold(asked.gold)
    cards = (
        [orjson.loads(line) for line in asked.cards.read_bytes().splitlines() if line.strip()]
        if asked.cards
        else _find_cards(asked.kb)
    )
    with open_context(asked.kb, "bench") as context:
        ids = {label[side]["id"] for label in gold for side in "ab"} - {None}
        measured = _select(context.record, ids, asked.held)
    gold = [label for label in gold if label["a"]["id"] in measured]
    cards = [card for card in cards if is_held(card["conversation"]["id"]) is asked.held]
    positive = [label for label in gold if label["kind"] != "none"]
    reached = {id(label) for card in cards for label in positive if find_label(card, [label]) is not None}
    print(f"{len(cards)} cards; {len(reached)} of {len(positive)} labelled mismatches are found by some card")
    for first in (*_FIRST, len(cards)):
        counts = measure_cards(cards[:first], gold)
        print(f"first {first}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
