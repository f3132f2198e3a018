"""Learn what a place calls for.

`python -m bench.training.senses.context_training SOURCE [SOURCE...] [--steps N] [--out FILE]`.

A noun, or a noun with the word before it, is masked in two places of the sources; the states at the two masks are to
be closer to each other than to those at masks of other words (contrastive, in the batch: van den Oord et al., 2018).
Half of a batch is drawn by texts, four words each, so that what a text is about tells nothing. What is learned are
low-rank changes of the encoder's upper layers, read by `SenseEncoder.contexts`. `bench/senses_pseudo.py` measures them.
"""

import argparse
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bench.training.parser.silver import chosen
from bench.training.senses.learning import encoder_weights
from index.encoding.sentence_encoder import DEFAULT_MODEL, Encoder
from index.senses.lora_transformer import CALLING_FIRST, LAYERS, LoraTransformer, make_deltas
from index.senses.sense_encoder import CONTEXT_WEIGHTS, MASK, mask_spans
from index.senses.term_windows import load_tokenizer
from ingest.language import parse, split_sentences

if TYPE_CHECKING:
    import torch
    from spacy.tokens import Span
    from tokenizers import Tokenizer

WORDS = 2_000_000
RANK, RATE, DROP, TEMPERATURE = 16, 1e-3, 0.1, 20.0
BATCH, OF_ONE_TEXT, TRIES = 64, 4, 4
FEWEST_USES, SHORTEST = 4, 3  # of a word: uses, letters
FEWEST_TOKENS, MOST_TOKENS, MOST_IDS = 6, 45, 64
_BEFORE = frozenset({"NOUN", "ADJ", "PROPN"})


@dataclass(frozen=True, slots=True)
class MaskedUse:
    """A sentence with a word in it: all its places there."""

    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class WordUses:
    """The uses of each word, and for each text which uses stand in it."""

    of_word: dict[str, list[MaskedUse]] = field(default_factory=lambda: defaultdict(list))
    of_text: list[list[tuple[str, int]]] = field(default_factory=list)

    def drop_rare(self) -> "WordUses":
        """Leave out the words that are used too seldom, and texts with too few others."""
        kept = {word: uses for word, uses in self.of_word.items() if len(uses) >= FEWEST_USES}
        texts = [[(word, at) for word, at in text if word in kept] for text in self.of_text]
        return WordUses(kept, [text for text in texts if len({word for word, _ in text}) >= OF_ONE_TEXT])


def read_uses(sources: Sequence[str], words: int) -> WordUses:
    """Read sources: about `words` words of running prose, and the nouns in it."""
    utterances = chosen(sources, words)
    docs = parse(text for texts in utterances for text in texts)
    found = WordUses()
    for texts in utterances:
        here: list[tuple[str, int]] = []
        for doc in islice(docs, len(texts)):
            for sentence in split_sentences(doc):
                for word, use in _uses(sentence):
                    found.of_word[word].append(use)
                    here.append((word, len(found.of_word[word]) - 1))
        found.of_text.append(here)
    return found.drop_rare()


def _uses(sentence: "Span") -> Iterator[tuple[str, MaskedUse]]:
    if not FEWEST_TOKENS <= len(sentence) <= MOST_TOKENS:
        return
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for token in sentence:
        if token.pos_ != "NOUN" or not token.is_alpha or len(token) <= SHORTEST:
            continue
        start, end = token.idx - sentence.start_char, token.idx + len(token) - sentence.start_char
        word = token.lower_.rstrip("s")
        places[word].append((start, end))
        before = token.nbor(-1) if token.i > sentence.start else None
        if before is not None and before.pos_ in _BEFORE and before.is_alpha and before.whitespace_:
            places[f"{before.lower_} {word}"].append((before.idx - sentence.start_char, end))
    for word, spans in places.items():
        yield word, MaskedUse(sentence.text, tuple(spans))


def draw_pairs(
    uses: WordUses, names: Sequence[str], often: Sequence[float], draw: random.Random
) -> list[tuple[MaskedUse, MaskedUse]]:
    """Draw two uses of each of `BATCH` words, half of them by texts."""
    found: dict[str, tuple[MaskedUse, MaskedUse]] = {}
    while len(found) < BATCH // 2:
        for word, at in draw.sample(draw.choice(uses.of_text), OF_ONE_TEXT):
            if any(word in other.split() or other in word.split() for other in found):
                continue
            one = uses.of_word[word][at]
            others = (draw.choice(uses.of_word[word]) for _ in range(TRIES))
            other = next((other for other in others if other.text != one.text), None)
            if other is not None:
                found[word] = one, other
    while len(found) < BATCH:
        word = draw.choices(names, often)[0]
        if word not in found:
            one, other = draw.sample(uses.of_word[word], 2)
            found[word] = one, other
    return list(found.values())[:BATCH]


def _ids(tokenizer: "Tokenizer", use: MaskedUse) -> "torch.Tensor":
    import torch

    text, _ = mask_spans(use.text, use.spans[0], use.spans)
    ids = tokenizer.encode(text).ids
    return torch.tensor(ids if len(ids) <= MOST_IDS else [*ids[: MOST_IDS - 1], ids[-1]])


def _called_for(
    plain: LoraTransformer, adapted: LoraTransformer, rows: "Sequence[torch.Tensor]", mask: int | None
) -> "torch.Tensor":
    """Return the states at the masks of rows, each the mean of its masks, of length 1."""
    import torch

    sizes = [len(row) for row in rows]
    with torch.autocast("cpu", torch.bfloat16):
        with torch.no_grad():
            below = plain.run_layers(plain.embed(rows), sizes, sizes, 0, CALLING_FIRST)[-1]
        states = adapted.run_layers(below.float(), sizes, sizes, CALLING_FIRST, LAYERS)[-1].float()
    means = [
        part[row == mask].mean(0) if bool((row == mask).any()) else part.mean(0)
        for part, row in zip(states.split(sizes), rows, strict=True)
    ]
    return torch.nn.functional.normalize(torch.stack(means), dim=1)


def learn(folder: Path, uses: WordUses, steps: int, seed: int = 0) -> "dict[str, torch.Tensor]":
    """Learn the changes; gives them in half precision."""
    import torch

    torch.manual_seed(seed)
    draw = random.Random(seed)
    weights, tokenizer = encoder_weights(folder), load_tokenizer(folder)
    mask = tokenizer.token_to_id(MASK)
    deltas = make_deltas(RANK, CALLING_FIRST)
    plain, adapted = LoraTransformer(weights, {}), LoraTransformer(weights, deltas)
    adapted.drop = DROP
    sharpness = torch.tensor(math.log(TEMPERATURE), requires_grad=True)
    parameters = [{"params": list(deltas.values()), "lr": RATE}, {"params": [sharpness], "lr": 10 * RATE}]
    optimizer = torch.optim.AdamW(parameters, weight_decay=0.01)
    slope = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.03 * steps), max(0.02, 1 - step / steps))
    )
    names = sorted(uses.of_word)
    often = [min(len(uses.of_word[name]), 200) ** 0.5 for name in names]
    partner, itself = torch.arange(2 * BATCH).roll(BATCH), torch.eye(2 * BATCH) * 1e4
    losses: list[float] = []
    for step in range(steps):
        drawn = draw_pairs(uses, names, often, draw)
        rows = [_ids(tokenizer, pair[side]) for side in (0, 1) for pair in drawn]
        vectors = _called_for(plain, adapted, rows, mask)
        alike = vectors @ vectors.T * sharpness.exp().clamp(max=60) - itself
        loss = torch.nn.functional.cross_entropy(alike, partner)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(deltas.values()), 1.0)
        optimizer.step()
        slope.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 50 == 0:
            sys.stderr.write(f"step {step + 1} of {steps}: loss {sum(losses[-50:]) / 50:.3f}\n")
    return {name: delta.detach().half().contiguous() for name, delta in deltas.items()}


def main() -> None:
    """Read the command line, learn and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--words", type=int, default=WORDS)
    parser.add_argument("--steps", type=int, default=1_500)
    parser.add_argument("--out", type=Path, default=CONTEXT_WEIGHTS)
    given = parser.parse_args()
    from safetensors.torch import save_file

    uses = read_uses(given.sources, given.words)
    sys.stderr.write(f"{len(uses.of_word):,} words, {sum(map(len, uses.of_word.values())):,} uses\n")
    save_file(learn(Encoder.load(DEFAULT_MODEL).get_checked_folder(), uses, given.steps), given.out)


if __name__ == "__main__":
    main()
