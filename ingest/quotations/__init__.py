"""Whose words are these? Marked, inline and unmarked quotations, each resolved to the utterance that it quotes.

`resolve` reads one conversation; given a `Shelf` of everything else, it finds quotations from other conversations too.

A nested quotation gives two `Quotation`s, the inner within the outer: a sentence belongs to the innermost that holds
it. A region whose words come from several utterances gives one for each.
"""

from corpus.model import Conversation, Quotation
from ingest.quotations.answered_paragraphs import evident
from ingest.quotations.attributions import beside, introduced
from ingest.quotations.fingerprints import Library, Shelf
from ingest.quotations.inline import inline, outside
from ingest.quotations.marked import marked
from ingest.quotations.source_search import Thread
from ingest.quotations.speaker_names import Names
from ingest.quotations.unmarked import unmarked
from ingest.sentences import SentenceIndex

__all__ = ["Library", "Shelf", "resolve"]


def resolve(
    conversation: Conversation, sentences: SentenceIndex, elsewhere: Library | None = None
) -> tuple[Quotation, ...]:
    """Find the quotations in a conversation, in order of utterance and place.

    `speaker` is whoever wrote the source; where the source is not known, somebody only if the author names him and
    he takes part in this conversation. `elsewhere` is asked for what the conversation itself does not hold.
    """
    thread = Thread(conversation, sentences, elsewhere)
    names = Names(utterance.speaker for utterance in conversation.utterances if utterance.speaker is not None)
    found: dict[int, list[Quotation]] = {}
    for number in thread.in_time():
        spoken = list(inline(thread, number, names))
        repeated = outside(list(unmarked(thread, number)), spoken)
        known = [*marked(thread, number, names), *repeated, *outside(spoken, repeated)]
        led = introduced(conversation, thread.utterances[number], names)
        found[number] = [*known, *beside(list(led), known)]
    by_utterance = {thread.utterances[number].id: quotations for number, quotations in found.items()}
    for quotation in evident(conversation, by_utterance):
        by_utterance[quotation.utterance_id].append(quotation)
    return tuple(
        quotation
        for utterance in thread.utterances
        for quotation in sorted(by_utterance[utterance.id], key=lambda each: (each.start, -each.end, each.how))
    )
