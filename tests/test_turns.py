"""Turns of a page without author marks: what is cut, what is left whole, and what reading such a page gives."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Conversation
from ingest.sources.formats import read_source
from ingest.sources.plain_text.plain_text import choose_turn_starts
from ingest.sources.source import Hints, Source
from ingest.turns.turn_starts import LIKELY_START, predict_turn_starts

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
    (found,) = read_source(Source(name="it", content=text.encode(), hints=Hints(**hints)))
    assert isinstance(found, Conversation), found
    return found


def turn_starts(paragraphs: list[str]) -> list[int]:
    return [index for index, _ in choose_turn_starts(paragraphs, predict_turn_starts(paragraphs))]


def test_a_quotation_and_its_answer_are_another_voice_than_the_post() -> None:
    begins = predict_turn_starts(POST + ANSWERS)
    assert max(begins[1 : len(POST)]) < LIKELY_START <= max(begins[len(POST) :])
    assert max(begins[1 : len(POST)]) < max(begins[len(POST) : len(POST) + 2])
    first, *others = turn_starts(POST + ANSWERS)
    assert first == 0
    assert others and min(others) >= len(POST)


def test_an_essay_is_one_turn() -> None:
    assert turn_starts(ESSAY) == [0]
    assert turn_starts(POST) == [0]


@given(st.lists(st.text(max_size=60), max_size=12))
def test_every_paragraph_has_a_probability_and_only_likely_ones_begin_a_turn(paragraphs: list[str]) -> None:
    begins = predict_turn_starts(paragraphs)
    starts = choose_turn_starts(paragraphs, begins)
    assert len(begins) == len(paragraphs) and all(0 <= probability <= 1 for probability in begins)
    assert begins[:1] in ([], [1.0])
    assert [index for index, _ in starts] == [
        index for index, probability in enumerate(begins) if index == 0 or probability >= LIKELY_START
    ]
    assert all(probability == round(begins[index], 3) for index, probability in starts)


def test_what_is_known_to_be_quoted_is_counted_as_that() -> None:
    assert predict_turn_starts(POST + ANSWERS, {len(POST)}) != predict_turn_starts(POST + ANSWERS)


def test_a_flattened_thread_is_read_as_turns_of_nobody() -> None:
    found = conversation("\n\n".join(POST + ANSWERS))
    assert len(found.utterances) >= 2
    assert {(u.speaker, u.reply_to) for u in found.utterances} == {(None, None)}
    assert found.utterances[0].begins == 1.0
    assert all(LIKELY_START <= u.begins < 1 for u in found.utterances[1:])
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
