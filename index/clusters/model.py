"""What is said of a cluster, and its JSON both ways."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


def cluster_json(cluster: Cluster) -> dict[str, Any]:
    """Give a cluster as JSON values; `speakers` are names, most claims first."""
    return {
        "id": cluster.id,
        "label": cluster.label,
        "size": cluster.size,
        "speakers": [voice.speaker.name for voice in cluster.voices],
        "central": cluster.central.text if cluster.central else None,
        "central_claim": verbatim_json(cluster.central) if cluster.central else None,
        "terms": list(cluster.terms),
        "wordings": cluster.wordings,
        "people": cluster.people,
        "unattributed": cluster.unattributed,
        "voices": [
            {"speaker": voice.speaker.name, "speaker_id": voice.speaker.id, "claims": voice.claims}
            for voice in cluster.voices
        ],
        "topic": topic_json(cluster.topic) if cluster.topic else None,
        "splits": [
            {"says": verbatim_json(split.says), "denies": verbatim_json(split.denies)} for split in cluster.splits
        ],
        "x": round(cluster.x, 5),
        "y": round(cluster.y, 5),
    }


def topic_json(topic: ClusterTopic) -> dict[str, Any]:
    """Give a topic as JSON values."""
    return {"id": topic.id, "label": topic.label, "size": topic.size}


def verbatim_json(one: Verbatim) -> dict[str, Any]:
    """Give a claim's words as JSON values."""
    return {
        "claim_id": one.claim_id,
        "speaker": one.speaker.name if one.speaker else None,
        "speaker_id": one.speaker.id if one.speaker else None,
        "utterance_id": one.utterance_id,
        "start": one.start,
        "end": one.end,
        "text": one.text,
    }


def placed_json(placed: ClaimPlacement) -> dict[str, Any]:
    """Give a claim's place as JSON values."""
    return {
        "claim_id": placed.claim_id,
        "cluster": placed.cluster,
        "nearest": placed.nearest,
        "topic": placed.topic,
        "closeness": round(placed.closeness, 4),
        "x": round(placed.x, 5),
        "y": round(placed.y, 5),
        "text": placed.text,
        "speaker": placed.speaker,
    }


def cluster_of(body: Mapping[str, Any]) -> Cluster:
    """Undo `cluster_json` (places to five digits)."""
    topic = body["topic"]
    return Cluster(
        body["id"],
        body["label"],
        tuple(body["terms"]),
        body["size"],
        body["wordings"],
        body["people"],
        body["unattributed"],
        tuple(ClusterVoice(Speaker(one["speaker_id"], one["speaker"]), one["claims"]) for one in body["voices"]),
        _verbatim_of(body["central_claim"]) if body["central_claim"] else None,
        ClusterTopic(topic["id"], topic["label"], topic["size"]) if topic else None,
        tuple(ClusterSplit(_verbatim_of(one["says"]), _verbatim_of(one["denies"])) for one in body["splits"]),
        body["x"],
        body["y"],
    )


def placed_of(body: Mapping[str, Any]) -> ClaimPlacement:
    """Undo `placed_json` (numbers to as many digits as it gives)."""
    return ClaimPlacement(**body)


def _verbatim_of(body: Mapping[str, Any]) -> Verbatim:
    speaker = Speaker(body["speaker_id"], body["speaker"]) if body["speaker_id"] is not None else None
    return Verbatim(body["claim_id"], speaker, body["utterance_id"], body["start"], body["end"], body["text"])
