"""Train the large reader: `python -m bench.training.parser.teacher_train --data DIR --output FILE`.

DIR is the folder of the UD English Web Treebank. The weights are saved after each pass over the training part, varied
as for the small pipeline; at the end it is printed how well it reads the development part.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import torch
from torch import nn

from bench.training.parser.teacher import MOST_WORDS, Labels, Teacher, Words, batches, padded, read, save
from bench.training.parser.train import DEV, TRAIN
from bench.training.parser.treebank import Sentence, lay_out, own, read_documents, reference, sentence_f1
from bench.training.parser.variation import vary
from ingest.language import load

PASSES = 5
ENCODER_RATE, HEADS_RATE = 2e-4, 2e-3
WARM_UP = 0.08
IGNORED = -100


def example(sentences: Sequence[Sentence]) -> Words:
    """Take annotated sentences that follow each other as one example."""
    columns: list[list] = [[] for _ in range(7)]
    before = "\n\n"
    for sentence in sentences:
        offset = len(columns[0])
        for i, word in enumerate(sentence):
            cells = (word.form, before, i == 0, word.head + offset, word.dep, word.tag, f"{word.upos}|{word.feats}")
            for column, cell in zip(columns, cells, strict=True):
                column.append(cell)
            before = word.after
    forms, gaps, starts, heads, deps, tags, morphs = map(tuple, columns)
    return Words(forms, gaps, (), starts, heads, deps, tags, morphs)


def loss_of(teacher: Teacher, batch: Sequence[Words]) -> torch.Tensor:
    """The sum of the heads' cross entropies over a batch of annotated words; arcs compete within their sentence."""
    most = padded(batch)
    numbers = [{label: i for i, label in enumerate(labels)} for labels in (
        teacher.labels.deps, teacher.labels.tags, teacher.labels.morphs)]  # fmt: skip
    gold = torch.full((5, len(batch), most), IGNORED)
    sentence = torch.full((len(batch), most), -1)
    for row, words in enumerate(batch):
        here = len(words.forms)
        gold[0, row, :here] = torch.tensor(words.starts, dtype=torch.long)
        gold[1, row, :here] = torch.tensor(words.heads)
        for k, column in enumerate((words.deps, words.tags, words.morphs)):
            gold[2 + k, row, :here] = torch.tensor([numbers[k][label] for label in column])
        sentence[row, :here] = gold[0, row, :here].cumsum(0)
    scores = teacher(teacher.inputs(batch), most)
    apart = sentence[:, :, None] != sentence[:, None, :]
    arcs = scores["arc"].masked_fill(apart, -1e4)
    deps = teacher.relations(scores["states"], gold[1].clamp(min=0))
    told = (
        (scores["start"], gold[0]),
        (arcs, gold[1]),
        (deps, gold[2]),
        (scores["tag"], gold[3]),
        (scores["morph"], gold[4]),
    )
    return sum(
        (
            nn.functional.cross_entropy(said.float().flatten(0, 1), right.flatten(), ignore_index=IGNORED)
            for said, right in told
        ),
        torch.zeros(()),
    )


def train(data: Path, output: Path, passes: int = PASSES, seed: int = 0) -> Teacher:
    """Train on the treebank's training part, varied anew in each pass as for the small pipeline; save after each."""
    torch.manual_seed(seed)
    random = Random(seed)
    documents = list(read_documents(data / TRAIN))
    plain = [example(paragraph) for document in documents for paragraph in document]
    teacher = Teacher(Labels.of(plain))
    teacher.train()
    inner = list(teacher.encoder.parameters())
    ours = {id(parameter) for parameter in inner}
    outer = [parameter for parameter in teacher.parameters() if id(parameter) not in ours]
    optimizer = torch.optim.AdamW(
        [{"params": inner, "lr": ENCODER_RATE}, {"params": outer, "lr": HEADS_RATE}], weight_decay=0.01
    )
    words = sum(len(one.forms) for one in plain)
    total, seen, begun = passes * words, 0, time.time()
    rates = [group["lr"] for group in optimizer.param_groups]
    for number in range(passes):
        pieces = [example(piece) for document in documents for piece in vary(document, random)]
        pieces = [piece for piece in pieces if len(piece.forms) <= MOST_WORDS]
        lost = 0.0
        for step, places in enumerate(batches(pieces, random)):
            batch = [pieces[i] for i in places]
            part = seen / total
            scale = min(part / WARM_UP, max(0.0, (1 - part) / (1 - WARM_UP)))
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * scale
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(teacher, batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimizer.step()
            lost += loss.item()
            seen += sum(len(one.forms) for one in batch)
            if step % 20 == 19:
                speed = seen / (time.time() - begun)
                sys.stderr.write(f"pass {number} step {step} loss {lost / 20:.3f} words/s {speed:.0f}\n")
                lost = 0.0
        save(teacher, output)
    return teacher


def measure(teacher: Teacher, data: Path) -> dict[str, float]:
    """How well it reads the development part from raw text, by spaCy's measures and by sentence F."""
    from spacy.scorer import Scorer
    from spacy.training import Example

    nlp = load()
    documents = read_documents(data / DEV)
    golds = [reference(lay_out((paragraph,), " "), nlp.vocab) for document in documents for paragraph in document]
    docs = list(read(teacher, (gold.text for gold in golds)))
    scores = Scorer(nlp).score([Example(doc, gold) for doc, gold in zip(docs, golds, strict=True)])
    names = ("token_f", "tag_acc", "pos_acc", "morph_acc", "dep_uas", "dep_las")
    return {"sentence_f": sentence_f1(golds, docs, own), **{name: scores[name] for name in names}}


def main() -> None:
    """Read the command line, train, save and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the UD English Web Treebank")
    parser.add_argument("--output", type=Path, required=True, help="file for the weights")
    parser.add_argument("--passes", type=int, default=PASSES)
    given = parser.parse_args()
    teacher = train(given.data, given.output, given.passes)
    for name, figure in measure(teacher.eval(), given.data).items():
        sys.stdout.write(f"{name:12} {figure:.4f}\n")


if __name__ == "__main__":
    main()
