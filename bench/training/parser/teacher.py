"""A large reader that teaches the small one: the whole sentence encoder with heads for sentences, tags and trees.

It is not shipped: too slow for a forum, it reads text once, and the pipeline in `model/` learns from what it read.
Relations and heads are scored by biaffine attention (Dozat and Manning 2017, https://arxiv.org/abs/1611.01734); the
root is the word that chooses itself. The encoder knows no capitals and no white space, so each word piece is given a
learnt vector for the shape of its word and for the gap before it.

`bench.training.parser.teacher_train` trains it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import torch
from torch import nn

from bench.training.parser.vectors import open_encoder
from ingest.language import load, tokenize
from ingest.language.boundaries import TERMINALS, mark_boundaries

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Doc

Tensors = dict[str, torch.Tensor]

ARC_WIDTH, LABEL_WIDTH = 320, 96
SHAPES, GAPS = 7, 4
BATCH_PIECES = 3_000
MOST_WORDS = 200
PADDED = 32
READ_TOGETHER = 512


@dataclass(frozen=True, slots=True)
class Words:
    """Some running words, white space left out: what the network sees, and where known, what it should say.

    `heads` are places in `forms` (its own for a root); `verdicts` are 1 where a sentence must begin, -1 where none
    can, 0 where that is open.
    """

    forms: tuple[str, ...]
    gaps: tuple[str, ...]
    verdicts: tuple[int, ...] = ()
    starts: tuple[bool, ...] = ()
    heads: tuple[int, ...] = ()
    deps: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    morphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """What each head can say, by number."""

    deps: tuple[str, ...]
    tags: tuple[str, ...]
    morphs: tuple[str, ...]

    @classmethod
    def of(cls, examples: Iterable[Words]) -> "Labels":
        """Collect them."""
        seen: tuple[set[str], set[str], set[str]] = (set(), set(), set())
        for words in examples:
            for labels, found in zip(seen, (words.deps, words.tags, words.morphs), strict=True):
                labels.update(found)
        return cls(*(tuple(sorted(labels)) for labels in seen))


def shape(form: str, gap: str) -> int:
    """Number how a word is written and what stands before it."""
    if form.islower():
        kind = 0
    elif form.istitle() and form.isalpha():
        kind = 1 if len(form) > 1 else 2
    elif form.isupper():
        kind = 3
    elif any(letter.isalpha() for letter in form):
        kind = 4
    else:
        kind = 5 if any(letter.isdigit() for letter in form) else 6
    between = 0 if not gap else 1 if "\n" not in gap else 2 if gap.count("\n") == 1 else 3
    return kind * GAPS + between


class Teacher(nn.Module):
    """The encoder and its heads; `labels` are what they can say."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self.labels = labels
        # Without dropout inside, attention takes its fast path; the heads have theirs.
        self.encoder, self.tokenizer = open_encoder(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
        width = self.encoder.config.hidden_size
        self.shapes = nn.Embedding(SHAPES * GAPS, width)
        nn.init.normal_(self.shapes.weight, std=0.002)
        self.layers = nn.Parameter(torch.zeros(self.encoder.config.num_hidden_layers + 1))
        self.start = nn.Linear(width, 2)
        self.tag = nn.Linear(width, len(labels.tags))
        self.morph = nn.Linear(width, len(labels.morphs))
        self.arc_head, self.arc_dep = _perceptron(width, ARC_WIDTH), _perceptron(width, ARC_WIDTH)
        self.dep_head, self.dep_dep = _perceptron(width, LABEL_WIDTH), _perceptron(width, LABEL_WIDTH)
        self.arc = nn.Parameter(torch.zeros(ARC_WIDTH + 1, ARC_WIDTH))
        self.dep = nn.Parameter(torch.zeros(len(labels.deps), LABEL_WIDTH + 1, LABEL_WIDTH + 1))
        self.dropout = nn.Dropout(0.3)

    def inputs(self, batch: Sequence[Words]) -> Tensors:
        """Word pieces of a batch, the shape of each one's word, and which word it belongs to (0: none)."""
        unknown = str(self.tokenizer.unk_token)
        found = self.tokenizer(
            [[form if form.strip("\u200b\ufe0f\u200d") else unknown for form in words.forms] for words in batch],
            is_split_into_words=True,
            padding=True,
            pad_to_multiple_of=PADDED,
            truncation=True,
            max_length=self.encoder.config.max_position_embeddings,
            return_tensors="pt",
        )
        owner = torch.zeros_like(found["input_ids"])
        shapes = torch.full_like(owner, SHAPES * GAPS - 1)
        for row, words in enumerate(batch):
            of_word = [shape(form, gap) for form, gap in zip(words.forms, words.gaps, strict=True)]
            for column, word in enumerate(found.word_ids(row)):
                if word is not None:
                    owner[row, column] = word + 1
                    shapes[row, column] = of_word[word]
        return {"ids": found["input_ids"], "attention": found["attention_mask"], "owner": owner, "shapes": shapes}

    def states(self, inputs: Tensors, words: int) -> torch.Tensor:
        """One state for each word: (batch, words, width), the mean over its pieces of a mixture of all layers."""
        embedded = self.encoder.get_input_embeddings()(inputs["ids"]) + self.shapes(inputs["shapes"])
        hidden = self.encoder(
            inputs_embeds=embedded, attention_mask=inputs["attention"], output_hidden_states=True
        ).hidden_states
        mixed = (torch.stack(hidden) * self.layers.softmax(0)[:, None, None, None]).sum(0).float()
        owner = inputs["owner"][..., None]
        sums = mixed.new_zeros(len(mixed), words + 1, mixed.shape[-1]).scatter_add(1, owner.expand_as(mixed), mixed)
        counts = mixed.new_zeros(len(mixed), words + 1, 1).scatter_add(1, owner, mixed.new_ones(owner.shape))
        return self.dropout((sums / counts.clamp(min=1))[:, 1:])

    def forward(self, inputs: Tensors, words: int) -> Tensors:
        """Score everything but relations: `start`, `tag`, `morph` by word, `arc` by (dependent, head)."""
        states = self.states(inputs, words)
        head, dependent = self.arc_head(states), self.arc_dep(states)
        one = dependent.new_ones(*dependent.shape[:2], 1)
        arc = torch.cat([dependent, one], -1) @ self.arc @ head.transpose(1, 2)
        return {
            "states": states,
            "start": self.start(states),
            "tag": self.tag(states),
            "morph": self.morph(states),
            "arc": arc.float(),
        }

    def relations(self, states: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
        """Score each word's relation to the head given: (batch, words, relations)."""
        head, dependent = self.dep_head(states), self.dep_dep(states)
        chosen = head.gather(1, heads[..., None].expand_as(head))
        one = head.new_ones(*head.shape[:2], 1)
        return torch.einsum(
            "bwi,rij,bwj->bwr", torch.cat([dependent, one], -1), self.dep.to(head.dtype), torch.cat([chosen, one], -1)
        ).float()


def _perceptron(inner: int, outer: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inner, outer), nn.GELU(), nn.Dropout(0.3))


def padded(batch: Sequence[Words]) -> int:
    """Words a row of a batch: few different lengths, for memory is kept ready for each shape that was seen."""
    return -(-max(len(words.forms) for words in batch) // PADDED) * PADDED


def batches(examples: Sequence[Words], random: Random | None = None) -> Iterator[list[int]]:
    """Places of examples of like length, about `BATCH_PIECES` word pieces together, in random order if asked."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].forms))
    found: list[list[int]] = [[]]
    for i in order:
        if found[-1] and (len(found[-1]) + 1) * len(examples[i].forms) * 1.3 > BATCH_PIECES:
            found.append([])
        found[-1].append(i)
    if random is not None:
        random.shuffle(found)
    yield from (batch for batch in found if batch)


def save(teacher: Teacher, path: Path) -> None:
    """Write labels and weights."""
    labels = teacher.labels
    torch.save({"labels": (labels.deps, labels.tags, labels.morphs), "weights": teacher.state_dict()}, path)


def restore(path: Path) -> Teacher:
    """Read what `save` wrote."""
    kept = torch.load(path, weights_only=True)
    teacher = Teacher(Labels(*kept["labels"]))
    teacher.load_state_dict(kept["weights"])
    return teacher.eval()


def read(teacher: Teacher, texts: Iterable[str]) -> "Iterator[Doc]":
    """Read raw texts, in order: tokens as the pipeline cuts them, with sentences, tags, features and trees."""
    nlp = load()
    waiting = iter(texts)
    while group := list(islice(waiting, READ_TOGETHER)):
        docs = [mark_boundaries(tokenize(nlp, text)) for text in group]
        parts = [(number, words) for number, doc in enumerate(docs) for words in windows(doc)]
        found: list[list[Words]] = [[] for _ in docs]
        for (number, _), words in zip(parts, answers(teacher, [words for _, words in parts]), strict=True):
            found[number].append(words)
        for doc, answered in zip(docs, found, strict=True):
            yield annotated(doc, answered)


def windows(doc: "Doc") -> Iterator[Words]:
    """Cut a tokenized text into pieces that the encoder can hold, if it can be behind a sentence."""
    inside = [token for token in doc if not token.is_space]
    verdicts = [-1 if token.is_sent_start is False else int(token.is_sent_start or 0) for token in inside]
    first = 0
    while first < len(inside):
        last = min(first + MOST_WORDS, len(inside))
        if last < len(inside):
            forced = (i for i in range(last, first + MOST_WORDS // 2, -1) if verdicts[i] == 1)
            ended = (i for i in range(last, first + MOST_WORDS // 2, -1) if inside[i - 1].text in TERMINALS)
            last = next(forced, next(ended, last))
        part = inside[first:last]
        gaps = [gap_before(doc, token.i) for token in part]
        yield Words(tuple(token.text for token in part), tuple(gaps), tuple(verdicts[first:last]))
        first = last


def gap_before(doc: "Doc", i: int) -> str:
    """The white space before a token; a text begins as behind an empty line."""
    if not i:
        return "\n\n"
    before = doc[i - 1]
    return before.text if before.is_space else before.whitespace_


@torch.no_grad()
def answers(teacher: Teacher, pieces: Sequence[Words]) -> list[Words]:
    """What the teacher says of each piece, in order."""
    labels = teacher.labels
    found: dict[int, Words] = {}
    for places in batches(pieces):
        batch = [pieces[i] for i in places]
        most = padded(batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = teacher(teacher.inputs(batch), most)
        lead = (scores["start"][..., 1] - scores["start"][..., 0]).float().numpy()
        heads = torch.zeros(len(batch), most, dtype=torch.long)
        for row, words in enumerate(batch):
            begins = [
                i == 0 or verdict == 1 or (verdict == 0 and lead[row, i] > 0)
                for i, verdict in enumerate(words.verdicts)
            ]
            edges = [*(i for i, begun in enumerate(begins) if begun), len(begins)]
            arcs = scores["arc"][row].numpy()
            for first, last in pairwise(edges):
                tree = maximum_tree(arcs[first:last, first:last])
                heads[row, first:last] = torch.tensor(tree) + first
        with torch.autocast("cpu", dtype=torch.bfloat16):
            deps = teacher.relations(scores["states"], heads).argmax(-1)
        tags, morphs = scores["tag"].argmax(-1), scores["morph"].argmax(-1)
        for row, i in enumerate(places):
            here = len(pieces[i].forms)
            found[i] = replace(
                pieces[i],
                heads=tuple(heads[row, :here].tolist()),
                deps=tuple(labels.deps[k] for k in deps[row, :here]),
                tags=tuple(labels.tags[k] for k in tags[row, :here]),
                morphs=tuple(labels.morphs[k] for k in morphs[row, :here]),
            )
    return [found[i] for i in range(len(pieces))]


def maximum_tree(scores: "np.ndarray") -> list[int]:
    """The best head of each word such that all make one tree; the root is its own head.

    `scores` is (words, words), by dependent and head. The root is the word that wants most to be one; the rest is
    Edmonds' algorithm, asked only where every word's favourite does not make a tree already.
    """
    import networkx
    import numpy as np

    count = len(scores)
    own = scores.diagonal() - np.logaddexp.reduce(scores, axis=1)
    root = int(own.argmax())
    free = scores.copy()
    np.fill_diagonal(free, -np.inf)
    heads = free.argmax(1)
    heads[root] = root
    if _is_tree(heads.tolist(), root):
        return heads.tolist()
    graph = networkx.DiGraph()
    for dependent in range(count):
        if dependent != root:
            graph.add_weighted_edges_from(
                (int(head), dependent, float(free[dependent, head])) for head in free[dependent].argsort()[-8:]
                if head != dependent
            )  # fmt: skip
            graph.add_edge(root, dependent, weight=float(free[dependent, root]))
    best = networkx.maximum_spanning_arborescence(graph)
    tree = [root] * count
    for head, dependent in best.edges:
        tree[dependent] = head
    return tree


def _is_tree(heads: list[int], root: int) -> bool:
    """Whether every word leads to the root."""
    good = {root}
    for start in range(len(heads)):
        path: list[int] = []
        at = start
        while at not in good:
            if at in path:
                return False
            path.append(at)
            at = heads[at]
        good.update(path)
    return True


def annotated(doc: "Doc", pieces: Sequence[Words]) -> "Doc":
    """The text of `doc` with what was said of its words; white space hangs on the token before it."""
    from spacy.tokens import Doc

    inside = [token.i for token in doc if not token.is_space]
    heads = [max(token.i - 1, 0) for token in doc]
    deps = ["dep"] * len(doc)
    tags, poses, morphs = ["_SP"] * len(doc), ["SPACE"] * len(doc), [""] * len(doc)
    if len(inside) < len(doc) and doc[0].is_space:
        # White space that opens a text has nothing before it to hang on.
        heads[0] = inside[0] if inside else 0
    first = 0
    for piece in pieces:
        for i, (head, dep, tag, morph) in enumerate(
            zip(piece.heads, piece.deps, piece.tags, piece.morphs, strict=True)
        ):
            place = inside[first + i]
            heads[place], tags[place] = inside[first + head], tag
            deps[place] = "ROOT" if head == i else "dep" if dep == "root" else dep
            poses[place], morphs[place] = morph.split("|", 1)
        first += len(piece.forms)
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=tags,
        pos=poses,
        morphs=morphs,
        heads=heads,
        deps=deps,
    )
