"""Claims and their vectors in, clusters out: a pure function, whatever the order of the claims."""

# pyright: standard

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from corpus.model import Claim, ClaimKind, Speaker
from index.clusters.contradictions import find_contradictions
from index.clusters.labels import Vocabulary
from index.clusters.map_layout import fit_to_previous, lay_out_centres, lay_out_claims
from index.clusters.model import ClaimPlacement, Cluster, ClusterSplit, ClusterTopic, ClusterVoice, Verbatim
from index.clusters.partition import partition
from index.clusters.settings import SETTINGS, ClusterSettings
from index.clusters.similarity import ClaimSimilarity
from index.clusters.stable_ids import carry_over_ids
from index.clusters.wordings import Wordings, group_wordings

_POINTED = frozenset({ClaimKind.ASSERTION, ClaimKind.PREDICTION, ClaimKind.RECOMMENDATION, ClaimKind.DEFINITION})


@dataclass(frozen=True, slots=True)
class PreviousRun:
    """The run before, as far as it binds this one: where each claim was, by id, and where clusters were on the map."""

    clusters: Mapping[str, str] = field(default_factory=dict, hash=False)
    topics: Mapping[str, str] = field(default_factory=dict, hash=False)
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Clustering:
    """Clusters, the largest first and the bucket last; and every claim, the most central of each cluster first."""

    clusters: tuple[Cluster, ...]
    placed: tuple[ClaimPlacement, ...]


def cluster_claims(
    claims: Sequence[Claim], dense: np.ndarray, before: PreviousRun | None = None, settings: ClusterSettings = SETTINGS
) -> Clustering:
    """Find clusters. `dense` holds the claims' vectors, in their order; all claims must be such as may come in."""
    before = before or PreviousRun()
    order = sorted(range(len(claims)), key=lambda row: claims[row].id)
    claims = [claims[row] for row in order]
    if not claims:
        return Clustering((), ())
    return _ClusteringRun(claims, dense[order], before, settings).run()


class _ClusteringRun:
    """One run. Claims, wordings and clusters are numbered; what ends in `_of` maps one number to another."""

    def __init__(
        self, claims: Sequence[Claim], dense: np.ndarray, before: PreviousRun, settings: ClusterSettings
    ) -> None:
        self.claims = claims
        self.dense = dense
        self.before = before
        self.wordings: Wordings = group_wordings(claims, dense)
        self.similarity = ClaimSimilarity.from_texts(self.wordings.texts, self.wordings.dense)
        parts = partition(self.similarity, settings)
        self.cluster_of = _compose(self.wordings.of, parts.clusters)
        self.topic_of = _compose(self.wordings.of, parts.topics)
        self.vocabulary = Vocabulary(self.wordings.texts)

    def run(self) -> Clustering:
        members = _groups(self.cluster_of)
        inside = _groups(self._cluster_wordings())
        centres = self._centres(inside)
        nearest, closeness = self._nearest(centres)
        ids = carry_over_ids([self._ids(group) for group in members], self.before.clusters, "c")
        topics = self._topics()
        places = fit_to_previous(lay_out_centres(centres), ids, self.before.places)
        laid = lay_out_claims(self.dense, nearest, centres, places, closeness)
        clusters = [
            self._cluster(ids[number], members[number], inside[number], topics, places[number], closeness)
            for number in range(len(members))
        ]
        clusters.sort(key=lambda one: (-one.size, one.id or ""))
        placed = self._place_claims(ids, nearest, closeness, topics, laid)
        rank = {one.id: place for place, one in enumerate(clusters)}
        placed.sort(key=lambda one: (rank.get(one.cluster, len(rank)), -one.closeness, one.claim_id))
        bucket = self._bucket()
        return Clustering((*clusters, bucket) if bucket else tuple(clusters), tuple(placed))

    def _cluster_wordings(self) -> np.ndarray:
        """Return the cluster of each wording, from that of its claims."""
        of = np.full(len(self.wordings.texts), -1)
        compared = self.wordings.of >= 0
        of[self.wordings.of[compared]] = self.cluster_of[compared]
        return of

    def _centres(self, inside: list[np.ndarray]) -> np.ndarray:
        if not inside:
            return np.zeros((0, self.dense.shape[1]))
        means = np.stack([self.wordings.dense[group].mean(axis=0) for group in inside])
        return means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)

    def _nearest(self, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return each claim's cluster, or where it is in none the closest one, and the cosine to its centre."""
        nearest, closeness = np.full(len(self.claims), -1), np.zeros(len(self.claims))
        if not len(centres):
            return nearest, closeness
        for start in range(0, len(self.claims), 4_096):
            cosines = self.dense[start : start + 4_096] @ centres.T
            own = self.cluster_of[start : start + 4_096]
            best = np.where(own >= 0, own, cosines.argmax(axis=1))
            nearest[start : start + 4_096] = best
            closeness[start : start + 4_096] = cosines[np.arange(len(best)), best]
        return nearest, closeness

    def _topics(self) -> list[ClusterTopic]:
        groups = _groups(self.topic_of)
        ids = carry_over_ids([self._ids(group) for group in groups], self.before.topics, "t")
        return [
            ClusterTopic(id_, " · ".join(self.vocabulary.label(self._wordings_in(group))), len(group))
            for id_, group in zip(ids, groups, strict=True)
        ]

    def _cluster(
        self,
        id_: str,
        members: np.ndarray,
        inside: np.ndarray,
        topics: list[ClusterTopic],
        place: np.ndarray,
        closeness: np.ndarray,
    ) -> Cluster:
        claims = [self.claims[number] for number in members.tolist()]
        terms = self.vocabulary.label(inside.tolist())
        voices, people, unattributed = _voices(claims)
        by_id = {claim.id: claim for claim in claims}
        splits = tuple(
            ClusterSplit(_verbatim(by_id[contradiction.says]), _verbatim(by_id[contradiction.denies]))
            for contradiction in find_contradictions(claims)[: SETTINGS.shown_splits]
        )
        topic = int(self.topic_of[members[0]])
        return Cluster(
            id=id_,
            label=" · ".join(terms),
            terms=terms,
            size=len(claims),
            wordings=len(inside),
            people=people,
            unattributed=unattributed,
            voices=voices,
            central=_verbatim(self._central(members, closeness)),
            topic=topics[topic] if topic >= 0 else None,
            splits=splits,
            x=float(place[0]),
            y=float(place[1]),
        )

    def _central(self, members: np.ndarray, closeness: np.ndarray) -> Claim:
        """Choose the claim closest to the middle: one that states something, and reads at a glance if there is one."""

        def rank_claim(number: int) -> tuple[bool, bool, float, str]:
            claim = self.claims[number]
            return (
                claim.kind not in _POINTED,
                len(claim.text) > SETTINGS.readable_chars,
                -float(closeness[number]),
                claim.id,
            )

        return self.claims[min(members.tolist(), key=rank_claim)]

    def _place_claims(
        self,
        ids: list[str],
        nearest: np.ndarray,
        closeness: np.ndarray,
        topics: list[ClusterTopic],
        laid: np.ndarray,
    ) -> list[ClaimPlacement]:
        placed = []
        for number, claim in enumerate(self.claims):
            own, near, topic = int(self.cluster_of[number]), int(nearest[number]), int(self.topic_of[number])
            placed.append(
                ClaimPlacement(
                    claim_id=claim.id,
                    cluster=ids[own] if own >= 0 else None,
                    nearest=ids[near] if near >= 0 else None,
                    topic=topics[topic].id if topic >= 0 else None,
                    closeness=float(closeness[number]),
                    x=float(laid[number][0]),
                    y=float(laid[number][1]),
                    text=claim.text[: SETTINGS.map_chars],
                    speaker=claim.speaker.name if claim.speaker else None,
                )
            )
        return placed

    def _bucket(self) -> Cluster | None:
        claims = [claim for number, claim in enumerate(self.claims) if self.cluster_of[number] < 0]
        if not claims:
            return None
        voices, people, unattributed = _voices(claims)
        distinct = len({int(self.wordings.of[n]) for n in range(len(self.claims)) if self.cluster_of[n] < 0} - {-1})
        return Cluster(
            None, "unclustered", (), len(claims), distinct, people, unattributed, voices, None, None, (), 0.0, 0.0
        )

    def _ids(self, group: np.ndarray) -> list[str]:
        return [self.claims[number].id for number in group.tolist()]

    def _wordings_in(self, group: np.ndarray) -> list[int]:
        return sorted({int(self.wordings.of[number]) for number in group.tolist()})


def _compose(of: np.ndarray, then: np.ndarray) -> np.ndarray:
    """Follow two maps; -1 stays -1."""

    return np.where(of >= 0, then[np.maximum(of, 0)], -1) if len(then) else np.full(len(of), -1)


def _groups(of: np.ndarray) -> list[np.ndarray]:
    """Return the members of each number from 0."""

    order = np.argsort(of, kind="stable")
    counts = np.bincount(of[of >= 0], minlength=int(of.max(initial=-1)) + 1)
    return np.split(order[len(of) - int(counts.sum()) :], np.cumsum(counts)[:-1]) if len(counts) else []


def _voices(claims: Sequence[Claim]) -> tuple[tuple[ClusterVoice, ...], int, int]:
    """Count claims by person, most first; gives those shown, all people, and claims of nobody known."""
    counts = Counter(claim.speaker.id for claim in claims if claim.speaker)
    speakers: dict[str, Speaker] = {claim.speaker.id: claim.speaker for claim in claims if claim.speaker}
    order = sorted(counts, key=lambda id_: (-counts[id_], speakers[id_].name, id_))
    voices = tuple(ClusterVoice(speakers[id_], counts[id_]) for id_ in order[: SETTINGS.shown_voices])
    return voices, len(counts), len(claims) - sum(counts.values())


def _verbatim(claim: Claim) -> Verbatim:
    return Verbatim(claim.id, claim.speaker, claim.utterance_id, claim.start, claim.end, claim.text)
