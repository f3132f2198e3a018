"""Whose words are these? Marked, inline and unmarked quotations, each resolved to the utterance that it quotes.

`resolve` reads one conversation; given a `FingerprintIndex` of everything else, it finds quotations from other
conversations too.

A nested quotation gives two `Quotation`s, the inner within the outer: a sentence belongs to the innermost that holds
it. A region whose words come from several utterances gives one for each.
"""

from corpus.model import Conversation, Quotation
from ingest.quotations.answered_paragraphs import find_answered_paragraphs
from ingest.quotations.attributions import exclude_overlapping, find_introduced_paragraphs
from ingest.quotations.fingerprints import FingerprintIndex, SourceLookup
from ingest.quotations.inline import exclude_contained, find_inline_quotations
from ingest.quotations.marked import resolve_marked_quotations
from ingest.quotations.source_search import SourceFinder
from ingest.quotations.speaker_names import SpeakerNames
from ingest.quotations.unmarked import find_unmarked_quotations
from ingest.sentences import SentenceIndex

__all__ = ["FingerprintIndex", "SourceLookup", "resolve"]


def resolve(
    conversation: Conversation, sentences: SentenceIndex, elsewhere: SourceLookup | None = None
) -> tuple[Quotation, ...]:
    """Find the quotations in a conversation, in order of utterance and place.

    `speaker` is whoever wrote the source; where the source is not known, somebody only if the author names him and
    he takes part in this conversation. `elsewhere` is asked for what the conversation itself does not hold.
    """
    thread = SourceFinder(conversation, sentences, elsewhere)
    names = SpeakerNames(utterance.speaker for utterance in conversation.utterances if utterance.speaker is not None)
    by_number: dict[int, list[Quotation]] = {}
    for number in thread.sort_by_time():
        spoken = list(find_inline_quotations(thread, number, names))
        repeated = exclude_contained(list(find_unmarked_quotations(thread, number)), spoken)
        known = [*resolve_marked_quotations(thread, number, names), *repeated, *exclude_contained(spoken, repeated)]
        led = find_introduced_paragraphs(conversation, thread.utterances[number], names)
        by_number[number] = [*known, *exclude_overlapping(list(led), known)]
    by_utterance = {thread.utterances[number].id: quotations for number, quotations in by_number.items()}
    for quotation in find_answered_paragraphs(conversation, by_utterance):
        by_utterance[quotation.utterance_id].append(quotation)
    in_order = (sorted(by_utterance[utterance.id], key=_place) for utterance in thread.utterances)
    return tuple(quotation for quotations in in_order for quotation in quotations)


def _place(quotation: Quotation) -> tuple[int, int, str]:
    return quotation.start, -quotation.end, quotation.how
