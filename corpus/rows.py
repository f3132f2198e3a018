"""Between the nouns and the rows of the record's tables."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy.engine import RowMapping

from corpus.model import (
    Attribution,
    Claim,
    ClaimKind,
    Definition,
    Quotation,
    QuotationKind,
    Sentence,
    Speaker,
    Stance,
    Status,
    Utterance,
)
from corpus.serialization import from_micros, passages_from_json, passages_to_json, to_micros

Speakers = Mapping[str, Speaker]


def _id(speaker: Speaker | None) -> str | None:
    return speaker.id if speaker else None


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def make_utterance_row(place: int, utterance: Utterance) -> dict[str, Any]:
    """Return the row of an utterance; `place` is its position in the conversation."""
    return {
        "id": utterance.id,
        "conversation_id": utterance.conversation_id,
        "place": place,
        "speaker_id": _id(utterance.speaker),
        "reply_to": utterance.reply_to,
        "posted_at": to_micros(utterance.posted_at),
        "edited_at": to_micros(utterance.edited_at),
        "text": utterance.text,
        "passages": passages_to_json(utterance.passages),
        "karma": utterance.karma,
        "status": utterance.status.value,
        "url": utterance.url,
        "begins": utterance.begins,
        "meta": _json(dict(utterance.meta)),
    }


def make_utterance(row: RowMapping, speakers: Speakers) -> Utterance:
    """Undo `make_utterance_row`."""
    return Utterance(
        id=row["id"],
        conversation_id=row["conversation_id"],
        speaker=speakers[row["speaker_id"]] if row["speaker_id"] is not None else None,
        reply_to=row["reply_to"],
        posted_at=from_micros(row["posted_at"]),
        edited_at=from_micros(row["edited_at"]),
        text=row["text"],
        passages=passages_from_json(row["passages"]),
        karma=row["karma"],
        status=Status(row["status"]),
        url=row["url"],
        begins=row["begins"],
        meta=orjson.loads(row["meta"]),
    )


def make_claim_row(place: int, conversation_id: str, claim: Claim) -> dict[str, Any]:
    """Return the row of a claim; `place` is its position in the conversation."""
    low, high = claim.credence or (None, None)
    return {
        "id": claim.id,
        "conversation_id": conversation_id,
        "utterance_id": claim.utterance_id,
        "place": place,
        "start": claim.start,
        "end": claim.end,
        "text": claim.text,
        "standalone": claim.standalone,
        "kind": claim.kind.value,
        "attribution": claim.attribution.value,
        "speaker_id": _id(claim.speaker),
        "quoted_by_id": _id(claim.quoted_by),
        "holder": claim.holder,
        "certainty": claim.certainty,
        "credence_low": low,
        "credence_high": high,
        "retracted": claim.retracted,
        "terms": _json(claim.terms),
        "spans": _json(claim.spans),
        "probability": claim.probability,
        "shown": claim.shown,
        "kind_shown": claim.kind_shown,
    }


def make_claim(row: RowMapping, speakers: Speakers) -> Claim:
    """Undo `make_claim_row`."""
    return Claim(
        id=row["id"],
        utterance_id=row["utterance_id"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        standalone=row["standalone"],
        kind=ClaimKind(row["kind"]),
        attribution=Attribution(row["attribution"]),
        speaker=speakers[row["speaker_id"]] if row["speaker_id"] is not None else None,
        quoted_by=speakers[row["quoted_by_id"]] if row["quoted_by_id"] is not None else None,
        holder=row["holder"],
        certainty=row["certainty"],
        credence=None if row["credence_low"] is None else (row["credence_low"], row["credence_high"]),
        retracted=bool(row["retracted"]),
        terms=tuple(orjson.loads(row["terms"])),
        spans=read_spans(row["spans"]),
        probability=row["probability"],
        shown=bool(row["shown"]),
        kind_shown=bool(row["kind_shown"]),
    )


def make_quotation_row(conversation_id: str, quotation: Quotation) -> dict[str, Any]:
    """Return the row of a quotation."""
    return {
        "utterance_id": quotation.utterance_id,
        "start": quotation.start,
        "end": quotation.end,
        "conversation_id": conversation_id,
        "how": quotation.how.value,
        "source_utterance_id": quotation.source_utterance_id,
        "source_start": quotation.source_start,
        "source_end": quotation.source_end,
        "speaker_id": _id(quotation.speaker),
        "similarity": quotation.similarity,
        "probability": quotation.probability,
    }


def make_quotation(row: RowMapping, speakers: Speakers) -> Quotation:
    """Undo `make_quotation_row`."""
    return Quotation(
        utterance_id=row["utterance_id"],
        start=row["start"],
        end=row["end"],
        how=QuotationKind(row["how"]),
        source_utterance_id=row["source_utterance_id"],
        source_start=row["source_start"],
        source_end=row["source_end"],
        speaker=speakers[row["speaker_id"]] if row["speaker_id"] is not None else None,
        similarity=row["similarity"],
        probability=row["probability"],
    )


def make_definition_row(conversation_id: str, definition: Definition) -> dict[str, Any]:
    """Return the row of a definition."""
    return {
        "utterance_id": definition.utterance_id,
        "start": definition.start,
        "end": definition.end,
        "term": definition.term,
        "conversation_id": conversation_id,
        "gloss": definition.gloss,
        "speaker_id": _id(definition.speaker),
        "stance": definition.stance.value,
        "claim_id": definition.claim_id,
        "probability": definition.probability,
    }


def make_definition(row: RowMapping, speakers: Speakers) -> Definition:
    """Undo `make_definition_row`."""
    return Definition(
        utterance_id=row["utterance_id"],
        start=row["start"],
        end=row["end"],
        term=row["term"],
        gloss=row["gloss"],
        speaker=speakers[row["speaker_id"]] if row["speaker_id"] is not None else None,
        stance=Stance(row["stance"]),
        claim_id=row["claim_id"],
        probability=row["probability"],
    )


def read_spans(written: str) -> tuple[tuple[int, int], ...]:
    """Return (start, end) pairs as they were written to a row."""
    return tuple((start, end) for start, end in orjson.loads(written))


def make_sentence_rows(conversation_id: str, sentences: Iterable[Sentence]) -> list[dict[str, Any]]:
    """Return the rows of sentences, one for each utterance that has any."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for sentence in sentences:
        spans.setdefault(sentence.utterance_id, []).append((sentence.start, sentence.end))
    return [
        {"utterance_id": utterance_id, "conversation_id": conversation_id, "spans": _json(sorted(found))}
        for utterance_id, found in spans.items()
    ]
