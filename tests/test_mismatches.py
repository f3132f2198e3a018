"""People who use one term in two senses are found, in their own words; people who merely disagree are not."""

from dataclasses import replace

import pytest

from corpus import convokit_format as convokit_export
from corpus.model import Quotation, QuotationKind, Speaker, Stance
from corpus.term_key import make_term_key
from index.findings.bodies import write_body
from index.findings.findings import Gloss, MismatchCertainty, MismatchKind, Sense, Share, SideRole, Term
from index.findings.findings_store import Finding
from index.mismatches.cues import find_cues, find_mentions, is_agreement
from index.mismatches.exchanges import Relation, find_exchanges, select_own_sentences
from index.mismatches.glosses import find_complement
from index.mismatches.related_terms import is_related
from index.mismatches.signals import find_signals
from index.mismatches.term_candidates import find_readings
from ingest.sentences import parse_sentences
from tests.conftest import conversations_of

PEOPLE = {"ada": "Ada Lindqvist", "bo": "Bo Marchetti", "cy": "Cyrus Oyelaran", "di": "Dilys Prowse"}
THREADS = {
    "optimizers": (
        "Is a thermostat an optimizer?",
        [
            ("t1", None, "ada", 1, "live", "A thermostat is an optimizer. It pushes the room toward one temperature, "
             "and it does so whatever the weather is."),
            ("t2", "t1", "bo", 2, "live", "That isn't what I'd call an optimizer. By \"optimizer\" I mean something "
             "that "
             "searches over possible actions and picks the best; a thermostat only reacts. I think we are using the "
             "word in two different senses."),
            ("t3", "t1", "cy", 3, "live", "I doubt that thermostats will matter much. Heating is a small share of what "
             "a house costs, and the price of gas is falling."),
            ("t4", "t3", "di", 4, "live", "The price of gas is not falling. It rose by a tenth last year, and I expect "
             "it to rise again."),
        ],
    ),
    "questions": (
        "Robust agents",
        [
            ("q1", None, "ada", 5, "live", "We will have robust agents within ten years, and nobody is ready for it."),
            ("q2", "q1", "bo", 6, "live", "What do you mean by \"robust\" here?"),
            ("q3", "q2", "ada", 7, "live", "By robust I mean that it still works when somebody changes its inputs."),
        ],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    from ingest.sources.source import Hints
    from ui.base_location import BaseLocation
    from ui.cli.ingest_commands import read_into

    folder = tmp_path_factory.mktemp("mismatches")
    convokit_export.write_conversations(conversations_of(THREADS, PEOPLE), folder / "threads", "threads")
    place = BaseLocation(folder / "kb")
    assert not read_into(place, [str(folder / "threads")], Hints()).failed
    with place.open(purpose="tests") as knowledge:
        knowledge.analyze()
        yield knowledge


def pair(mismatch):
    return {mismatch.a.utterance_id, mismatch.b.utterance_id}


def test_the_exchange_about_a_word_comes_first_with_both_sides_verbatim(base):
    first = base.mismatches.list().items[0]
    assert pair(first) in ({"t1", "t2"}, {"q2", "q3"})
    found = next(one for one in base.mismatches.list().items if pair(one) == {"t1", "t2"})
    assert make_term_key(found.term) == "optimizer" and found.noticed and found.score > 0.3
    assert (found.a.speaker.name, found.b.speaker.name) == ("Ada Lindqvist", "Bo Marchetti")
    for side in (found.a, found.b):
        with base.open_record() as record:
            assert (
                record.get_utterances([side.utterance_id])[side.utterance_id].text[side.start : side.end] == side.text
            )
    assert "optimizer" in found.a.text and "Bo Marchetti" in found.why


def test_a_disagreement_about_the_world_scores_far_lower(base):
    scores = {frozenset(pair(one)): one.score for one in base.mismatches.list(limit=100).items}
    assert scores.get(frozenset({"t3", "t4"}), 0.0) < scores[frozenset({"t1", "t2"})] / 3
    assert scores.get(frozenset({"t1", "t3"}), 0.0) < scores[frozenset({"t1", "t2"})] / 3


def test_a_question_about_a_word_belongs_to_the_exchange_with_its_answer(base):
    asked = [one for one in base.mismatches.list(conversation="questions").items if make_term_key(one.term) == "robust"]
    assert asked and pair(asked[0]) == {"q2", "q3"}
    assert asked[0].kind is MismatchKind.CLARIFICATION


def test_mismatches_are_looked_up_by_term_in_any_form(base):
    assert base.mismatches.list(term="Optimizers").items
    assert all(make_term_key(one.term) == "optimizer" for one in base.mismatches.list(term="the optimizer").items)
    assert not base.mismatches.list(term="heating gas").items


def test_running_twice_finds_the_same(base):
    before = base.mismatches.list(limit=100).items
    base.analyze(anew=True)
    assert base.mismatches.list(limit=100).items == before


def unnoticed(base, replace_findings, term):
    """Put a term in the place of those that were found; give the mismatches that nobody notices."""
    body = write_body(term)
    replace_findings(base, "term", [Finding(term.name, body, (("name", term.name),))])
    replace_findings(base, "mismatch", [], 0)
    base.analyze()
    return [one for one in base.mismatches.list(limit=100).items if one.kind is MismatchKind.IMPLICIT]


def test_people_who_use_a_term_in_two_senses_without_saying_so_are_found_from_the_record(base, replace_findings):
    ada, cy = (Speaker(f"forum.example:{who}", PEOPLE[who], "forum.example") for who in ("ada", "cy"))
    pushes, device = (Gloss(who, "t1", 0, 4, "Text", words) for who, words in ((ada, "what pushes"), (cy, "a device")))
    senses = (
        Sense("what pushes", 9, (pushes,), (), (Share(ada, 9),)),
        Sense("a device", 8, (device,), (), (Share(cy, 8),)),
    )
    told = Term("thermostat", (), 17, (Share(ada, 9), Share(cy, 8)), 0.5, 0, 0.01, senses)
    by_use_alone = tuple(replace(sense, definitions=()) for sense in senses)
    try:
        for changes, expected in (({}, True), ({"divided": 0.6}, False), ({"senses": by_use_alone}, False)):
            implicit = unnoticed(base, replace_findings, replace(told, **changes))
            assert bool(implicit) is expected
            for one in implicit:
                assert pair(one) == {"t1", "t3"} and not one.noticed
                assert (one.a.sense, one.b.sense) == ("what pushes", "a device")
    finally:
        base.analyze(anew=True)


def test_two_definitions_of_one_term_in_an_exchange_are_set_against_each_other(base, replace_findings):
    ada, cy = (Speaker(f"forum.example:{who}", PEOPLE[who], "forum.example") for who in ("ada", "cy"))
    pushes = Gloss(ada, "t1", 0, 29, "A thermostat is an optimizer.", "an optimizer")
    device = Gloss(cy, "t3", 0, 7, "I doubt", "a device")
    senses = (Sense("an optimizer", 1, (pushes,)), Sense("a device", 1, (device,)))
    told = Term("thermostat", (), 2, (), 0.5, 0, None, senses)
    asked = Sense("a device", 1, (replace(device, stance=Stance.ASKED),))
    try:
        for changes, expected in (({}, True), ({"senses": senses[:1]}, False), ({"senses": (senses[0], asked)}, False)):
            found = unnoticed(base, replace_findings, replace(told, **changes))
            assert [(pair(one), one.noticed, one.a.text, one.b.text) for one in found] == (
                [({"t1", "t3"}, False, pushes.text, device.text)] if expected else []
            )
    finally:
        base.analyze(anew=True)


def test_who_answers_whom():
    thread = {
        "flat": ("Flat", [("h", None, "ada", 1, "live", "Head."), ("p", "h", "bo", 2, "live", "First."),
                          ("r1", "p", "ada", 3, "live", "Second."), ("r2", "p", "bo", 4, "live", "Third.")])
    }  # fmt: skip
    (conversation,) = conversations_of(thread, PEOPLE)
    met = {(one.earlier.id, one.later.id): one.relation for one in find_exchanges(conversation)}
    assert met[("h", "p")] is Relation.REPLY and met[("p", "r1")] is Relation.REPLY
    assert met[("r1", "r2")] is Relation.BEFORE  # both stand under p, and the later one answers the earlier
    assert ("p", "r2") not in met  # nobody answers himself


def test_sentences_are_the_authors_own_and_verbatim():
    words = "> Quoted. Words.\n\nMine, e.g. this one. And that (see Fig. 2) too?\n\n# Head\n\n- An item. Another."
    thread = {"one": ("One", [("u", None, "ada", 1, "live", words)])}
    (conversation,) = conversations_of(thread, PEOPLE)
    (utterance,) = conversation.utterances
    spans = [(sentence.start, sentence.end) for sentence in parse_sentences(conversation)]
    said = select_own_sentences(utterance, spans)
    assert [one.text for one in said] == [
        "Mine, e.g. this one.", "And that (see Fig. 2) too?", "An item.", "Another."
    ]  # fmt: skip
    assert all(utterance.text[one.start : one.end] == one.text for one in said)
    start = utterance.text.index("An item.")
    perhaps = Quotation(utterance.id, start, start + 17, QuotationKind.UNMARKED, probability=0.55)
    assert select_own_sentences(utterance, spans, [perhaps]) == said[:2]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("What do you mean by “goal”?", "asks_meaning"),
        ("By goal I mean the thing that is optimised.", "own_meaning"),
        ("That's not what I'd call deception.", "names"),
        ("The word “scaling” is doing two jobs.", "word"),
        ("You're using it in a different sense.", "senses"),
    ],
)
def test_cues(text, cue):
    assert cue in find_cues(text)


def test_plain_disagreement_has_no_cue():
    assert find_cues("I think you are wrong about the price of gas.") == []


def test_mentions_are_places_in_the_text():
    text = (
        'He says "goal" and ‘aim’; it\'s not "a very long stretch that goes on and on and on and on for a long while".'
    )
    assert [text[start:end] for start, end in find_mentions(text)] == ["goal", "aim"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "unit",
    [
        "(",
        '"',
        "“",
        "a ",
        "by a ",
        "what do you ",
        "*",
        "not a ",
        "word of ",
        "do you mean or ",
        "you mean and i mean ",
        "definition: is ",
    ],
)
def test_cues_are_linear_in_hostile_text(unit):
    text = unit * (60_000 // len(unit))
    find_cues(text)
    find_mentions(text)
    find_readings(text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("By corrigibility we both mean the same, and you want less of it.", True),
        ("I agree with you about what an agent is; I just doubt that this will be one.", True),
        ("We disagree about the odds, not about the word.", True),
        ("We clearly don't mean the same thing by agent.", False),
        ("Do they mean the same thing, or not?", False),
        ("I'm not sure that we agree on what an agent is.", False),
        ("We may not agree on what an agent is.", False),
        ("It is a disagreement about the word, not about the odds.", False),
    ],
)
def test_who_says_that_both_mean_the_same_does_not_dispute_a_word(text, same):
    assert is_agreement(text) is same


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("When you say “everybody”, do you mean the staff or the readers?", ["the staff or the readers"]),
        ("Is “unopposed” meant to include opposition by itself?", ["opposition by itself"]),
        ("You mean eager to be changed and I mean not in the way.", ["eager to be changed", "not in the way"]),
        ("Definition amended: evidence of being watched.", ["evidence of being watched."]),
        ("My definition: an agent is whatever acts.", []),
        ("Do you mean “votes” or “answers”?", []),
        ("What do you mean by goals or aims?", []),
    ],
)
def test_readings_of_a_word_are_told_from_the_word(text, read_as):
    assert [text[start:end] for start, end in find_readings(text)] == read_as


CARDS = {
    "stewards": (
        "On stewards",
        [
            ("s1", None, "ada", 1, "live", "A good steward keeps the house in order. It will be years before machines "
             "do that, and I would trust one with the keys only after a long trial."),
            ("s2", "s1", "bo", 2, "live", "What do you mean by \"keeps the house in order\"? Is it the rooms, or the "
             "accounts?"),
            ("s3", "s2", "ada", 3, "live", "By \"keeps the house in order\" I mean that nothing is owed to anybody, "
             "but rooms matter too. That is what my grandmother asked of hers."),
            ("s4", "s3", "bo", 4, "live", "I had read \"keeps the house in order\" as a matter of dusting, so we were "
             "talking past each other."),
            ("s5", "s1", "cy", 5, "live", "What is the difference between a steward and a butler?"),
            ("s6", "s5", "ada", 6, "live", "A steward decides, a butler serves."),
            ("s7", "s1", "di", 7, "live", "Yes. That doesn't mean that it will be cheap, to be clear."),
        ],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def cards(tmp_path_factory):
    from ingest.sources.source import Hints
    from ui.base_location import BaseLocation
    from ui.cli.ingest_commands import read_into

    folder = tmp_path_factory.mktemp("cards")
    convokit_export.write_conversations(conversations_of(CARDS, PEOPLE), folder / "threads", "threads")
    place = BaseLocation(folder / "kb")
    assert not read_into(place, [str(folder / "threads")], Hints()).failed
    with place.open(purpose="tests") as knowledge:
        knowledge.analyze()
        yield knowledge.mismatches.list(limit=100).items


def test_one_dispute_is_one_card_titled_with_the_whole_phrase(cards):
    about_order = [card for card in cards if "house in order" in card.term]
    assert [card.term for card in about_order] == ["keeps the house in order"]
    (card,) = about_order
    assert card.certainty is MismatchCertainty.POSSIBLE and card.also
    shown = {side.utterance_id for exchange in (card, *card.also) for side in (exchange.a, exchange.b)}
    assert {"s3", "s4"} <= shown


def test_a_sense_is_a_gloss_in_its_passage_and_nobody_who_asks_has_one(cards):
    for card in cards:
        for side in (card.a, card.b):
            assert side.sense is None or (side.sense in side.text and side.sense != side.text)
            assert (side.role is SideRole.SAYS) == (side.sense is not None)
            assert not (side.text.endswith("?") and side.role is SideRole.SAYS)
    senses = {side.sense for card in cards for exchange in (card, *card.also) for side in (exchange.a, exchange.b)}
    assert "nothing is owed to anybody" in senses


def test_the_why_line_quotes_the_clause_that_licenses_it(cards):
    verbs = ("asks what", "says what they mean", "rejects", "had read")
    for card in cards:
        who, quoted = card.why.split("“")[0], card.why.rsplit(": “", 1)[1].rstrip("”")
        assert any(quoted.strip("… ") in side.text for side in (card.a, card.b))
        if card.certainty is MismatchCertainty.POSSIBLE:
            assert any(verb in who for verb in verbs)


def test_what_denies_nothing_of_a_word_makes_no_card(cards):
    assert not any("s7" in {card.a.utterance_id, card.b.utterance_id} for card in cards)


@pytest.mark.parametrize(
    ("text", "act", "phrase", "gloss"),
    [
        ("What do you mean by “slack in the rope”, exactly?", "asks", "slack in the rope", None),
        ("I don't see what “ripe” even means here.", "asks", "ripe", None),
        ("If by justice you mean fairness, then I agree.", "asks", "justice", "fairness"),
        ("By harvest I mean the whole season, but not the feast.", "says", "harvest", "the whole season"),
        ("I use “ledger” to mean whatever is written down.", "says", "ledger", "whatever is written down"),
        ("When I say the court, I mean the people in it.", "says", "court", "the people in it"),
        ("That's not what I'd call a harvest.", "rejects", "harvest", None),
        ("We are using the word “harvest” in two different senses.", "rejects", "harvest", None),
        ("I thought by ripe you meant sweet.", "had read", "ripe", "sweet"),
        ("I had interpreted “the court” as the building.", "had read", "the court", "the building"),
    ],
)
def test_a_plain_sign_tells_what_is_done_with_which_phrase(text, act, phrase, gloss):
    (signal,) = find_signals(text)
    assert (signal.act.value, text[slice(*signal.phrase)]) == (act, phrase)
    assert (text[slice(*signal.gloss)] if signal.gloss else None) == gloss


def test_what_a_word_is_denied_to_mean_is_nobodys_sense():
    assert find_complement("A harvest does not mean a feast.") is None
    assert find_complement("A harvest is defined as follows.") is None
    assert find_complement("A harvest means a feast.") == ("A harvest ", (16, 23))


def test_two_words_that_are_compared_are_both_named():
    text = "What is the difference between a steward and a butler?"
    (signal,) = find_signals(text)
    assert (text[slice(*signal.phrase)], text[slice(*signal.versus)]) == ("steward", "butler")


@pytest.mark.parametrize(
    "text",
    [
        "That doesn't mean that prices fall.",
        "To be clear, I like it.",
        "I take this to mean that nobody came.",
        "This is the very definition of a bargain.",
        "I mean, it works.",
        "By that I mean it.",
        "By harvest we both mean the same.",
        "What do you mean by “latter point”?",
        "This is a page where we explain what we mean by a harvest.",
    ],
)
def test_what_only_sounds_like_a_sign_is_none(text):
    assert find_signals(text) == []


@pytest.mark.timeout(30)
@pytest.mark.parametrize("unit", ["by a, i mean ", "the term a ", "what is the difference between a and ", '"', "a "])
def test_signs_are_linear_in_hostile_text(unit):
    find_signals(unit * (60_000 // len(unit)))


def test_related_terms_share_a_stem_or_hold_one_another():
    assert is_related("corrigible agents", "corrigibility")
    assert is_related("outer alignment problem", "outer alignment")
    assert not is_related("outer alignment", "outer space")
