"""Conversations as bytes and back, exactly: how the record keeps what each source said."""

import hashlib
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from corpus.errors import Malformed
from corpus.model import Conversation, Passage, PassageKind, Speaker, Status, Utterance

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime | None) -> int | None:
    """Count microseconds since 1970 UTC; exact for every datetime, years before 1970 included."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int | None) -> datetime | None:
    """Undo `to_micros`."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def passages_to_json(passages: tuple[Passage, ...]) -> str:
    """Write passages as compact JSON: [kind, start, end, note, inline] each."""
    rows = [[passage.kind.value, passage.start, passage.end, passage.note, passage.inline] for passage in passages]
    return orjson.dumps(rows).decode()


def passages_from_json(written: str) -> tuple[Passage, ...]:
    """Undo `passages_to_json`."""
    return tuple(
        Passage(PassageKind(kind), start, end, note, inline) for kind, start, end, note, inline in orjson.loads(written)
    )


def to_bytes(conversation: Conversation) -> bytes:
    """Write a conversation, compressed. Raises `Malformed` for text that is not valid Unicode (lone surrogates)."""
    return zlib.compress(_written(conversation), level=3)


def digest(conversation: Conversation) -> str:
    """Name the content of a conversation: equal digests mean that nothing changed. Raises what `to_bytes` raises."""
    return hashlib.sha256(_written(conversation)).hexdigest()


def _written(conversation: Conversation) -> bytes:
    speakers = {utterance.speaker.id: utterance.speaker for utterance in conversation.utterances if utterance.speaker}
    content: dict[str, Any] = {
        "id": conversation.id,
        "title": conversation.title,
        "site": conversation.site,
        "url": conversation.url,
        "meta": dict(conversation.meta),
        "speakers": {speaker.id: [speaker.name, speaker.site, speaker.url] for speaker in speakers.values()},
        "utterances": [_utterance_row(utterance) for utterance in conversation.utterances],
    }
    try:
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except (TypeError, orjson.JSONEncodeError) as problem:
        raise Malformed(f"{conversation.id!r}: holds text or values that cannot be written: {problem}") from problem


def _utterance_row(utterance: Utterance) -> list[Any]:
    return [
        utterance.id,
        utterance.speaker.id if utterance.speaker else None,
        utterance.reply_to,
        to_micros(utterance.posted_at),
        to_micros(utterance.edited_at),
        utterance.text,
        passages_to_json(utterance.passages),
        utterance.karma,
        utterance.status.value,
        utterance.url,
        utterance.begins,
        dict(utterance.meta),
    ]


def from_bytes(body: bytes) -> Conversation:
    """Undo `to_bytes`."""
    content = orjson.loads(zlib.decompress(body))
    speakers = {key: Speaker(key, *fields) for key, fields in content["speakers"].items()}
    return Conversation(
        id=content["id"],
        title=content["title"],
        site=content["site"],
        url=content["url"],
        meta=content["meta"],
        utterances=tuple(
            Utterance(
                id=id_,
                conversation_id=content["id"],
                speaker=speakers[speaker_id] if speaker_id is not None else None,
                reply_to=reply_to,
                posted_at=from_micros(posted_at),
                edited_at=from_micros(edited_at),
                text=text,
                passages=passages_from_json(passages),
                karma=karma,
                status=Status(status),
                url=url,
                begins=begins,
                meta=meta,
            )
            for id_, speaker_id, reply_to, posted_at, edited_at, text, passages, karma, status, url, begins, meta in (
                content["utterances"]
            )
        ),
    )
