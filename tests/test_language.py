"""Text of any kind is read with exact offsets, in bounded time, and forum sentences stay whole."""

import random
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from spacy.tokens import Doc

from corpus.errors import CrosstalkError
from ingest.language import load, parse, split_sentences


def cut(text: str) -> list[str]:
    return [span.text for span in split_sentences(next(parse([text])))]


ANY_TEXT = st.text(max_size=200) | st.text(alphabet="a.!?\"'()[]12 \n\t\u200b😀—’-e\u00a0", max_size=120)


@given(ANY_TEXT)
@example("")
@example("   \n\n ")
@example("\x00 \u202e nul and bidi \ufeff")
@example("x" * 1201 + " end. " + "(" * 700)
def test_offsets_are_exact(text: str) -> None:
    doc = next(parse([text]))
    assert doc.text == text
    spans = split_sentences(doc)
    assert all(text[span.start_char : span.end_char] == span.text.strip() != "" for span in spans)
    assert [span.start_char for span in spans] == sorted(span.start_char for span in spans)
    covered = {i for span in spans for i in range(span.start_char, span.end_char)}
    assert all(i in covered for i, character in enumerate(text) if not character.isspace())


def test_one_doc_a_text_in_order() -> None:
    texts = ["", "One. Two.", " ", "Three.", *(f"Number {n} is here." for n in range(500))]
    docs = list(parse(iter(texts)))
    assert [doc.text for doc in docs] == texts


def test_long_text_is_read_in_parts_and_joined() -> None:
    text = "The bridge is long and old. It carries two roads.\n\n" * 1_200
    doc = next(parse([text]))
    assert doc.text == text
    found = [span.text for span in split_sentences(doc)]
    assert len(found) == 2_400
    assert set(found) == {"The bridge is long and old.", "It carries two roads."}


def test_lone_surrogate_keeps_the_offsets() -> None:
    text = "A lone \ud800 half. Then more."
    doc = next(parse([text]))
    assert len(doc.text) == len(text)
    assert [span.start_char for span in split_sentences(doc)] == [0, text.index("Then")]


SYMBOLS = random.Random(5)
HOSTILE = {
    **{f"run of {character!r}": character * 20_000 for character in "(\"'😀.-@]:/*x"},
    "newlines": "\n" * 20_000,
    "address and snowmen": "https://example.org/" + "☃" * 13_200,
    "mixed symbols": "".join(SYMBOLS.choice("()[]{}\"'.,:;!?-*/<>=~#@&%") for _ in range(20_000)),
    "runs just under the limit": " ".join("".join(SYMBOLS.choice("a(1'.\"-") for _ in range(490)) for _ in range(20)),
    "nested quotes": "> " * 5_000,
    "open formulas": "$a " * 4_000 + "$" + "b" * 20_000,
    "open code": "`a" * 9_999 + "x " * 3_000,
    "formula and run": "$x$," + "a." * 10_000,
}


PROSE = "The argument needs a premise that nobody stated, and so it fails where it matters most. " * 230


def parse_timed(text: str) -> tuple[Doc, float]:
    start = time.process_time()
    doc = next(parse([text]))
    split_sentences(doc)
    return doc, time.process_time() - start


@pytest.fixture(scope="module")
def seconds_allowed() -> float:
    """Two seconds, or on a slow machine what its pace allows: four times what as long a piece of prose takes."""
    load()
    parse_timed("It is warm.")
    return max(2.0, 4 * parse_timed(PROSE)[1])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_quick(name: str, seconds_allowed: float) -> None:
    text = HOSTILE[name]
    doc, seconds = parse_timed(text)
    assert seconds < seconds_allowed
    assert doc.text == text


FORUM = (
    ["TL;DR: the argument needs a premise that nobody stated."],
    ["Some systems, e.g. Thermostats and timers, have goals only in a thin sense.", "That is fine."],
    ["I take the weak reading, i.e. the one in the glossary.", "Others do not."],
    ["The effect is well known.[3]", "It shrinks with scale.[4][5]", "Nobody has explained it."],
    ["I think that sufficiently large[2] RL policies plan ahead.", "Small ones do not."],
    ["My P(rain) ~ 0.2.", "Hers is closer to 0.7."],
    ["I would say between .1% and 5%, or <<1% if you insist.", "It depends on the year."],
    ["The word — if it is one word — does too much work."],
    ["That was my point all along :)", "Thanks for spelling it out."],
    ['She wrote "the proof is wrong."', "I checked it, and it is not."],
    ["“Stop!” he said, and nobody stopped."],
    ["The lamp was on.", '"Nobody" had left it on, he said.', '"Nobody at all."', '"Well," she said.'],
    ["She liked it (so she said.)", "“Old lamps hum” was all that he had to say."],
    ['The glossary lists goal, plan, etc. "agent" is not there.'],
    ["I hope that this helps.", "Kind regards,", "Kim"],
    ["Cheers, everybody, for the help."],
    ["See https://example.org/a/b-c.html?x=1 for the list.", "It is short."],
    ["Hmm... not so sure about that one."],
    ["Compare Marsh et al. (2019) with Dr. Okafor's reply.", "The two use different units."],
    ["The update rule is x_{t+1} = x_t + 0.5 * g.", "It converges."],
    ["Call `run(x)` first, cf. the manual, vs. calling it last.", "Both work."],
    ["This holds (see the appendix. It is long) for every case."],
)


@pytest.mark.parametrize("expected", FORUM, ids=lambda expected: expected[0][:30])
def test_forum_sentences_stay_whole(expected: list[str]) -> None:
    assert cut(" ".join(expected)) == expected


def test_a_list_item_that_opens_on_a_quotation_is_one_tree() -> None:
    doc = next(parse(['1. "Lamps" are bright.\n2. "Stars" are not.']))
    assert [sentence.text.strip() for sentence in doc.sents] == ['1. "Lamps" are bright.', '2. "Stars" are not.']


def test_paragraphs_and_list_items_begin_sentences() -> None:
    text = "Three reasons:\n\n1. cost\n2. time\n3. taste\n\nand a fourth that nobody says"
    assert cut(text)[0] == "Three reasons:"
    assert cut(text)[-1] == "and a fourth that nobody says"
    assert len(cut(text)) == 5


def test_the_parse_is_a_tree_within_each_sentence() -> None:
    doc = next(parse(["I think that the plan fails because nobody checked it. She disagrees."]))
    first = next(doc.sents)
    assert first.root.lemma_ == "think"
    (content,) = [token for token in first if token.dep_ == "ccomp"]
    assert content.text == "fails"
    assert [token.text for token in content.children if token.dep_ == "nsubj"] == ["plan"]
    assert all(first.start <= token.head.i < first.end for token in first)
    assert {"NOUN", "VERB", "PRON"} <= {token.pos_ for token in doc}


def test_environment_names_another_pipeline(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy

    other = spacy.blank("en")
    other.add_pipe("sentencizer")
    other.to_disk(tmp_path / "other")
    monkeypatch.setenv("CROSSTALK_SPACY", str(tmp_path / "other"))
    assert load().pipe_names == ["sentencizer"]
    assert load() is load()
    assert cut("One is here. Two is there.") == ["One is here.", "Two is there."]
    monkeypatch.delenv("CROSSTALK_SPACY")
    assert "parser" in load().pipe_names


def test_a_pipeline_that_is_not_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSTALK_SPACY", "no_such_pipeline")
    with pytest.raises(CrosstalkError, match="CROSSTALK_SPACY") as caught:
        load()
    assert "\n" not in str(caught.value)


@given(st.integers(1, 9), st.integers(0, 10_000))
def test_the_best_tree_of_any_scores_is_a_tree_with_one_root(words: int, seed: int) -> None:
    import numpy as np

    from bench.training.parser.teacher import maximum_tree

    heads = maximum_tree(np.random.default_rng(seed).normal(size=(words, words)).astype("float32"))
    roots = [i for i, head in enumerate(heads) if head == i]
    assert len(heads) == words and len(roots) == 1
    for word in range(words):
        path = [word]
        while path[-1] != roots[0]:
            path.append(heads[path[-1]])
            assert len(path) <= words


def test_trees_written_down_are_read_again_alike(tmp_path) -> None:
    from bench.training.parser.treebank import conllu, lay_out, read_documents, reference

    paragraphs = list(parse(["Ana doubts it. So do I: it's odd!", "Why not?"]))
    (tmp_path / "a.conllu").write_text(conllu(paragraphs), encoding="utf-8")
    (document,) = read_documents(tmp_path / "a.conllu")
    for doc, paragraph in zip(paragraphs, document, strict=True):
        again = reference(lay_out((paragraph,), " "), doc.vocab)
        for read, written in zip(again, doc, strict=True):
            assert (read.text, read.tag_, read.head.i, read.dep_) == (
                written.text,
                written.tag_,
                written.head.i,
                written.dep_,
            )
            assert (read.is_sent_start, str(read.morph)) == (written.is_sent_start, str(written.morph))
