"""Clusters of claims as JSON."""

from pydantic import AliasPath, Field

from index.wire.base import Digits4, Digits5, JsonModel, SpeakerId, SpeakerName, SpeakerNames, spread
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

    speaker: str = Field(validation_alias=AliasPath("speaker", "name"))
    speaker_id: str = Field(validation_alias=AliasPath("speaker", "id"))
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


class ClusterJson(JsonModel):
    """Claims that make the same point."""

    id: str | None = Field(description="Null for the bucket of claims that are in no cluster.")
    label: str
    size: int = Field(description="Claims.")
    speakers: SpeakerNames = Field(
        validation_alias="voices", description="Names, most claims first; of the largest clusters the first 50."
    )
    central: str | None = Field(
        None,
        validation_alias=AliasPath("central", "text"),
        description="The claim most like all others, word for word.",
    )
    central_claim: VerbatimClaimJson | None = Field(
        validation_alias="central", description="The same with its place and whose it is."
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

    _spread = spread("placed", "hit.claim", "hit")

    cluster: str | None
    nearest: str | None = Field(description="The cluster closest to it, its own if it is in one.")
    closeness: Digits4 = Field(description="Cosine to the middle of that cluster.")
    x: Digits5
    y: Digits5


class WholeClusterJson(ClusterJson):
    """A cluster with a page of its claims, the most central first."""

    _spread = spread("cluster", "page")

    claims: list[ClusteredClaimJson] = Field(validation_alias="items")
    next: str | None
    total: int
