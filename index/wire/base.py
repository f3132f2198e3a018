"""What the models of the wire have in common, and how single values are written."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from types import SimpleNamespace
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from corpus.model import Speaker


class JsonModel(BaseModel):
    """A noun as JSON. Fields are read from the attributes of the noun, by their name or their `validation_alias`."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)

    @classmethod
    def dump(cls, noun: object) -> dict[str, Any]:
        """Return a noun as JSON values, fields in the order of the model."""
        return cls.model_validate(noun).model_dump(mode="json")


def spread(*parts: str) -> Any:
    """Return the validator of a model that has the fields of a noun's `parts` (dotted paths) beside the noun's own.

    Where two have a field of one name, the later part wins, and the noun itself over all of them. What is written as an
    object of its own, of some of these fields, is read from `whole`.
    """
    getters = [attrgetter(part) for part in parts]

    def lay_flat(_: type[BaseModel], noun: Any) -> SimpleNamespace:
        flat: dict[str, Any] = {}
        for part in (*(get(noun) for get in getters), noun):
            flat.update((name, getattr(part, name)) for name in part.__slots__)
        return SimpleNamespace(**flat, whole=SimpleNamespace(**flat))

    validator: Any = classmethod(lay_flat)
    return model_validator(mode="before")(validator)


def write_time(moment: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC.

    Example: 2024-01-02 03:04:05 UTC -> "2024-01-02T03:04:05Z"
    """
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _read_name(speaker: Speaker | None) -> str | None:
    return speaker.name if speaker is not None else None


def _read_id(speaker: Speaker | None) -> str | None:
    return speaker.id if speaker is not None else None


def _read_names(shares: Sequence[Any]) -> list[str]:
    return [share.speaker.name for share in shares if share.speaker is not None]


def _round_to(digits: int) -> Callable[[float], float]:
    return partial(round, ndigits=digits)


Digits3 = Annotated[float, AfterValidator(_round_to(3))]
Digits4 = Annotated[float, AfterValidator(_round_to(4))]
Digits5 = Annotated[float, AfterValidator(_round_to(5))]
Digits6 = Annotated[float, AfterValidator(_round_to(6))]
Probability = Annotated[float, Field(ge=0, le=1), AfterValidator(_round_to(4))]
Time = Annotated[str | None, BeforeValidator(write_time)]
SpeakerName = Annotated[str | None, BeforeValidator(_read_name)]
SpeakerId = Annotated[str | None, BeforeValidator(_read_id), Field(validation_alias="speaker")]
SpeakerNames = Annotated[list[str], BeforeValidator(_read_names)]  # of whoever has a name, among shares or voices
