"""Opaque cursors: where the next page of one list begins."""

# pyright: standard

import base64
import binascii
from typing import Any

import orjson

from corpus.errors import WrongUsage
from index.text_keys import compute_short_hash


def pack(what: str, **at: Any) -> str:
    """Make the cursor of a list that is named by `what` was asked."""
    whole = orjson.dumps({"of": compute_short_hash(what)[:12]} | at)
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def unpack(cursor: str, what: str) -> dict[str, Any]:
    """Read a cursor. Raises `WrongUsage` where it is none, or belongs to another list."""
    try:
        body = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        body = None
    if not isinstance(body, dict) or body.get("of") != compute_short_hash(what)[:12]:
        raise WrongUsage("this `next` belongs to another question; begin again without it")
    return body


def read_start(cursor: str | None, what: str) -> int:
    """Read at which place (from 0) the next page of a list begins. Raises `WrongUsage` as `unpack` does."""
    start = unpack(cursor, what).get("at") if cursor else 0
    if not isinstance(start, int) or start < 0:
        raise WrongUsage("this `next` is not one that was given out")
    return start


def pack_next(what: str, begun: int, limit: int, total: int) -> str | None:
    """Return the cursor of the page after one that began at `begun`, if there is more."""
    return pack(what, at=begun + limit) if begun + limit < total else None
