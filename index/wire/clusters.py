"""Clusters of claims as JSON."""

from typing import Annotated

from pydantic import Field

from index.clusters.model import Verbatim
from index.wire.base import Digits4, Digits5, JsonModel, Read, SpeakerId, SpeakerName, write_names
from index.wire.claims import HitJson


class VerbatimClaimJson(JsonModel):
    """A claim in its exact words."""

    claim_id: str
    speaker: SpeakerName
    speaker_id: SpeakerId
    utterance_id: str
    start: int
    end: int
    text: str


class VoiceJson(JsonModel):
    """A person with the number of claims that they have in a cluster."""

    speaker: Annotated[str, Read("speaker.name")]
    speaker_id: Annotated[str, Read("speaker.id")]
    claims: int


class SplitJson(JsonModel):
    """Two people who say and deny nearly the same."""

    says: VerbatimClaimJson
    denies: VerbatimClaimJson


class ClusterTopicJson(JsonModel):
    """What several clusters are about."""

    id: str
    label: str
    size: int = Field(description="Claims, those in none of its clusters too.")


def _write_text(claim: Verbatim | None) -> str | None:
    return claim.text if claim is not None else None


class ClusterJson(JsonModel):
    """Claims that make the same point."""

    id: str | None = Field(description="Null for the bucket of claims that are in no cluster.")
    label: str
    size: int = Field(description="Claims.")
    speakers: Annotated[list[str], Read("voices", write_names)] = Field(
        description="Names, most claims first; of the largest clusters the first 50."
    )
    central: Annotated[str | None, Read(write=_write_text)] = Field(
        description="The claim most like all others, word for word."
    )
    central_claim: Annotated[VerbatimClaimJson | None, Read("central")] = Field(
        description="The same with its place and whose it is."
    )
    terms: list[str]
    wordings: int = Field(description="Claims, near-identical ones counted once.")
    people: int
    unattributed: int = Field(description="Claims of which nobody knows whose they are.")
    voices: list[VoiceJson]
    topic: ClusterTopicJson | None
    splits: list[SplitJson] = Field(description="Who denies what others say, as far as words show it.")
    x: Digits5
    y: Digits5


class ClusteredClaimJson(HitJson):
    """A claim with its place among the clusters."""

    parts = ("hit", "hit.claim", "placed")

    cluster: str | None
    nearest: str | None = Field(description="The cluster closest to it, its own if it is in one.")
    closeness: Digits4 = Field(description="Cosine to the middle of that cluster.")
    x: Digits5
    y: Digits5


class WholeClusterJson(ClusterJson):
    """A cluster with a page of its claims, the most central first."""

    parts = ("cluster", "page")

    claims: Annotated[list[ClusteredClaimJson], Read("items")]
    next: str | None
    total: int
