"""Whose views are told in threads: `python -m bench.views --data DATA [--seeds SEEDS] [--half tune|unseen]`.

`bench/gold/views/` holds sentences of threads and interviews by place, each read by two readers apart: whether it tells
a view that is somebody else's, in which words, whose. A view counts where both say so. It is found where a claim that
is told of somebody else shares half its words (Jaccard) with the content that either reader marked; a false one is
such a claim in a sentence in which neither sees a view. `holder`: of the contents found, the share whose holder shares
a word with the one marked. The baseline takes everything after a verb of speech to the end of the sentence.
"""

import argparse
import hashlib
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.conversations import FOLDERS, read_conversations
from bench.reported import by_words, jaccard, words
from corpus.model import Conversation
from ingest.blocks import Block, find_spoken_blocks
from ingest.claims.drafting import draft_claims
from ingest.claims.reported_speech import find_reports
from ingest.language import parse, split_sentences
from ingest.quotations.speaker_names import SpeakerNames

GOLD = Path(__file__).parent / "gold" / "views"
Place = tuple[int, int]
View = tuple[Place | None, Place]  # holder, content


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence looked up by its place, with the block around it; places count characters of the block."""

    block: Block
    names: frozenset[str]
    start: int
    end: int
    row: dict[str, Any]

    @property
    def text(self) -> str:
        """Return the words of the sentence."""
        return self.block.text[self.start : self.end]

    def wanted(self) -> list[View]:
        """Return what each reader marked, holder and content; none where not both see a view."""
        readers = self.row["readers"]
        if any(reader["view"] != "yes" for reader in readers):
            return []
        return [
            (self._place(reader["holder"]), place) for reader in readers if (place := self._place(reader["content"]))
        ]

    def _place(self, within: Sequence[int] | None) -> Place | None:
        return None if within is None else (self.start + within[0], self.start + within[1])


def look_up(rows: Sequence[Mapping[str, Any]], folder: Path) -> Iterator[Labelled]:
    """Yield the labelled sentences that the sources of a folder hold; say on stderr how many they do not."""
    conversations = read_conversations(folder)
    lost = 0
    for row in rows:
        conversation = conversations.get(row["utterance"])
        block = conversation and _find_block(conversation, row)
        if not conversation or not block:
            lost += 1
            continue
        speakers = (utterance.speaker for utterance in conversation.utterances)
        names = SpeakerNames(speaker for speaker in speakers if speaker is not None)
        offset = row["start"] - block.start
        yield Labelled(block, names.words, offset, row["end"] - row["start"] + offset, dict(row))
    if lost:
        print(f"{folder.name}: {lost} sentences are not in the data given, or read otherwise", file=sys.stderr)


def make_options(description: str | None, halves: Sequence[str]) -> argparse.ArgumentParser:
    """Return the options of a bench whose gold is labelled places: where the data are, and which half is measured."""
    options = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=os.environ.get("CROSSTALK_DATA"), help="or $CROSSTALK_DATA")
    options.add_argument("--seeds", type=Path)
    options.add_argument("--half", choices=halves, default=halves[0])
    return options


def read_options(options: argparse.ArgumentParser) -> argparse.Namespace:
    """Return what is chosen; end the program where no data folder is named."""
    chosen = options.parse_args()
    if chosen.data is None:
        options.error("name the data folder with --data or $CROSSTALK_DATA")
    return chosen


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of labels."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def look_up_all(rows: Iterable[Mapping[str, Any]], chosen: argparse.Namespace) -> list[Labelled]:
    """Return the labelled places that the chosen data hold, corpus by corpus; as `look_up` does."""
    by_corpus: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_corpus[row["corpus"]].append(row)
    folders = {name: Path(chosen.data) / folder for name, folder in FOLDERS.items()}
    if chosen.seeds is not None:
        folders["seeds"] = chosen.seeds
    return [labelled for name, folder in folders.items() for labelled in look_up(by_corpus[name], folder)]


def _find_block(conversation: Conversation, row: Mapping[str, Any]) -> Block | None:
    for utterance, start, end, read in find_spoken_blocks(conversation, {row["utterance"]}):
        sentence = utterance.text[row["start"] : row["end"]]
        if not start <= row["start"] < end or hashlib.sha256(sentence.encode()).hexdigest()[:12] != row["sha"]:
            continue
        (doc,) = parse([read])
        return Block(utterance, start, end, doc, tuple(split_sentences(doc, read)), read)
    return None


def by_claims(sentence: Labelled) -> list[View]:
    """Find the views told as Crosstalk does: holder and claim of what is reported."""
    block = sentence.block
    return [
        (draft.report.source, (draft.start, draft.end))
        for draft in draft_claims(block, (), find_reports(block.read, block.sentences, sentence.names))
        if draft.report is not None and draft.start < sentence.end and sentence.start < draft.end
    ]


def by_speech_verb(sentence: Labelled) -> list[View]:
    """Take what follows a verb of speech."""
    return [
        (
            source and (source[0] + sentence.start, source[1] + sentence.start),
            (start + sentence.start, end + sentence.start),
        )
        for source, (start, end) in by_words(sentence.text)
    ]


def measure(sentences: Sequence[Labelled], find: Callable[[Labelled], list[View]], errors: bool) -> Counter[str]:
    """Count views wanted, found and made up, and the right holders."""
    count: Counter[str] = Counter()
    for sentence in sentences:
        wanted, found = sentence.wanted(), find(sentence)
        text = sentence.block.text
        is_disputed = not wanted and any(reader["view"] == "yes" for reader in sentence.row["readers"])
        count["sentences"] += 1
        count["stored"] += bool(found)
        count["false"] += bool(found) and not wanted and not is_disputed
        count["views"] += bool(wanted)
        count["told"] += bool(found and wanted)
        pairs = [
            (jaccard(words(text, content), words(text, told)), holder, source)
            for holder, content in wanted
            for source, told in found
        ]
        right = [pair for pair in pairs if pair[0] >= 0.5]
        count["content"] += bool(right)
        count["holder"] += any(
            holder is source or (holder and source and words(text, holder) & words(text, source))
            for _, holder, source in right
        )
        if errors and ((bool(found) and not wanted and not is_disputed) or (wanted and not right)):
            shown = [text[slice(*told)] for _, told in found]
            print(f"  {'missed' if wanted else 'made up'}: {sentence.text!r}\n     {shown}")
    return count


def main() -> None:
    """Print a table, a half a row."""
    options = make_options(__doc__, ("tune", "unseen", "second", "all"))
    options.add_argument("--errors", action="store_true", help="print every error of the half named")
    chosen = read_options(options)
    rows = [row for path in sorted(GOLD.glob("*.jsonl")) for row in read_rows(path)]
    sentences = look_up_all([row for row in rows if chosen.half in ("all", row["half"])], chosen)
    print("| | sentences | views | told | content | holder | false | of all | of stored |\n|" + "---|" * 9)
    for name, find in (("crosstalk", by_claims), ("speech verb to full stop", by_speech_verb)):
        for drawn in ("all", "random", "cue"):
            chosen_ones = [one for one in sentences if drawn in ("all", one.row["drawn"])]
            n = measure(chosen_ones, find, chosen.errors and drawn == "all" and find is by_claims)
            print(
                f"| {name}, {drawn} | {n['sentences']} | {n['views']} | {n['told'] / max(1, n['views']):.2f} "
                f"| {n['content'] / max(1, n['views']):.2f} | {n['holder'] / max(1, n['content']):.2f} | {n['false']} "
                f"| {n['false'] / max(1, n['sentences']):.3f} | {n['false'] / max(1, n['stored']):.2f} |"
            )


if __name__ == "__main__":
    main()
