"""Turns of a page without author marks: what is cut, what is left whole, and what reading such a page gives."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Conversation
from ingest.sources import Hints, Source, read
from ingest.turns import PROBABLY, cut, turns

POST = [
    "A map of a city is useful because it leaves things out. I have spent the winter drawing one, and what follows is "
    "what I learned about leaving things out.",
    "The first thing to go is the width of the streets. On my map every street is as wide as my pen, and nobody has "
    "complained, since a reader wants to know where a street leads.",
    "The second is the names of the houses. A house has a number, and the number tells where it stands.",
    "So a map is a claim about what its reader is going to do. That is the whole of my theory.",
]
ANSWERS = [
    "So a map is a claim about what its reader is going to do.",
    "I don't think this is right. Do you really know what your readers are going to do? I bought your map and used it "
    "to wrap fish.",
    "Ha, thanks for buying it! You're right that I should have said: what most readers are going to do.",
    "every street is as wide as my pen",
    "Why not draw the width? You say nobody has complained, but did you ask anybody who drives a lorry?",
    "Good question. No, I didn't. I agree that a lorry driver would want to know it, and I'd draw one more map.",
]
ESSAY = [
    "Bread is mostly air. The baker's whole work is to get the air in and to keep it there until the crust has set.",
    "Air gets in by kneading, by folding and by yeast. Of these the yeast does the most and is paid the least.",
    "It stays in because of gluten, a net of protein which forms when wet flour is worked.",
    "A net can be too loose or too tight. A loose net tears, and the loaf lies flat; a tight net never opens.",
    "Heat sets the net. Once the crumb has passed seventy degrees nothing more will happen to it.",
    "The crust comes last, and takes its colour from sugars which the flour has set free overnight.",
    "All of this can be learned in a week, and most of it can be forgotten in another.",
]


def conversation(text: str, **hints: str) -> Conversation:
    (found,) = read(Source(name="it", content=text.encode(), hints=Hints(**hints)))
    assert isinstance(found, Conversation), found
    return found


def test_a_quotation_and_its_answer_are_another_voice_than_the_post() -> None:
    begins = cut(POST + ANSWERS)
    assert max(begins[1 : len(POST)]) < PROBABLY <= max(begins[len(POST) :])
    assert max(begins[1 : len(POST)]) < max(begins[len(POST) : len(POST) + 2])
    found = turns(POST + ANSWERS)
    assert found[0].first == 0 and found[0].last >= len(POST) - 1
    assert len(found) >= 2


def test_an_essay_is_one_turn() -> None:
    assert [(turn.first, turn.last) for turn in turns(ESSAY)] == [(0, len(ESSAY) - 1)]
    assert [(turn.first, turn.last) for turn in turns(POST)] == [(0, len(POST) - 1)]


def test_more_is_cut_where_less_is_enough() -> None:
    page = POST + ANSWERS
    sure, likely, any_ = (turns(page, least) for least in (0.9, PROBABLY, 0.01))
    assert len(sure) <= len(likely) <= len(any_)
    assert {turn.first for turn in sure} <= {turn.first for turn in likely} <= {turn.first for turn in any_}


@given(st.lists(st.text(max_size=60), max_size=12))
def test_every_paragraph_is_in_one_turn(paragraphs: list[str]) -> None:
    begins = cut(paragraphs)
    found = turns(paragraphs)
    assert len(begins) == len(paragraphs) and all(0 <= each <= 1 for each in begins)
    assert [place for turn in found for place in range(turn.first, turn.last + 1)] == list(range(len(paragraphs)))
    assert all(turn.begins == begins[turn.first] for turn in found)
    assert not found or found[0].begins == 1.0


def test_what_is_known_to_be_quoted_is_counted_as_that() -> None:
    assert cut(POST + ANSWERS, {len(POST)}) != cut(POST + ANSWERS)


def test_a_flattened_thread_is_read_as_turns_of_nobody() -> None:
    found = conversation("\n\n".join(POST + ANSWERS))
    assert len(found.utterances) >= 2
    assert {(u.speaker, u.reply_to) for u in found.utterances} == {(None, None)}
    assert found.utterances[0].begins == 1.0
    assert all(PROBABLY <= u.begins < 1 for u in found.utterances[1:])
    assert "\n\n".join(u.text for u in found.utterances) == "\n\n".join(POST + ANSWERS)
    assert all(0 <= p.start < p.end <= len(u.text) for u in found.utterances for p in u.passages)
    assert found == conversation("\n\n".join(POST + ANSWERS))
    assert len({u.id for u in found.utterances}) == len(found.utterances)


def test_what_one_person_is_known_to_have_written_is_not_cut() -> None:
    text = "\n\n".join(POST + ANSWERS)
    assert len(conversation(text, author="Ilse Marchetti").utterances) == 1
    assert len(conversation(f"On leaving out\n\nby Ilse Marchetti\n\n{text}").utterances) == 1
    assert len(conversation(f"**Bold** and **loud**\n\n{text}").utterances) == 1
    assert len(conversation("\n\n".join(ESSAY)).utterances) == 1
