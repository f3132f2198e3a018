"""Findings as they are kept: JSON of the dataclasses themselves, both ways.

How a finding is answered is another matter (`index.wire`): what is kept holds all of it, and is read by this program
alone.
"""

# pyright: standard

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Kept = TypeVar("Kept")


def write_body(finding: object) -> dict[str, Any]:
    """Return a finding as JSON values that hold all of it."""
    return _make_adapter(type(finding)).dump_python(finding, mode="json")


def read_bodies(finding_class: type[Kept], bodies: Iterable[Mapping[str, Any]]) -> list[Kept]:
    """Return the findings that were kept as `bodies`.

    What an earlier program kept in another form is left out, until the analysis has made it again.
    """
    from pydantic import ValidationError

    findings = []
    adapter = _make_adapter(finding_class)
    for body in bodies:
        try:
            findings.append(adapter.validate_python(body))
        except ValidationError:
            continue
    return findings


@cache
def _make_adapter(finding_class: type[Kept]) -> "TypeAdapter[Kept]":
    from pydantic import TypeAdapter

    return TypeAdapter(finding_class)
