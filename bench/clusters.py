"""How well claims are clustered: `python -m bench.clusters --data DIR [--speed 100000] [--bertopic]`.

DIR (or $CROSSTALK_DATA) holds kpa2021 and sts-b. Tables:

matching   arguments of KPA-2021 dev matched to key points: strict and relaxed mAP, of cosine alone and of the
           similarity that the clusters are made by; and what either does on sts-b (Spearman)
agreement  all arguments of the split in one heap, clustered; B-cubed against the key points. Things in no cluster
           count as clusters of one. Baselines are given what they cannot know: k-means the true number, HDBSCAN
           the best of several sizes. `--bertopic` needs umap-learn (BERTopic's defaults: UMAP to 5 dimensions with 15
           neighbours and cosine, then HDBSCAN with at least 10 in a cluster).
stability  a few arguments come in: how many of the others keep their cluster's id
speed      N claims: mixtures of the texts of KPA and sts-b; seconds of the wall clock and of the processor
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench.kpa import Split, bcubed, load, mean_average_precision, vectors_of
from corpus.model import Claim, Speaker, make_claim_id
from index.clusters.clustering import Clustering, PreviousRun, cluster_claims
from index.clusters.similarity import ClaimSimilarity, SimilarityWeights, load_weights

_SEED = 3


def matching(split: Split, sts: Sequence[tuple[str, str, float]]) -> None:
    """Print how well arguments are matched to key points, and what the same scores do on general sentences."""
    from scipy.stats import spearmanr

    texts = split.texts()
    n = len(split.arguments)
    pairs = [text for one, other, _ in sts for text in (one, other)]
    print("\n| similarity | strict mAP | relaxed mAP | sts-b, Spearman |\n|---|---|---|---|")
    for name, weights in (("cosine (MiniLM)", SimilarityWeights(1, 0, 0, 0)), ("ours", load_weights())):
        similarity = ClaimSimilarity.from_texts(texts, vectors_of(texts), weights)
        strict, relaxed = mean_average_precision(split, similarity.compare_all(np.arange(n), np.arange(n, len(texts))))
        general = ClaimSimilarity.from_texts(pairs, vectors_of(pairs), weights)
        odds = general.compare_pairs(np.arange(0, len(pairs), 2), np.arange(1, len(pairs), 2))
        rho = float(spearmanr(odds, [score for _, _, score in sts]).statistic)
        print(f"| {name} | {strict:.3f} | {relaxed:.3f} | {rho:.3f} |")


def agreement(split: Split, bertopic: bool) -> None:
    """Print how well clusters agree with key points."""
    from sklearn.cluster import HDBSCAN, KMeans

    texts = [one.text for one in split.arguments]
    dense = vectors_of(texts)
    methods: dict[str, Callable[[], np.ndarray]] = {
        "crosstalk": lambda: numbered(split, run(split)),
        f"k-means, k = {len(split.points)} (the truth)": lambda: KMeans(
            len(split.points), n_init=4, random_state=_SEED
        ).fit_predict(dense),
        "HDBSCAN, at least 5 (scikit-learn's default)": lambda: HDBSCAN(copy=True).fit_predict(dense),
        "HDBSCAN, at least 3": lambda: HDBSCAN(min_cluster_size=3, copy=True).fit_predict(dense),
        "HDBSCAN, at least 10": lambda: HDBSCAN(min_cluster_size=10, copy=True).fit_predict(dense),
    }
    if bertopic:
        methods["BERTopic's defaults (UMAP, HDBSCAN)"] = lambda: _bertopic(dense)
    print("\n| clusters | P | R | F1 | number | in one |\n|---|---|---|---|---|---|")
    for name, method in methods.items():
        found = method()
        number, inside = len(set(found[found >= 0].tolist())), float((found >= 0).mean())
        alone = np.where(found >= 0, found, 10**7 + np.arange(len(found)))
        precision, recall, f1 = bcubed(alone.tolist(), split.gold)
        print(f"| {name} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {number} | {inside:.2f} |")


def _bertopic(dense: np.ndarray) -> np.ndarray:
    from importlib import import_module

    from sklearn.cluster import HDBSCAN

    umap = import_module("umap")  # not among what Crosstalk needs
    flat = umap.UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=_SEED).fit_transform(
        dense
    )
    return HDBSCAN(min_cluster_size=10, copy=True).fit_predict(flat)


def claims_of(split: Split) -> list[Claim]:
    """Take every argument for a claim of a person of its own."""
    return [
        Claim(
            make_claim_id(one.id, 0, len(one.text), one.text),
            one.id,
            0,
            len(one.text),
            one.text,
            one.text,
            speaker=Speaker(f"kpa:{one.id}", one.id),
        )
        for one in split.arguments
    ]


def run(split: Split) -> Clustering:
    """Cluster the arguments of a split."""
    return cluster_claims(claims_of(split), vectors_of([one.text for one in split.arguments]))


def numbered(split: Split, found: Clustering) -> np.ndarray:
    """Give the number of each argument's cluster, -1 for none."""
    of = {placed.claim_id: placed.cluster for placed in found.placed}
    number = {cluster.id: place for place, cluster in enumerate(found.clusters) if cluster.id}
    return np.array([number.get(of[claim.id], -1) for claim in claims_of(split)])


def stability(split: Split) -> None:
    """Print how many claims keep the id of their cluster when a few others come in."""
    claims, dense = claims_of(split), vectors_of([one.text for one in split.arguments])
    chance = np.random.default_rng(_SEED)
    print("\n| claims that come in | the others keep their cluster's id |\n|---|---|")
    for share in (0.005, 0.02, 0.1):
        first = np.sort(chance.permutation(len(claims))[: round(len(claims) * (1 - share))])
        before = cluster_claims([claims[n] for n in first], dense[first])
        was = {placed.claim_id: placed.cluster for placed in before.placed}
        bound = PreviousRun({id_: cluster for id_, cluster in was.items() if cluster})
        now = {placed.claim_id: placed.cluster for placed in cluster_claims(claims, dense, bound).placed}
        kept = np.mean([now[id_] == cluster for id_, cluster in was.items()])
        print(f"| {share:.1%} | {kept:.3f} |")


def speed(count: int, texts: Sequence[str]) -> None:
    """Print what clustering many claims costs: restatements made by mixing vectors, with the words of both."""
    chance = np.random.default_rng(_SEED)
    dense = vectors_of(texts)
    one, other = chance.integers(0, len(texts), (2, count))
    share = chance.uniform(0.5, 1.0, (count, 1)).astype(np.float32)
    mixed = share * dense[one] + (1 - share) * dense[other] + chance.normal(0, 0.01, (count, dense.shape[1]))
    mixed = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)
    claims = []
    for n in range(count):
        words = texts[one[n]].split()
        words[chance.integers(0, len(words))] = chance.choice(texts[other[n]].split())
        text = " ".join(words)
        speaker = Speaker(f"s:{n % 997}", f"s{n % 997}")
        claims.append(
            Claim(make_claim_id(str(n), 0, len(text), text), str(n), 0, len(text), text, text, speaker=speaker)
        )
    wall, cpu = time.perf_counter(), time.process_time()
    found = cluster_claims(claims, mixed)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print("\n| claims | wall s | processor s | clusters | in one |\n|---|---|---|---|---|")
    inside = np.mean([placed.cluster is not None for placed in found.placed])
    print(f"| {count:,} | {wall:.0f} | {cpu:.0f} | {len(found.clusters) - 1:,} | {inside:.2f} |")


def sts_pairs(path: Path) -> list[tuple[str, str, float]]:
    """Read sentence pairs with how similar people found them (0 to 5)."""
    rows = [line.rstrip("\n").split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row[5], row[6], float(row[4])) for row in rows]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("CROSSTALK_DATA"))
    parser.add_argument("--split", default="dev")
    parser.add_argument("--bertopic", action="store_true")
    parser.add_argument("--speed", type=int, default=0, metavar="N")
    asked = parser.parse_args(arguments)
    if asked.data is None:
        parser.error("say where the data are: --data or $CROSSTALK_DATA")
    split = load(asked.data / "kpa2021", asked.split)
    sts = sts_pairs(asked.data / "sts-b" / "sts-dev.csv")
    if asked.speed:
        speed(asked.speed, sorted({*split.texts(), *(text for a, b, _ in sts for text in (a, b))}))
        return
    matching(split, sts)
    agreement(split, asked.bertopic)
    stability(split)


if __name__ == "__main__":
    main()
