"""Conversations → a ConvoKit corpus folder that reads back as the same conversations.

The fields that ConvoKit knows stand where ConvoKit wants them (Chang et al., SIGDIAL 2020); what it has no place for
(passages, status, karma, exact times, addresses) is in `meta.crosstalk`.
"""

# pyright: standard

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from corpus.atomic_files import sync_file, sync_folder
from corpus.errors import Malformed, WrongUsage
from corpus.model import Conversation, Speaker, Status, Utterance
from corpus.serialization import from_micros, passages_from_json, passages_to_json, to_micros

CROSSTALK = "crosstalk"
UNATTRIBUTED = "[unattributed]"
_MICROS = 1_000_000


def write_conversations(conversations: Iterable[Conversation], folder: Path, name: str) -> int:
    """Write `conversations` as the ConvoKit corpus `name` into `folder`; returns how many were written.

    The folder appears whole or not at all: it is written beside its place and then renamed. An older export there is
    replaced; a folder that holds anything else is not touched. Raises `WrongUsage` for that, `Malformed` for text
    that is no valid Unicode.
    """
    folder = folder.absolute()
    _refuse_strange(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".unfinished", dir=folder.parent))
    try:
        unfinished.chmod(0o755)
        count = _write_files(conversations, unfinished, name)
        _put_in_place(unfinished, folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return count


def _refuse_strange(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise WrongUsage(f"{folder}: is a file; name a folder for the export")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "utterances.jsonl").is_file():
        raise WrongUsage(f"{folder}: holds something other than a ConvoKit corpus; name another folder")


def _put_in_place(unfinished: Path, folder: Path) -> None:
    """Rename; where an older export stands, it is moved away first and removed last."""
    old = folder.with_name(f".{folder.name}.replaced")
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    unfinished.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    sync_folder(folder.parent)


def _write_files(conversations: Iterable[Conversation], folder: Path, name: str) -> int:
    speakers: dict[str, Speaker] = {}
    count = 0
    with (folder / "utterances.jsonl").open("wb") as lines, (folder / "conversations.json").open("wb") as headings:
        headings.write(b"{")
        for count, conversation in enumerate(conversations, 1):
            for utterance in conversation.utterances:
                lines.write(_dump_json(_utterance_row(utterance, speakers), utterance.id) + b"\n")
            heading = {"meta": _heading_meta(conversation), "vectors": []}
            headings.write(b"\n" if count == 1 else b",\n")
            headings.write(_dump_json(conversation.id, conversation.id) + b": " + _dump_json(heading, conversation.id))
        headings.write(b"\n}\n")
        sync_file(lines)
        sync_file(headings)
    index = {"utterances-index": {}, "speakers-index": {}, "conversations-index": {}, "overall-index": {}, "version": 1}
    _write_one(folder / "speakers.json", dict(_speaker_entries(speakers)))
    _write_one(folder / "corpus.json", {"name": name})
    _write_one(folder / "index.json", index)
    return count


def _speaker_entries(speakers: Mapping[str, Speaker]) -> Iterator[tuple[str, dict[str, Any]]]:
    for id_, speaker in speakers.items():
        meta = {"name": speaker.name, "site": speaker.site, "url": speaker.url}
        yield id_, {"meta": {key: value for key, value in meta.items() if value is not None}, "vectors": []}
    yield UNATTRIBUTED, {"meta": {}, "vectors": []}


def _write_one(path: Path, content: Any) -> None:
    with path.open("wb") as stream:
        stream.write(orjson.dumps(content, option=orjson.OPT_INDENT_2))
        sync_file(stream)


def _dump_json(content: Any, name: str) -> bytes:
    try:
        return orjson.dumps(content)
    except (TypeError, orjson.JSONEncodeError) as problem:
        raise Malformed(f"{name!r}: holds text or values that cannot be written: {problem}") from problem


def _heading_meta(conversation: Conversation) -> dict[str, Any]:
    meta = {"title": conversation.title, "url": conversation.url}
    extra = {"title": conversation.title, "url": conversation.url, "site": conversation.site}
    return {**conversation.meta, **meta, CROSSTALK: {**extra, "meta": dict(conversation.meta)}}


def _utterance_row(utterance: Utterance, speakers: dict[str, Speaker]) -> dict[str, Any]:
    """Lay out one line. The first speaker seen under an id goes to speakers.json; one that differs is kept here."""
    speaker, posted = utterance.speaker, to_micros(utterance.posted_at)
    extra: dict[str, Any] = {
        "posted_at": posted,
        "edited_at": to_micros(utterance.edited_at),
        "passages": passages_to_json(utterance.passages),
        "karma": utterance.karma,
        "status": utterance.status.value,
        "url": utterance.url,
        "begins": utterance.begins,
        "meta": dict(utterance.meta),
    }
    if speaker is not None and (speakers.setdefault(speaker.id, speaker) != speaker or speaker.id == UNATTRIBUTED):
        extra["speaker"] = asdict(speaker)
    return {
        "id": utterance.id,
        "speaker": UNATTRIBUTED if speaker is None else speaker.id,
        "conversation_id": utterance.conversation_id,
        "reply_to": utterance.reply_to,
        "timestamp": None if posted is None else posted // _MICROS,
        "text": utterance.text,
        "meta": {**utterance.meta, "karma": utterance.karma, "url": utterance.url, CROSSTALK: extra},
        "vectors": [],
    }


def read_conversation(
    conversation_id: str, meta: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], speakers: Mapping[str, Any]
) -> Conversation:
    """Read back what `write_conversations` wrote: `meta` of the conversation, its `rows` and all of speakers.json.

    Raises `Malformed` where somebody has changed the export so that it no longer fits together.
    """
    try:
        extra = meta[CROSSTALK]
        return Conversation(
            id=conversation_id,
            title=extra["title"],
            site=extra["site"],
            url=extra["url"],
            meta=extra["meta"],
            utterances=tuple(_utterance(row, conversation_id, speakers) for row in rows),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise Malformed(f"{conversation_id}: an export of Crosstalk that was changed ({problem!r})") from problem


def _utterance(row: Mapping[str, Any], conversation_id: str, speakers: Mapping[str, Any]) -> Utterance:
    extra = row["meta"][CROSSTALK]
    return Utterance(
        id=row["id"],
        conversation_id=conversation_id,
        text=row["text"],
        speaker=_speaker(row["speaker"], extra, speakers),
        reply_to=row["reply_to"],
        posted_at=from_micros(extra["posted_at"]),
        edited_at=from_micros(extra["edited_at"]),
        passages=passages_from_json(extra["passages"]),
        karma=extra["karma"],
        status=Status(extra["status"]),
        url=extra["url"],
        begins=extra["begins"],
        meta=extra["meta"],
    )


def _speaker(id_: str, extra: Mapping[str, Any], speakers: Mapping[str, Any]) -> Speaker | None:
    if "speaker" in extra:
        return Speaker(**extra["speaker"])
    if id_ == UNATTRIBUTED:
        return None
    meta = speakers[id_]["meta"]
    return Speaker(id_, meta["name"], meta.get("site"), meta.get("url"))
