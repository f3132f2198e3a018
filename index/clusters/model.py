"""What is said of a cluster."""

from dataclasses import dataclass

from corpus.model import Speaker

UNCLUSTERED = "unclustered"  # how the bucket is asked for, where an id is asked for; its own id is None


@dataclass(frozen=True, slots=True)
class ClusterVoice:
    """A person with the number of claims that they have in a cluster."""

    speaker: Speaker
    claims: int


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A claim in its exact words, `utterance.text[start:end] == text`, with whose they are."""

    claim_id: str
    speaker: Speaker | None
    utterance_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ClusterSplit:
    """Two people who say and deny nearly the same."""

    says: Verbatim
    denies: Verbatim


@dataclass(frozen=True, slots=True)
class ClusterTopic:
    """What several clusters are about. `size` counts its claims, those in none of its clusters too."""

    id: str
    label: str
    size: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Claims that make the same point. `id` is None for the bucket of claims that are in none.

    `size` counts claims; `wordings` near-identical ones once. `people` counts who made them, and `voices` lists them,
    those with most claims first (the first 50). `splits` shows who denies what others say, as far as
    words show it. (x, y) is the place on the map, about -1..1.
    """

    id: str | None
    label: str
    terms: tuple[str, ...]
    size: int
    wordings: int
    people: int
    unattributed: int
    voices: tuple[ClusterVoice, ...]
    central: Verbatim | None
    topic: ClusterTopic | None
    splits: tuple[ClusterSplit, ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ClaimPlacement:
    """A claim on the map. `cluster` is None where it is in none; `nearest` is then the cluster closest to it.

    `closeness` is the cosine to the middle of that cluster.
    """

    claim_id: str
    cluster: str | None
    nearest: str | None
    topic: str | None
    closeness: float
    x: float
    y: float
    text: str
    speaker: str | None
