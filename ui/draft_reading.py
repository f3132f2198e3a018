"""A draft's way in: read as a post would be, kept nowhere."""

from typing import TYPE_CHECKING

from corpus.errors import TooLarge, Unreadable, WrongUsage

if TYPE_CHECKING:
    from index.draft_check import Draft

MOST_BYTES = 1 << 20


def read_draft(written: bytes | str) -> "Draft":
    """Read a draft, in Markdown or plain text, of at most `MOST_BYTES` in UTF-8.

    Raises `TooLarge`, `Unreadable` (not UTF-8), `WrongUsage` (nothing in it).
    """
    from corpus.model import Conversation, PassageKind, Utterance
    from index.draft_check import Draft
    from ingest.markup import read_markdown
    from ingest.pipeline import extract

    body = written if isinstance(written, bytes) else written.encode("utf-8", "replace")
    if len(body) > MOST_BYTES:
        raise TooLarge(f"the draft has {len(body):,} bytes, more than {MOST_BYTES:,}; check a part of it")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Unreadable(f"the draft is not UTF-8 text (byte {problem.start:,})") from problem
    markup = read_markdown(text.replace("\r\n", "\n"))
    if not markup.text.strip():
        raise WrongUsage("the draft is empty; write something first")
    utterance = Utterance("draft", "draft", markup.text, passages=markup.passages)
    extraction = extract(Conversation("draft", "draft", (utterance,)))
    foreign = (PassageKind.QUOTE, PassageKind.CODE, PassageKind.MATH)
    quoted = [(one.start, one.end) for one in markup.passages if one.kind in foreign]
    quoted += [(one.start, one.end) for one in extraction.quotations]
    sentences = tuple((sentence.start, sentence.end) for sentence in extraction.sentences)
    return Draft(markup.text, extraction.claims, extraction.definitions, tuple(quoted), sentences)
