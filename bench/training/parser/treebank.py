"""CoNLL-U treebanks as documents with their paragraphs, and as spaCy examples made from raw text.

The layout of a document is the one that its comments give (`# newdoc`, `# newpar`, `# text`, `SpaceAfter=No`), so
that the parser learns sentence boundaries from running text rather than from sentences handed to it one by one.
Format: Universal Dependencies, CoNLL-U, https://universaldependencies.org/format.html.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import Malformed, Unreadable

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span
    from spacy.vocab import Vocab

COLUMNS = 10
NO_SPACE = "SpaceAfter=No"


@dataclass(frozen=True, slots=True)
class Word:
    """One syntactic word: `head` is an index into its sentence (its own index for the root), `after` the space."""

    form: str
    after: str
    lemma: str
    upos: str
    tag: str
    feats: str
    head: int
    dep: str


Sentence = tuple[Word, ...]
Paragraph = tuple[Sentence, ...]
Document = tuple[Paragraph, ...]


def read_documents(path: Path) -> Iterator[Document]:
    """Read the documents of a CoNLL-U file, in order.

    A file without `# newdoc` or `# newpar` is one document of one paragraph.

    Raises:
        Unreadable: the file cannot be opened or is not UTF-8.
        Malformed: a line has not ten columns.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: {error}; name a CoNLL-U file") from error
    document: list[list[Sentence]] = []
    for block in text.strip().split("\n\n"):
        lines = block.split("\n")
        if any(line.startswith("# newdoc") for line in lines) and document:
            yield tuple(tuple(paragraph) for paragraph in document)
            document = []
        if not document or any(line.startswith("# newpar") for line in lines):
            document.append([])
        document[-1].append(read_sentence([line for line in lines if not line.startswith("#")], path))
    if document:
        yield tuple(tuple(paragraph) for paragraph in document)


def read_sentence(lines: Sequence[str], path: Path) -> Sentence:
    """Read the word lines of one sentence; multi-word tokens keep the spelling of the text ("don't" = do + n't).

    Where the parts of a multi-word token do not spell it, the parts are cut from the text at their own lengths, and
    the last part takes what is left.
    """
    words: list[Word] = []
    surface: list[str] = []
    last_part, ends_word = 0, ""
    for at, line in enumerate(lines):
        cells = line.split("\t")
        if len(cells) != COLUMNS:
            raise Malformed(f"{path}: a line has {len(cells)} columns, CoNLL-U has {COLUMNS}: {line[:60]!r}")
        if "." in cells[0]:
            continue
        after = "" if NO_SPACE in cells[9] else " "
        if "-" in cells[0]:
            first, last_part = (int(number) for number in cells[0].split("-"))
            below = lines[at + 1 : at + 2 + last_part - first]
            surface, ends_word = cut(cells[1], [part.split("\t")[1] for part in below]), after
            continue
        number = int(cells[0])
        form = cells[1]
        if number <= last_part:
            part = len(surface) - (last_part - number) - 1
            form, after = surface[part], (ends_word if number == last_part else "")
        head = int(cells[6]) - 1 if int(cells[6]) else number - 1
        feats = "" if cells[5] == "_" else cells[5]
        lemma = "" if cells[2] == "_" != form else cells[2]
        words.append(Word(form, after, lemma, cells[3], cells[4], feats, head, cells[7]))
    return tuple(words)


def cut(surface: str, forms: Sequence[str]) -> list[str]:
    """Cut a multi-word token into its parts, verbatim: by the lengths of the forms that stand below it."""
    pieces: list[str] = []
    start = 0
    for i, form in enumerate(forms[:-1]):
        end = max(start + 1, min(start + len(form), len(surface) - (len(forms) - i - 1)))
        pieces.append(surface[start:end])
        start = end
    return [*pieces, surface[start:]]


def with_after(sentence: Sentence, after: str) -> Sentence:
    """The sentence with other white space behind its last word."""
    return (*sentence[:-1], replace(sentence[-1], after=after))


def lay_out(document: Document, between: str) -> list[Sentence]:
    """The sentences of a document as running text, with `between` after each paragraph."""
    sentences: list[Sentence] = []
    for paragraph in document:
        sentences += paragraph
        sentences[-1] = with_after(sentences[-1], between)
    if sentences:
        sentences[-1] = with_after(sentences[-1], "")
    return sentences


def reference(sentences: Sequence[Sentence], vocab: "Vocab") -> "Doc":
    """The gold `Doc` of some sentences that follow each other.

    White space other than one blank is a token of its own, as spaCy's tokenizer makes it, tagged `_SP` and attached
    to the token before it with the relation `dep` (as `spacy.training.augment` does).
    """
    from spacy.tokens import Doc

    columns: list[list] = [[] for _ in range(8)]

    def add(form: str, space: bool, lemma: str, upos: str, tag: str, feats: str, head: int, dep: str) -> None:
        for column, cell in zip(columns, (form, space, lemma, upos, tag, feats, head, dep), strict=True):
            column.append(cell)

    starts: list[bool] = []
    for sentence in sentences:
        places: list[int] = []
        at = len(columns[0])
        for word in sentence:
            places.append(at)
            at += 1 if word.after in ("", " ") else 2
        for i, word in enumerate(sentence):
            add(word.form, word.after == " ", word.lemma, word.upos, word.tag, word.feats, places[word.head], word.dep)
            starts.append(i == 0)
            if word.after not in ("", " "):
                add(word.after, False, word.after, "SPACE", "_SP", "", places[i], "dep")
                starts.append(False)
    forms, spaces, lemmas, poses, tags, feats, heads, deps = columns
    deps = ["ROOT" if dep == "root" else dep for dep in deps]
    return Doc(
        vocab,
        words=forms,
        spaces=spaces,
        lemmas=lemmas,
        pos=poses,
        tags=tags,
        morphs=feats,
        heads=heads,
        deps=deps,
        sent_starts=None,
    )


def conllu(paragraphs: "Sequence[Doc]") -> str:
    """Write a document of parsed paragraphs as `read_documents` reads it; lemmas and white space are left out."""
    lines = ["# newdoc"]
    for doc in paragraphs:
        lines.append("# newpar")
        for sentence in doc.sents:
            words = [token for token in sentence if not token.is_space]
            numbers = {token.i: number for number, token in enumerate(words, 1)}
            for number, token in enumerate(words, 1):
                root = token.head.i == token.i
                head, dep = ("0", "root") if root else (str(numbers[token.head.i]), token.dep_)
                feats, after = str(token.morph) or "_", "_" if token.whitespace_ else NO_SPACE
                cells = (str(number), token.text, "_", token.pos_, token.tag_, feats, head, dep, "_", after)
                lines.append("\t".join(cells))
            if words:
                lines.append("")
    return "\n".join(lines) + "\n"


def f1(right: int, gold: int, found: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * right / (gold + found) if gold + found else 0.0


def ends(spans: "Sequence[Span]") -> set[tuple[int, int]]:
    """Both ends of sentences, in characters."""
    return {(span.start_char, span.end_char) for span in spans}


def own(doc: "Doc") -> "list[Span]":
    """The sentences that a document carries, without the white space around them, not mended."""
    words = [[token.i for token in span if not token.is_space] for span in doc.sents]
    return [doc[found[0] : found[-1] + 1] for found in words if found]


def sentence_f1(golds: "Sequence[Doc]", docs: "Sequence[Doc]", cut: "Callable[[Doc], list[Span]]") -> float:
    """Sentence F; `cut` gives the sentences of a read document, the gold ones are as annotated."""
    pairs = [(ends(own(gold)), ends(cut(doc))) for gold, doc in zip(golds, docs, strict=True)]
    right = sum(len(gold & found) for gold, found in pairs)
    return f1(right, sum(len(gold) for gold, _ in pairs), sum(len(found) for _, found in pairs))
