"""The conversations in which labelled places are looked up."""

from pathlib import Path

from corpus.model import Conversation
from ingest.sources.formats import load_source
from ingest.sources.gather import gather
from ingest.sources.source import Failure, Hints

FOLDERS = {"arbital": "arbital-dev", "lw": "lw-conversations-dev", "axrp": "axrp-dev"}  # of a corpus of labels


def read_conversations(folder: Path) -> dict[str, Conversation]:
    """Read a folder of sources as Crosstalk does; conversations by the ids of their utterances.

    Which conversation a reply without one belongs to is a matter of how it is read.
    """
    found: dict[str, Conversation] = {}
    for source in gather([str(folder)], Hints(), None):
        if not isinstance(source, Failure):
            for conversation in load_source(source)[1]:
                if not isinstance(conversation, Failure):
                    found.update((utterance.id, conversation) for utterance in conversation.utterances)
    return found
