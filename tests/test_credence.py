"""Stated probabilities are found in all their forms, other percentages are not, and each is about the right claim."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.epistemic.credence import attach_credences, find_credences
from ingest.language import parse, split_sentences

STATED = [
    ("Flooding is 15% likely here.", (0.15, 0.15)),
    ("I'd put it between .1% and 5%.", (0.001, 0.05)),
    ("There is a 10-20% chance of frost.", (0.10, 0.20)),
    ("My 40% confidence guess is that it thaws.", (0.40, 0.40)),
    ("Frost in July is <<1% likely.", (0.0, 0.01)),
    ("I am >95% sure that it rained.", (0.95, 1.0)),
    ("P(frost) ~ 0.2", (0.2, 0.2)),
    ("I'd say p=0.7 for frost.", (0.7, 0.7)),
    ("There's a 1 in 3 chance of rain.", (1 / 3, 1 / 3)),
    ("a 1/3 chance", (1 / 3, 1 / 3)),
    ("I'd take 10:1 odds that it rains.", (10 / 11, 10 / 11)),
    ("The bookmaker has it 3:1 against.", (0.25, 0.25)),
    ("It is fifty-fifty whether he comes.", (0.5, 0.5)),
    ("It's about 50/50.", (0.5, 0.5)),
    ("one in a million chance", (1e-6, 1e-6)),
    ("80–90 percent likely", (0.8, 0.9)),
    ("with probability 1 - ε", (0.99, 1.0)),
    ("a virtually 0% chance", (0.0, 0.0)),
    ("I'd put it at 60.", (0.6, 0.6)),
    ("I have a credence of two thirds in this.", (2 / 3, 2 / 3)),
    ("the probability of 0.9", (0.9, 0.9)),
    ("at least a 10% chance", (0.1, 1.0)),
    ("I wouldn't go above 20% on that", (0.0, 0.2)),
    ("The dam will hold (80%).", (0.8, 0.8)),
    ("I probably (70%) leave in spring.", (0.7, 0.7)),
    ("Twenty percent chance of hail", (0.2, 0.2)),
    ("even odds that it hails", (0.5, 0.5)),
    ("It will hail. Maybe 15%?", (0.15, 0.15)),
    ("Predictions:\nhail: 20%", (0.2, 0.2)),
]
SOMETHING_ELSE = [
    "30% of the compute went there.", "It has an accuracy of 95%.", "Sales grew 20% last year.", "the top 1% of towns",
    "I 100% agree.", "99% of people sleep.", "She scored 80% on it.", "We run version 1.5.", "The ratio is 3:1.",
    "We met on 5/6 at 10:30.", "a 90% confidence interval", "90% CI: 3-5 days", "It works 90% of the time.",
    "p < 0.05, so it is significant", "10% more likely than before", "I'm not 100% sure.", "one in three people smoke",
    "I'm 90% done with it.", "a likelihood ratio of 10:1", "It was a 50/50 split.", "I give 10% to charity.",
    "a risk reduction of 50%",
]  # fmt: skip


def read_credences(text):
    """Give the probabilities stated in a text that is parsed for it."""
    (doc,) = parse([text])
    return find_credences(text, [sentence.start_char for sentence in split_sentences(doc)])


@pytest.mark.parametrize(("text", "bounds"), STATED)
def test_a_stated_probability_is_read_with_its_bounds(text, bounds):
    (found,) = read_credences(text)
    assert (found.low, found.high) == pytest.approx(bounds)
    assert text[found.start : found.end].strip() == text[found.start : found.end] != ""


@pytest.mark.parametrize("text", SOMETHING_ELSE)
def test_other_numbers_are_left_alone(text):
    assert read_credences(text) == []


def test_two_probabilities_of_a_change_and_its_last_is_the_claim_s():
    text = "I updated from 10% to 30% on hail."
    found = read_credences(text)
    assert [(c.low, c.high) for c in found] == [(0.1, 0.1), (0.3, 0.3)]
    assert attach_credences(text, found, [(0, len(text))])[0].low == pytest.approx(0.3)


def test_a_sentence_of_only_a_number_speaks_of_the_one_before():
    text = "The dam will hold. I'd say 70%."
    chosen = attach_credences(text, read_credences(text), [(0, 18), (19, len(text))])
    assert {index: c.low for index, c in chosen.items()} == {0: 0.7, 1: 0.7}


def test_a_number_in_brackets_after_a_claim_is_that_claim_s():
    text = "I think the dam will hold (80%)."
    assert attach_credences(text, read_credences(text), [(8, 25)])[0].low == pytest.approx(0.8)


def test_each_of_two_claims_keeps_its_own():
    text = "Hail is 15% likely and frost is maybe 10% likely."
    split = text.index(" and ")
    chosen = attach_credences(text, read_credences(text), [(0, split), (split + 5, len(text))])
    assert (chosen[0].low, chosen[1].low) == pytest.approx((0.15, 0.10))


@pytest.mark.parametrize(
    "text",
    [
        "Their median credence in hail is 10%.",
        "They put it at 10%.",
        "They are 10% sure that it hails.",
        "In a world where there is a 30% chance of hail, we would stay in.",
        "On the hypothesis that there is a 30% chance of hail, stay in.",
        "Even with a 5% chance of hail, we should stay in.",
        "Stay in for the sake of a 5% chance of hail.",
        "A day with a 10% chance of hail is no day to go out.",
        "We need to be 99% confident that it is dry before we go out.",
        "You should be at least 95% sure before you go out.",
        "It would take a 50% chance of hail for me to stay in.",
        "I want a 90% chance of sun.",
        "A 10% chance of hail would be enough for me to stay in.",
        "You'd have to be 99.9% certain to go out.",
        "I doubt that there is a 90% chance of hail.",
        "It's not the case that there is a 20% chance of hail.",
        "There's no way the chance of hail is 10%.",
        "The claim that there's a 10% chance of hail is false.",
        "I think 15% is way too high for hail.",
        "We shouldn't be confident in hail (e.g. >90%).",
        "I don't think this leaves me in a <<1% likely state about hail.",
        "If there is a 20% chance of hail, stay in.",
        "Is hail 20% likely?",
        "There is a big difference between 1% likely and 10% likely.",
    ],
)
def test_what_the_author_does_not_assert_belongs_to_no_claim(text):
    found = read_credences(text)
    assert found
    assert attach_credences(text, found, [(0, len(text))]) == {}


def test_whose_probability_it_is_can_be_told():
    (theirs,) = read_credences("Oksana's credence in hail is 10%.")
    (mine,) = read_credences("My credence in hail is 10%.")
    assert (theirs.whose, mine.whose) == ("Oksana", "author")


@given(st.text(max_size=300))
def test_bounds_and_places_are_in_range_for_any_text(text):
    for found in read_credences(text):
        assert 0 <= found.start < found.end <= len(text)
        assert 0.0 <= found.low <= found.high <= 1.0


@pytest.mark.parametrize("word", ["5% ", "1:", "chance ", "(", "P(a", "1 in ", "chance 5% "])
def test_long_adversarial_text_takes_time_in_proportion(word):
    began = time.perf_counter()
    find_credences((word * 100_000)[:30_000])
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    "text",
    [
        "There's a 10% chance that this is false.",
        "I doubt that it hails (80%).",
        "If it is cold, there's a 60% chance of hail.",
        "I think they have a 30% chance of winning.",
        "There is a 30% chance that they do what she wants.",
        "They are 90% likely to melt.",
        "I want to say that hail is 30% likely.",
    ],
)
def test_what_only_looks_denied_or_another_s_is_the_author_s(text):
    assert attach_credences(text, read_credences(text), [(0, len(text))])


@pytest.mark.parametrize(
    "text", ["30% of labs think that it hails.", "I'd guess 40% of them melt.", "We need 99% reliability."]
)
def test_a_share_and_a_demand_are_no_probabilities(text):
    assert attach_credences(text, read_credences(text), [(0, len(text))]) == {}


def test_a_probability_in_what_somebody_else_thinks_is_his():
    text = "Oksana thinks that hail is 40% likely."
    assert attach_credences(text, find_credences(text, views=[(19, 37)]), [(0, len(text))]) == {}
