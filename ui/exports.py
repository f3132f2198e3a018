"""Everything in the base, written out: lines of JSON, or claims as CSV. A conversation at a time, in order of id."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Any

import orjson

from corpus.model import Claim
from corpus.record import Record
from index.wire.base import write_time
from index.wire.claims import ClaimJson, DefinitionJson, HeadingJson, QuotationJson
from index.wire.threads import UtteranceJson

CSV_COLUMNS = (
    *("id", "speaker", "text", "standalone", "kind", "attribution", "quoted_by", "holder", "certainty"),
    *("credence_low", "credence_high", "retracted", "terms", "posted_at", "url", "conversation_id", "conversation"),
    *("utterance_id", "start", "end", "shown", "kind_shown"),
)
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_ndjson(record: Record) -> Iterator[bytes]:
    """Yield lines of JSON, each an object with a `type`: conversation, utterance, claim, quotation, definition, or
    sentences (of one utterance: `spans` holds the [start, end] of each).

    A conversation comes first, then what belongs to it.
    """
    for conversation_id in record.list_conversations():
        conversation = record.get_conversation(conversation_id)
        yield _line("conversation", HeadingJson.dump(conversation), meta=dict(conversation.meta))
        within = {"conversation_id": conversation_id}
        for utterance in conversation.utterances:
            yield _line("utterance", UtteranceJson.dump(utterance), **within, meta=dict(utterance.meta))
        for claim in record.list_claims_of(conversation_id):
            yield _line("claim", ClaimJson.dump(claim), **within)
        for quotation in record.list_quotations_of(conversation_id):
            yield _line("quotation", QuotationJson.dump(quotation), **within)
        for definition in record.list_definitions_of(conversation_id):
            yield _line("definition", DefinitionJson.dump(definition), **within)
        for utterance_id, spans in record.get_sentences_of(conversation_id).items():
            yield _line("sentences", {"utterance_id": utterance_id, "spans": spans}, **within)


def _line(type_: str, fields: dict[str, Any], **more: Any) -> bytes:
    return orjson.dumps({"type": type_, **fields, **more}) + b"\n"


def write_claims_csv(record: Record) -> Iterator[bytes]:
    """Yield a table of all claims as CSV with a header, in UTF-8 with a byte order mark.

    No cell of it can start a formula in a spreadsheet; without the mark Excel shows names with accents as others.
    """
    yield codecs.BOM_UTF8 + _row(CSV_COLUMNS)
    for conversation_id in record.list_conversations():
        conversation = record.get_conversation(conversation_id)
        utterances = {utterance.id: utterance for utterance in conversation.utterances}
        for claim in record.list_claims_of(conversation_id):
            utterance = utterances[claim.utterance_id]
            place = {
                "posted_at": write_time(utterance.posted_at),
                "url": utterance.url or conversation.url,
                "conversation_id": conversation_id,
                "conversation": conversation.title,
            }
            cells = _claim_cells(claim) | place
            yield _row(tuple(disarm_formula(cells[column]) for column in CSV_COLUMNS))


def _claim_cells(claim: Claim) -> dict[str, Any]:
    low, high = claim.credence or (None, None)
    cells = ClaimJson.dump(claim) | {"credence_low": low, "credence_high": high, "terms": "; ".join(claim.terms)}
    return cells | {
        "retracted": "yes" if claim.retracted else "no",
        "shown": "yes" if claim.shown else "no",
        "kind_shown": "yes" if claim.kind_shown else "no",
    }


def disarm_formula(value: Any) -> Any:
    """Put an apostrophe before words that a spreadsheet would run.

    >>> disarm_formula("=1+1")
    "'=1+1"
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_STARTS_A_FORMULA):
        return "'" + value
    return value


def _row(cells: tuple[Any, ...]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().encode()
