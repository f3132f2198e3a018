"""Measure whose words are found: `python -m bench.quotations DATA [--mail FOLDER] [--limit N] [--without-sources]`.

DATA is the folder of the development sets (or $CROSSTALK_DATA); `--mail` an unpacked ConvoKit corpus of mails.
The marks of quotations (`>`) are the gold: resolved with them, then looked for without them. The baseline is exact
substring matching, white space and case aside. With `--without-sources` the marks are gone and so are the sources: each
author's utterances stand on a page of their own (`bench.bare_pages`), and no mail is by an author learned from.
"""

import argparse
import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import orjson

from bench.bare_pages import choose_half, is_held_out, make_conversation, make_pages
from corpus.model import Conversation, PassageKind, Quotation, QuotationKind, Utterance
from ingest.quotations import resolve
from ingest.quotations.alignment import GramIndex, align, split_words
from ingest.quotations.source_search import list_blocks
from ingest.sentences import SentenceIndex, parse_sentences
from ingest.sources.formats import read_source
from ingest.sources.source import Source

# Other ways to mark a quotation than ">": an utterance with one of these is no gold for what is not quoted.
_OTHER_MARKS = re.compile(r"(?m)^\s*[|:%]|^\s*>|Original Message|\b[Ww]r(?:ote|ites)\b|^[A-Z]{1,4}>|BEGIN PGP")
# Words between quotation marks from end to end have no ">", and are not their author's all the same.
_SPOKEN = re.compile(r"[\"“][^\"“”]+[\"”][.:]?")
_LEAST = 4


def conversations(folder: Path) -> Iterator[Conversation]:
    """Read a ConvoKit corpus; what cannot be read is left out."""
    for loaded in read_source(Source(name=str(folder), path=folder)):
        if isinstance(loaded, Conversation):
            yield loaded
        elif isinstance(getattr(loaded, "conversation", None), Conversation):
            yield loaded.conversation


_INDEXES: dict[str, SentenceIndex] = {}  # by conversation: each is parsed once, with its marks or without


def find_quotations(conversation: Conversation) -> tuple[Quotation, ...]:
    """Resolve the quotations of a conversation, which is parsed for it."""
    if conversation.id not in _INDEXES:
        _INDEXES[conversation.id] = SentenceIndex(parse_sentences(conversation))
    return resolve(conversation, _INDEXES[conversation.id])


def unmark(conversation: Conversation) -> Conversation:
    """Take the quotation marks away, and nothing else."""
    return replace(
        conversation,
        utterances=tuple(
            replace(each, passages=tuple(p for p in each.passages if p.kind is not PassageKind.QUOTE))
            for each in conversation.utterances
        ),
    )


def plainly(text: str) -> str:
    """Set white space and case aside."""
    return " ".join(text.casefold().split())


def by_substring(conversation: Conversation, number: int, text: str) -> Utterance | None:
    """The baseline: the nearest utterance above that holds the very words, else the first before it."""
    wanted = plainly(text)
    known = {utterance.id: utterance for utterance in conversation.utterances}
    here = conversation.utterances[number]
    parent = known.get(here.reply_to or "")
    for _ in range(50):
        if parent is None:
            break
        if wanted in plainly(parent.text):
            return parent
        parent = known.get(parent.reply_to or "")
    return next((each for each in conversation.utterances[:number] if wanted in plainly(each.text)), None)


def gold(data: Path) -> None:
    """Score the 61 hand-labelled quotations: is the source right, and is nobody credited who should not be."""
    read_in = list(conversations(data / "arbital-dev"))
    known = {each.id: (c, k) for c in read_in for k, each in enumerate(c.utterances)}
    found: dict[str, list[Quotation]] = {}
    for conversation in read_in:
        for quotation in find_quotations(conversation):
            found.setdefault(quotation.utterance_id, []).append(quotation)
    scores = {"ours": Counter(), "substring": Counter()}
    for line in (data / "arbital-dev" / "gold" / "quotes.jsonl").read_bytes().splitlines():
        row = orjson.loads(line)
        conversation, number = known[row["comment"]]
        best = _overlapping(conversation.utterances[number], row["quoted"], found.get(row["comment"], ()))
        baseline = by_substring(conversation, number, row["quoted"])
        answers = {"ours": best.source_utterance_id if best else None, "substring": baseline.id if baseline else None}
        for name, answer in answers.items():
            scores[name][_verdict(row["source_id"], answer)] += 1
        credited = best.speaker.name if best is not None and best.speaker is not None else None
        if credited == row["author"] != row["speaker"]:
            scores["ours"]["credited to the quoter"] += 1
        if answers["ours"] != row["source_id"]:
            print(f"  {row['id']} {row['comment']}: wanted {row['source_id']}, found {answers['ours']}")
    print(f"\n| arbital-dev/gold, n={sum(scores['substring'].values())} | right | wrong | missed | to the quoter |")
    print("|---|---|---|---|---|")
    for name, score in scores.items():
        counts = (score["right"], score["wrong"], score["missed"], score["credited to the quoter"])
        print(f"| {name} | {' | '.join(map(str, counts))} |")


def _verdict(wanted: str | None, answer: str | None) -> str:
    if wanted == answer:
        return "right"
    return "missed" if answer is None else "wrong"


def _overlapping(utterance: Utterance, quoted: str, quotations: Sequence[Quotation]) -> Quotation | None:
    """Find the quotation of an utterance that best covers the words of a label."""
    words = split_words(re.sub(r"(?m)^[> \t]+", "", quoted))
    best: tuple[float, Quotation] | None = None
    for quotation in quotations:
        here = split_words(utterance.text, quotation.start, quotation.end)
        laid = align(words, here, *GramIndex([here.codes]).find_seeds(words.codes))
        few = len(words) < 3 and set(words.codes.tolist()) <= set(here.codes.tolist())
        score = (laid.similarity if laid else float(few)) - len(here) * 1e-5
        if score > 0 and (best is None or score > best[0]):
            best = (score, quotation)
    return best[1] if best else None


def unmarked(name: str, read_in: Sequence[Conversation], shown: int) -> None:
    """Look for quotations whose marks were taken away. A row of the table is a paragraph of four words or more.

    Gold: the paragraph was marked, and with its mark it was resolved to an utterance of somebody else.
    """
    ours, baseline = Counter(), Counter()
    doubtful: list[str] = []
    seconds = 0.0
    for conversation in read_in:
        marked = _by_utterance(find_quotations(conversation))
        bare = unmark(conversation)
        began = time.perf_counter()
        found = _by_utterance(find_quotations(bare))
        seconds += time.perf_counter() - began
        for number, utterance in enumerate(conversation.utterances):
            for block in list_blocks(utterance):
                words = len(split_words(utterance.text, block.start, block.end))
                if words < _LEAST or block.kind in (PassageKind.CODE, PassageKind.TABLE_ROW):
                    continue
                around = [q for q in marked.get(utterance.id, ()) if q.start <= block.start and block.end <= q.end]
                around = [q for q in around if q.how is QuotationKind.MARKED]
                inner = min(around, key=lambda q: q.end - q.start) if around else None
                if inner is not None and (inner.source_utterance_id is None or inner.speaker == utterance.speaker):
                    continue
                if inner is None and _OTHER_MARKS.search(utterance.text):
                    continue
                if inner is None and _SPOKEN.fullmatch(utterance.text[block.start : block.end].strip()):
                    continue
                wanted = inner.source_utterance_id if inner else None
                hit = _covering(found.get(utterance.id, ()), block.start, block.end)
                plain = by_substring(bare, number, utterance.text[block.start : block.end])
                _count(ours, wanted, hit is not None, hit.source_utterance_id if hit else None)
                _count(baseline, wanted, plain is not None, plain.id if plain else None)
                if (hit is not None) != (inner is not None):
                    kind = "false" if inner is None else "missed"
                    doubtful.append(f"{kind} {utterance.id}: {utterance.text[block.start : block.end][:160]!r}")
    utterances = sum(len(conversation.utterances) for conversation in read_in)
    print(f"\n| {name} without marks, {utterances} read in {seconds:.1f} s | n | precision | recall | source right |")
    print("|---|---|---|---|---|")
    for label, score in (("ours", ours), ("substring", baseline)):
        hits, wanted = score["hit"], score["hit"] + score["missed"]
        precision, recall = hits / max(1, hits + score["false"]), hits / max(1, wanted)
        print(f"| {label} | {wanted} | {precision:.4f} | {recall:.4f} | {score['source'] / max(1, hits):.4f} |")
    for line in random.Random(1).sample(doubtful, min(shown, len(doubtful))):
        print("  " + line)


def _count(score: Counter, wanted: str | None, found: bool, source: str | None) -> None:
    if wanted is None:
        score["false"] += found
    else:
        score["hit" if found else "missed"] += 1
        score["source"] += found and source == wanted


def _by_utterance(quotations: Sequence[Quotation]) -> dict[str, list[Quotation]]:
    found: dict[str, list[Quotation]] = {}
    for quotation in quotations:
        found.setdefault(quotation.utterance_id, []).append(quotation)
    return found


def _covering(quotations: Sequence[Quotation], start: int, end: int) -> Quotation | None:
    """Find the quotation that covers more than half of a paragraph."""
    for quotation in quotations:
        share = (min(quotation.end, end) - max(quotation.start, start)) / (end - start)
        spoken = quotation.how is QuotationKind.INLINE
        if share > 0.9 and quotation.source_utterance_id is not None if spoken else share > 0.5:
            return quotation
    return None


def without_sources(name: str, read_in: Sequence[Conversation], half: int, shown: int) -> None:
    """Look for quotations on pages that hold nobody but their author; a row of the table is how sure one has to be."""
    utterances = [each for c in read_in if choose_half(c.id) == half for each in c.utterances]
    made = make_pages(utterances, random.Random(1))
    found: list[tuple[bool, float, str]] = []
    for number, page in enumerate(made):
        conversation = make_conversation(number, page)
        # Nothing of it need be parsed: what stands between quotation marks within a sentence is not looked for here.
        quotations = resolve(conversation, SentenceIndex(()))
        for block, (text, quoted) in zip(list_blocks(conversation.utterances[0]), page, strict=True):
            hit = _covering(quotations, block.start, block.end)
            found.append((quoted, hit.probability if hit else 0.0, text))
    wanted = sum(quoted for quoted, _, _ in found)
    part = ("tuning half", "unseen half")[half]
    print(f"\n| {name}, {part}, without sources: {len(found)} paragraphs, {wanted} quoted | n | precision | recall |")
    print("|---|---|---|---|")
    for label, least in (("surely somebody else's", 0.7), ("more likely than not", 0.5), ("perhaps", 0.01)):
        taken = [quoted for quoted, probability, _ in found if probability >= least]
        right = sum(taken)
        print(f"| {label} | {len(taken)} | {right / max(1, len(taken)):.3f} | {right / max(1, wanted):.3f} |")
    surest = sorted(found, key=lambda each: -each[1])[:shown]
    for quoted, probability, text in surest:
        print(f"  {'right' if quoted else 'false'} {probability:.2f}: {text[:160]!r}")


def _measure_without_sources(data: Path, mail: Path | None, half: int, shown: int) -> None:
    for name in ("arbital-dev", "lw-conversations-dev"):
        read_in = list(conversations(data / name))
        comments = [replace(c, utterances=c.utterances[1:]) for c in read_in] if name == "arbital-dev" else read_in
        without_sources(name, comments, half, shown)
    if mail is not None:
        held_out = [
            replace(c, utterances=tuple(u for u in c.utterances if u.speaker and is_held_out(u.speaker.id)))
            for c in conversations(mail)
        ]
        without_sources(f"{mail.name}, authors not learned from", held_out, half, shown)


def marked(name: str, read_in: Sequence[Conversation]) -> None:
    """Resolve marked quotations; where a line "On …, X wrote:" stands before one, compare the credit with X."""
    score: Counter = Counter()
    began = time.perf_counter()
    for conversation in read_in:
        known = {each.id: each for each in conversation.utterances}
        for quotation in find_quotations(conversation):
            if quotation.how is not QuotationKind.MARKED:
                continue
            utterance = known[quotation.utterance_id]
            resolved = quotation.source_utterance_id is not None
            score["resolved" if resolved else "unresolved"] += 1
            line = utterance.text[max(0, quotation.start - 160) : quotation.start].rstrip().rsplit("\n\n", 1)[-1]
            wrote = re.search(r"(.*)\s(?:wrote|writes):$", line.replace("\n", " "))
            if resolved and wrote and quotation.speaker is not None:
                names = [part for part in quotation.speaker.name.casefold().split() if len(part) > 2]
                # A line that gives only a hidden address names nobody.
                who = re.sub(r".*\d\S*(?:\s+(?:AM|PM|[+-]\d{4}|\([A-Z]+\)))*,?", "", wrote[1])
                if re.search(r"[A-Z][a-z]+ [A-Z]", who):
                    score["named so" if any(part in who.casefold() for part in names) else "named otherwise"] += 1
    seconds = time.perf_counter() - began
    print(f"\n| {name} with marks, {seconds:.1f} s | resolved | unresolved | credit = name before it | credit ≠ name |")
    print("|---|---|---|---|---|")
    counts = (score["resolved"], score["unresolved"], score["named so"], score["named otherwise"])
    print(f"| ours | {' | '.join(map(str, counts))} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=os.environ.get("CROSSTALK_DATA"))
    parser.add_argument("--mail", type=Path, help="an unpacked ConvoKit corpus of mails")
    parser.add_argument("--limit", type=int, default=800, help="conversations of the mail corpus")
    parser.add_argument("--show", type=int, default=0, help="how many doubtful paragraphs to print")
    parser.add_argument("--without-sources", action="store_true", help="take the sources away too")
    parser.add_argument("--half", type=int, choices=(0, 1), default=0, help="of it, 1 is the unseen half")
    given = parser.parse_args()
    if given.without_sources:
        _measure_without_sources(given.data, given.mail, given.half, given.show)
        return
    gold(given.data)
    corpora = [("arbital-dev", given.data / "arbital-dev", None)]
    corpora += [(given.mail.name, given.mail, given.limit)] if given.mail else []
    for name, folder, limit in corpora:
        several = sorted((c for c in conversations(folder) if len(c.utterances) > 1), key=lambda c: c.id)
        chosen = several if limit is None else random.Random(3).sample(several, min(limit, len(several)))
        marked(name, chosen)
        unmarked(name, chosen, given.show)


if __name__ == "__main__":
    main()
