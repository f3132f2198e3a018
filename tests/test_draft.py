"""A draft is held against the base: its terms in their senses, what it defines itself, and what was said before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import TooLarge, Unreadable, WrongUsage
from corpus.model import Speaker
from index import draft_check as drafts
from index.findings.findings import Gloss, Sense, Share, Term
from index.passages import find_sentence
from index.terms.matcher import Matcher
from ui.base_location import BaseLocation
from ui.draft_reading import MOST_BYTES, read_draft

ANA, BEN = Speaker("s:ana", "Ana"), Speaker("s:ben", "Ben")


@pytest.fixture(scope="module")
def knowledge(talk_base):
    with BaseLocation(talk_base).open(purpose="tests") as knowledge:
        yield knowledge


def check(knowledge, text):
    return knowledge.check(read_draft(text))


def test_a_term_in_its_sense_with_who_means_another_and_what_to_add(knowledge):
    found = check(knowledge, "A corrigible system lets itself be switched off by those who made it.")
    (use,) = found.terms
    assert (use.term.name, use.how, use.sense) == (
        "corrigibility",
        "usage",
        "a system lets itself be switched off",
    )
    assert use.risky
    (other,) = use.others
    assert [share.speaker.name for share in other.speakers] == ["Jun Takagi"]
    assert [place.id for place in other.places] == ["words"]
    assert use.add.speaker.name == "Amara Osei"
    assert use.add.text == "By corrigibility I mean that a system lets itself be switched off."
    assert use.add.url.startswith("https://forum.example/words#w1")
    assert use.uses[0].text[slice(*use.uses[0].at)] == "corrigible"


def test_a_draft_that_says_what_it_means_is_not_told_to(knowledge):
    found = check(knowledge, "By corrigibility I mean that a system lets itself be switched off. It matters a lot.")
    (use,) = found.terms
    assert use.how == "definition" and use.sense == "a system lets itself be switched off"
    assert use.defined.text.startswith("By corrigibility I mean")
    assert use.add is None and not use.risky and use.others


def test_a_sense_that_cannot_be_told_is_left_open_and_all_are_shown(knowledge):
    (use,) = check(knowledge, "Corrigibility was the subject of a workshop in spring.").terms
    assert (use.sense, use.how, use.add) == ("", "unclear", None)
    assert len(use.others) == 2 and use.risky


def test_one_sense_here_is_no_risk(knowledge):
    (use,) = check(knowledge, "Human oversight is expensive for small laboratories.").terms
    assert (use.how, use.others, use.risky) == ("only", (), False)


def test_words_of_others_in_a_draft_are_not_its_own(knowledge):
    found = check(knowledge, "I disagree with this:\n\n> Corrigibility is a habit of asking before acting.\n")
    assert found.terms == ()
    assert not any("habit" in one.claim.text for one in found.claims)


def test_close_claims_are_found_with_their_authors_and_others_are_not(knowledge):
    text = "An agent keeps its goal just as long as somebody is watching it. My bicycle needs a new chain this spring."
    found = check(knowledge, text)
    (one,) = found.claims
    assert one.before[0].claim.speaker.name == "Ilse Marchetti"
    assert all(hit.score >= drafts.CLOSE for hit in one.before)
    assert text[one.claim.start : one.claim.end] == one.claim.text
    assert found.compared == found.claimed == 2


def test_terms_that_may_be_misread_come_first(knowledge):
    found = check(knowledge, "Oversight is expensive. A corrigible system lets itself be switched off.")
    assert [use.term.name for use in found.terms] == ["corrigibility", "oversight"]


def test_a_base_without_findings_still_compares_claims(small_base, copy_of, replace_findings):
    with BaseLocation(copy_of(small_base)).open(purpose="tests") as knowledge:
        replace_findings(knowledge, "term", [])
        found = check(knowledge, "Corrigibility is a habit of asking before acting, and not a switch.")
    assert found.terms == () and found.claims


def test_senses_are_told_apart_only_by_a_clear_lead():
    senses = tuple(
        Sense(label, 1, (Gloss(who, "u", 0, 1, label, label),), (), (Share(who, 1),))
        for label, who in (("one", ANA), ("two", BEN))
    )
    use = drafts.Excerpt(0, 4, "word", (0, 4))

    class Near:
        near, lead = 0.5, 0.1

        def __init__(self, *scores):
            self.scores = scores

        def compare(self, term, uses, defined):
            return list(self.scores)

    def told(*scores, senses=senses):
        term = Term("word", (), 2, (), senses=senses)
        return drafts._sense_of(term, [use], None, Near(*scores))

    assert told(0.6, 0.2) == (senses[0], "usage")
    assert told(0.6, 0.55) == (None, "unclear")
    assert told(0.45, 0.0) == (None, "unclear")
    assert told(0.6, senses=senses[:1]) == (senses[0], "only")
    assert told(senses=()) == (None, "unclear")


@pytest.mark.parametrize(
    ("written", "error"),
    [(b"", WrongUsage), (b" \n\t ", WrongUsage), (b"\xff\xfe\x00", Unreadable), (b"x" * (MOST_BYTES + 1), TooLarge)],
)
def test_what_is_no_draft_is_refused(written, error):
    with pytest.raises(error):
        read_draft(written)


# ---- finding terms in a text -----------------------------------------------------------------------------------------


def words_of(mentions, text):
    return [(text[one.start : one.end], one.name) for one in mentions.find(text)]


def test_forms_are_found_whatever_their_number_case_and_hyphens():
    mentions = Matcher.from_forms(
        [("utility function", "U"), ("function", "F"), ("LLM", "L"), ("large language model", "L")]
    )
    text = "Two Utility-Functions, a function, LLMs’ and large language models. A utility. Function it has."
    assert words_of(mentions, text) == [
        ("Utility-Functions", "U"),
        ("function", "F"),
        ("LLMs", "L"),
        ("large language models", "L"),
        ("Function", "F"),
    ]


def test_parts_of_words_are_no_mentions():
    assert words_of(Matcher.from_forms([("goal", "G")]), "A goalkeeper and a subgoal") == []


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=8), max_size=5))
def test_mentions_stand_in_order_and_never_overlap(text, forms):
    found = Matcher.from_forms((form, form) for form in forms).find(text)
    ends = [edge for one in found for edge in (one.start, one.end)]
    assert ends == sorted(ends)
    assert all(one.start < one.end for one in found)


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 20))
def test_the_sentence_around_a_place_holds_it(text, start, size):
    start = min(start, len(text))
    end = min(start + size, len(text))
    half = len(text) // 2
    halves = [(0, half), (half, len(text))] if 0 < half else []
    begin, stop = find_sentence(text, start, end, halves)
    assert 0 <= begin <= start <= end <= stop <= len(text)


def test_a_term_that_people_quarrel_over_in_one_sense_is_shown_with_each_ones_definition(knowledge):
    from dataclasses import replace

    from index.encoding.sentence_encoder import Encoder
    from index.findings.validity import CurrentFindings

    term = knowledge.terms.get("corrigibility")
    first, second = term.senses
    one = replace(first, definitions=(*first.definitions, *second.definitions))
    use = drafts.Excerpt(0, 13, "corrigibility", (0, 13))
    nearness = drafts.ByWords(Encoder.load().encode_query)
    with knowledge.open_record() as record:
        current = CurrentFindings(record)
        found = drafts._use(replace(term, senses=(one,)), [use], None, nearness, current)
        calm = drafts._use(replace(term, senses=(one,), contested=0), [use], None, nearness, current)
    assert (found.sense, found.how, found.add, found.risky) == ("", "unclear", None, True)
    assert [other.label for other in found.others] == [first.label, second.label]
    assert (calm.how, calm.others, calm.risky) == ("only", (), False)
