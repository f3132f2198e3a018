"""Everything in the base, written out: lines of JSON, or claims as CSV. A conversation at a time, in order of id."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import orjson

from corpus.model import Claim, Conversation, Definition, Quotation
from corpus.record import Record
from index.answers import claim_json, time_json, utterance_json

CSV_COLUMNS = (
    *("id", "speaker", "text", "standalone", "kind", "attribution", "quoted_by", "holder", "certainty"),
    *("credence_low", "credence_high", "retracted", "terms", "posted_at", "url", "conversation_id", "conversation"),
    *("utterance_id", "start", "end"),
)
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def ndjson(record: Record) -> Iterator[bytes]:
    """Yield lines of JSON, each an object with a `type`: conversation, utterance, claim, quotation, definition, or
    sentences (of one utterance: `spans` holds the [start, end] of each).

    A conversation comes first, then what belongs to it.
    """
    for conversation_id in record.conversations():
        conversation = record.conversation(conversation_id)
        yield _line("conversation", _conversation_json(conversation))
        for utterance in conversation.utterances:
            whole = utterance_json(utterance) | {"conversation_id": conversation_id, "meta": dict(utterance.meta)}
            yield _line("utterance", whole)
        for claim in record.claims_of(conversation_id):
            yield _line("claim", claim_json(claim) | {"conversation_id": conversation_id})
        for quotation in record.quotations_of(conversation_id):
            yield _line("quotation", quotation_json(quotation) | {"conversation_id": conversation_id})
        for definition in record.definitions_of(conversation_id):
            yield _line("definition", definition_json(definition) | {"conversation_id": conversation_id})
        for utterance_id, spans in record.sentences_of(conversation_id).items():
            yield _line("sentences", {"utterance_id": utterance_id, "spans": spans, "conversation_id": conversation_id})


def _line(type_: str, fields: dict[str, Any]) -> bytes:
    return orjson.dumps({"type": type_} | fields) + b"\n"


def _conversation_json(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "url": conversation.url,
        "site": conversation.site,
        "meta": dict(conversation.meta),
    }


def quotation_json(quotation: Quotation) -> dict[str, Any]:
    """Give a quotation as JSON values."""
    return {
        "utterance_id": quotation.utterance_id,
        "start": quotation.start,
        "end": quotation.end,
        "how": quotation.how.value,
        "source_utterance_id": quotation.source_utterance_id,
        "source_start": quotation.source_start,
        "source_end": quotation.source_end,
        "speaker": quotation.speaker.name if quotation.speaker else None,
        "similarity": round(quotation.similarity, 4),
        "probability": round(quotation.probability, 4),
    }


def definition_json(definition: Definition) -> dict[str, Any]:
    """Give a definition as JSON values."""
    return {
        "utterance_id": definition.utterance_id,
        "start": definition.start,
        "end": definition.end,
        "term": definition.term,
        "gloss": definition.gloss,
        "speaker": definition.speaker.name if definition.speaker else None,
        "stance": definition.stance.value,
        "claim_id": definition.claim_id,
    }


def claims_csv(record: Record) -> Iterator[bytes]:
    """Yield a table of all claims as CSV with a header. No cell of it can start a formula in a spreadsheet."""
    yield _row(CSV_COLUMNS)
    for conversation_id in record.conversations():
        conversation = record.conversation(conversation_id)
        utterances = {utterance.id: utterance for utterance in conversation.utterances}
        for claim in record.claims_of(conversation_id):
            utterance = utterances[claim.utterance_id]
            place = {
                "posted_at": time_json(utterance.posted_at),
                "url": utterance.url or conversation.url,
                "conversation_id": conversation_id,
                "conversation": conversation.title,
            }
            cells = _claim_cells(claim) | place
            yield _row(tuple(harmless(cells[column]) for column in CSV_COLUMNS))


def _claim_cells(claim: Claim) -> dict[str, Any]:
    low, high = claim.credence or (None, None)
    cells = claim_json(claim) | {"credence_low": low, "credence_high": high, "terms": "; ".join(claim.terms)}
    return cells | {"retracted": "yes" if claim.retracted else "no"}


def harmless(value: Any) -> Any:
    """Put an apostrophe before words that a spreadsheet would run.

    Example: harmless("=1+1") -> "'=1+1"
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_STARTS_A_FORMULA):
        return "'" + value
    return value


def _row(cells: tuple[Any, ...]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().encode()
