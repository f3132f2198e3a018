"""What decides how claims are clustered, shown and drawn: the numbers of the analysis, with units and sources."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """The numbers of the analysis of clusters. Where no source is named, none was written down."""

    # How fine the clusters are; both bars were chosen on the training topics of KPA-2021 (similarity.md).
    same_point: float = -1.3  # mean log odds of two groups that are joined to one cluster
    same_topic: float = -2.2  # and to one topic
    smallest: int = 3  # wordings in a cluster
    least_words: int = 2  # content words that a comparable claim has

    # How a large base is cut into parts.
    whole_below: int = 5_000  # texts of which one tree is made: 100 MB, seconds
    neighbours: int = 20  # edges of a text in the graph of a larger base
    least_cosine: float = 0.4  # of an edge
    density: float = 0.005  # Leiden's resolution: how dense a part must be inside
    partition_seed: int = 17

    # How the nearest neighbours are looked for.
    exact_below: int = 8_000  # rows; comparing all of them takes seconds
    probed_cells: int = 24  # that each cell is compared with
    centre_rounds: int = 6  # of k-means for the centres
    rows_per_centre: int = 64  # that the centres are learnt from
    block_rows: int = 512  # compared at once
    neighbour_seed: int = 20_190

    # What of a cluster is shown.
    readable_chars: int = 200  # of a central claim, where there is one as short
    map_chars: int = 200  # of a claim on the map
    shown_voices: int = 50
    shown_splits: int = 5
    label_terms: int = 3
    label_share: float = 0.2  # of a cluster's wordings that must hold a term
    kept_share: float = 1 / 3  # of all claims of two clusters that must be in both, for one to be the other later on

    # When two claims of a cluster contradict each other.
    shared_words: float = 0.6  # share of the content words of both
    least_compared_words: int = 3
    most_compared: int = 400  # claims; of larger clusters the most central

    # How the map is drawn.
    least_centres: int = 8  # that t-SNE is asked for; fewer are laid out by their main directions
    most_centres: int = 2_500  # t-SNE grows with n log n, and beyond this main directions must do
    perplexity: float = 15.0
    directions: int = 16  # of all claims, that those of a cluster are looked for in
    map_seed: int = 7


SETTINGS = ClusterSettings()
