"""The language of the forum: tokens, tags, lemmas, dependencies and sentences, by a spaCy pipeline of our own.

`load` opens it, `parse` runs it safely over any text, `split_sentences` gives the sentences of what it read. What the
labels mean, what it was trained on and how good it is stands in MODEL_CARD.md beside this file.
"""

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import CrosstalkError
from corpus.limits import LIMITS
from corpus.native_threads import wait_asleep
from ingest.language.boundaries import TokenTexts, is_sentence_start, mark_boundaries

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

__all__ = ["load", "parse", "split_sentences", "tokenize"]

VARIABLE = "CROSSTALK_SPACY"
OWN = Path(__file__).parent / "model"
BATCH_CHARS = 60_000
BATCH_DOCS = 200
PART_CHARS = 50_000
SYMBOL_RUN = 40
FORMULA_CHARS = 300
_WHOLE = re.compile(
    rf"(?P<run>(?:(?<!\S)|(?<=[$`]))\S{{{LIMITS.run_chars + 1},}}|[^\w\s]{{{SYMBOL_RUN + 1},}})"
    rf"|(?<![\w$\\])(?P<mark>\$\$?|`)(?![\s$`])[^\n$`]{{1,{FORMULA_CHARS}}}(?<!\s)(?P=mark)(?![\w$])"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAKS = ("\n\n", "\n", " ")


def load(name: str | None = None) -> "Language":
    """Open the pipeline that ships with Crosstalk, or another one: a package name or a folder.

    Without `name`, `$CROSSTALK_SPACY` decides. Each is opened once a process.

    Raises:
        CrosstalkError: there is no such pipeline, or it cannot be opened, or it finds no sentences.
    """
    return _load(name or os.environ.get(VARIABLE) or str(OWN))


@cache
def _load(name: str) -> "Language":
    wait_asleep()
    import spacy

    try:
        nlp = spacy.load(name, exclude=["ner"])
    except (OSError, ValueError, ImportError, KeyError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise CrosstalkError(
            f"spaCy pipeline {name!r} cannot be opened ({reason}); unset {VARIABLE}, or name an installed one"
        ) from error
    if not {"parser", "senter", "sentencizer"} & set(nlp.pipe_names):
        raise CrosstalkError(f"spaCy pipeline {name!r} finds no sentences: it needs a parser, senter or sentencizer")
    return nlp


def parse(texts: Iterable[str], nlp: "Language | None" = None) -> "Iterator[Doc]":
    """Read texts of any kind and length, one `Doc` each, in order; `doc.text == text`, so offsets are exact.

    Memory is bounded: a long text is read in parts (cut at an empty line, a line end or a blank) and joined, and
    a run of characters without a blank that is too long for the tokenizer becomes tokens of `LIMITS.run_chars`.
    Lone surrogates, which spaCy cannot hold, are read as U+FFFD: the length stays.
    """
    nlp = nlp or load()
    for batch in _batches(texts):
        parts = [(number, part) for number, text in enumerate(batch) for part in _parts(text)]
        docs = nlp.pipe((mark_boundaries(tokenize(nlp, part)) for _, part in parts), batch_size=BATCH_DOCS)
        read: list[list[Doc]] = [[] for _ in batch]
        for (number, _), doc in zip(parts, docs, strict=True):
            read[number].append(doc)
        for pieces in read:
            yield pieces[0] if len(pieces) == 1 else _join(pieces)


def tokenize(nlp: "Language", text: str) -> "Doc":
    """Cut a text into tokens; linear in the text. Formulas between dollar signs, code between backticks: one each."""
    from spacy.tokens import Doc

    text = _SURROGATE.sub("\ufffd", text)
    words: list[str] = []
    spaces: list[bool] = []
    start = 0
    for whole in _WHOLE.finditer(text):
        _add(nlp.make_doc(text[start : whole.start()]), words, spaces)
        most = LIMITS.run_chars if whole["run"] else len(whole[0])
        words += [text[offset : min(offset + most, whole.end())] for offset in range(whole.start(), whole.end(), most)]
        start = whole.end()
        spaces += [False] * (len(words) - len(spaces) - 1)
        spaces.append(text[start : start + 1] == " ")
        start += spaces[-1]
    if not start:
        return nlp.make_doc(text)
    _add(nlp.make_doc(text[start:]), words, spaces)
    return Doc(nlp.vocab, words=words, spaces=spaces)


def _add(doc: "Doc", words: list[str], spaces: list[bool]) -> None:
    words += [token.text for token in doc]
    spaces += [bool(token.whitespace_) for token in doc]


def split_sentences(doc: "Doc", text: str | None = None) -> "list[Span]":
    """Return the sentences of a parsed text, in order, without the white space around them; none is empty.

    `text` is `doc.text`, where it is at hand: spaCy joins it from the tokens each time.

    One that begins where none can belongs to the sentence before it on the same line: a parser may leave a word
    without a head there, though it was told.
    """
    words = TokenTexts.from_doc(doc)
    text = doc.text if text is None else text
    sentences: list[Span] = []
    for span in doc.sents:
        start, end = span.start, span.end
        while start < end and doc[start].is_space:
            start += 1
        while start < end and doc[end - 1].is_space:
            end -= 1
        if start == end:
            continue
        same_line = sentences and "\n" not in text[sentences[-1].end_char : doc[start].idx]
        if same_line and is_sentence_start(words, start) is False:
            sentences[-1] = doc[sentences[-1].start : end]
        else:
            sentences.append(doc[start:end])
    return sentences


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (size + len(text) > BATCH_CHARS or len(batch) == BATCH_DOCS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _parts(text: str) -> Iterator[str]:
    """Cut a text that is too long for one piece of work, at the best place in the last half of each part."""
    start = 0
    while len(text) - start > PART_CHARS:
        middle, limit = start + PART_CHARS // 2, start + PART_CHARS
        places = (text.rfind(gap, middle, limit) + len(gap) for gap in _BREAKS if text.find(gap, middle, limit) >= 0)
        end = next(places, limit)
        yield text[start:end]
        start = end
    yield text[start:]


def _join(docs: "list[Doc]") -> "Doc":
    from spacy.tokens import Doc

    whole = Doc.from_docs(docs, ensure_whitespace=False)
    assert whole is not None
    return whole
