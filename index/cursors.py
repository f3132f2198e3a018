"""Opaque cursors: where the next page of one list begins."""

import base64
import binascii
from typing import Any

import orjson

from corpus.errors import WrongUsage
from index.words import short_hash


def pack(what: str, **at: Any) -> str:
    """Make the cursor of a list that is named by `what` was asked."""
    whole = orjson.dumps({"of": short_hash(what)[:12]} | at)
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def unpack(cursor: str, what: str) -> dict[str, Any]:
    """Read a cursor. Raises `WrongUsage` where it is none, or belongs to another list."""
    try:
        at = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        at = None
    if not isinstance(at, dict) or at.get("of") != short_hash(what)[:12]:
        raise WrongUsage("this `next` belongs to another question; begin again without it")
    return at
