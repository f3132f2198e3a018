"""What terms are said to mean: term, gloss and stance in the author's own words, through `ingest.definitions`."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Attribution, Claim, Conversation, Definition, Passage, PassageKind, Speaker, Stance, Utterance
from ingest.definitions import find_definitions
from ingest.definitions.detector import Detector
from ingest.definitions.forms import find_by_words

ANA = Speaker("t:ana", "Ana")
BO = Speaker("t:bo", "Bo")


def said(text: str, *passages: Passage) -> Conversation:
    return Conversation("t", "On wugs", (Utterance("t", "t", text, ANA, passages=passages),))


def found(text: str, *passages: Passage) -> tuple[Definition, ...]:
    return find_definitions(said(text, *passages))


STATED = [
    ("By drift I mean a change of aim that nobody intended.", "drift", "a change of aim that nobody intended"),
    ('By "soft cap" we mean a limit that can be raised by vote.', "soft cap", "a limit that can be raised by vote"),
    ("When I say brittle, I mean that it fails outside the cases it was built for.", "brittle", "fails outside"),
    ("What I mean by legible is that a stranger could check it.", "legible", "a stranger could check it"),
    ("I'd define a wug as any animal that lives in two houses.", "wug", "any animal that lives in two houses"),
    ("A wug is defined as an animal with two houses.", "wug", "an animal with two houses"),
    ("harbourer := somebody who keeps ships that are not theirs", "harbourer", "somebody who keeps ships"),
    ("I use the word steward to mean somebody who returns what was lent.", "steward", "returns what was lent"),
    (
        'The term "dry run" refers to a test in which nothing is written.',
        "dry run",
        "a test in which nothing is written",
    ),
    ("A sieve agent is an agent that discards every plan it cannot explain.", "sieve agent", "an agent that discards"),
    ("A 'harbour', in the sense of this essay, is any place where plans can wait.", "harbour", "any place where plans"),
    ('"Slack" refers to the resources that a plan leaves unused.', "Slack", "the resources that a plan leaves unused"),
    (
        "We need a word here, so let ballast := whatever keeps a plan from tipping over.",
        "ballast",
        "whatever keeps a plan",
    ),
    ("We write draught := the depth of the part that lies under water.", "draught", "the depth of the part"),
    ("I would define patience as waiting without a plan to stop.", "patience", "waiting without a plan to stop"),
    ("Silting refers to the way in which small fixes close a channel.", "Silting", "small fixes close a channel"),
    (
        "Let's call this the lantern problem: a signal that blinds whoever carries it.",
        "lantern problem",
        "a signal that",
    ),
    ("A mooring counts as shared if two crews may leave from it.", "shared", "two crews may leave from it"),
    ("I understand ballast as weight that earns nothing.", "ballast", "weight that earns nothing"),
    ("My definition of a calm is a day on which no flag moves.", "calm", "a day on which no flag moves"),
    ("The law of small harbours says you never moor twice.", "law of small harbours", "you never moor twice"),
    ("Soft mooring, meaning ropes that anybody can untie, came first.", "Soft mooring", "ropes that anybody can untie"),
    ("A harbour ring is a [3rb] that is closed under mooring.", "harbour ring", "a [3rb] that is closed under mooring"),
]


@pytest.mark.parametrize(("text", "term", "gloss"), STATED)
def test_stated(text: str, term: str, gloss: str) -> None:
    (one,) = [each for each in found(text) if each.term == term]
    assert one.stance is Stance.STATED
    assert gloss in one.gloss
    assert one.gloss in text
    assert one.speaker == ANA


ASKED = [
    ("What do you mean by drift here?", "drift"),
    ('What exactly do you mean by "soft cap"?', "soft cap"),
    ("How do you define legibility?", "legibility"),
    ("How would you define harm?", "harm"),
    ("If by drift you mean a change of aim, then I agree.", "drift"),
    ('What does "steward" mean in this context?', "steward"),
    ("By brittle, do you mean that it breaks often?", "brittle"),
    ("What counts as oversight here?", "oversight"),
]


@pytest.mark.parametrize(("text", "term"), ASKED)
def test_asked(text: str, term: str) -> None:
    assert [(each.term, each.stance) for each in found(text)] == [(term, Stance.ASKED)]


DISPUTED = [
    ("That's not what I'd call drift.", "drift"),
    ("This is not what I mean by oversight.", "oversight"),
    ('"Legible" doesn\'t mean that it is short.', "Legible"),
    ('I wouldn\'t call a locked drawer "transparency".', "transparency"),
]


@pytest.mark.parametrize(("text", "term"), DISPUTED)
def test_disputed(text: str, term: str) -> None:
    assert [(each.term, each.stance) for each in found(text)] == [(term, Stance.DISPUTED)]


NONE = [
    "This is a good idea that deserves more work.",
    "The problem is that nobody reads the footnotes.",
    "My guess is that the harbour will be full by noon.",
    "The best argument for it is the one that Bo gave last week.",
    "It is a mistake to think that ships wait.",
    "Bo is a friend who lives in the next town.",
    "That means we have to leave before noon.",
    "There are three kinds of plans, and all of them fail.",
    "I think he is right about the harbour.",
    "What do you think about the new plan?",
    "I don't know what to make of this.",
    "The result was a mess that took weeks to clean up.",
    "The gate was open, meaning that we could leave.",
    "The definition of harm is too wide to be of use.",
]


EVERYTHING = Detector(0.0, {}, 0.0)  # lets all through, so that only what is cut out is seen

CUT = [
    (
        "Assuming constant-sum games (i.e. nobody gains but at a cost to others), the rest follows.",
        "constant-sum games",
        "nobody gains but at a cost to others",
    ),
    ("We can cut it into harbour classes, i.e. sets of equal harbours.", "harbour classes", "sets of equal harbours"),
    (
        "A unit of ballast, namely, what one sailor lifts in an hour.",
        "unit of ballast",
        "what one sailor lifts in an hour",
    ),
    ("Both are fully moored in the sense that no rope is slack.", "fully moored", "no rope is slack"),
    ("Slow mooring, i.e. doing it at dusk, is the hard part.", "Slow mooring", "doing it at dusk"),
    ("If by mooring you just mean stopping, I have no quarrel with you.", "mooring", "stopping"),
    ("If by calm you mean quiet, slow and safe, then yes.", "calm", "quiet, slow and safe"),
    ("Person A can have mooring defined as any way to stop.", "mooring", "any way to stop"),
    ("That's not mooring, it's luck.", "mooring", "That"),
]


@pytest.mark.parametrize(("text", "term", "gloss"), CUT)
def test_term_and_gloss_end_where_they_should(text: str, term: str, gloss: str) -> None:
    assert (term, gloss) in [(one.term, one.gloss) for one in find_definitions(said(text), by=EVERYTHING)]


def test_a_formula_is_no_part_of_the_name_it_stands_beside() -> None:
    formulas = "$\\mathcal H (X)$", "$X$"
    text = "The harbour set {} of a coast {} is the set of all harbours that it has.".format(*formulas)
    places = [(text.index(each), text.index(each) + len(each)) for each in formulas]
    marked = [Passage(PassageKind.MATH, *place, inline=True) for place in places]
    assert [one.term for one in find_definitions(said(text, *marked), by=EVERYTHING)] == ["harbour set"]


def test_a_title_is_no_term() -> None:
    for text in (
        "There is a long review of a book called Old Harbours.",
        "I like the paper on mooring. So this is called Optimal Harbours.",
    ):
        assert not [one for one in find_definitions(said(text), by=EVERYTHING) if "Harbours" in one.term]


@pytest.mark.parametrize("text", NONE)
def test_defines_nothing(text: str) -> None:
    assert found(text) == ()


def test_over_two_sentences() -> None:
    text = "Some plans look safe only while nobody reads them. I have a term for this: lantern safety."
    (one,) = found(text)
    assert (one.term, text[one.start : one.end]) == ("lantern safety", text)
    assert one.gloss == "Some plans look safe only while nobody reads them"


def test_words_in_a_quotation_are_not_the_authors() -> None:
    text = "By drift I mean a change of aim that nobody intended.\n\nI doubt that."
    quote = Passage(PassageKind.QUOTE, 0, 53)
    blocks = (Passage(PassageKind.PARAGRAPH, 0, 53), Passage(PassageKind.PARAGRAPH, 55, len(text)))
    talk = said(text, quote, *blocks)
    (unknown,) = find_definitions(talk)
    assert unknown.speaker is None
    claim = Claim("c", "t", 0, 53, text[:53], text[:53], attribution=Attribution.QUOTED, speaker=BO, quoted_by=ANA)
    (known,) = find_definitions(talk, claims=(claim,))
    assert (known.speaker, known.claim_id) == (BO, "c")
    perhaps = Claim("c", "t", 0, 53, text[:53], text[:53], speaker=ANA, probability=0.4)
    (uncertain,) = find_definitions(said(text, *blocks), claims=(perhaps,))
    assert uncertain.speaker is None


PIECES = [text for text, *_ in STATED + ASKED + DISPUTED] + NONE


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)), max_size=5),
    st.sampled_from([" ", "\n\n", " “", "”: "]),
)
def test_places_and_words_are_exact(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    for one in found(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.term and one.term in text[one.start : one.end]
        assert one.gloss in text[one.start : one.end]
        assert 0 <= one.probability <= 1


HOSTILE = [
    "by " * 33_000,
    '"' * 100_000,
    "what do you mean by " * 5_000,
    "a" * 100_000,
    "is a " * 20_000,
    "by " + " " * 100_000 + "I mean",
    "call it " * 12_000,
    "x means, " * 11_000,
    "the definition of " * 5_000,
    "x, meaning x " * 7_000,
    "we say a x counts as x " * 4_000,
    "the law " * 12_000 + "says",
    "(" * 50_000 + ":=" * 25_000,
    "the term the " * 8_000 + "refers to",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_takes_no_longer_than_it_is_long(text: str) -> None:
    began = time.process_time()
    for start in range(0, len(text), 20_000):
        list(find_by_words(text, start, min(len(text), start + 20_000)))
    assert time.process_time() - began < 2
