"""Find the paragraph that a line without any marks hands over to somebody: "Here's one thing by Ana:", "Bo writes:".

For pages that lost their markup only: where a page keeps its quotation marks, what stands without is the author's own.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.model import Conversation, PassageKind, Quotation, QuotationKind, Speaker, Utterance
from ingest.quotations.source_search import list_blocks
from ingest.quotations.speaker_names import SpeakerNames, read_introduction

_LONGEST_LINE = 200  # characters
_FEWEST = 5  # words of what is handed over
_NAMED = 0.85  # probability where the line names somebody of this conversation,
_UNKNOWN = 0.8  # and where it names somebody else
_ONES = (
    r"(?!(?:The|This|That|These|Those|It|There|Here|What|Who|Which|As|And|But|So|If|When|We|They|He|She|You|I|My|Our"
    r"|Someone|Somebody|People|Nobody|One)\b)"
)
_NAME = rf"{_ONES}[A-Z][\w.'’-]*(?: {_ONES}[A-Z][\w.'’-]*){{0,2}}"
_SAID = r"(?:writes?|wrote|says?|said|replie[sd]|comment(?:s|ed)|posted|tweeted|put it)"
_HANDS_OVER = re.compile(
    rf"(?:^|[\s(\"“])(?:{_NAME}(?: \([^)\n]{{1,60}}\))?(?: (?:also|once|recently|later|then|here|just|has|had|even"
    rf"|himself|herself|already)){{0,2}} {_SAID}(?: (?:this|that|here|there|in|on|to|about|of|when)\b[^.:\n]{{0,80}})?"
    r"|(?:thing|comment|post|quote|quotation|passage|paragraph|tweet|bit|excerpt|reply|words|something|one|example)s?"
    rf" (?:by|from) {_NAME})\s?:$"
)
_BODY = frozenset({PassageKind.PARAGRAPH, PassageKind.LIST_ITEM})


def find_introduced_paragraphs(
    conversation: Conversation, utterance: Utterance, names: SpeakerNames
) -> Iterator[Quotation]:
    """Find the paragraphs of an utterance that the line before gives to somebody else.

    `speaker` is whoever the line names, if he takes part in this conversation; nobody is guessed.
    """
    if any(passage.kind is PassageKind.QUOTE for other in conversation.utterances for passage in other.passages):
        return
    for line, block in pairwise(list_blocks(utterance)):
        said = utterance.text[line.start : line.end].strip()
        words = utterance.text[block.start : block.end]
        if line.kind not in _BODY or block.kind not in _BODY or len(said) > _LONGEST_LINE:
            continue
        if not _HANDS_OVER.search(said) or len(words.split()) < _FEWEST:
            continue
        speaker = _speaker(said, names)
        if speaker is None or speaker != utterance.speaker:
            probability = _NAMED if speaker else _UNKNOWN
            yield Quotation(
                utterance.id, block.start, block.end, QuotationKind.UNMARKED, speaker=speaker, probability=probability
            )


def _speaker(line: str, names: SpeakerNames) -> Speaker | None:
    """Return whom the line names, of those who are known here."""
    return read_introduction(line, names).speaker or names.find_only(line)


def exclude_overlapping(quotations: Sequence[Quotation], others: Sequence[Quotation]) -> list[Quotation]:
    """Keep the quotations that share no character with one of the others."""
    return [
        quotation
        for quotation in quotations
        if not any(o.start < quotation.end and quotation.start < o.end for o in others)
    ]
