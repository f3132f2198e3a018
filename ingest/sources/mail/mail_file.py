"""Mail as programs keep it: one message with its full header (.eml), or many in one file (mbox).

What the ids of the mails say makes the threads: `References`, else `In-Reply-To`. A thread is named by its first mail
(`mail:<Message-ID>`), so that single mails of a folder come together. The text archives of mailing lists, which keep a
few fields only, are plain text (`plain_text/flattened_threads.py`).
"""

# pyright: standard

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from corpus.errors import Malformed, Unreadable
from corpus.model import Utterance
from ingest.markup import Markup
from ingest.sources.assembly import ConversationFrame, assemble_conversation
from ingest.sources.fields import (
    check_size,
    fold_to_line,
    invent_ids,
    make_content_id,
    make_speaker,
    parse_mail_time,
    parse_time,
)
from ingest.sources.mail.headers import decode_words, list_ids, read_sender
from ingest.sources.mail.mime import read_field, read_message_words
from ingest.sources.source import Failure, Format, Hints, Loaded, Source

_ENVELOPE = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\s]+(?: at [^\s]+)? +\w{3} \w{3} +\d{1,2} [\d:]{5,8}[^\n]{0,40}\n"
    rb"(?=>?[A-Za-z][A-Za-z0-9-]{1,60}:)"
)
_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]{0,60}):")
_FEW = frozenset(b"from date subject message-id in-reply-to references to cc reply-to sender list-id".split())
"""The fields that text archives keep, and that people copy."""
_RE = re.compile(r"(?i)^(?:\s*(?:re|aw|fwd?|wg|sv|vs|antw|tr|rv|ref|odp)(?:\[\d+\])?\s?:)+\s*")


@dataclass(slots=True)
class _Mail:
    """A mail that was read. `id` is its Message-ID, "" if it has none; `answers` what it follows, the oldest first."""

    id: str
    answers: tuple[str, ...]
    parent: str | None
    subject: str
    sender: str | None
    date: str
    markup: Markup
    left_out: tuple[str, ...]


def is_mail(source: Source, head: bytes) -> bool:
    """Return whether a source begins with the full header of a mail."""
    if source.content is None and (source.path is None or source.path.is_dir()):
        return False
    head = head.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").lstrip(b"\n")
    blocks = [head[match.end() :] for match in _ENVELOPE.finditer(head)] or [head]
    if len(blocks) == 1 and not _ENVELOPE.match(head) and not _FIELD.match(head):
        return False
    if _ENVELOPE.search(head) and not _ENVELOPE.match(head):
        return False
    fields = [_list_field_names(block) for block in blocks[:50]]
    return bool(fields) and b"from" in fields[0] and any(len(names) > 2 and names - _FEW for names in fields)


def _list_field_names(block: bytes) -> frozenset[bytes]:
    """Return the names of the fields at the beginning of a mail; none where it begins with something else."""
    names: set[bytes] = set()
    for line in block.split(b"\n")[:400]:
        match = _FIELD.match(line)
        if match is not None:
            names.add(match[1].lower())
        elif not line.strip():
            return frozenset(names)
        elif line[:1] not in (b" ", b"\t"):
            return frozenset()
    return frozenset(names)


def read_mail_file(source: Source) -> Iterator[Loaded]:
    """Yield the threads of a file of mail; a mail that cannot be read is a `Failure`, and the others are read."""
    mails: list[_Mail] = []
    for number, raw in enumerate(split_mailbox(source.read_whole()), start=1):
        try:
            mails.append(_read_mail(raw, f"{source.name}: mail {number}"))
        except Unreadable as problem:
            yield Failure(f"{source.name}: mail {number}", problem)
        except RecursionError:
            yield Failure(
                f"{source.name}: mail {number}", Malformed(f"{source.name}: mail {number} has parts without end")
            )
    for root, thread in _group_threads(mails).items():
        yield from _assemble_thread(source.name, root, thread, source.hints)


def split_mailbox(content: bytes) -> list[bytes]:
    """Part a file at the lines that begin a mail in it ("From ana@… Mon Jun  3 …"); without any it is one mail."""
    content = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").lstrip(b"\n")
    matches = list(_ENVELOPE.finditer(content))
    if not matches:
        return [content]
    ends = [match.start() for match in matches[1:]] + [len(content)]
    return [content[match.end() : end] for match, end in zip(matches, ends, strict=True)]


def _read_mail(raw: bytes, name: str) -> _Mail:
    message: Message = message_from_bytes(raw)
    references = list_ids(read_field(message, "references"))
    replied = list_ids(read_field(message, "in-reply-to"))
    markup, left_out = read_message_words(message, name)
    return _Mail(
        id=next(iter(list_ids(read_field(message, "message-id"))), ""),
        answers=tuple([*references, *replied[:1]]),
        parent=(replied[:1] or references[-1:] or [None])[0],
        subject=decode_words(read_field(message, "subject")),
        sender=read_sender(read_field(message, "from")),
        date=read_field(message, "date"),
        markup=markup,
        left_out=left_out,
    )


def _group_threads(mails: Sequence[_Mail]) -> dict[str, list[_Mail]]:
    """Return the mails of each thread by the id of its first mail, which need not be there."""
    by_id = {mail.id: mail for mail in mails if mail.id}
    roots: dict[str, str] = {}
    threads: dict[str, list[_Mail]] = {}
    for mail in mails:
        walked: list[str] = []
        above = mail
        while above.id and above.id not in roots and above.id not in walked and above.parent in by_id:
            walked.append(above.id)
            above = by_id[above.parent or ""]
        root = roots.get(above.id) or (min(walked) if above.id in walked else next(iter(above.answers), above.id))
        roots.update(dict.fromkeys([*walked, *([above.id] if above.id else [])], root))
        threads.setdefault(root or f"?{make_content_id(mail.markup.text)}", []).append(mail)
    return threads


def _assemble_thread(name: str, root: str, thread: Sequence[_Mail], hints: Hints) -> Iterator[Loaded]:
    conversation_id = _make_id(root) if root.startswith("<") else root.removeprefix("?")
    first = next((mail for mail in thread if mail.id == root), thread[0])
    title = fold_to_line(hints.title) or fold_to_line(_RE.sub("", first.subject))
    invented = invent_ids(conversation_id, ((mail.sender or "", mail.date, mail.markup.text) for mail in thread))
    ids = [_make_id(mail.id) if mail.id else made for mail, made in zip(thread, invented, strict=True)]

    def make(mail: _Mail, id_: str) -> Utterance:
        speaker = make_speaker(mail.sender or hints.author)
        return Utterance(
            id=id_,
            conversation_id=conversation_id,
            text=check_size(mail.markup.text, id_),
            speaker=speaker,
            reply_to=_make_id(mail.parent) if mail.parent and mail.parent != mail.id else None,
            posted_at=parse_mail_time(mail.date or "") or parse_time(hints.date),
            passages=mail.markup.passages,
            meta={"layout": "mail", "kind": "post", **({"left_out": list(mail.left_out)} if mail.left_out else {})},
        )

    makers = ((id_, lambda mail=mail, id_=id_: make(mail, id_)) for mail, id_ in zip(thread, ids, strict=True))
    yield from assemble_conversation(name, ConversationFrame(conversation_id, title), makers)


def _make_id(message_id: str) -> str:
    return f"mail:{message_id.strip('<>')}"


FORMAT = Format(
    "mail",
    rank=40,
    detects=is_mail,
    read=read_mail_file,
    what="mail: a message (.eml), or a box of them (mbox)",
    sign="headers of mail",
    example="crosstalk ingest list.mbox",
)
