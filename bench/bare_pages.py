"""Pages that lost their quotation marks, made of threads that have them: what one author wrote, in a row.

So stand people's comments on their profile pages: who is answered is not there. The marks are the labels.
"""

import hashlib
import random
import re
from collections.abc import Iterable, Sequence

from corpus.model import Conversation, Passage, PassageKind, Speaker, Utterance
from ingest.quotations.source_search import list_blocks, list_quote_regions

_ATTRIBUTION = re.compile(
    r"\b(?:wrote|writes|said|says|schrieb)\b.{0,60}:?\s*$|Original Message|^From:|^Quoting ", re.M
)
_FOOT = re.compile(r"^_{5,}|^-- ?$|^-{5,}|mailing list|attachment was scrubbed|https?://\S+/cgi-bin", re.M)
_OTHER_MARKS = re.compile(r"(?m)^\s*[|:%]|^\s*>|Original Message|^[A-Z]{1,4}>|BEGIN PGP")
_CODE = re.compile(r"(?m)^\s*(?:def|class|import|from \w+ import|File \"|Traceback|self\.)|[={};]\s*$|\(self")
_IN_A_ROW = 8  # utterances of one author on a page
_HELD_OUT = 5  # one author in so many is not learned from

Paragraph = tuple[str, bool]


def choose_half(conversation_id: str) -> int:
    """Return in which half of a corpus a conversation is: 0 is for tuning, 1 is looked at in the end."""
    return _hash(f"half {conversation_id}") % 2


def is_held_out(author_id: str) -> bool:
    """Tell whether nothing of an author is learned from."""
    return _hash(f"author {author_id}") % _HELD_OUT == 0


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def label_paragraphs(utterance: Utterance) -> list[Paragraph]:
    """Give the paragraphs of an utterance and whether each is quoted; [] where the marks are not to be trusted."""
    regions = list_quote_regions(utterance)
    found: list[Paragraph] = []
    for block in list_blocks(utterance):
        text = utterance.text[block.start : block.end]
        depth = sum(region.start <= block.start and block.end <= region.end for region in regions)
        if depth == 0 and _OTHER_MARKS.search(text):
            return []
        if depth == 0 and _FOOT.search(text):
            break
        lead = len(text) < 200 and _ATTRIBUTION.search(text[-160:])
        if depth > 1 or block.kind is PassageKind.CODE or lead or _FOOT.search(text) or _CODE.search(text):
            continue
        text = re.sub(r"\s*\n\s*", " ", text).strip()
        if re.search(r"\w", text):
            found.append((text, depth > 0))
    while found and found[-1][1]:
        found.pop()
    return found


def make_pages(utterances: Iterable[Utterance], chance: random.Random) -> list[list[Paragraph]]:
    """Put several utterances of each author in a row, as profile pages do."""
    by_author: dict[str, list[list[Paragraph]]] = {}
    for utterance in utterances:
        if utterance.speaker is not None and (found := label_paragraphs(utterance)):
            by_author.setdefault(utterance.speaker.id, []).append(found)
    made: list[list[Paragraph]] = []
    for author in sorted(by_author):
        texts = by_author[author]
        chance.shuffle(texts)
        for at in range(0, len(texts), _IN_A_ROW):
            made.append([paragraph for text in texts[at : at + _IN_A_ROW] for paragraph in text])
    return made


def thin_quotations(page: Sequence[Paragraph], chance: random.Random) -> list[Paragraph]:
    """Leave quotations out, on most pages all of them: people in forums quote seldom, and most of them never."""
    kept = 0.0 if chance.random() < 0.6 else chance.choice((0.4, 0.7, 1.0))
    return [paragraph for paragraph in page if not paragraph[1] or chance.random() < kept]


def cut_quotation(text: str, chance: random.Random) -> str:
    """Cut a quotation as people do: to a few of its sentences, sometimes into the middle of one."""
    if chance.random() < 0.55:
        return text
    sentences = re.split(r"(?<=[.!?])\s+", text)
    if len(sentences) > 1:
        kept = chance.randint(1, min(3, len(sentences)))
        at = chance.randint(max(0, len(sentences) - kept - 1), len(sentences) - kept)
        text = " ".join(sentences[at : at + kept])
    words = text.split(" ")
    if len(words) > 8 and chance.random() < 0.35:
        text = " ".join(words[chance.randint(1, len(words) // 3) :])
        if chance.random() < 0.4:
            text = text.rstrip(".,")
    return text


def make_conversation(number: int, page: Sequence[Paragraph]) -> Conversation:
    """Make a profile page, of one utterance with all its paragraphs, as the program reads it."""
    text = "\n\n".join(words for words, _ in page)
    passages: list[Passage] = []
    start = 0
    for words, _ in page:
        passages.append(Passage(PassageKind.PARAGRAPH, start, start + len(words)))
        start += len(words) + 2
    author = Speaker("page:author", "Author")
    return Conversation(
        f"page:{number}", "", (Utterance(f"page:{number}:0", f"page:{number}", text, author, passages=tuple(passages)),)
    )
