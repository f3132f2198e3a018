"""A conversation in reading order: every answer under what it answers."""

# pyright: standard

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from corpus.errors import NotFound
from corpus.model import Claim, Conversation, Quotation, QuotationKind, Utterance
from corpus.record import Record
from index.answers import Thread, ThreadTurn

_ID_IN_ADDRESS = re.compile(r"[A-Za-z0-9]{8,}")


def build_thread(conversation: Conversation, claims: Sequence[Claim], quotations: Sequence[Quotation] = ()) -> Thread:
    """Flatten the reply tree, parents before children, children in the order of the source.

    What answers something that is not here stands under the post. Iterative: a chain may be 100,000 replies long.
    """
    by_utterance: dict[str, list[Claim]] = {}
    for claim in claims:
        by_utterance.setdefault(claim.utterance_id, []).append(claim)
    utterance_ids = {utterance.id for utterance in conversation.utterances}
    post = _post(conversation.utterances, utterance_ids)
    children: dict[str | None, list[Utterance]] = {}
    for utterance in conversation.utterances:
        parent = utterance.reply_to
        if utterance is post:
            parent = None
        elif parent is not None and parent not in utterance_ids and post is not None:
            parent = post.id
        children.setdefault(parent, []).append(utterance)
    turns: list[ThreadTurn] = []
    waiting = [(utterance, 0) for utterance in reversed(children.get(None, []))]
    while waiting:
        utterance, depth = waiting.pop()
        ordered = sorted(by_utterance.get(utterance.id, ()), key=lambda claim: (claim.start, claim.end))
        turns.append(ThreadTurn(utterance, depth, tuple(ordered)))
        waiting.extend((child, depth + 1) for child in reversed(children.get(utterance.id, [])))
    is_unmarked = conversation.is_flattened and any(
        quotation.how is QuotationKind.UNMARKED and quotation.source_utterance_id is None for quotation in quotations
    )
    return Thread(conversation.heading, tuple(turns), total=len(turns), is_unmarked=is_unmarked)


def _post(utterances: Sequence[Utterance], utterance_ids: set[str]) -> Utterance | None:
    """Return the first utterance that answers nothing; where there is none, the first that answers something absent."""
    for parents in (lambda parent: parent is None, lambda parent: parent not in utterance_ids):
        post = next((utterance for utterance in utterances if parents(utterance.reply_to)), None)
        if post is not None:
            return post
    return None


def find_conversation(record: Record, asked: str) -> str:
    """Return the id of the conversation that `asked` names: its id, an utterance's, an address. Raises `NotFound`."""
    for id_ in (asked, *_ids_in(record, asked)):
        if record.get_headings([id_]):
            return id_
        utterances = record.get_utterances([id_])
        if utterances:
            return utterances[id_].conversation_id
    if "://" in asked:
        wanted = _plain_address(asked)
        for heading in record.get_headings(record.list_conversations()).values():
            if heading.url and _plain_address(heading.url) == wanted:
                return heading.id
    raise NotFound(f"there is no conversation {asked!r} here, by id, by an utterance's id or by address")


def _ids_in(record: Record, address: str) -> list[str]:
    """Return the ids that an address may name: each of its parts, after each prefix that ids here have."""
    if "://" not in address:
        return []
    parts = urlsplit(address)
    asked = [value for values in parse_qs(parts.query).values() for value in values]
    words = (*asked, parts.fragment, *parts.path.split("/"))
    tokens = [word for word in words if _ID_IN_ADDRESS.fullmatch(word)]
    prefixes = dict.fromkeys(id_.split(":", 1)[0] for id_ in record.list_conversations() if ":" in id_)
    return [f"{prefix}:{token}" for token in tokens for prefix in prefixes]


def _plain_address(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
