"""What the models of the wire have in common: how a noun is written by them, and how single values are."""

# pyright: standard

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin

from pydantic import BaseModel, Field, model_validator

from corpus.model import Speaker

Writer = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Read:
    """Says of a field where its value is read (a dotted path), if not at the attribute of the field's name, and what
    writes it, if that does not follow from the field's type."""

    path: str | None = None
    write: Writer | None = None


class JsonModel(BaseModel):
    """A noun as JSON: the fields, in order, with their types for OpenAPI.

    A field is read from the attribute of its name; what the noun itself has not, from the first of its `parts` (dotted
    paths) that has it. Nouns are right by construction, so that writing one checks nothing and costs little.
    """

    parts: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _write_noun(cls, noun: object) -> object:
        """Let the API answer nouns: what is no JSON yet is written first."""
        return noun if isinstance(noun, dict | BaseModel) else cls.dump(noun)

    @classmethod
    def dump(cls, noun: object) -> dict[str, Any]:
        """Return a noun as JSON values, fields in the order of the model."""
        write = _WRITERS.get((cls, type(noun))) or _make_writer(cls, noun)
        return write(noun)


_WRITERS: dict[tuple[type, type], Writer] = {}  # by model, and by the class of the nouns


def _make_writer(model: type[JsonModel], noun: object) -> Writer:
    """Make the function that writes nouns of one class by a model.

    All values are fetched by one `attrgetter`, so that an export of many claims takes hardly longer by it than by a
    function that spells all fields.
    """
    paths: list[str] = []
    writers: list[tuple[str, Writer]] = []
    for name, field in model.model_fields.items():
        rule = _find_rule(field.metadata)
        paths.append(_find_path(model, noun, rule.path or name))
        write = rule.write or _find_writer(field.annotation)
        if write is not None:
            writers.append((name, write))
    names = tuple(model.model_fields)
    fetch = attrgetter(*paths)

    def write_noun(noun: object) -> dict[str, Any]:
        values = fetch(noun)
        body = dict(zip(names, values if len(names) > 1 else (values,), strict=True))
        for name, write in writers:
            body[name] = write(body[name])
        return body

    _WRITERS[model, type(noun)] = write_noun
    return write_noun


def _find_rule(metadata: Sequence[Any]) -> Read:
    return next((mark for mark in metadata if isinstance(mark, Read)), Read())


def _find_path(model: type[JsonModel], noun: object, path: str) -> str:
    first = path.partition(".")[0]
    if hasattr(noun, first):
        return path
    parts = [part for part in model.parts if hasattr(attrgetter(part)(noun), first)]
    if not parts:
        raise AttributeError(f"{model.__name__} finds no {path!r} in {type(noun).__name__}")
    return f"{parts[0]}.{path}"


def _find_writer(annotation: Any) -> Writer | None:
    """Return what writes values of a type; None where they are JSON values as they are."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _find_rule(inner[1:]).write or _find_writer(inner[0])
    if origin in (Union, UnionType):
        (some,) = (kind for kind in inner if kind is not NoneType)
        write = _find_writer(some)
        return write and _write_unless_none(write)
    if origin is list:
        write = _find_writer(inner[0])
        return _write_each(write) if write else list
    if origin is dict:
        write = _find_writer(inner[1])
        return _write_values(write) if write else dict
    if isinstance(annotation, type) and issubclass(annotation, JsonModel):
        return annotation.dump
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return attrgetter("value")
    return None


def _write_unless_none(write: Writer) -> Writer:
    return lambda value: None if value is None else write(value)


def _write_each(write: Writer) -> Writer:
    return lambda values: [write(value) for value in values]


def _write_values(write: Writer) -> Writer:
    return lambda values: {name: write(value) for name, value in values.items()}


def write_time(moment: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC.

    >>> from datetime import UTC
    >>> write_time(datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2024-01-02T03:04:05Z'
    """
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _write_name(speaker: Speaker | None) -> str | None:
    return speaker.name if speaker is not None else None


def _write_id(speaker: Speaker | None) -> str | None:
    return speaker.id if speaker is not None else None


def write_names(shares: Sequence[Any]) -> list[str]:
    """Return the names of whoever has one, among shares or voices."""
    return [share.speaker.name for share in shares if share.speaker is not None]


def _round_to(digits: int) -> Read:
    return Read(write=lambda value: round(value, digits))


Digits3 = Annotated[float, _round_to(3)]
Digits4 = Annotated[float, _round_to(4)]
Digits5 = Annotated[float, _round_to(5)]
Digits6 = Annotated[float, _round_to(6)]
Probability = Annotated[float, Field(ge=0, le=1), _round_to(4)]
Time = Annotated[str | None, Read(write=write_time)]
SpeakerName = Annotated[str | None, Read(write=_write_name)]
SpeakerId = Annotated[str | None, Read("speaker", _write_id)]
SpeakerNames = Annotated[list[str], Read(write=write_names)]
