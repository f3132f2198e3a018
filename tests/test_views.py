"""A view that somebody describes is told of whoever holds it, in any words; what he says himself stays his."""

import time

import pytest

from corpus.model import Attribution, ClaimKind, Conversation, Speaker, Utterance
from ingest.pipeline import extract

ILSE, TOBIAS = Speaker("s:ilse", "Ilse Marchetti"), Speaker("s:tobias", "Tobias Renner")


def read_answer(text):
    """Let Tobias answer Ilse, and return the conversation and what is read out of it."""
    utterances = (
        Utterance("t0", "t", "The probe came back without a scratch.", speaker=ILSE),
        Utterance("t1", "t", text, speaker=TOBIAS, reply_to="t0"),
    )
    talk = Conversation("t", "Probes", utterances)
    return talk, extract(talk)


def answer(text):
    """Return the claims that are read out of Tobias' answer."""
    return [claim for claim in read_answer(text)[1].claims if claim.utterance_id == "t1"]


def told(text):
    """Return (holder, words) of the views that Tobias tells of others."""
    views = [claim for claim in answer(text) if claim.attribution is Attribution.REPORTED]
    return [(claim.holder, claim.text.rstrip(".")) for claim in views]


@pytest.mark.parametrize(
    ("text", "holder", "view"),
    [
        ("From your perspective it's more like a slow leak.", "Ilse Marchetti", "it's more like a slow leak"),
        ("On Ilse's view the shield will melt first.", "Ilse Marchetti", "the shield will melt first"),
        ("In the Ilseverse, every shield melts before noon.", "the Ilseverse", "every shield melts before noon"),
        ("Under the conventional view, probes burn up on entry.", "conventional", "probes burn up on entry"),
        ("People here seem to think that the shield melts.", "People here", "the shield melts"),
        ("A deeply held belief of many is that shields melt.", "many", "shields melt"),
        ("Ilse's claim is that the shield melts, but I disagree.", "Ilse Marchetti", "the shield melts"),
        ("The report argues that the shield melts.", "The report", "the shield melts"),
        ("I take you to be saying that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("I read Ilse as claiming that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("It sounds like you're saying that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("As I understand you, the shield melts at noon.", "Ilse Marchetti", "the shield melts at noon"),
        ("If I understand Ilse right, the shield melts at noon.", "Ilse Marchetti", "the shield melts at noon"),
        ("My understanding of Ilse is that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("Ilse has the intuition that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("You seem to have the view that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("Ilse is convinced that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("A common view is that the shield melts.", "A common view", "the shield melts"),
        ("I think most engineers feel that the shield melts.", "most engineers", "the shield melts"),
        ("And then Ilse is like \"the shield melts before noon\".", "Ilse", "the shield melts before noon"),
        ("How much of it rests on your belief that the shield melts?", "Ilse Marchetti", "the shield melts"),
        ("The idea behind the report is that the shield melts.", "the report", "the shield melts"),
        ("Ilse has been arguing that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("So what you are saying is that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("Many engineers expect the shield to melt.", "Many engineers", "Many engineers expect the shield to melt"),
        ("Ilse views the shield as a waste of resin.", "Ilse Marchetti", "Ilse views the shield as a waste of resin"),
        ("To Ilse, it looks like the shield melts at noon.", "Ilse Marchetti", "the shield melts at noon"),
        ("I think on your view the shield melts at noon.", "Ilse Marchetti", "the shield melts at noon"),
        ("In your model, the shield melts at noon.", "Ilse Marchetti", "the shield melts at noon"),
        ("Your claim seems to be that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("The shield is widely believed to melt at noon.", None, "The shield is widely believed to melt at noon"),
        ("The standard objection is that the shield melts.", "The standard objection", "the shield melts"),
        ("Ablation theory says that the shield melts.", "Ablation theory", "the shield melts"),
        ("One specific claim you made is that the shield melts.", "Ilse Marchetti", "the shield melts"),
        ("All is fine; so, according to Ilse, the shield melts.", "Ilse Marchetti", "the shield melts"),
    ],
)  # fmt: skip
def test_a_view_is_told_of_whoever_holds_it(text, holder, view):
    assert (holder, view) in told(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One might object that the shield melts.", "One"),
        ("Person B might think that the shield melts.", "Person B"),
        ("You might think that the shield melts.", "You"),
        ("Ilse would say that the shield melts.", "Ilse"),
        ("You would object that the shield melts.", "You"),
        ("And then Ilse is like, the shield melts.", "Ilse"),
        ("I expect Ilse to say that the shield melts.", "Ilse"),
    ],
)
def test_what_somebody_would_say_is_told_of_words_and_of_nobody_real(text, words):
    ((holder, view),) = told(text)
    assert view == "the shield melts"
    assert words.startswith(holder)


@pytest.mark.parametrize(
    "text",
    [
        "I think that the shield melts.",
        "I agree with Ilse that the shield melts.",
        "I agree with Ilse's claim that the shield melts.",
        "Ilse showed that the shield melts.",
        "Ilse pointed out that the shield melts.",
        "You could say that the shield melts.",
        "The controller believes that the shield melts.",
        "Nobody thinks that the shield melts.",
        "If you think that the shield melts, look at the photographs.",
        "Do you think that the shield melts?",
        "There are two probes, say one with a shield and one without.",
        "That had a huge impact on your view.",
        "In my view the shield melts.",
        "Ilse suggested cooling the shield.",
        "My model of the shield is that it melts.",
        "Imagine you start out thinking that the shield melts.",
        "I wonder what Ilse thinks the shield does.",
        "There are things that Ilse thinks are on fire.",
        "The shield melts, as one might expect.",
        "You should say that the shield melts.",
        "You can believe this and believe that the shield melts.",
        "Claim 1: the shield melts at noon.",
        "I want to make the claim that the shield melts.",
        "This is not a claim that the shield melts.",
        "I don't know your view that well, but it has been written up.",
        "Ilse notes that the shield melts.",
    ],
)
def test_what_is_the_author_s_or_nobody_s_is_told_of_nobody(text):
    assert told(text) == []


def test_a_view_is_one_claim_and_what_is_said_of_it_another():
    claims = answer("Ilse thinks that the shield melts and the probe burns, and I have measured that it does neither.")
    (view,) = [claim for claim in claims if claim.attribution is Attribution.REPORTED]
    assert (view.text, view.holder) == ("the shield melts and the probe burns", "Ilse Marchetti")
    assert any("I have measured" in claim.text for claim in claims if claim.attribution is Attribution.OWN)


def test_two_people_s_views_in_one_sentence_are_each_their_own():
    views = told("Ilse thinks that the shield melts at noon and Tobias thinks that it never melts.")
    assert ("Ilse Marchetti", "the shield melts at noon") in views


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("By shield Ilse means the layer of resin that burns away.", "Ilse Marchetti"),
        ("One reader took a shield to be the layer of resin that burns away.", "One reader"),
        ("Some engineers define a shield as the layer of resin that burns away.", "Some engineers"),
        ("People use shield to mean the layer of resin that burns away.", "People"),
    ],
)
def test_what_a_term_is_to_somebody_else_is_told_of_him_and_defines_nothing_for_the_author(text, holder):
    _, extraction = read_answer(text)
    (claim,) = [claim for claim in extraction.claims if claim.utterance_id == "t1"]
    assert (claim.attribution, claim.holder) == (Attribution.REPORTED, holder)
    assert all(one.speaker is None for one in extraction.definitions)


def test_what_the_author_means_himself_is_his_definition():
    _, extraction = read_answer("By shield I mean the layer of resin that burns away.")
    assert [one.speaker for one in extraction.definitions] == [TOBIAS]
    assert [claim.kind for claim in extraction.claims if claim.utterance_id == "t1"] == [ClaimKind.DEFINITION]


def test_hedges_and_odds_of_others_are_not_the_author_s():
    plain, told_of = answer("The shield melts."), answer("I measured it when Ilse thought that it might melt.")
    assert {claim.certainty for claim in told_of if claim.attribution is Attribution.OWN} == {plain[0].certainty}
    assert all(claim.credence is None for claim in answer("Ilse thinks there's a 40% chance that the shield melts."))
    assert [claim.credence for claim in answer("I think there's a 40% chance that the shield melts.")] == [(0.4, 0.4)]


@pytest.mark.parametrize("word", ["Ana thinks that ", "on Ana's view ", "the claim that ", "as I see you, ", '"'])
def test_long_adversarial_text_takes_time_in_proportion(word):
    def spend(size):
        began = time.perf_counter()
        answer((word * 10_000)[:size])
        return time.perf_counter() - began

    spend(1_000)
    assert spend(20_000) < 12 * spend(4_000) + 1


def test_speech_over_several_sentences_is_all_of_it_told_of_whoever_speaks():
    text = '"The shield melts before noon. The probe burns before one," Amara Osei said. "Nobody lands here."'
    claims = answer(text)
    assert claims
    assert all(claim.attribution is not Attribution.OWN for claim in claims)


def test_no_clause_is_lost_where_a_view_is_denied():
    texts = " ".join(claim.text for claim in answer("Ilse doesn't think that the shield melts, and the probe is fine."))
    assert "the shield melts" in texts
    assert "the probe is fine" in texts
