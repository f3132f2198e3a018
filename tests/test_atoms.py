"""A sentence is cut into the claims in it, and what must not be torn is left whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.claims.clauses import split_clauses
from ingest.language import parse, split_sentences

WORDS = 'the a model wants goals and but because , ; ( ) " — . ? if it is which probes fail'.split()
WORDS += ["\n    ", "\n  >"]


def cut(text):
    (doc,) = parse([text])
    return [atom for sentence in split_sentences(doc) for atom in split_clauses(sentence)]


def readings(text):
    return [atom.standalone for atom in cut(text)]


def test_coordinated_clauses_become_claims_of_their_own():
    assert readings("The model follows instructions, but nobody knows what it wants.") == [
        "The model follows instructions.",
        "Nobody knows what it wants.",
    ]


def test_a_shared_subject_is_restored_and_the_words_stay_verbatim():
    text = "The overseers read every plan, and approve most of them."
    first, second = cut(text)
    assert text[second.start : second.end] == "approve most of them"
    assert [text[start:end] for start, end in second.spans] == ["The overseers", "approve most of them"]
    assert second.standalone == "The overseers approve most of them."
    assert first.standalone == "The overseers read every plan."


def test_a_reason_is_a_claim():
    assert len(readings("Oversight will fail because the overseers are slower than the systems.")) == 2


@pytest.mark.parametrize(
    "whole",
    [
        "If the overseer is slower than the system, then oversight fails and nobody notices.",
        "Unless we retrain the judges, debate will stop working and we will not see it.",
        "Do you think that the model wants something, or that it only follows orders?",
        "Either the probe is wrong or the model has learned to hide its goal.",
        "Models that were trained on human text imitate human mistakes.",
        "Tobias thinks that the model is honest and that the probe is wrong.",
        "It is not the case that larger models plan better and deceive more.",
        "A ratio is a number that we write as a fraction and the lower part is never zero.",
        "The judge does not reject the answer because it is too long.",
    ],
)
def test_what_must_not_be_torn_stays_whole(whole):
    assert readings(whole) == [whole]


def test_an_aside_in_the_middle_leaves_the_rest_as_spans():
    text = "The probe, which was trained on two layers only, finds nothing."
    found = cut(text)
    if len(found) == 2:  # as the parser sees it
        outer = next(atom for atom in found if atom.start == 0)
        assert "".join(text[start:end] for start, end in outer.spans).startswith("The probe")


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_any_words_give_spans_within_the_text(text):
    for atom in cut(text):
        assert 0 <= atom.start < atom.end <= len(text)
        for start, end in atom.spans:
            assert 0 <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip() != ""


@pytest.mark.parametrize(
    "text",
    [
        "My worry comes from the gap between “it looks good to people” and “it is actually what people wanted.”",
        "The thesis is “nothing here shows that it is likely”, not “it is unlikely”.",
        "The claim says that plans were learnt, not that they were good.",
    ],
)
def test_contrasts_and_named_words_are_not_torn(text):
    assert [atom.start for atom in cut(text)] == [0]


def test_two_verbs_with_nothing_between_them_are_not_torn():
    assert readings("It really seems to me like this again makes the situation worse.") == [
        "It really seems to me like this again makes the situation worse."
    ]


def test_lines_that_are_indented_and_marked_as_in_mail_are_read():
    text = (
        "searches through the collection\n  > The\n  > focus\n     of the product is\n  > on pictures The focus of, "
        "the product is on\n  > pictures the\n     model , however\n     , fails the model , however\n     , fails ."
    )
    for atom in cut(text):
        assert all(text[start:end] == text[start:end].strip() != "" for start, end in atom.spans)
