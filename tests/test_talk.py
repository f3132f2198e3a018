"""Terms and mismatches through the one door: by any form, with addresses, and only while their words still stand."""

import sqlite3

import pytest

from corpus.errors import NotFound
from index.answers import Query
from ui.base_location import BaseLocation


@pytest.fixture
def base(talk_base, copy_of):
    return copy_of(talk_base)


def test_a_term_is_found_by_any_form_and_counts_its_mismatches(base):
    with BaseLocation(base).open(purpose="tests") as knowledge:
        term = knowledge.terms.get("the Corrigibility")
        assert term == knowledge.terms.get("corrigible")
        assert (term.contested, knowledge.terms.get("oversight").contested) == (1, 0)
        assert [found.id for found in knowledge.mismatches.list("corrigible").items] == ["w1-w2"]
        by_address = knowledge.mismatches.list(conversation="https://forum.example/words")
        assert [found.id for found in by_address.items] == ["w1-w2"]
        assert knowledge.mismatches.list(conversation="oversight").items == ()
        for missing in (
            lambda: knowledge.terms.get("cheese"),
            lambda: knowledge.mismatches.get("x"),
            lambda: knowledge.mismatches.list(None, "x"),
        ):
            with pytest.raises(NotFound):
                missing()


def test_the_filter_of_a_term_finds_its_other_names(base):
    with BaseLocation(base).open(purpose="tests") as knowledge:
        texts = [hit.claim.text for hit in knowledge.search.find(Query("term:corrigible", limit=50)).items]
    assert len(texts) >= 2
    assert all("corrigibility" in text.casefold() for text in texts)


def test_every_place_has_an_address_that_opens_at_it(base):
    with BaseLocation(base).open(purpose="tests") as knowledge:
        found = knowledge.mismatches.get("w1-w2")
        assert found.a.url.startswith("https://forum.example/words#w1:~:text=By%20corrigibility%20I%20mean")
        senses = knowledge.terms.get("corrigibility").senses
        assert all(place.url for sense in senses for place in (*sense.definitions, *sense.usages))


@pytest.mark.parametrize(
    "change",
    ["text = 'x' || text", "status = 'deleted'"],
)
def test_words_that_no_longer_stand_are_not_shown(base, change):
    with sqlite3.connect(base / "corpus.db") as connection:
        connection.execute(f"UPDATE utterances SET {change} WHERE id = 'w2'")
    with BaseLocation(base).open(purpose="tests") as knowledge:
        assert knowledge.mismatches.list().items == ()
        with pytest.raises(NotFound):
            knowledge.mismatches.get("w1-w2")
        switch, habit = knowledge.terms.get("corrigibility").senses
        assert switch.definitions and switch.usages
        assert not habit.definitions and not habit.usages
