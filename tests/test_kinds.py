"""Every kind of claim is told from the others by the order of precedence, and what claims nothing is left out."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import ClaimKind
from ingest.epistemic.kinds import classify_kind, is_without_claim
from ingest.epistemic.sure_kinds import is_surely

KINDS = [
    ("Whales sing at night.", ClaimKind.ASSERTION),
    ("By whale I mean any large cetacean.", ClaimKind.DEFINITION),
    ("A whale is defined as a large cetacean.", ClaimKind.DEFINITION),
    ("A pod is a group of whales that travels together.", ClaimKind.DEFINITION),
    ("That is not what I would call a whale.", ClaimKind.METALINGUISTIC),
    ("The word is used for two different things here.", ClaimKind.METALINGUISTIC),
    ("If whales sing, seals bark.", ClaimKind.CONDITIONAL),
    ("Seals bark unless whales are near the shore.", ClaimKind.CONDITIONAL),
    ("Suppose that whales could fly.", ClaimKind.CONDITIONAL),
    ("We should leave whales alone.", ClaimKind.RECOMMENDATION),
    ("There should be a registry of whales.", ClaimKind.RECOMMENDATION),
    ("She is interested if you have seen one.", ClaimKind.ASSERTION),
    ("I've got to find a bigger boat.", ClaimKind.ASSERTION),
    ("In zoology, a pod is a group of whales that travels together.", ClaimKind.DEFINITION),
    ("Leave the whales alone.", ClaimKind.RECOMMENDATION),
    ("Let's count them first.", ClaimKind.RECOMMENDATION),
    ("I recommend counting them twice.", ClaimKind.RECOMMENDATION),
    ("Whales will be gone by 2040.", ClaimKind.PREDICTION),
    ("I expect that the pod returns.", ClaimKind.PREDICTION),
    ("I noticed a whale off the pier.", ClaimKind.EXPERIENCE),
    ("When I worked at the aquarium, we counted seals.", ClaimKind.EXPERIENCE),
    ("Do whales sing?", ClaimKind.QUESTION),
    ("why would anyone count whales", ClaimKind.QUESTION),
    ("I wonder whether they sleep.", ClaimKind.QUESTION),
    ("Who would not love a whale?", ClaimKind.QUESTION),
]
NOTHING = [
    "Thanks!", "Thanks so much for writing this.", "Hello everybody.", "https://example.org/whales", "+1", "Edit:",
    "TL;DR", "Yeah, exactly.", "Great post!", "[deleted]", "…", "Welcome to the forum!", "Best regards, Oksana",
    "Okay, all right.", "See also", "Here are the main arguments I know of:", "I wonder if this is...",
    "Sorry for the long reply.",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_kinds(text, kind):
    assert classify_kind(text) is kind


@pytest.mark.parametrize("text", NOTHING)
def test_what_claims_nothing_is_no_claim(text):
    assert classify_kind(text) is None
    assert is_without_claim(text)


def test_precedence_where_several_fit():
    assert classify_kind("If whales sing, we should listen.") is ClaimKind.CONDITIONAL
    assert classify_kind("If whales sing, why do seals bark?") is ClaimKind.QUESTION
    assert classify_kind("You should see that they will return.") is ClaimKind.RECOMMENDATION
    assert classify_kind("I realized that I should leave.") is ClaimKind.EXPERIENCE


def test_what_is_quoted_counts_for_nothing():
    assert classify_kind('The sign "if you can, you should whistle" is old.') is ClaimKind.ASSERTION


def test_what_is_subordinate_counts_for_nothing():
    assert classify_kind("A coin decides whether the pod will turn.") is ClaimKind.ASSERTION
    assert classify_kind("There is a debate about which whales they should count.") is ClaimKind.ASSERTION


def test_a_claim_at_the_end_of_a_question_is_one():
    assert classify_kind("do whales sing", "And do whales sing?") is ClaimKind.QUESTION


@given(st.text(max_size=300))
def test_any_text_has_a_kind_or_none(text):
    assert classify_kind(text) is None or isinstance(classify_kind(text), ClaimKind)


@pytest.mark.parametrize("word", ["e-", "thanks to ", "well so ", "[a", "if ", "“", "a b "])
def test_long_adversarial_text_takes_time_in_proportion(word):
    began = time.perf_counter()
    classify_kind((word * 100_000)[:50_000])
    assert time.perf_counter() - began < 10


SURE = [
    ("By whale I mean any large cetacean.", ClaimKind.DEFINITION),
    ("A whale is defined as a large cetacean.", ClaimKind.DEFINITION),
    ("The word is used for two different things here.", ClaimKind.METALINGUISTIC),
    ("If whales sing, seals bark.", ClaimKind.CONDITIONAL),
    ("I think whales will return to the bay.", ClaimKind.PREDICTION),
    ("I saw a whale off the pier.", ClaimKind.EXPERIENCE),
    ("Do whales sing?", ClaimKind.QUESTION),
]
UNSURE = [
    ("A whale must avoid the shore.", ClaimKind.RECOMMENDATION),
    ("If I think about the harbour, seals come to mind.", ClaimKind.CONDITIONAL),
    ("I've just tried to say that whales sing.", ClaimKind.EXPERIENCE),
    ("The whale will dive when it sees the boat.", ClaimKind.PREDICTION),
    ("Seals bark in winter unless whales are near.", ClaimKind.CONDITIONAL),
    ("We put the counts in a table.", ClaimKind.EXPERIENCE),
    ("For the counts refer to the appendix.", ClaimKind.DEFINITION),
    ("Whales sing.", ClaimKind.ASSERTION),
    ('They often answer questions like "do whales sing?"', ClaimKind.QUESTION),
]


@pytest.mark.parametrize(("claim", "kind"), SURE)
def test_a_kind_that_its_form_makes_sure_is_told(claim, kind):
    assert is_surely(kind, claim)


@pytest.mark.parametrize(("claim", "kind"), UNSURE)
def test_a_kind_that_readers_dispute_is_not_told(claim, kind):
    assert not is_surely(kind, claim)
