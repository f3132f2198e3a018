"""One person: definitions, credences, changes of mind and agreement, all verbatim; nobody is merged by their name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from corpus.model import Claim, Conversation, Definition, Passage, PassageKind, Speaker, Utterance, make_claim_id
from corpus.record import Extraction, Record, SpeakerCount
from index.knowledge_base import KnowledgeBase
from index.people.directory import SpeakerDirectory, normalize_profile_url
from index.people.opinion_changes import ChangeKind, find_changes
from index.people.reply_stances import Reaction, classify_opening, find_stance
from index.wire.people import PortraitJson
from ingest.sentences import parse_sentences

DAY = datetime(2024, 3, 1, 12, tzinfo=UTC)
DAGNY = Speaker("one:dagny", "Dagny Holt", "one", "https://www.lesswrong.com/users/dagny-h")
AGAIN = Speaker("two:dh", "D. Holt", "two", "https://www.alignmentforum.org/users/dagny-h/")
TWIN = Speaker("three:dagny", "Dagny Holt", "three")
EMIL = Speaker("one:emil", "Emil Farr", "one")
POSTS = [
    ("a", None, DAGNY, "Small models will deceive their overseers within ten years."),
    ("b", "a", EMIL, "I disagree. Nothing of the kind has been seen."),
    ("c", "b", DAGNY, "Good point! That is true of small models."),
    ("d", "a", TWIN, "I agree."),
    ("e", "a", EMIL, "Yes, but only if nobody looks."),
    ("f", None, AGAIN, "Small models will not deceive their overseers within ten years."),
    ("g", "f", DAGNY, "By deceive I mean saying what one knows to be false."),
    ("h", "g", EMIL, "Dagny, I agree with that."),
    ("i", "g", EMIL, "Zoe, that is wrong."),
]


def whole(text):
    return (Passage(PassageKind.PARAGRAPH, 0, len(text)),)


def of(id_, text, credence):
    return Claim(
        make_claim_id(id_, 0, len(text), text), id_, 0, len(text), text, text, credence=credence, speaker=DAGNY
    )


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    utterances = tuple(
        Utterance(id_, "t", text, who, to, DAY + timedelta(days=n), passages=whole(text), url=f"https://x.test/t#{id_}")
        for n, (id_, to, who, text) in enumerate(POSTS)
    )

    def extract(read):
        claims = tuple(
            replace(of(u.id, u.text, None), speaker=u.speaker, retracted=u.id == "c") for u in read.utterances
        )
        meant = Definition("g", 0, 52, "deceive", "saying what one knows to be false", DAGNY)
        return Extraction(claims, definitions=(meant,), sentences=parse_sentences(read))

    with Record.open(folder / "corpus.db") as record:
        record.store(Conversation("t", "Deceit", utterances, "one"), source="t", rank=1, extract=extract)
    with KnowledgeBase.open(folder) as opened:
        opened.refresh()
        yield opened


@pytest.mark.parametrize(("sure", "shown"), [(1.0, (2, 1)), (0.4, (1, 0))])
def test_words_that_may_be_a_quotation_are_no_credence_or_change_of_mind(tmp_path, sure, shown):
    said = {"a": POSTS[0][3], "b": POSTS[0][3]}
    turns = tuple(
        Utterance(id_, "t", text, DAGNY, None if id_ == "a" else "a", DAY + timedelta(days=n), passages=whole(text))
        for n, (id_, text) in enumerate(said.items())
    )
    held = (of("a", said["a"], (0.9, 0.9)), replace(of("b", said["b"], (0.3, 0.3)), probability=sure))
    with Record.open(tmp_path / "corpus.db") as record:
        record.store(Conversation("t", "Deceit", turns, "one"), source="t", rank=1, extract=lambda _: Extraction(held))
    with KnowledgeBase.open(tmp_path) as opened:
        opened.refresh()
        portrait = PortraitJson.dump(opened.people.describe("one:dagny"))
    assert (len(portrait["credences"]), len(portrait["changes"])) == shown


def test_a_person_is_shown_with_what_they_define_take_back_and_change(knowledge):
    shown = PortraitJson.dump(knowledge.people.describe("one:dagny"))
    assert shown["name"] == "Dagny Holt" and shown["claims"] == 3
    (meant,) = shown["definitions"]
    assert (meant["term"], meant["text"]) == ("deceive", POSTS[6][3]) and meant["url"].startswith(
        "https://x.test/t#g:~:"
    )
    assert [hit["text"] for hit in shown["retractions"]] == [POSTS[2][3]]
    (change,) = shown["changes"]
    assert (change["kind"], change["before"]["text"], change["after"]["text"]) == ("polarity", POSTS[0][3], POSTS[5][3])
    assert shown["topics"][0] == {"label": "deceive", "claims": 3, "conversation_id": None}
    assert {"label": "Deceit", "claims": 4, "conversation_id": "t"} in shown["topics"]


def test_agreement_is_read_from_how_replies_open_and_goes_to_who_is_meant(knowledge):
    shown = PortraitJson.dump(knowledge.people.describe("one:dagny"))
    by_name = {one["id"]: one for one in shown["relations"]}
    emil = by_name["one:emil"]
    assert [(e["reaction"], e["by"], e["text"]) for e in emil["exchanges"]] == [
        ("agrees", "Emil Farr", "Dagny, I agree with that."),
        ("agrees", "Dagny Holt", "Good point!"),
        ("disagrees", "Emil Farr", "I disagree."),
    ]
    assert (emil["agreements"], emil["disagreements"]) == (2, 1)
    assert by_name["three:dagny"]["agreements"] == 1, "somebody else of the same name stays somebody else"


def test_entries_of_one_profile_are_one_person_and_names_are_no_evidence(knowledge):
    assert [one["id"] for one in PortraitJson.dump(knowledge.people.describe("one:dagny"))["same_as"]] == ["two:dh"]
    assert PortraitJson.dump(knowledge.people.describe("three:dagny"))["same_as"] == []
    counts = [
        SpeakerCount(Speaker(f"s:{n}", "Same Name", "s", url), 1, 1, 0, 1, None, None) for n, url in enumerate(URLS)
    ]
    everybody = SpeakerDirectory.from_counts(counts)
    same = {
        person.speaker.id: {one.id for one in everybody.find_same_person(person.speaker)}
        for person in everybody.persons
    }
    assert same == {"s:0": {"s:1"}, "s:1": {"s:0"}, "s:2": set(), "s:3": set(), "s:4": set(), "s:5": set()}


URLS = [
    "https://www.lesswrong.com/users/ada",
    "https://www.greaterwrong.com/users/ada",
    "https://forum.effectivealtruism.org/users/ada",
    "https://blog.example/about",
    "https://blog.example/about",
    None,
]


def test_a_broken_address_is_no_profile():
    assert normalize_profile_url(Speaker("s", "S", "s", "http://[broken")) is None
    assert normalize_profile_url(Speaker("s", "S", "s", "javascript:alert(1)")) is None


# ---- changes of mind -----------------------------------------------------------------------------------------------

DOOM = "Doom by 2040 seems near."
PAIRS = {
    "a not": ("Goals survive retraining.", "Goals do not survive retraining.", None, None, ChangeKind.POLARITY),
    "two nots": ("Goals never survive retraining.", "Goals do not survive retraining.", None, None, None),
    "another probability": (DOOM, DOOM, (0.1, 0.1), (0.5, 0.6), ChangeKind.PROBABILITY),
    "nearly the same probability": (DOOM, DOOM, (0.1, 0.1), (0.1, 0.3), None),
    "another number": ("Of these 30 goals survive.", "Of these 90 goals do not survive.", None, None, None),
    "without is no not": (
        "Agents with goals plan far ahead.",
        "Agents without goals plan far ahead.",
        None,
        None,
        None,
    ),
    "something else": ("Goals survive retraining.", "Values do not survive training runs.", None, None, None),
    "too little to tell": ("That works.", "That does not work.", None, None, None),
}


@pytest.mark.parametrize("name", PAIRS)
def test_only_the_same_proposition_can_change(name):
    first, second, before, after, kind = PAIRS[name]
    one, other = of("1", first, before), of("2", second, after)
    near = {one.id: np.array([1.0, 0.0]), other.id: np.array([0.95, (1 - 0.95**2) ** 0.5])}
    times = {one.id: DAY, other.id: DAY + timedelta(days=9)}
    found = find_changes([other, one], near, times)
    assert [change.kind for change in found] == ([kind] if kind else [])
    assert all((change.before, change.after) == (one, other) for change in found)
    assert find_changes([one, other], near, times | {other.id: None}) == []
    assert find_changes([one, other], near | {other.id: np.array([0.0, 1.0])}, times) == []


# ---- stances -------------------------------------------------------------------------------------------------------

AGREES, DISAGREES = Reaction.AGREES, Reaction.DISAGREES
OPENINGS = {
    "I agree.": AGREES,
    "Agreed! And there is more.": AGREES,
    "Yes, exactly.": AGREES,
    "Good point. I will change it.": AGREES,
    "I think you're right about this.": AGREES,
    "This seems right to me.": AGREES,
    "Ilse, I completely agree.": AGREES,
    "Hmm, that makes sense.": AGREES,
    "I disagree.": DISAGREES,
    "This seems wrong.": DISAGREES,
    "I don't think that follows.": DISAGREES,
    "No, that is another question.": DISAGREES,
    "I'm not convinced.": DISAGREES,
    "I very much doubt this.": DISAGREES,
    "That argument is obviously flawed.": DISAGREES,
    "You are mistaken about the rat.": DISAGREES,
    "Yes, but it fails on Tuesdays.": None,
    "I agree with the first half. However, the rest is wrong.": None,
    "I don't disagree.": None,
    "Is this wrong?": None,
    "Right?": None,
    "Yes?": None,
    "It would be wrong to stop here.": None,
    "The agreement was signed in May.": None,
    "I wonder who disagrees.": None,
    "": None,
    "🙂": None,
}


@pytest.mark.parametrize("opening", OPENINGS)
def test_how_a_reply_opens(opening):
    reply = Utterance("u", "c", opening, passages=whole(opening) if opening else ())
    stance = find_stance(reply, "", sentences_of(reply))
    assert (stance.reaction if stance else None) is OPENINGS[opening]


def sentences_of(reply):
    return [(sentence.start, sentence.end) for sentence in parse_sentences(Conversation("c", "", (reply,)))]


def test_the_opening_is_the_first_that_is_the_authors_own():
    text = "I agree.\n\nThis seems wrong. More words."
    quote = (
        Passage(PassageKind.QUOTE, 0, 8),
        Passage(PassageKind.PARAGRAPH, 0, 8),
        Passage(PassageKind.PARAGRAPH, 10, 39),
    )
    stance = find_stance(Utterance("u", "c", text, passages=quote), "", [(10, 27), (28, 39)])
    assert (stance.reaction, text[stance.start : stance.end]) == (DISAGREES, "This seems wrong.")


def test_a_yes_to_a_question_is_an_answer():
    yes = Utterance("u", "c", "Yes.", passages=whole("Yes."))
    assert find_stance(yes, "The goal survives.", [(0, 4)]).reaction is AGREES
    assert find_stance(yes, "Does it survive?", [(0, 4)]) is None


def test_hostile_openings_take_no_time():
    for part in ("the a ", "very ", "I don't ", "Aa ", "well, ", "that that "):
        classify_opening(part * 200, "")
