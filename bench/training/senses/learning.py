"""How the deltas and heads are learned: one loss for definitions, one for pairs of uses, one for made-up words.

Layers below `FIRST` never change, so that each text passes them once. Everything is drawn from one seed.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.training.senses.examples import DisguisedUse, SenseExample, group_by_word
from index.senses.heads import MATCH, PARTS, SAME, join_parts
from index.senses.lora_transformer import FIRST, LAYERS, SIZE, LoraTransformer, make_deltas
from index.senses.term_windows import MarkedText, load_tokenizer, mark_definitions, mark_terms

if TYPE_CHECKING:
    import torch

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SenseTrainingSettings:
    """What was chosen. `pairs`, `contrast` and `made_up` weigh losses against that of definitions."""

    epochs: int = 3
    rank: int = 16
    rate: float = 1e-3
    head_rate: float = 0.02
    batch: int = 32
    drop: float = 0.1
    pairs: float = 0.5
    contrast: float = 0.3
    made_up: float = 0.5
    words: int = 5  # behind the made-up word in a batch
    uses: int = 3  # of each of them
    uses_of_term: int = 8
    first_layer: float = 2.0  # by how much the layer below the adapted ones outweighs the others at first
    seed: int = 0


@dataclass(slots=True)
class FrozenStates:
    """A marked text with its states where the adapted layers begin."""

    marks: MarkedText
    states: "torch.Tensor"


class SenseModel:
    """Deltas and heads that learn. Heads begin at what cosines are worth without learning."""

    def __init__(self, weights: "Mapping[str, torch.Tensor]", settings: SenseTrainingSettings) -> None:
        import torch

        torch.manual_seed(settings.seed)
        self.settings = settings
        self.deltas = make_deltas(settings.rank)
        self.transformer = LoraTransformer(weights, self.deltas)
        layers = LAYERS - FIRST + 1
        first = [settings.first_layer] + [0.0] * (layers - 1)
        self.of_term, self.of_context = (torch.tensor(first, requires_grad=True) for _ in range(2))
        self.same = torch.tensor([4.3, 2.0, 2.0, -5.6], requires_grad=True)
        self.match = torch.tensor([1.0, 6.0, 1.0, 0.0, 1.0, -2.2], requires_grad=True)

    def compute_vectors(self, rows: Sequence[FrozenStates]) -> "torch.Tensor":
        """Return the vectors of rows, shape (rows, 3 · size)."""
        import torch

        sizes = [len(row.marks.ids) for row in rows]
        states = torch.cat([row.states for row in rows])
        after = torch.stack([states, *self.transformer.run_layers(states, sizes, sizes, FIRST, LAYERS)], dim=1)
        of_row = torch.repeat_interleave(torch.arange(len(rows)), torch.tensor(sizes))
        terms, contexts = (
            after.new_zeros(len(rows), *after.shape[1:]).index_add(0, of_row, after * torch.cat(weights)[:, None, None])
            for weights in ([row.marks.term for row in rows], [row.marks.context for row in rows])
        )
        return join_parts(terms, contexts, self.of_term.softmax(0), self.of_context.softmax(0))

    def embed(self, rows: Sequence[FrozenStates], batch: int = 32) -> "torch.Tensor":
        """Return the vectors of any number of rows, without learning from them."""
        import torch

        drop, self.transformer.drop = self.transformer.drop, 0.0
        order = sorted(range(len(rows)), key=lambda at: len(rows[at].marks.ids))
        vectors = torch.zeros(len(rows), len(PARTS) * SIZE)
        with torch.no_grad():
            for start in range(0, len(order), batch):
                members = order[start : start + batch]
                vectors[members] = self.compute_vectors([rows[at] for at in members])
        self.transformer.drop = drop
        return vectors

    def export_weights(self) -> "dict[str, torch.Tensor]":
        """Return what `SenseEncoder` reads: deltas in half precision, heads in full."""
        found = {name: delta.detach().half().contiguous() for name, delta in self.deltas.items()}
        found["of_term"], found["of_context"] = self.of_term.detach().softmax(0), self.of_context.detach().softmax(0)
        found["same"], found["match"] = self.same.detach().clone(), self.match.detach().clone()
        return found


@dataclass(frozen=True, slots=True)
class SenseTrainingSet:
    """All that is learned from, read once: uses and definitions of examples, and uses of made-up words."""

    examples: Sequence[SenseExample]
    uses: Sequence[FrozenStates]
    glosses: Sequence[FrozenStates]
    gloss_of: Sequence[int]  # for each example, its place in `glosses`
    term_of: Sequence[str]  # for each gloss, its term
    disguised: Sequence[DisguisedUse]
    disguises: Sequence[FrozenStates]


def read_frozen(
    weights: "Mapping[str, torch.Tensor]", rows: Sequence[MarkedText], batch: int = 32
) -> list[FrozenStates]:
    """Take rows through the layers that do not learn."""
    import torch

    plain = LoraTransformer(weights, {})
    found: dict[int, FrozenStates] = {}
    order = sorted(range(len(rows)), key=lambda at: len(rows[at].ids))
    with torch.no_grad():
        for start in range(0, len(order), batch):
            members = order[start : start + batch]
            sizes = [len(rows[at].ids) for at in members]
            states = plain.run_layers(plain.embed([rows[at].ids for at in members]), sizes, sizes, 0, FIRST)[-1]
            for at, own in zip(members, states.split(sizes), strict=True):
                found[at] = FrozenStates(rows[at], own.clone())
    return [found[at] for at in range(len(rows))]


def read_training_set(folder: Path, examples: Sequence[SenseExample], uses: Sequence[DisguisedUse]) -> SenseTrainingSet:
    """Read everything once, with the encoder in `folder`."""
    weights, tokenizer = encoder_weights(folder), load_tokenizer(folder)
    glosses: dict[tuple[str, str], int] = {}
    gloss_of = [glosses.setdefault((example.term, example.gloss), len(glosses)) for example in examples]
    terms = [term for term, _ in glosses]
    return SenseTrainingSet(
        examples,
        read_frozen(weights, mark_terms(tokenizer, [one.text for one in examples], [one.place for one in examples])),
        read_frozen(weights, mark_definitions(tokenizer, terms, [gloss for _, gloss in glosses])),
        gloss_of,
        terms,
        uses,
        read_frozen(weights, mark_terms(tokenizer, [use.text for use in uses], [use.place for use in uses])),
    )


def encoder_weights(folder: Path) -> "dict[str, torch.Tensor]":
    """Read the weights of the encoder itself."""
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def learn(
    folder: Path,
    given: SenseTrainingSet,
    members: Sequence[int],
    settings: SenseTrainingSettings,
    report: Report = lambda line: None,
) -> SenseModel:
    """Learn from the examples at `members`, and from the made-up words."""
    import torch

    model = SenseModel(encoder_weights(folder), settings)
    model.transformer.drop = settings.drop
    draw = random.Random(settings.seed)
    behind = group_by_word(given.disguised)
    heads = [model.of_term, model.of_context, model.same, model.match]
    parameters = [
        {"params": list(model.deltas.values()), "lr": settings.rate},
        {"params": heads, "lr": settings.head_rate},
    ]
    optimizer = torch.optim.AdamW(parameters, weight_decay=0.01)
    steps = settings.epochs * sum(1 for _ in _batches(given, members, settings, random.Random(0)))
    slope = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.1 * steps), max(0.0, (steps - step) / (0.9 * steps)))
    )
    step = 0
    for epoch in range(settings.epochs):
        losses: dict[str, list[float]] = defaultdict(list)
        for batch in _batches(given, members, settings, draw):
            parts = _of_examples(model, given, batch)
            if behind and settings.made_up and step % 2 == 0:
                parts["made_up"] = _of_made_up(model, given, behind, draw)
            weights = {"pairs": settings.pairs, "contrast": settings.contrast, "made_up": settings.made_up}
            loss = torch.stack([part * weights.get(name, 1.0) for name, part in parts.items()]).sum()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*model.deltas.values(), *heads], 1.0)
            optimizer.step()
            slope.step()
            step += 1
            for name, part in parts.items():
                losses[name].append(float(part.detach()))
        report(f"epoch {epoch + 1}: " + ", ".join(f"{name} {sum(x) / len(x):.3f}" for name, x in losses.items()))
    model.transformer.drop = 0.0
    return model


def predict_held_out(
    folder: Path,
    given: SenseTrainingSet,
    parts: Sequence[int],
    settings: SenseTrainingSettings,
    report: Report = lambda line: None,
) -> np.ndarray:
    """Return for each example the log odds of a model that did not learn from its part."""
    odds = np.zeros(len(given.examples), dtype=np.float32)
    for held in sorted(set(parts)):
        report(f"without part {held}")
        model = learn(folder, given, [at for at, part in enumerate(parts) if part != held], settings, report)
        out = [at for at, part in enumerate(parts) if part == held]
        uses = model.embed([given.uses[at] for at in out])
        meanings = model.embed([given.glosses[given.gloss_of[at]] for at in out])
        odds[out] = compare_parts(uses, meanings, model.match.detach(), MATCH).diagonal().numpy()
    return odds


def learn_logistic(features: np.ndarray, gold: np.ndarray, strength: float = 0.03) -> np.ndarray:
    """Learn a logistic regression: a weight for each feature as it comes, and the bias."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(features)
    model = LogisticRegression(C=strength, max_iter=3000).fit(scaler.transform(features), gold)
    weights = model.coef_[0] / scaler.scale_
    return np.append(weights, model.intercept_[0] - weights @ scaler.mean_).astype(np.float32)


def _batches(
    given: SenseTrainingSet, members: Sequence[int], settings: SenseTrainingSettings, draw: random.Random
) -> Iterator[list[int]]:
    """Put the examples of a term together, so that its uses can be compared; of frequent ones a few at a time."""
    of_term: dict[str, list[int]] = defaultdict(list)
    for at in members:
        of_term[given.examples[at].term].append(at)
    chunks = []
    for found in of_term.values():
        mixed = draw.sample(found, len(found))
        pieces = -(-len(mixed) // settings.uses_of_term)
        chunks += [mixed[piece::pieces] for piece in range(pieces)]
    draw.shuffle(chunks)
    batch: list[int] = []
    for chunk in chunks:
        batch += chunk
        if len(batch) >= settings.batch:
            yield batch
            batch = []
    if batch:
        yield batch


def _of_examples(model: SenseModel, given: SenseTrainingSet, batch: Sequence[int]) -> "dict[str, torch.Tensor]":
    """Return the losses of a batch: definitions, pairs of uses, and definitions against those of other terms."""
    import torch

    functional = torch.nn.functional
    numbers = {gloss: place for place, gloss in enumerate(sorted({given.gloss_of[at] for at in batch}))}
    vectors = model.compute_vectors([given.uses[at] for at in batch] + [given.glosses[gloss] for gloss in numbers])
    uses, meanings = vectors[: len(batch)], vectors[len(batch) :]
    matched = compare_parts(uses, meanings, model.match, MATCH)
    gloss = torch.tensor([numbers[given.gloss_of[at]] for at in batch])
    fits = torch.tensor([given.examples[at].fits for at in batch])
    terms = [given.examples[at].term for at in batch]
    own = functional.one_hot(gloss, len(numbers)).bool()
    # A use that has one sense of a term has none of the others.
    others = torch.tensor([[given.term_of[number] == term for number in numbers] for term in terms]) & fits[:, None]
    known = own | others
    weight = torch.where(own, 1.0, 0.5)[known]
    each = functional.binary_cross_entropy_with_logits(
        matched[known], (own & fits[:, None])[known].float(), reduction="none"
    )
    alike = gloss[:, None] == gloss[None]
    one_term = torch.tensor([[first == second for second in terms] for first in terms])
    once = torch.ones_like(alike).triu(1)
    both = fits[:, None] & fits[None]
    same = alike & both & once
    apart = ((alike & (fits[:, None] != fits[None])) | (one_term & ~alike & both)) & once
    none = vectors.sum() * 0
    return {
        "definitions": (each * weight).sum() / weight.sum(),
        "pairs": _balanced(compare_parts(uses, uses, model.same, SAME), same, apart),
        "contrast": functional.cross_entropy(matched[fits], gloss[fits]) if fits.any() else none,
    }


def _of_made_up(
    model: SenseModel, given: SenseTrainingSet, behind: Mapping[str, Mapping[str, Sequence[int]]], draw: random.Random
) -> "torch.Tensor":
    """Return the loss of telling apart the words behind a made-up word."""
    import torch

    words = behind[draw.choice(sorted(behind))]
    chosen = draw.sample(sorted(words), min(model.settings.words, len(words)))
    places = [at for word in chosen for at in draw.sample(words[word], min(model.settings.uses, len(words[word])))]
    vectors = model.compute_vectors([given.disguises[at] for at in places])
    names = [given.disguised[at].word for at in places]
    alike = torch.tensor([[first == second for second in names] for first in names])
    once = torch.ones_like(alike).triu(1)
    return _balanced(compare_parts(vectors, vectors, model.same, SAME), alike & once, ~alike & once)


def compare_parts(a: "torch.Tensor", b: "torch.Tensor", weights: "torch.Tensor", parts: Any) -> "torch.Tensor":
    """Return log odds, shape (len(a), len(b)): the same sum that `Heads` gives, for learning."""
    odds = weights[-1]
    for weight, (mine, theirs) in zip(weights[:-1], parts, strict=True):
        odds = odds + weight * (a[:, mine * SIZE : (mine + 1) * SIZE] @ b[:, theirs * SIZE : (theirs + 1) * SIZE].T)
    return odds


def _balanced(odds: "torch.Tensor", same: "torch.Tensor", apart: "torch.Tensor") -> "torch.Tensor":
    """Let pairs of one sense and of two weigh alike, so that 0.5 is an even chance."""
    from torch.nn.functional import softplus

    none = odds.sum() * 0
    of_same = softplus(-odds[same]).mean() if same.any() else none
    of_apart = softplus(odds[apart]).mean() if apart.any() else none
    return (of_same + of_apart) / 2
