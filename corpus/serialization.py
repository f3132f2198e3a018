"""Conversations as bytes and back, exactly: how the record keeps what each source said."""

# pyright: standard

import hashlib
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from corpus.errors import Malformed, WrongVersion
from corpus.model import Conversation, Passage, PassageKind, Speaker, Status, Utterance

BODY_VERSION = 2

# What stood where in version 1, which wrote lists.
_PASSAGE_FIELDS = ("kind", "start", "end", "note", "inline")
_UTTERANCE_FIELDS = (
    *("id", "speaker", "reply_to", "posted_at", "edited_at", "text", "passages", "karma", "status", "url", "begins"),
    "meta",
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime | None) -> int | None:
    """Count microseconds since 1970 UTC; exact for every datetime, years before 1970 included."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int | None) -> datetime | None:
    """Undo `to_micros`."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def passages_to_json(passages: tuple[Passage, ...]) -> str:
    """Return passages as compact JSON: an object each, in which what is empty or false is left out."""
    return orjson.dumps(_passage_rows(passages)).decode()


def passages_from_json(written: str) -> tuple[Passage, ...]:
    """Undo `passages_to_json`; reads also the lists [kind, start, end, note, inline] that older records hold."""
    return _passages_from_rows(orjson.loads(written))


def _passage_rows(passages: tuple[Passage, ...]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for passage in passages:
        row: dict[str, Any] = {"kind": passage.kind.value, "start": passage.start, "end": passage.end}
        if passage.note:
            row["note"] = passage.note
        if passage.inline:
            row["inline"] = True
        rows.append(row)
    return rows


def _passages_from_rows(rows: list[Any]) -> tuple[Passage, ...]:
    passages: list[Passage] = []
    for row in rows:
        named = dict(zip(_PASSAGE_FIELDS, row, strict=True)) if isinstance(row, list) else row
        kind, start, end = PassageKind(named["kind"]), named["start"], named["end"]
        passages.append(Passage(kind, start, end, named.get("note", ""), named.get("inline", False)))
    return tuple(passages)


def to_bytes(conversation: Conversation) -> bytes:
    """Return a conversation as compressed JSON, fields by name, with the version of this form.

    Raises `Malformed` for text that is not valid Unicode (lone surrogates) and for `meta` that is no JSON.
    """
    content: dict[str, Any] = {
        "version": BODY_VERSION,
        "id": conversation.id,
        "title": conversation.title,
        "site": conversation.site,
        "url": conversation.url,
        "meta": dict(conversation.meta),
        "speakers": {
            speaker.id: {"name": speaker.name, "site": speaker.site, "url": speaker.url}
            for speaker in _speakers(conversation)
        },
        "utterances": [
            {
                "id": utterance.id,
                "speaker": utterance.speaker.id if utterance.speaker else None,
                "reply_to": utterance.reply_to,
                "posted_at": to_micros(utterance.posted_at),
                "edited_at": to_micros(utterance.edited_at),
                "text": utterance.text,
                "passages": _passage_rows(utterance.passages),
                "karma": utterance.karma,
                "status": utterance.status.value,
                "url": utterance.url,
                "begins": utterance.begins,
                "meta": dict(utterance.meta),
            }
            for utterance in conversation.utterances
        ],
    }
    return zlib.compress(_dump_json(content, conversation.id), level=3)


def from_bytes(body: bytes) -> Conversation:
    """Undo `to_bytes`; reads every version of the form that was ever written. Raises `WrongVersion` for a newer one."""
    content = orjson.loads(zlib.decompress(body))
    version = content.get("version", 1)
    if version > BODY_VERSION:
        raise WrongVersion(
            f"{content['id']}: kept in form {version}, this program knows up to {BODY_VERSION}; use a newer one"
        )
    speakers = {
        id_: Speaker(id_, *fields) if version == 1 else Speaker(id_, fields["name"], fields["site"], fields["url"])
        for id_, fields in content["speakers"].items()
    }
    rows = [_named_fields(row) for row in content["utterances"]] if version == 1 else content["utterances"]
    return Conversation(
        id=content["id"],
        title=content["title"],
        site=content["site"],
        url=content["url"],
        meta=content["meta"],
        utterances=tuple(
            Utterance(
                id=row["id"],
                conversation_id=content["id"],
                speaker=speakers[row["speaker"]] if row["speaker"] is not None else None,
                reply_to=row["reply_to"],
                posted_at=from_micros(row["posted_at"]),
                edited_at=from_micros(row["edited_at"]),
                text=row["text"],
                passages=_passages_from_rows(row["passages"]),
                karma=row["karma"],
                status=Status(row["status"]),
                url=row["url"],
                begins=row["begins"],
                meta=row["meta"],
            )
            for row in rows
        ),
    )


def _named_fields(row: list[Any]) -> dict[str, Any]:
    """Return an utterance of version 1, a list with its passages as a text of JSON, by name."""
    named = dict(zip(_UTTERANCE_FIELDS, row, strict=True))
    return named | {"passages": orjson.loads(named["passages"])}


def compute_digest(conversation: Conversation) -> str:
    """Name the content of a conversation: equal digests mean that nothing changed. Raises what `to_bytes` raises.

    Records hold these names, so they never change: a field that the model gains comes in only where it says something.
    """
    content: dict[str, Any] = {
        "id": conversation.id,
        "title": conversation.title,
        "site": conversation.site,
        "url": conversation.url,
        "meta": dict(conversation.meta),
        "speakers": {speaker.id: [speaker.name, speaker.site, speaker.url] for speaker in _speakers(conversation)},
        "utterances": [_list_fields(utterance) for utterance in conversation.utterances],
    }
    return hashlib.sha256(_dump_json(content, conversation.id)).hexdigest()


def _list_fields(utterance: Utterance) -> list[Any]:
    passages = [
        [passage.kind.value, passage.start, passage.end, passage.note, passage.inline] for passage in utterance.passages
    ]
    return [
        utterance.id,
        utterance.speaker.id if utterance.speaker else None,
        utterance.reply_to,
        to_micros(utterance.posted_at),
        to_micros(utterance.edited_at),
        utterance.text,
        orjson.dumps(passages).decode(),
        utterance.karma,
        utterance.status.value,
        utterance.url,
        utterance.begins,
        dict(utterance.meta),
    ]


def _speakers(conversation: Conversation) -> Iterable[Speaker]:
    speakers = (utterance.speaker for utterance in conversation.utterances if utterance.speaker)
    return {speaker.id: speaker for speaker in speakers}.values()


def _dump_json(content: dict[str, Any], conversation_id: str) -> bytes:
    try:
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except (TypeError, orjson.JSONEncodeError) as problem:
        raise Malformed(f"{conversation_id!r}: holds text or values that cannot be written: {problem}") from problem
