"""The query line is read as the forums' own search reads it, whatever it holds, in linear time."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import WrongQuery
from index.answers import Query
from index.search.query_language import NAMED, QueryPiece, parse_query, split_query
from index.text_keys import list_forms, reduce_to_near_words, reduce_to_words

MARCH = datetime(2024, 3, 1, tzinfo=UTC)
LINES = {
    "plain words": ("goals survive watching", {"text": "goals survive watching"}),
    "a phrase": ('"goals survive" often', {"text": "goals survive often", "phrases": ("goals survive",)}),
    "curly marks": ("“goals survive”", {"text": "goals survive", "phrases": ("goals survive",)}),
    "without a word": ("goals -cats", {"text": "goals", "without": (("words", "cats"),)}),
    "without a phrase": ('goals -"so called"', {"text": "goals", "without": (("words", "so called"),)}),
    "a speaker": ("speaker:ilse", {"text": "", "speakers": ("ilse",)}),
    "a name with a space": ('x speaker:"Ilse Marchetti" y', {"text": "x y", "speakers": ("Ilse Marchetti",)}),
    "names of fields in capitals": ("Speaker:Ilse KIND:Question", {"speakers": ("Ilse",), "kinds": ("question",)}),
    "not a speaker": ("goals -speaker:ilse", {"text": "goals", "without": (("speaker", "ilse"),)}),
    "a site and a term": ('site:garden term:"goal drift"', {"sites": ("garden",), "terms": ("goal drift",)}),
    "dates": ("since:2024-03 until:2025", {"since": MARCH, "until": datetime(2025, 1, 1, tzinfo=UTC)}),
    "another colon": ("https://x.test/a foo:bar", {"text": "https://x.test/a foo:bar"}),
    "nothing behind the colon": ("speaker: ilse", {"text": "speaker: ilse", "speakers": ()}),
    "a minus within a word or alone": ("off-switch - --x", {"text": "off-switch - --x", "without": ()}),
    "an open quotation mark": ('"goals survive', {"text": '"goals survive', "phrases": ()}),
    "marks alone": ('"?!" "" -?', {"text": "?! ?", "phrases": (), "without": ()}),
    "marks within a word": ('say"no"now', {"text": 'say"no"now', "phrases": ()}),
    "a quoted value that is open": ('speaker:"Ilse', {"speakers": ("Ilse",)}),
    "no minus before a date": ("-since:2024", {"text": "since 2024", "since": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_means(name):
    line, expected = LINES[name]
    query = parse_query(Query(line))
    assert {field: getattr(query, field) for field in expected} == expected


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("kind:poem", "assertion, conditional"),
        ("since:yesterday", "since: that is no date"),
        ("until:2024-13", "unt"),
    ],
)
def test_what_is_no_kind_or_date_is_said_without_repeating_it(line, says):
    with pytest.raises(WrongQuery, match=says) as refused:
        parse_query(Query(f"goals {line}"))
    assert "poem" not in str(refused.value) and "yesterday" not in str(refused.value)


def test_the_filters_of_the_line_join_those_it_came_with():
    query = Query(
        'speaker:pelle kind:question since:2024-02 until:2024-09 "a b"',
        speakers=("oda",),
        kinds=("assertion",),
        since=datetime(2024, 3, 1),
        until=datetime(2024, 6, 1, tzinfo=UTC),
    )
    both = parse_query(query)
    assert both.speakers == ("oda", "pelle") and both.kinds == ("assertion", "question")
    assert (both.since, both.until) == (MARCH, datetime(2024, 6, 1, tzinfo=UTC))
    assert parse_query(both) == both


def test_plain_text_is_not_read():
    assert parse_query(Query('kind:poem -x "y"', plain=True)).text == 'kind:poem -x "y"'


LETTERS = st.text(alphabet='ab:-"“”„« \n\U0001f642é' + "sitekndpr", max_size=60)


@given(LETTERS)
def test_no_letter_is_made_up_or_lost_but_marks_and_names(line):
    found = list(split_query(line))
    kept = "".join(piece.name * (piece.name in NAMED) + piece.value for piece in found)
    drop = str.maketrans("", "", ' \n\t:-"“”„«»')
    assert kept.casefold().translate(drop) == line.casefold().translate(drop)


@given(st.lists(st.sampled_from(["goals", "and", "1984", "naïve"]), min_size=1, max_size=6))
def test_what_is_written_in_marks_is_the_phrase(words):
    phrase = " ".join(words)
    assert parse_query(Query(f'x "{phrase}" y')).phrases == (phrase,)
    assert parse_query(Query(f'x -"{phrase}" y')).without == (("words", phrase),)
    assert list(split_query(f'speaker:"{phrase}"')) == [QueryPiece("speaker", phrase)]


HOSTILE = ['"', "“", '-"', '"a"', "speaker:", "x", "\U0001f642", " ", 'kind:"', "-", "„“"]


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_lines_take_linear_time(part):
    def took(count):
        began = time.process_time()
        for _ in split_query(part * count):
            pass
        return time.process_time() - began

    assert took(40_000) < 1 + 20 * took(10_000)
    assert took(100_000) < 10


def test_words_without_case_marks_and_accents():
    assert reduce_to_words("It isn't  “naïve”!") == "it isn t naive"
    assert reduce_to_words("\U0001f642") == ""


def test_nearly_the_same_words():
    same = ("Goals do not last.", "But goals really don't last!", "The goals do not last")
    assert len({reduce_to_near_words(text) for text in same}) == 1
    for other in ("Goals do last.", "Goals may not last.", "No goals last."):
        assert reduce_to_near_words(other) != reduce_to_near_words(same[0])
    assert reduce_to_near_words("The") != reduce_to_near_words("A") != reduce_to_near_words("?!")


def test_forms_of_a_term():
    assert {"utility functions", "utility function"} <= set(list_forms("Utility functions"))
    assert {"policy", "policies"} <= set(list_forms("policy")) and {"policies", "policy"} <= set(list_forms("policies"))
    assert list_forms("bias")[0] == "bias" and "bia" not in list_forms("loss") and list_forms("?") == ()
