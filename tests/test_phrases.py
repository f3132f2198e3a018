"""What people read on more than one face: numbers that never say more than is known, counts, names and dates."""

import doctest
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import phrases, selection

probabilities = st.one_of(st.floats(0, 1), st.sampled_from([1e-12, 5e-4, 1e-3, 0.005, 0.995, 0.999, 0.9995, 1 - 1e-12]))


def percent(words):
    """Read a written probability back, with the sign before it."""
    sign, number = re.fullmatch(r"([<>]?)(\d{1,3}(?:\.\d)?)%", words).groups()
    return sign, float(number) / 100


@pytest.mark.parametrize("module", [phrases, selection])
def test_the_examples_hold(module):
    assert doctest.testmod(module).failed == 0


@given(probabilities)
def test_only_what_is_impossible_is_nought_and_only_what_is_certain_a_hundred(value):
    words = phrases.write_probability(value)
    assert (words == "0%") == (value == 0)
    assert (words == "100%") == (value == 1)


@given(probabilities)
def test_a_probability_is_near_what_is_written_and_on_the_side_that_is_written(value):
    sign, written = percent(phrases.write_probability(value))
    if sign == "<":
        assert value < written
    elif sign == ">":
        assert value > written
    else:
        assert written == pytest.approx(value, abs=0.00051)


@given(probabilities, probabilities)
def test_a_larger_probability_is_never_written_as_a_smaller_one(one, other):
    def order(words):
        sign, written = percent(words)
        return written + {"<": -1e-6, ">": 1e-6, "": 0}[sign]

    low, high = sorted((one, other))
    assert order(phrases.write_probability(low)) <= order(phrases.write_probability(high))


@given(probabilities, probabilities)
def test_a_range_is_written_with_both_its_ends_or_as_one(one, other):
    low, high = sorted((one, other))
    first, *last = phrases.write_credence(low, high).split("–")
    assert (last or [first])[0] in (phrases.write_probability(high), phrases.write_probability(low))
    assert len(last) <= 1 and (not last or f"{first}%" == phrases.write_probability(low))
    assert phrases.write_credence(low, low) == phrases.write_probability(low)


NOUNS = "agreement claim conversation exchange mismatch person post sense similar-claim term thread use".split()


@pytest.mark.parametrize("noun", [*NOUNS, "post or comment"])
def test_a_plural_stays_what_it_is(noun):
    plural = phrases.make_plural(noun)
    assert plural != noun and phrases.make_plural(plural) == plural
    assert phrases.write_count(1, noun) == f"1 {noun}"
    assert phrases.write_count(0, noun) == f"0 {plural}"
    assert phrases.write_count(1234, noun) == f"1,234 {plural}"


@given(st.lists(st.text(min_size=1), max_size=9), st.integers(0, 9), st.integers(1, 9))
def test_names_that_are_left_out_are_counted(names, further, most):
    words = phrases.list_names(names, len(names) + further, most)
    shown = min(most, len(names))
    left = len(names) + further - shown
    assert words.endswith(f"and {left} more") if left else words == ", ".join(names)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1)))
def test_a_day_is_the_same_of_a_time_and_of_its_json(moment):
    from corpus.dates import parse_moment as read
    from index.wire.base import write_time

    day = phrases.write_day(moment)
    assert day == phrases.write_day(write_time(moment))
    assert read(day).date() == moment.date()


def test_the_newest_are_shown_and_the_newest_first():
    assert list(selection.choose_newest(range(30))) == list(range(29, 29 - selection.PERSON_ROWS, -1))
    assert list(selection.choose_newest([1, 2])) == [2, 1]
