"""What a reader would meet in a draft, as JSON."""

from typing import Annotated

from pydantic import Field

from index.wire.base import Digits3, JsonModel, Read, SpeakerNames, write_names
from index.wire.claims import HeadingJson, HitJson
from index.wire.terms import GlossJson, ShareJson, UsageJson


class ExcerptJson(JsonModel):
    """Words of a draft; `start` and `end` count characters of its plain text, without markup."""

    start: int
    end: int
    text: str


class DraftUseJson(ExcerptJson):
    """A place of a draft where a term is used."""

    at: list[int] = Field(description="[start, end) in `text` of the term.")


class OtherSenseJson(JsonModel):
    """A sense in which others use a term of a draft."""

    label: str
    speakers: SpeakerNames
    shares: Annotated[list[ShareJson], Read("speakers")]
    definition: GlossJson | None
    usage: UsageJson | None
    places: list[HeadingJson]


class TermUseJson(JsonModel):
    """A term of a draft that people in the base argue with."""

    term: Annotated[str, Read("term.name")]
    risky: bool = Field(description="Others use it in another sense, and the draft does not say what it means.")
    sense: str = Field(description="The label of the sense it is used in; empty where that cannot be told.")
    how: str = Field(description="What that is told by: definition, usage, only (there is one sense), or unclear.")
    count: int = Field(description="Uses in the draft; `uses` shows the first.")
    uses: list[DraftUseJson]
    defined: ExcerptJson | None = Field(description="Where the draft says itself what it means.")
    add: GlossJson | None = Field(description="A definition that somebody stated and that fits the draft's sense.")
    others: list[OtherSenseJson]
    mismatches: Annotated[int, Read("term.contested")]
    speakers: Annotated[list[str], Read("term.speakers", write_names)]


class PredecessorsJson(ExcerptJson):
    """A claim of a draft, and the closest of what was said before: the same in other words, or its denial."""

    parts = ("claim",)

    before: list[HitJson]


class CheckJson(JsonModel):
    """What a reader would meet in a draft."""

    terms: list[TermUseJson]
    claims: list[PredecessorsJson]
    compared: int = Field(description="Claims of the draft that were looked for in the base.")
    claimed: int = Field(description="Claims that it makes.")
    took_ms: Digits3
