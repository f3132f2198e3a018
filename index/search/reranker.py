"""An optional second look at the first hits: a cross-encoder reads the query and a claim together.

Off unless named; slower by a model's run over a few dozen pairs. Names and paths are those of sentence-transformers.
"""

import functools
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.errors import CrosstalkError
from corpus.logistic import logistic
from index.search.ranking import RankedClaim

READ = 50  # candidates that are looked at again; those behind keep their order
RERANKER = "CROSSTALK_RERANK"


def rerank(name: str, query: str, ranked: Sequence[RankedClaim], texts: Sequence[str]) -> list[RankedClaim]:
    """Order candidates by a cross-encoder; `texts` are theirs. Its score, in 0..1, is kept as a part.

    Scores are in 0.5..1, so that what was not looked at can stand below. Raises `CrosstalkError` where the model
    cannot be had.
    """
    if not ranked:
        return []
    scores = _model(name).predict([(query, text) for text in texts], show_progress_bar=False)
    looked = [
        replace(candidate, score=0.5 + share / 2, parts={**candidate.parts, "rerank": share})
        for candidate, share in zip(ranked, _shares([float(score) for score in scores]), strict=True)
    ]
    return sorted(looked, key=lambda candidate: (-candidate.score, candidate.id))


def choose_reranker(name: str | None) -> str | None:
    """Return the reranker that was asked for, else the one that the environment names."""
    return name or os.environ.get(RERANKER) or None


def _shares(scores: Sequence[float]) -> list[float]:
    """Put the scores of one answer into 0..1 in their order: models give shares, or log odds."""
    if all(0 <= score <= 1 for score in scores):
        return list(scores)
    return [logistic(score) for score in scores]


@functools.lru_cache(maxsize=2)
def _model(name: str) -> Any:
    from sentence_transformers import CrossEncoder

    offline = os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}
    try:
        return CrossEncoder(name, local_files_only=offline or Path(name).is_dir(), device="cpu")
    except (OSError, ValueError) as problem:
        cause = str(problem).strip().splitlines()[0][:200]
        raise CrosstalkError(f"the reranker {name!r} cannot be loaded ({cause})") from problem
