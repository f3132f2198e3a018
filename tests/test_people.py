"""People are found by what they are called, and threads are read in order, however deep or broken."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import CyclicReplies, NotFound, WrongUsage
from corpus.model import Claim, Conversation, Speaker, Utterance, make_claim_id
from corpus.record import SpeakerCount
from index.people.directory import SpeakerDirectory
from index.reply_tree import build_thread
from index.wire.people import PersonJson
from index.wire.threads import ThreadJson

NAMES = ["Ilva Brandt", "ilva_b", "Tor Ilvarsson", "Mette Quist", "Mette Quist", "Åse Ström"]


def count(n, name, claims):
    when = datetime(2024, 1, 1 + n, tzinfo=UTC)
    return SpeakerCount(Speaker(f"forum:{n}", name), 10 + n, claims, n, 1 + n, when, when)


PEOPLE = SpeakerDirectory.from_counts(
    count(n, name, claims) for n, (name, claims) in enumerate(zip(NAMES, [5, 9, 5, 1, 1, 0], strict=True))
)


def test_people_come_with_most_claims_first_and_equal_ones_by_name_and_id():
    page = PEOPLE.list_page(None, 10, None)
    assert [person.speaker.id for person in page.items] == [f"forum:{n}" for n in (1, 0, 2, 3, 4, 5)]
    assert (page.total, page.next) == (6, None)
    assert PersonJson.dump(page.items[0])["claims"] == 9


def test_a_part_of_a_name_lists_all_who_have_it_whatever_the_case():
    assert [person.speaker.name for person in PEOPLE.list_page("ILVA", 10, None).items] == [
        "ilva_b",
        "Ilva Brandt",
        "Tor Ilvarsson",
    ]
    assert PEOPLE.list_page("nobody", 10, None).items == ()


def test_pages_of_people_joined_are_the_list():
    joined, cursor = [], None
    while True:
        page = PEOPLE.list_page("t", 2, cursor)
        joined += page.items
        if page.next is None:
            break
        cursor = page.next
    assert tuple(joined) == PEOPLE.list_page("t", 100, None).items
    with pytest.raises(WrongUsage):
        PEOPLE.list_page("other", 2, PEOPLE.list_page("t", 2, None).next)


FOUND = {"forum:3": 3, "ilva brandt": 0, "ILVA_B": 1, "Ilvars": 2, "åse": 5, " Tor  Ilvarsson ": 2, "FORUM:4": 4}


@pytest.mark.parametrize("asked", FOUND)
def test_one_person_is_found_by_id_name_or_a_part_that_is_theirs_alone(asked):
    assert PEOPLE.find(asked).speaker.id == f"forum:{FOUND[asked]}"


def test_who_is_not_there_or_not_clear_is_named():
    with pytest.raises(NotFound, match="nobody here is called 'Zoltan'"):
        PEOPLE.find("Zoltan")
    with pytest.raises(NotFound, match=r"Mette Quist \(forum:3\), Mette Quist \(forum:4\); give the id"):
        PEOPLE.find("Mette Quist")
    with pytest.raises(NotFound):
        PEOPLE.find("  ")


# ---- threads -------------------------------------------------------------------------------------------------------


def conversation(parents):
    """A conversation of utterances "0", "1", … that answer the ones given."""
    return Conversation("c", "C", tuple(Utterance(str(n), "c", "words", reply_to=p) for n, p in enumerate(parents)))


def read(parents):
    return [(turn.utterance.id, turn.depth) for turn in build_thread(conversation(parents), []).turns]


SHAPES = {
    "a tree": ([None, "0", "1", "0", "1"], [("0", 0), ("1", 1), ("2", 2), ("4", 2), ("3", 1)]),
    "an orphan under the post": ([None, "0", "gone"], [("0", 0), ("1", 1), ("2", 1)]),
    "answers before what they answer": (["1", None], [("1", 0), ("0", 1)]),
    "no post, only orphans": (["gone", "0", "lost"], [("0", 0), ("1", 1), ("2", 1)]),
    "an orphan listed after its answer": (["1", "gone"], [("1", 0), ("0", 1)]),
    "two that answer nothing": ([None, None, "0"], [("0", 0), ("2", 1), ("1", 0)]),
    "nothing": ([], []),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_threads_are_read_in_order(shape):
    parents, expected = SHAPES[shape]
    assert read(parents) == expected


def test_a_very_deep_thread_is_no_problem():
    deep = read([None, *map(str, range(100_000))])
    assert len(deep) == 100_001 and deep[-1] == ("100000", 100_000)


@given(st.lists(st.one_of(st.none(), st.integers(0, 15).map(str)), max_size=12))
def test_every_utterance_is_read_once_and_after_what_it_answers(parents):
    try:
        built = conversation(parents)
    except CyclicReplies:
        return
    turns = build_thread(built, []).turns
    places = {turn.utterance.id: place for place, turn in enumerate(turns)}
    assert sorted(places) == sorted(utterance.id for utterance in built.utterances) and len(places) == len(turns)
    for turn in turns:
        parent = turn.utterance.reply_to
        if parent in places:
            assert places[parent] < places[turn.utterance.id]
            assert turn.depth == turns[places[parent]].depth + 1


def test_claims_stand_with_their_utterance_in_order_of_place():
    built = Conversation("c", "C", (Utterance("0", "c", "One. Two."), Utterance("1", "c", "Three.", reply_to="0")))
    places = [("1", 0, 6, "Three."), ("0", 5, 9, "Two."), ("0", 0, 4, "One.")]
    claims = [Claim(make_claim_id(*place), place[0], place[1], place[2], place[3], place[3]) for place in places]
    shown = ThreadJson.dump(build_thread(built, claims))
    assert [[claim["text"] for claim in turn["claims"]] for turn in shown["utterances"]] == [
        ["One.", "Two."],
        ["Three."],
    ]
