"""Parameters that several addresses of the HTTP API take."""

from typing import Annotated

from fastapi import Path, Query

from corpus.limits import LIMITS

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=1_000, description="The `next` of the page before.")]
Id = Annotated[str, Path(max_length=1_000)]
Name = Annotated[str | None, Query(max_length=LIMITS.name_chars)]
