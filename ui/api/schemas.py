"""What the HTTP API answers beside the nouns of the wire (`index.wire`): errors, and its own state."""

from typing import Any

from pydantic import BaseModel, Field


class ErrorJson(BaseModel):
    """Every error, whatever its cause."""

    error: str = Field(
        description="A word that stays the same: not_found, wrong_usage, wrong_query, wrong_method, wrong_type, "
        "too_large, invalid, no_token, refused, busy, internal."
    )
    detail: str = Field(description="One line for a person. It never repeats what was sent.")


class HealthJson(BaseModel):
    """Whether the base answers, and what is in it."""

    status: str
    generation: int
    counts: dict[str, int]


ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorJson, "description": "The request makes no sense as it stands."},
    404: {"model": ErrorJson, "description": "Nothing of that name or id."},
    422: {"model": ErrorJson, "description": "A parameter is missing or out of range."},
    503: {"model": ErrorJson, "description": "Too busy; try again after `Retry-After` seconds."},
}
BODY_ERRORS: dict[int | str, dict[str, Any]] = {
    413: {"model": ErrorJson, "description": "More than is taken."},
    415: {"model": ErrorJson, "description": "Neither text nor JSON."},
}
