"""Who is said to hold what: python -m bench.reported --polnear FOLDER [--limit N].

PolNeAR (Newell et al. 2018), direct and indirect speech in news, gold source and content. A found content counts if
its words and those of a gold content have a Jaccard overlap of 0.5 (and, stricter, 0.8); a source counts if the
content it belongs to is found and the two share a word. The baseline takes everything after a speech verb to the end
of the sentence.
"""

import argparse
import re
from collections.abc import Callable
from pathlib import Path

Spans = list[tuple[tuple[int, int] | None, tuple[int, int]]]


def gold(path: Path) -> Spans:
    """Read a brat file: (source, content) of each attribution that has a content; fragments are joined."""
    spans: dict[str, tuple[int, int]] = {}
    found: Spans = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("T"):
            name, rest = line.split("\t")[:2]
            numbers = [int(number) for number in re.findall(r"\d+", rest.split(" ", 1)[1])]
            spans[name] = (min(numbers), max(numbers))
    for line in lines:
        if line.startswith("E"):
            roles = dict(part.split(":", 1) for part in line.split("\t")[1].split() if ":" in part)
            if roles.get("Content") in spans:
                found.append((spans.get(roles.get("Source", "")), spans[roles["Content"]]))
    return found


def words(text: str, span: tuple[int, int]) -> set[int]:
    """Give the places of the words in a span."""
    return {span[0] + match.start() for match in re.finditer(r"\w+", text[span[0] : span[1]])}


def compare(text: str, wanted: Spans, found: Spans, least: float) -> tuple[int, int]:
    """Count the contents found, and among them the right sources."""
    right = sources = 0
    left = list(found)
    for source, content in wanted:
        best = max(left, key=lambda pair: jaccard(words(text, pair[1]), words(text, content)), default=None)
        if best is None or jaccard(words(text, best[1]), words(text, content)) < least:
            continue
        left.remove(best)
        right += 1
        if source is None:
            sources += best[0] is None
        elif best[0] is not None:
            sources += bool(words(text, best[0]) & words(text, source))
    return right, sources


def jaccard(one: set[int], other: set[int]) -> float:
    """Give the share of two sets of places that both have."""
    return len(one & other) / len(one | other) if one or other else 0.0


def by_parse(text: str) -> Spans:
    """Find reports as Crosstalk does."""
    from ingest.claims.reported_speech import find_reports
    from ingest.language import parse, split_sentences

    found: Spans = []
    for start, end in paragraphs(text):
        (doc,) = parse([text[start:end]])
        for report in find_reports(doc.text, split_sentences(doc)):
            if not report.own:
                source = report.source and (report.source[0] + start, report.source[1] + start)
                found.append((source, (report.content[0] + start, report.content[1] + start)))
    return found


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Give the paragraphs of a text."""
    return [match.span() for match in re.finditer(r"[^\n]+", text)]


_SPEECH = re.compile(r"\b(?:said|says|say|told|thinks?|believes?|argued|argues|claimed|claims|wrote|added|noted)\b")


def by_words(text: str) -> Spans:
    """Take what follows a speech verb, to the end of the sentence; the source is the word before."""
    found: Spans = []
    for match in _SPEECH.finditer(text):
        end = re.search(r"[.?!\n]", text[match.end() :])
        stop = match.end() + (end.start() if end else len(text) - match.end())
        before = re.search(r"\w+\s*$", text[: match.start()])
        if stop - match.end() > 3:
            found.append((before.span() if before else None, (match.end(), stop)))
    return found


def main() -> None:
    """Print precision, recall and F1 of contents and sources, beside the baseline."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--polnear", type=Path, required=True, help="unpacked PolNeAR: holds dev/text and dev/attributions"
    )
    parser.add_argument("--split", default="dev")
    parser.add_argument("--limit", type=int)
    given = parser.parse_args()
    texts = {path.stem: path for path in (given.polnear / given.split / "text").glob("*.txt")}
    files = sorted((given.polnear / given.split / "attributions").glob("*.ann"))
    ways: dict[str, Callable[[str], Spans]] = {"crosstalk": by_parse, "speech verb to full stop": by_words}
    pairs = []
    seen = set()
    for path in files:
        stem = path.stem if path.stem in texts else path.stem.rsplit("_", 1)[0]
        if stem in texts and stem not in seen:  # some texts were annotated twice; the first annotator counts
            seen.add(stem)
            pairs.append((texts[stem].read_text(encoding="utf-8"), gold(path)))
    pairs = pairs[: given.limit]
    print(f"PolNeAR {given.split}: {len(pairs)} articles, {sum(len(wanted) for _, wanted in pairs)} attributions\n")
    print("| | content P | R | F1 (Jaccard ≥ 0.5) | F1 (≥ 0.8) | source F1 |\n|---|---|---|---|---|---|")
    for name, way in ways.items():
        found = [way(text) for text, _ in pairs]
        n_found, n_gold = sum(map(len, found)), sum(len(wanted) for _, wanted in pairs)
        half = [compare(text, wanted, spans, 0.5) for (text, wanted), spans in zip(pairs, found, strict=True)]
        most = [compare(text, wanted, spans, 0.8) for (text, wanted), spans in zip(pairs, found, strict=True)]
        right, strict = sum(n for n, _ in half), sum(n for n, _ in most)
        sources = sum(n for _, n in half)
        p, r = right / max(1, n_found), right / max(1, n_gold)
        f1, f8, fs = (2 * n / max(1, n_found + n_gold) for n in (right, strict, sources))
        print(f"| {name} | {p:.3f} | {r:.3f} | {f1:.3f} | {f8:.3f} | {fs:.3f} |")


if __name__ == "__main__":
    main()
