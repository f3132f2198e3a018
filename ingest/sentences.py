"""Where the sentences of a conversation stand, as the parser found them: what comes after the parse asks here."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise

from corpus.model import Conversation, Sentence, Utterance
from ingest.blocks import collect_sentences, parse_blocks, trim

_LINE_END = re.compile(r"\n+")


class SentenceIndex:
    """The sentences of a conversation, to be asked by place; those of an utterance are given in order.

    What the parser does not read (headings, code, deleted utterances) has none: there a line stands for a sentence.
    """

    def __init__(self, sentences: Iterable[Sentence]) -> None:
        self._spans: dict[str, list[tuple[int, int]]] = {}
        for sentence in sentences:
            self._spans.setdefault(sentence.utterance_id, []).append((sentence.start, sentence.end))

    def split(self, utterance: Utterance, start: int, end: int) -> list[tuple[int, int]]:
        """Return the pieces into which sentences and lines cut [start, end), in order, without space around them."""
        spans = self._spans.get(utterance.id, ())
        first = bisect_right(spans, start, key=_start_of)
        cuts = {line_end.end() for line_end in _LINE_END.finditer(utterance.text, start, end)}
        for sentence_start, _ in spans[first:]:
            if sentence_start >= end:
                break
            cuts.add(sentence_start)
        bounds = [start, *sorted(cuts), end]
        pieces = (trim(utterance.text, *piece) for piece in pairwise(bounds))
        return [(piece_start, piece_end) for piece_start, piece_end in pieces if piece_start < piece_end]

    def find_around(self, utterance: Utterance, offset: int) -> tuple[int, int]:
        """Return the sentence around a character, else its line."""
        spans = self._spans.get(utterance.id, ())
        index = bisect_right(spans, offset, key=_start_of) - 1
        if index >= 0 and offset < spans[index][1]:
            return spans[index]
        line_end = utterance.text.find("\n", offset)
        return utterance.text.rfind("\n", 0, offset) + 1, line_end if line_end >= 0 else len(utterance.text)


def parse_sentences(conversation: Conversation) -> tuple[Sentence, ...]:
    """Return the sentences of a conversation that is not parsed already, in order."""
    return collect_sentences(parse_blocks(conversation))


def _start_of(span: tuple[int, int]) -> int:
    return span[0]
