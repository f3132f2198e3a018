"""What an author has taken back is marked, with its scope, date and replacement; a live view never is."""

import time
from datetime import UTC, date, datetime

import pytest

from corpus.model import Conversation, Passage, PassageKind, Speaker, Status, Utterance
from ingest.epistemic.retraction import RetractionMark, RetractionScope, find_retractions, select_retracted_spans
from ingest.sentences import SentenceIndex, parse_sentences

ANN, BO = Speaker("pier:ann", "Ann"), Speaker("pier:bo", "Bo")


def conversation(*turns, title="Whales", passages=(), status=Status.LIVE):
    utterances = []
    for number, (speaker, text) in enumerate(turns):
        utterances.append(
            Utterance(
                f"u{number}",
                "u0",
                text,
                speaker,
                reply_to=f"u{number - 1}" if number else None,
                posted_at=datetime(2023, 12, 1, tzinfo=UTC),
                passages=passages if number == 0 else (),
                status=status if number == 0 else Status.LIVE,
            )
        )
    return Conversation("u0", title, tuple(utterances))


def read_retractions(whole):
    return find_retractions(whole, SentenceIndex(parse_sentences(whole)))


def taken_back(*turns, **more):
    """Give the words taken back, utterance by utterance."""
    whole = conversation(*turns, **more)
    text = {utterance.id: utterance.text for utterance in whole.utterances}
    spans = select_retracted_spans(read_retractions(whole))
    return {name: [text[name][start:end].strip() for start, end in places] for name, places in spans.items()}


SINGS = "Whales sing to navigate in deep water."

TAKEN = [
    ([(ANN, f"{SINGS}\n\nEdit (2024-05-01): no longer endorsed.")], {"u0": [SINGS]}),
    ([(ANN, f"{SINGS}\n\nETA: This was wrong.")], {"u0": [SINGS]}),
    ([(ANN, f"I no longer endorse this post.\n\n{SINGS} Seals bark.")], {"u0": [f"{SINGS} Seals bark."]}),
    ([(ANN, f"[Retracted: see below]\n\n{SINGS}")], {"u0": [SINGS]}),
    ([(ANN, f"{SINGS}\n\nSeals bark.\n\nEdit: I no longer endorse this point.")], {"u0": ["Seals bark."]}),
    ([(ANN, f"{SINGS} No wait, scratch that. They court.")], {"u0": [SINGS]}),
    ([(ANN, f"{SINGS}\n\nI retract the above claim.")], {"u0": [SINGS]}),
    ([(ANN, f"I no longer endorse the following answer.\n\n{SINGS}\n\nSeals bark.")], {"u0": [SINGS]}),
    (
        [(ANN, SINGS), (BO, "No."), (ANN, "I was wrong about whales singing to navigate in deep water.")],
        {"u0": [SINGS]},
    ),
    ([(ANN, SINGS), (ANN, "I no longer believe that whales sing to navigate in deep water.")], {"u0": [SINGS]}),
    ([(ANN, SINGS), (BO, "No."), (ANN, "I retract my earlier comment.")], {"u0": [SINGS]}),
    ([(None, f"{SINGS}\nEdit: No longer endorsed, see the tags.\nSeals bark.")], {"u0": [SINGS]}),
]

# (what stands above, how it is taken back, what is taken back of it)
ABOVE = [
    (f"Seals bark.\n\n{SINGS}", "I no longer endorse this point, based on the tags that Bo read.", [SINGS]),
    (f"Seals bark.\n\n{SINGS} They like it.", "Edit: I retract the paragraph above.", [f"{SINGS} They like it."]),
    (f"Seals bark.\n\n{SINGS} They like it.", "[I now retract the last sentence.]", ["They like it."]),
    (f"Crabs.\n\nSeals bark.\n\n{SINGS}", "Edit: I retract the two paragraphs above.", [f"Seals bark.\n\n{SINGS}"]),
    (f"Seals bark.\n\n{SINGS}", "Update: I don't endorse this paragraph anymore.", [SINGS]),
    (f"Seals bark.\n\n{SINGS}", "Update: I was wrong about the paragraph above.", [SINGS]),
    (f"Seals bark.\n\n{SINGS}", "Update: I have since changed my mind on this point.", [SINGS]),
    (f"Seals bark.\n\n{SINGS}", "Edit: I've now changed my mind about this, based on Bo's tags.", [SINGS]),
    (f"{SINGS} Seals bark.", "Edit: I've now changed my mind based on Bo's tags.", [f"{SINGS} Seals bark."]),
    (f"Seals bark.\n\n{SINGS}", "I no longer believe this, based on the tags.", [SINGS]),
    # A page that was wrapped: its paragraph is all of its lines, and no more than those.
    (
        "Ann\nSeals bark.\nWhales sing to navigate\nin deep water,\nas far as we know.",
        "Edit 15 Dec: I no longer endorse this point, based on tags.",
        ["Whales sing to navigate\nin deep water,\nas far as we know."],
    ),
]


@pytest.mark.parametrize(("above", "said", "words"), ABOVE)
def test_what_stands_above_is_taken_back_and_nothing_else(above, said, words):
    assert taken_back((ANN, f"{above}\n\n{said}")) == {"u0": words}
    assert taken_back((BO, "Whales?"), (ANN, f"{above}\n\n{said}\n\nCrabs click.")) == {"u1": words}


def test_what_follows_is_taken_back():
    text = f"Seals bark.\n\nEdit: I retract the paragraph below.\n\n{SINGS}\n\nCrabs click."
    assert taken_back((ANN, text)) == {"u0": [SINGS]}


def test_a_mind_changed_by_an_answer_is_about_what_was_answered_if_that_is_one_thing():
    answered = [(BO, "Whales?"), (ANN, SINGS), (BO, "The tags say no.")]
    said = "I've now changed my mind based on your tags."
    assert taken_back(*answered, (ANN, said)) == {"u1": [SINGS]}
    assert taken_back(*answered, (ANN, "I've changed my mind.")) == {}
    assert taken_back(*answered, (BO, said)) == {}
    assert taken_back((BO, "Whales?"), (ANN, f"{SINGS}\n\nSeals bark."), (BO, "No."), (ANN, said)) == {}
    assert taken_back((ANN, SINGS), (BO, "No."), (ANN, said)) == {}  # a post is more than one thing
    assert taken_back((ANN, f"Seals bark.\n\n{SINGS}\n\nEdit: {said}")) == {}


@pytest.mark.parametrize(("turns", "words"), TAKEN)
def test_words_taken_back_are_exactly_these(turns, words):
    assert taken_back(*turns) == words


NOT_TAKEN = [
    "I would retract this if you showed me data.",
    "If that is so, I retract this comment.",
    "Maybe I should retract this comment.",
    "I could be wrong about whales.",
    "I was wrong to think you had a sense of humour.",
    "I changed my mind about lunch.",
    "At one point I was wrong about what whales eat in deep water.",
    "Bo retracted his comment, and the paper was retracted.",
    "I have not changed my mind and I do not retract this comment.",
    'Bo wrote "I no longer endorse this post" yesterday.',
    "Should I say that I retract this comment?",
    "I take that back slightly.",
    "I no longer endorse some of these claims.",
    "Update (2023-05-01): the numbers are in the table now.",
    "Edit: fixed a typo.",
    "I retract the original claim that whales sing.",
]


@pytest.mark.parametrize("said", NOT_TAKEN)
def test_a_live_view_stays_live(said):
    assert taken_back((ANN, f"{SINGS} {said}")) == {}
    assert taken_back((ANN, SINGS), (BO, "Do they?"), (ANN, f"{said} Seals bark.")) == {}


def test_nobody_takes_back_another_s_words():
    assert taken_back((ANN, SINGS), (BO, "I was wrong about whales singing to navigate in deep water.")) == {}
    assert taken_back((ANN, SINGS), (BO, "I no longer endorse this post.")) == {}
    assert taken_back((ANN, SINGS), (BO, "I retract my earlier comment.")) == {}


def test_where_two_sentences_might_be_meant_neither_is_marked():
    twice = f"{SINGS} So whales sing to navigate in deep water, as I said."
    assert taken_back((ANN, twice), (ANN, "I no longer believe that whales sing to navigate in deep water.")) == {}
    assert taken_back((ANN, SINGS), (ANN, "Seals bark."), (ANN, "I retract my earlier comment.")) == {}


def test_this_post_said_in_a_comment_is_the_author_s_post():
    assert taken_back((ANN, SINGS), (ANN, "I no longer endorse this post.")) == {"u0": [SINGS]}


def test_the_site_s_flag_takes_back_all():
    (found,) = read_retractions(conversation((ANN, SINGS), status=Status.RETRACTED))
    assert (found.how, found.scope, found.target) == (
        RetractionMark.SITE,
        RetractionScope.UTTERANCE,
        (0, len(SINGS)),
    )


def test_a_title_that_says_so_takes_back_the_post():
    assert taken_back((ANN, SINGS), (BO, "Hm."), title="[Retracted] Whales") == {"u0": [SINGS]}


def test_struck_words_with_their_replacement_but_not_within_a_quotation():
    text = "The agent policy learns.\n\nThe agent wins."
    struck = Passage(PassageKind.STRUCK, 4, 9, inline=True)
    blocks = (Passage(PassageKind.PARAGRAPH, 0, 24), Passage(PassageKind.PARAGRAPH, 26, 41))
    (found,) = read_retractions(conversation((ANN, text), passages=(blocks[0], struck, blocks[1])))
    assert (text[slice(*found.target)], text[slice(*found.replaced_by)]) == ("agent", "policy learns")
    quoted = (Passage(PassageKind.QUOTE, 0, 24), blocks[0], struck, blocks[1])
    assert read_retractions(conversation((ANN, text), passages=quoted)) == []


def test_a_quoted_retraction_is_somebody_else_s():
    text = f"I retract this comment.\n\n{SINGS}"
    quote = (
        Passage(PassageKind.QUOTE, 0, 23),
        Passage(PassageKind.PARAGRAPH, 0, 23),
        Passage(PassageKind.PARAGRAPH, 25, 63),
    )
    assert taken_back((ANN, text), passages=quote) == {}


@pytest.mark.parametrize(
    ("mark", "when"),
    [
        ("Edit 15 Dec:", date(2023, 12, 15)),
        ("Edit 3 Jan:", date(2024, 1, 3)),
        ("EDIT 6/26/23:", date(2023, 6, 26)),
        ("Edit (2024-05-01):", date(2024, 5, 1)),
        ("As of September 2024,", date(2024, 9, 1)),
        ("Edit, 3 May 2021:", date(2021, 5, 3)),
        ("Edit:", None),
    ],
)
def test_the_date_given_is_read(mark, when):
    (found,) = read_retractions(conversation((ANN, f"{SINGS}\n\n{mark} I no longer endorse this claim.")))
    assert found.when == when


def test_what_replaces_it_is_told():
    text = f"{SINGS} Edit: I no longer endorse this claim. They sing to court."
    (found,) = read_retractions(conversation((ANN, text)))
    assert text[slice(*found.replaced_by)] == "They sing to court."


def test_a_correction_in_brackets_names_the_sentence_and_is_not_sure_enough_to_mark_it():
    text = "Seals bark at night [correction: at dawn]."
    (found,) = read_retractions(conversation((ANN, text)))
    assert (text[slice(*found.target)], text[slice(*found.replaced_by)]) == ("Seals bark at night", "at dawn")
    assert select_retracted_spans([found]) == {}


@pytest.mark.parametrize(
    "word", ["(", "\n", "edit ", "I no longer ", "I retract ", "[", "_", "I was wrong about ", "“"]
)
def test_long_adversarial_text_takes_time_in_proportion(word):
    began = time.perf_counter()
    find_retractions(conversation((ANN, (word * 100_000)[:50_000])), SentenceIndex(()))
    assert time.perf_counter() - began < 10
