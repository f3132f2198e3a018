"""Ways in which forum writers type that the treebank shows too rarely: applied at random to its sentences in training.

Each variation keeps the annotation true: words are respelled, or words that nothing depends on are left out or added.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from bench.training.parser.treebank import Document, Sentence, Word, with_after

CURLY = {"``": "“", "''": "”"}
DASHES = ((" ", "-", " "), (" ", "--", " "), ("", "--", ""), (" ", "—", " "), ("", "—", ""), (" ", "–", " "))
EMOTICONS = (":)", ":-)", ":(", ";)", ":P", ":D", "🙂")
FORMULAS = (
    "$x$",
    "$n$",
    "$A$",
    "$P(x)$",
    "$x_i$",
    "$2^n$",
    "$f(x) = 3$",
    "$\\pi$",
    "`x`",
    "`run()`",
    "`a.b`",
    "`size`",
)
NOTE_MARKS = tuple(str(number) for number in range(1, 30))
BETWEEN_PARAGRAPHS = (*("\n\n",) * 6, "\n", "\n", " ", " ")
WRAP_COLUMNS = (60, 76)
SENTENCES_IN_A_DOC = (1, 1, 2, 3, 5, 8, 12)


def lower(sentence: Sentence, random: Random) -> Sentence:
    """Type without capitals."""
    return tuple(replace(word, form=word.form.lower()) for word in sentence)


def lower_first(sentence: Sentence, random: Random) -> Sentence:
    """Begin with a small letter."""
    return (replace(sentence[0], form=sentence[0].form.lower()), *sentence[1:])


def upper(sentence: Sentence, random: Random) -> Sentence:
    """Shout."""
    return tuple(replace(word, form=word.form.upper()) for word in sentence)


def drop_final_mark(sentence: Sentence, random: Random) -> Sentence:
    """Leave the full stop out."""
    last = len(sentence) - 1
    if last < 2 or sentence[last].upos != "PUNCT" or any(word.head == last for word in sentence):
        return sentence
    return with_after(sentence[:last], sentence[last].after)


def curl(sentence: Sentence, random: Random) -> Sentence:
    """Set quotation marks and apostrophes as a typesetter does."""
    return tuple(
        replace(word, form=CURLY.get(word.tag, '"') if word.form == '"' else word.form.replace("'", "’"))
        for word in sentence
    )


def redash(sentence: Sentence, random: Random) -> Sentence:
    """Spell every dash in another way, with or without spaces."""
    before, dash, after = random.choice(DASHES)
    words = list(sentence)
    for i, word in enumerate(sentence):
        if word.upos == "PUNCT" and word.tag != "HYPH" and word.form in ("-", "--", "—", "–", "---"):
            inner = 0 < i < len(sentence) - 1
            words[i] = replace(word, form=dash, after=after if inner else word.after)
            if inner:
                words[i - 1] = replace(words[i - 1], after=before)
    return tuple(words)


def add_note_mark(sentence: Sentence, random: Random) -> Sentence:
    """Put a note mark, like [3], behind the full stop."""
    if sentence[-1].form not in (".", "?", "!", '"', "”", ")"):
        return sentence
    root = next(i for i, word in enumerate(sentence) if word.head == i)
    number = len(sentence) + 1
    mark = random.choice(NOTE_MARKS)
    return (
        *with_after(sentence, ""),
        Word("[", "", "[", "PUNCT", "-LRB-", "", number, "punct"),
        Word(mark, "", mark, "NUM", "CD", "NumForm=Digit|NumType=Card", root, "dep"),
        Word("]", sentence[-1].after, "]", "PUNCT", "-RRB-", "", number, "punct"),
    )


def add_emoticon(sentence: Sentence, random: Random) -> Sentence:
    """Smile at the end."""
    root = next(i for i, word in enumerate(sentence) if word.head == i)
    face = random.choice(EMOTICONS)
    return (
        *with_after(sentence, " "),
        Word(face, sentence[-1].after, face, "SYM", "NFP", "", root, "discourse"),
    )


def put_formula(sentence: Sentence, random: Random) -> Sentence:
    """Put a formula or a piece of code, which is one token, in the place of a noun."""
    nouns = [i for i, word in enumerate(sentence) if word.upos in ("NOUN", "PROPN")]
    if not nouns:
        return sentence
    at, form = random.choice(nouns), random.choice(FORMULAS)
    formula = replace(sentence[at], form=form, lemma=form, upos="SYM", tag="SYM", feats="")
    return (*sentence[:at], formula, *sentence[at + 1 :])


VARIATIONS: tuple[tuple[float, Callable[[Sentence, Random], Sentence]], ...] = (
    (0.03, lower),
    (0.04, lower_first),
    (0.01, upper),
    (0.05, drop_final_mark),
    (0.30, redash),
    (0.03, add_note_mark),
    (0.015, add_emoticon),
    (0.03, put_formula),
)
CURLED_DOCS = 0.35
WRAPPED_DOCS = 0.05


def vary(document: Document, random: Random) -> Iterator[list[Sentence]]:
    """Cut a document into pieces of a few sentences, each varied at random, never twice alike.

    Paragraphs are most often set apart by an empty line; some pieces are broken at the end of each line, as mail is.
    """
    pending: list[Sentence] = []
    wanted = random.choice(SENTENCES_IN_A_DOC)
    curled = random.random() < CURLED_DOCS
    between = random.choice(BETWEEN_PARAGRAPHS)
    for paragraph in document:
        for i, sentence in enumerate(paragraph):
            varied = with_after(sentence, between) if i == len(paragraph) - 1 else sentence
            for probability, variation in VARIATIONS:
                if random.random() < probability:
                    varied = variation(varied, random)
            pending.append(curl(varied, random) if curled else varied)
            if len(pending) == wanted:
                yield finish(pending, random)
                pending, wanted = [], random.choice(SENTENCES_IN_A_DOC)
                curled, between = random.random() < CURLED_DOCS, random.choice(BETWEEN_PARAGRAPHS)
    if pending:
        yield finish(pending, random)


def finish(sentences: list[Sentence], random: Random) -> list[Sentence]:
    """End a piece: nothing behind its last word, and its lines wrapped if it is one of those."""
    done = [*sentences[:-1], with_after(sentences[-1], "")]
    return wrap(done, random.randint(*WRAP_COLUMNS)) if random.random() < WRAPPED_DOCS else done


def wrap(sentences: list[Sentence], columns: int) -> list[Sentence]:
    """Break lines at `columns` characters, where there is a blank."""
    column = 0
    wrapped: list[Sentence] = []
    for sentence in sentences:
        words: list[Word] = []
        for word in sentence:
            column += len(word.form) + len(word.after)
            if "\n" in word.after:
                column = 0
            if word.after == " " and column > columns:
                word, column = replace(word, after="\n"), 0
            words.append(word)
        wrapped.append(tuple(words))
    return wrapped
