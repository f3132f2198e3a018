"""What is said in a conversation, block by block, with its parse: the paragraphs, list items and table rows."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.model import BLOCKS, Conversation, PassageKind, Sentence, Status, Utterance
from ingest.language import parse, split_sentences

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


_SAID = frozenset({PassageKind.PARAGRAPH, PassageKind.LIST_ITEM, PassageKind.TABLE_ROW})


_UNREAD = frozenset({PassageKind.MATH, PassageKind.CODE})  # inline: read as one noun


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or table row of an utterance, with its parse; `doc` counts characters from `start`.

    `read` is what the parser was given: `doc.text`, which spaCy would join from its tokens each time it is asked.
    """

    utterance: Utterance
    start: int
    end: int
    doc: "Doc"
    sentences: "tuple[Span, ...]"
    read: str

    @property
    def text(self) -> str:
        """Return the words of the block as they stand."""
        return self.utterance.text[self.start : self.end]


def parse_blocks(conversation: Conversation, of: Container[str] | None = None) -> Iterator[Block]:
    """Read what is said in a conversation, block by block, in order; `of` some utterances only, by id.

    Deleted utterances say nothing.
    Words that stand there several times are parsed once: mailing lists quote more than they say.
    """
    places = list(find_spoken_blocks(conversation, of))
    again = Counter(words for *_, words in places)
    docs = parse(dict.fromkeys(words for *_, words in places))
    parsed: dict[str, tuple[Doc, tuple[Span, ...]]] = {}  # only while needed: a long thread's parses are large
    for utterance, start, end, words in places:
        if words not in parsed:
            doc = next(docs)
            parsed[words] = doc, tuple(split_sentences(doc, words))
        doc, standing = parsed[words]
        again[words] -= 1
        if not again[words]:
            del parsed[words]
        yield Block(utterance, start, end, doc, standing, words)


def collect_sentences(read: Iterable[Block]) -> tuple[Sentence, ...]:
    """Return the sentences of blocks, in order of place."""
    sentences: list[Sentence] = []
    for block in read:
        for sentence in block.sentences:
            start, end = trim(block.text, sentence.start_char, sentence.end_char)
            if start < end:
                sentences.append(Sentence(block.utterance.id, block.start + start, block.start + end))
    return tuple(sentences)


def find_spoken_blocks(
    conversation: Conversation, of: Container[str] | None = None
) -> Iterator[tuple[Utterance, int, int, str]]:
    """Yield (utterance, start, end, words as the parser is given them) for each block of what is said, in order."""
    for utterance in conversation.utterances:
        if utterance.status is not Status.DELETED and (of is None or utterance.id in of):
            words = _as_nouns(utterance)
            for start, end in _find_spans(utterance):
                yield utterance, start, end, words[start:end]


def _find_spans(utterance: Utterance) -> list[tuple[int, int]]:
    standing = [passage for passage in utterance.passages if passage.kind in BLOCKS and not passage.inline]
    if not standing:
        return [(0, len(utterance.text))] if utterance.text.strip() else []
    return [(block.start, block.end) for block in standing if block.kind in _SAID]


def _as_nouns(utterance: Utterance) -> str:
    """Return the text with each inline formula and piece of code as one plain word of its length, for the parser."""
    text = utterance.text
    for passage in utterance.passages:
        if passage.inline and passage.kind in _UNREAD:
            text = text[: passage.start] + "X" * (passage.end - passage.start) + text[passage.end :]
    return text


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Move both ends inward past white space.

    >>> trim(" so it is ", 0, 10)
    (1, 9)
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
