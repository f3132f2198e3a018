"""What is learned from: uses with definitions (WiC-TSV), and made-up words that stand for several real ones.

A made-up word has as many senses as words that it stands for, so that plain text shows what a change of sense looks
like where the term itself tells nothing.
"""

import csv
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MADE_UP = ("blicket", "thing", "concept")
_NOUNS_SEEN, _NOUN_SHARE = 3, 0.85
_LINK = re.compile(r"\[([^\]\[]*)\]\([^)]*\)")
_WIKI = re.compile(r"\[-?\w+ ([^\]]*)\]")
_FRONT = re.compile(r"^---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SenseExample:
    """A use of a term, a definition of it, and whether the use has that sense."""

    term: str
    text: str
    place: tuple[int, int]
    gloss: str
    hypernyms: tuple[str, ...]
    fits: bool


@dataclass(frozen=True, slots=True)
class DisguisedUse:
    """A sentence in which `word` was replaced by a made-up word, which stands at `place`."""

    word: str
    made_up: str
    text: str
    place: tuple[int, int]


def read_wic_tsv(folder: Path) -> list[SenseExample]:
    """Read the training part of WiC-TSV (Breit et al., 2021)."""
    read = {
        part: (folder / "Training" / f"train_{part}.txt").read_text(encoding="utf-8").splitlines()
        for part in ("examples", "definitions", "labels", "hypernyms")
    }
    found = []
    for line, gloss, label, hypernyms in zip(*read.values(), strict=True):
        term, at, text = line.split("\t")
        words = text.split(" ")
        start = sum(len(word) + 1 for word in words[: int(at)])
        place = (start, start + len(words[int(at)]))
        kinds = tuple(kind.replace("_", " ") for kind in hypernyms.split("\t"))
        found.append(SenseExample(term.replace("_", " "), text, place, gloss, kinds, label == "T"))
    return found


def assign_parts(examples: Sequence[SenseExample], parts: int, seed: int = 0) -> list[int]:
    """Say in which part each example is held out. A term is in one part only, so that no part knows another's words."""
    terms = sorted({example.term for example in examples})
    random.Random(seed).shuffle(terms)
    part_of = {term: at % parts for at, term in enumerate(terms)}
    return [part_of[example.term] for example in examples]


def make_disguised(
    data: Path, words: int = 150, uses: int = 8, longest: int = 160, seed: int = 7
) -> list[DisguisedUse]:
    """Make uses of made-up words from essays, pages, arguments and the treebank under `data`."""
    nouns = _nouns(data / "ud-ewt" / "en_ewt-ud-train.conllu")
    found: dict[str, list[tuple[str, tuple[int, int]]]] = defaultdict(list)
    for sentence in dict.fromkeys(_sentences(data)):
        for word in re.finditer(r"\b[a-z]+\b", sentence):
            if word[0] in nouns:
                found[word[0]].append((sentence, word.span()))
    draw = random.Random(seed)
    often = sorted(word for word, places in found.items() if len(places) >= uses)
    draw.shuffle(often)
    made = []
    for number, word in enumerate(often[:words]):
        made_up = MADE_UP[number % len(MADE_UP)]
        short = [(sentence, span) for sentence, span in found[word] if len(sentence) < longest]
        for sentence, (start, end) in draw.sample(short, min(uses, len(short))):
            text = sentence[:start] + made_up + sentence[end:]
            made.append(DisguisedUse(word, made_up, text, (start, start + len(made_up))))
    return made


def group_by_word(uses: Iterable[DisguisedUse]) -> "Mapping[str, Mapping[str, list[int]]]":
    """Return the places in `uses` for each made-up word and each word that it stands for."""
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, use in enumerate(uses):
        found[use.made_up][use.word].append(at)
    return found


def _nouns(treebank: Path) -> set[str]:
    """Return the words that are nouns nearly always."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for line in treebank.read_text(encoding="utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) == 10:
            seen[columns[1].lower()][columns[3]] += 1
    return {
        word
        for word, tags in seen.items()
        if len(word) > 3 and tags["NOUN"] >= max(_NOUNS_SEEN, _NOUN_SHARE * tags.total())
    }


def _sentences(data: Path) -> Iterator[str]:
    for essay in sorted((data / "turntrout").glob("*.md")):
        yield from _cut(_FRONT.sub("", essay.read_text(encoding="utf-8")))
    with (data / "arbital-dev" / "utterances.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield from _cut(json.loads(line)["text"])
    with (data / "kpa2021" / "arguments_train.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            yield row["argument"]
    with (data / "ud-ewt" / "en_ewt-ud-train.conllu").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# text = "):
                yield line[9:].strip()


def _cut(text: str) -> Iterator[str]:
    """Return the plain sentences of a Markdown text; those with formulas or addresses are left out."""
    text = re.sub(r"[*_`#>|]", "", _WIKI.sub(r"\1", _LINK.sub(r"\1", text)))
    for paragraph in text.split("\n"):
        for sentence in re.split(r"(?<=[.!?])\s+", paragraph):
            plain = sentence[:1].isalpha() and not re.search(r"\$|\\|http", sentence)
            if plain and 6 <= len(sentence.split()) <= 40:
                yield sentence
