"""Terms and mismatches through the one door: by any form, with addresses, and only while their words still stand."""

import sqlite3

import pytest

from corpus.errors import NotFound
from ui.base_location import Place


@pytest.fixture
def base(talk_base, copy_of):
    return copy_of(talk_base)


def test_a_term_is_found_by_any_form_and_counts_its_mismatches(base):
    with Place(base).open(purpose="tests") as knowledge:
        term = knowledge.term("the Corrigibility")
        assert term == knowledge.term("corrigible")
        assert (term.contested, knowledge.term("oversight").contested) == (1, 0)
        assert [found.id for found in knowledge.mismatches("corrigible").items] == ["w1-w2"]
        by_address = knowledge.mismatches(conversation="https://forum.example/words")
        assert [found.id for found in by_address.items] == ["w1-w2"]
        assert knowledge.mismatches(conversation="oversight").items == ()
        for missing in (
            lambda: knowledge.term("cheese"),
            lambda: knowledge.mismatch("x"),
            lambda: knowledge.mismatches(None, "x"),
        ):
            with pytest.raises(NotFound):
                missing()


def test_every_place_has_an_address_that_opens_at_it(base):
    with Place(base).open(purpose="tests") as knowledge:
        found = knowledge.mismatch("w1-w2")
        assert found.a.url.startswith("https://forum.example/words#w1:~:text=By%20corrigibility%20I%20mean")
        senses = knowledge.term("corrigibility").senses
        assert all(place.url for sense in senses for place in (*sense.definitions, *sense.usages))


@pytest.mark.parametrize(
    "change",
    ["text = 'x' || text", "status = 'deleted'"],
)
def test_words_that_no_longer_stand_are_not_shown(base, change):
    with sqlite3.connect(base / "corpus.db") as connection:
        connection.execute(f"UPDATE utterances SET {change} WHERE id = 'w2'")
    with Place(base).open(purpose="tests") as knowledge:
        assert knowledge.mismatches().items == ()
        with pytest.raises(NotFound):
            knowledge.mismatch("w1-w2")
        switch, habit = knowledge.term("corrigibility").senses
        assert switch.definitions and switch.usages
        assert not habit.definitions and not habit.usages
