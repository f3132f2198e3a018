"""The HTTP API's addresses about what people mean: terms, mismatches, and the check of a draft."""

# pyright: standard

from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.exceptions import HTTPException

from index.answers import Page
from index.draft_check import Check
from index.findings.findings import Mismatch, Term
from index.wire.claims import PageJson
from index.wire.drafts import CheckJson
from index.wire.terms import MismatchJson, TermJson, WholeTermJson
from ui.api import schemas
from ui.api.parameters import Cursor, Id, Limit, Name
from ui.draft_reading import MOST_BYTES, read_draft

if TYPE_CHECKING:
    from index.knowledge_base import KnowledgeBase

_DRAFT = {
    "requestBody": {
        "required": True,
        "description": f"The draft, in Markdown or plain text; at most {MOST_BYTES:,} bytes. It is kept nowhere.",
        "content": {
            "text/plain": {"schema": {"type": "string", "minLength": 1}},
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"text": {"type": "string", "minLength": 1}},
                    "required": ["text"],
                }
            },
        },
    }
}


def make_router(knowledge: "KnowledgeBase") -> APIRouter:
    """Make the addresses that answer for `knowledge`."""
    router = APIRouter()

    @router.get("/v1/terms", response_model=PageJson[TermJson], tags=["terms"])
    def terms(
        q: Annotated[Name, Query(description="Words that the name must hold.")] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[Term]:
        """List the terms that people argue with, the most argued first."""
        return knowledge.terms.list(q, limit, cursor)

    @router.get("/v1/terms/{term:path}", response_model=WholeTermJson, tags=["terms"])
    def term(term: Id) -> Term:
        """Give one term, in any of its forms, with its senses and who uses which."""
        return knowledge.terms.get(term)

    @router.get("/v1/mismatches", response_model=PageJson[MismatchJson], tags=["mismatches"])
    def mismatches(
        term: Annotated[Name, Query(description="Only about this term, in any of its forms.")] = None,
        conversation: Annotated[
            str | None, Query(max_length=1_000, description="Only in this one: its id, an utterance's, its address.")
        ] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[Mismatch]:
        """List disputes in which two people use one term differently: possible ones, then perhaps ones."""
        return knowledge.mismatches.list(term, conversation, limit, cursor)

    @router.get("/v1/mismatches/{mismatch_id:path}", response_model=MismatchJson, tags=["mismatches"])
    def mismatch(mismatch_id: Id) -> Mismatch:
        """Give one mismatch."""
        return knowledge.mismatches.get(mismatch_id)

    @router.post(
        "/v1/check",
        response_model=CheckJson,
        tags=["drafts"],
        openapi_extra=_DRAFT,
        responses=schemas.BODY_ERRORS,
    )
    def check(draft: Annotated[bytes, Depends(_read_draft)]) -> Check:
        """Check a draft: terms that readers use in another sense, and who made its claims before."""
        return knowledge.check(read_draft(draft))

    return router


async def _read_draft(request: Request) -> bytes:
    """Read the draft that was sent, no more of it than is taken."""
    kind = request.headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
    if kind not in ("text/plain", "application/json"):
        raise HTTPException(415)
    most = MOST_BYTES if kind == "text/plain" else 6 * MOST_BYTES + 64  # JSON may write a byte as six
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise HTTPException(413)
    if kind == "text/plain":
        return bytes(body)
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        raise HTTPException(422)
    text = said["text"].encode("utf-8", "replace")
    if len(text) > MOST_BYTES:
        raise HTTPException(413)
    return text
