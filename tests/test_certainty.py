"""Hedges lower certainty, boosters raise it, and only those that bear on the claim count."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.epistemic.certainty import PLAIN, estimate_certainty, find_cues


def level(text, span=None):
    return estimate_certainty(text, span).level


@pytest.mark.parametrize(
    "text",
    [
        "I guess whales sing.", "Whales might sing.", "It seems that whales sing.", "AFAICT whales sing.",
        "My impression is that whales sing.", "Presumably whales sing.", "IMO whales sing.",
        "Tentatively, whales sing.", "Whales plausibly sing.",
        "In my view whales sing.", "Whales will likely sing.", "I think whales sing.",
    ],
)  # fmt: skip
def test_hedged_is_less_than_plain(text):
    assert level(text) < PLAIN


@pytest.mark.parametrize(
    "text",
    ["Clearly whales sing.", "I'm confident that whales sing.", "Whales definitely sing.", "No doubt whales sing."],
)
def test_boosted_is_more_than_plain(text):
    assert level(text) > PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "Whales sing.", "The might of whales is great.", "Whales came in May 2023.", "Whales are pretty good singers.",
        "It is a possible world.", "Could you repeat that?", "The likely candidate sang.", "Whales do not sing.",
        "I think about whales a lot.", "It is a kind of whale.", "She ran to the might and main of it.",
    ],
)  # fmt: skip
def test_words_that_only_look_like_hedges_change_nothing(text):
    assert level(text) == PLAIN


def test_negation_is_not_doubt():
    assert level("This is definitely not so.") > PLAIN
    opposed = estimate_certainty("I don't think whales sing.")
    assert opposed.level == level("I think whales sing.")
    assert opposed.against
    assert estimate_certainty("I doubt that whales sing.").against
    assert level("I'm not sure whales sing.") < 0.5


def test_a_hedge_outweighs_a_booster_and_hedges_add_up():
    assert level("Clearly whales might sing.") == level("Whales might sing.")
    assert level("I think whales might sing.") < level("Whales might sing.")


def test_quoted_reported_and_conditional_hedges_are_not_the_author_s():
    assert level('She called it "perhaps the whale that may sing" twice.') == PLAIN
    assert estimate_certainty("Oksana thinks whales might sing.", views=[(14, 31)]).level == PLAIN
    assert level("If whales might sing, seals bark.") == PLAIN


def test_a_frame_bears_on_the_claim_behind_it_and_another_clause_does_not():
    text = "I think that whales sing, but seals bark."
    assert level(text, (13, 24)) < PLAIN
    assert level(text, (30, 40)) == PLAIN


def test_cues_are_verbatim_places():
    text = "I guess whales might sing."
    assert [text[cue.start : cue.end] for cue in find_cues(text)] == ["I guess", "might"]


def test_the_parse_knows_a_noun():
    from ingest.language import parse

    text = "The might of whales that sing."
    (doc,) = parse([text])
    assert estimate_certainty(text, parse=doc).level == PLAIN


@given(st.text(max_size=300))
def test_the_level_is_in_range_for_any_text(text):
    assert 0.0 <= level(text) <= 1.0


@pytest.mark.parametrize("word", ["I ", "“", "if ", "he says ", "not really ", "sort of "])
def test_long_adversarial_text_takes_time_in_proportion(word):
    began = time.perf_counter()
    estimate_certainty((word * 100_000)[:50_000])
    assert time.perf_counter() - began < 10
