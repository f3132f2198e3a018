"""A term in its sentence becomes a vector, and vectors become probabilities of one sense."""

import numpy as np
import pytest

from index.senses import SenseEncoder, TermGloss

BANK = "She sat on the bank of the river, then walked to the bank to cash a cheque."


def place_of(text: str, term: str, after: int = 0) -> tuple[int, int]:
    start = text.index(term, after)
    return start, start + len(term)


@pytest.fixture(scope="module")
def senses() -> SenseEncoder:
    return SenseEncoder.load()


def test_the_place_is_honoured(senses):
    first, second = place_of(BANK, "bank"), place_of(BANK, "bank", 20)
    vectors = senses.encode_uses([BANK, BANK, BANK], [first, second, first])
    assert np.array_equal(vectors[0], vectors[2])
    part = senses.size // 3  # the term in its place
    assert vectors[0, :part] @ vectors[1, :part] < 0.95
    assert senses.predict_same_sense(vectors, vectors)[0, 1] < senses.predict_same_sense(vectors, vectors)[0, 2]


def test_uses_alike_are_likelier_one_sense_than_uses_apart(senses):
    river = ["We fished from the bank of the stream.", "Reeds grew along the muddy bank of the river."]
    money = ["The bank raised its interest rates.", "She asked the bank for a loan."]
    texts = river + money
    vectors = senses.encode_uses(texts, [place_of(text, "bank") for text in texts])
    same = senses.predict_same_sense(vectors, vectors)
    assert min(same[0, 1], same[2, 3]) > same[:2, 2:].max()


def test_a_use_matches_its_definition_better_than_another(senses):
    text = "The optimizer was trained with a smaller learning rate."
    rate = TermGloss("learning rate", "the size of the steps by which the weights of a model are changed in training")
    school = TermGloss("learning rate", "how quickly children in a school take up what they are taught")
    vector = senses.encode_uses([text], [place_of(text, "learning rate")])
    assert senses.predict_match(vector, senses.encode_glosses([rate, school]))[0].argmax() == 0


def test_neighbours_and_order_change_nothing(senses):
    texts = [f"Number {count}: the goal of {'very ' * count}simple agents is a goal." for count in range(12)]
    places = [place_of(text, "goal") for text in texts]
    together = senses.encode_uses(texts, places)
    backwards = senses.encode_uses(texts[::-1], places[::-1])[::-1]
    alone = np.concatenate(
        [senses.encode_uses([text], [place]) for text, place in zip(texts[:2], places, strict=False)]
    )
    assert np.array_equal(together, backwards)
    assert np.array_equal(together[:2], alone)
    assert np.array_equal(together, SenseEncoder.load().encode_uses(texts, places))


def test_what_a_place_calls_for_does_not_depend_on_what_stands_there(senses):
    frame = "A {0} of the agent: whoever trains a {0} well gets it, and the word stands for nothing else."
    texts = [frame.format(word) for word in ("goal", "mesa-optimizer", "blickoom")]
    spans = [
        [place_of(text, word), place_of(text, word, 5)]
        for text, word in zip(texts, ("goal", "mesa-optimizer", "blickoom"), strict=True)
    ]
    first = senses.encode_contexts(texts, [both[0] for both in spans], spans)
    second = senses.encode_contexts(texts, [both[1] for both in spans], spans)
    assert np.array_equal(first[0], first[1]) and np.array_equal(first[0], first[2])
    assert np.array_equal(second[0], second[2]) and not np.array_equal(first[0], second[0])
    assert np.allclose(np.linalg.norm(first, axis=1), 1.0, atol=1e-5)
    shown = senses.encode_contexts(texts[:1], [spans[0][0]], [spans[0][:1]])
    assert not np.array_equal(shown, first[:1])


def test_a_term_far_into_a_long_text_is_seen(senses):
    filler = "Nothing of note was said about anything that day. " * 60
    river, money = "We moored the boat at the bank of the river.", "The bank refused to lend us money."
    texts = [filler + river + filler, filler + money + filler]
    vectors = senses.encode_uses(texts, [place_of(text, "bank") for text in texts])
    part = senses.size // 3  # the term in its place
    assert vectors[0, :part] @ vectors[1, :part] < 0.95
    short = senses.encode_uses([river, money], [place_of(river, "bank"), place_of(money, "bank")])
    near = vectors[:, :part] @ short[:, :part].T
    assert near[0, 0] > near[0, 1] and near[1, 1] > near[1, 0]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", (0, 0)),
        ("", (3, 9)),
        ("word", (4, 4)),
        ("word", (-5, 2)),
        ("   \n", (0, 2)),
        ("\ud800 lone \udfff", (2, 6)),
        ("a\u0301" * 5000, (9000, 9002)),
        ("x" * 100_000, (50_000, 50_001)),
        ("x" * 100_000, (0, 100_000)),
        ("[MASK] [SEP] [CLS]", (7, 12)),
        ("\u200b\u200b", (0, 1)),
    ],
)
def test_hostile_text_gives_a_vector_all_the_same(senses, text, place):
    vectors = senses.encode_uses([text, BANK], [place, place_of(BANK, "river")])
    assert vectors.shape == (2, senses.size) and np.isfinite(vectors).all()
    assert np.isfinite(senses.encode_contexts([text], [place], [[place]])).all()
    assert np.isfinite(senses.encode_contexts([text], [place], [[(0, 2), (1, 9)]])).all()


def test_nothing_in_nothing_out(senses):
    nothing = senses.encode_uses([], [])
    assert nothing.shape == (0, senses.size)
    assert senses.predict_same_sense(nothing, nothing).shape == (0, 0)


def test_as_many_places_as_texts(senses):
    with pytest.raises(ValueError, match="argument 2"):
        senses.encode_uses([BANK], [])


def test_one_sense_is_a_matter_of_both(senses):
    texts = ["A goal was scored.", "His goal is to win.", "The goal of the agent is fixed."]
    vectors = senses.encode_uses(texts, [place_of(text, "goal") for text in texts])
    same = senses.predict_same_sense(vectors, vectors)
    assert np.allclose(same, same.T, atol=1e-6)
    assert ((same >= 0) & (same <= 1)).all()
