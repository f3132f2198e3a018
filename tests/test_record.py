"""The record keeps what sources said: whole or not at all, the same in whatever order it came."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BrokenRecord, CyclicReplies, DuplicateId, Malformed, NotFound
from corpus.model import (
    Claim,
    Conversation,
    Passage,
    PassageKind,
    Quotation,
    QuotationKind,
    Sentence,
    Speaker,
    Status,
    Utterance,
    make_claim_id,
)
from corpus.record import Changes, Extraction, Record
from corpus.serialization import from_bytes, to_bytes

ANA = Speaker("lesswrong:ana", "Ana Brekke", "lesswrong", "https://forum.example/users/ana")
BO = Speaker("lesswrong:bo", "Bo Lindqvist", "lesswrong")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def extract(conversation: Conversation) -> Extraction:
    """One claim an utterance: the simplest honest extraction."""
    return Extraction(
        claims=tuple(
            Claim(make_claim_id(u.id, 0, len(u.text), u.text), u.id, 0, len(u.text), u.text, u.text, speaker=u.speaker)
            for u in conversation.utterances
            if u.text and u.status is not Status.DELETED
        )
    )


def thread(*texts: str, id_: str = "lesswrong:post", speakers=(ANA, BO)) -> Conversation:
    utterances = tuple(
        Utterance(
            id=id_ if n == 0 else f"lesswrong:c{n}",
            conversation_id=id_,
            text=text,
            speaker=speakers[n % len(speakers)],
            reply_to=id_ if n else None,
            posted_at=NOON + timedelta(hours=n),
            passages=(Passage(PassageKind.PARAGRAPH, 0, len(text)),),
        )
        for n, text in enumerate(texts)
    )
    return Conversation(id_, "A thread", utterances, "lesswrong", "https://forum.example/posts/post")


@pytest.fixture
def record(tmp_path):
    with Record.open(tmp_path / "corpus.db") as record:
        yield record


def store(record, conversation, source="page", rank=10):
    return record.store(conversation, source=source, rank=rank, extract=extract, extractor="1")


def contents(record):
    return (
        [record.get_conversation(id_) for id_ in record.list_conversations()],
        [claim for id_ in record.list_conversations() for claim in record.list_claims_of(id_)],
        record.list_speakers(),
    )


def test_what_is_stored_comes_back_exactly(record):
    conversation = thread("I claim this.", "I doubt it.")
    store(record, conversation)
    assert record.get_conversation("lesswrong:post") == conversation
    assert [claim.text for claim in record.list_claims_of("lesswrong:post")] == ["I claim this.", "I doubt it."]
    assert record.get_utterances(["lesswrong:c1"])["lesswrong:c1"].speaker == BO
    assert record.count() == {"conversations": 1, "utterances": 2, "claims": 2, "speakers": 2}


def test_sentences_are_kept_and_go_with_what_they_were_read_from(record):
    conversation = thread("Yes. No.", "I doubt it.")
    sentences = (Sentence("lesswrong:post", 0, 4), Sentence("lesswrong:post", 5, 8), Sentence("lesswrong:c1", 0, 11))
    store(record, conversation)
    assert record.get_sentences_of("lesswrong:post") == {}
    record.rewrite(conversation, Extraction(sentences=sentences))
    assert record.get_sentences_of("lesswrong:post") == {"lesswrong:c1": ((0, 11),), "lesswrong:post": ((0, 4), (5, 8))}
    assert record.get_sentences_of("lesswrong:other") == {}
    record.rewrite(conversation, Extraction(sentences=sentences[2:]))
    assert record.get_sentences_of("lesswrong:post") == {"lesswrong:c1": ((0, 11),)}


def test_a_voice_is_a_persons_in_all_utterances_and_the_unattributed_have_one_each():
    said, answered, once, twice = (
        Utterance(id_, "c", "words", speaker=speaker)
        for id_, speaker in (("a", ANA), ("b", replace(ANA, name="ana")), ("d", None), ("e", None))
    )
    assert said.voice == answered.voice != once.voice != twice.voice
    claim = Claim("x", once.id, 0, 5, "words", "words")
    assert claim.voice == once.voice


def test_a_quotation_is_sure_from_seven_tenths_on():
    sure = [Quotation("a", 0, 1, QuotationKind.UNMARKED, probability=p).is_sure for p in (0.69, 0.7, 1.0)]
    assert sure == [False, True, True]


def test_reading_twice_changes_nothing(record):
    store(record, thread("a", "b"))
    before, generation = contents(record), record.generation
    again = store(record, thread("a", "b"))
    assert again.claims == Changes(unchanged=2)
    assert contents(record) == before
    assert record.generation == generation


def test_an_edited_comment_replaces_its_claims_only(record):
    store(record, thread("a", "b", "c"))
    stored = store(record, thread("a", "b!", "c"))
    assert stored.claims == Changes(added=1, unchanged=2, removed=1)
    assert [claim.text for claim in record.list_claims_of("lesswrong:post")] == ["a", "b!", "c"]


def test_a_vanished_comment_is_kept_but_marked_and_claims_nothing(record):
    store(record, thread("a", "b", "c"))
    stored = store(record, thread("a", "b"))
    assert stored.claims.removed == 1
    assert record.get_utterances(["lesswrong:c2"])["lesswrong:c2"].status is Status.DELETED
    assert record.get_utterances(["lesswrong:c2"])["lesswrong:c2"].text == "c"
    assert [claim.text for claim in record.list_claims_of("lesswrong:post")] == ["a", "b"]


def test_a_partial_reading_elsewhere_marks_nothing(record):
    store(record, thread("a", "b", "c"))
    store(record, thread("a"), source="another site", rank=5)
    assert record.get_utterances(["lesswrong:c2"])["lesswrong:c2"].status is Status.LIVE


def test_a_conversation_that_its_source_lost_is_marked(record):
    store(record, thread("a", "b"))
    store(record, thread("x", id_="lesswrong:other"))
    changes = record.mark_vanished("page", kept=["lesswrong:other"], extract=extract, extractor="1")
    assert changes.removed == 2
    assert record.count()["conversations"] == 1
    assert record.mark_vanished("page", kept=["lesswrong:other"], extract=extract, extractor="1") == Changes()


def test_the_order_of_readings_does_not_matter(tmp_path):
    readings = [
        (thread("a", "b, from the page", "c"), "page", 50),
        (thread("a", "b, from the reader"), "reader", 40),
        (replace(thread("a", "b", "c", "d"), title=""), "dataset", 20),
    ]
    seen = []
    for n, order in enumerate(permutations(readings)):
        with Record.open(tmp_path / f"{n}.db") as record:
            for conversation, source, rank in order:
                store(record, conversation, source, rank)
            seen.append(contents(record))
    assert all(other == seen[0] for other in seen)
    assert [u.text for u in seen[0][0][0].utterances] == ["a", "b, from the page", "c", "d"]


def test_an_invented_id_gives_way_to_a_real_one(record):
    named = thread("The post.", "A comment, quite long.")
    invented = replace(
        named,
        utterances=(
            named.utterances[0],
            replace(named.utterances[1], id="lesswrong:post~0123456789ab", text="A comment — quite long."),
        ),
    )
    store(record, invented, "page", 50)
    store(record, named, "api", 60)
    assert [u.id for u in record.get_conversation("lesswrong:post").utterances] == ["lesswrong:post", "lesswrong:c1"]


def test_equal_words_of_different_people_are_different_claims(record):
    people = tuple(Speaker(f"lesswrong:{n}", f"Person {n}") for n in range(50))
    store(record, thread(*["I agree"] * 50, speakers=people))
    assert len({claim.id for claim in record.list_claims_of("lesswrong:post")}) == 50


def test_a_failed_extraction_leaves_the_record_as_it_was(record):
    store(record, thread("a"))
    before = contents(record)

    def broken(conversation):
        raise Malformed("no")

    with pytest.raises(Malformed):
        record.store(thread("a", "b"), source="page", rank=10, extract=broken, extractor="1")
    assert contents(record) == before


def test_a_new_extractor_reads_everything_again(record):
    store(record, thread("a"))
    nothing = record.store(
        thread("a"), source="page", rank=10, extract=lambda conversation: Extraction(), extractor="2"
    )
    assert nothing.claims == Changes(removed=1)


def test_changes_are_told_by_generation(record):
    store(record, thread("a"))
    seen = record.generation
    assert [id_ for _, id_ in record.list_changed_since(0)] == ["lesswrong:post"]
    assert list(record.list_changed_since(seen)) == []
    store(record, thread("b", id_="lesswrong:second"))
    assert [id_ for _, id_ in record.list_changed_since(seen)] == ["lesswrong:second"]


def test_the_richest_then_latest_name_of_a_person_wins(tmp_path):
    old, new = Speaker("lesswrong:ana", "ana1999"), Speaker("lesswrong:ana", "Ana Brekke")
    first, second = thread("a", speakers=(old,)), thread("b", id_="lesswrong:second", speakers=(new,))
    later = replace(second, utterances=(replace(second.utterances[0], posted_at=NOON + timedelta(days=900)),))
    for n, order in enumerate([(first, later), (later, first)]):
        with Record.open(tmp_path / f"{n}.db") as record:
            for conversation in order:
                store(record, conversation)
            assert record.list_speakers()[0].speaker.name == "Ana Brekke"


def test_a_bare_id_of_another_corpus_is_refused(record):
    bare = replace(thread("one corpus"), id="198", utterances=(Utterance("198", "198", "one corpus"),))
    other = replace(bare, utterances=(Utterance("198", "198", "quite another corpus"),))
    store(record, bare, "corpus A")
    with pytest.raises(DuplicateId, match="198"):
        store(record, other, "corpus B")
    assert record.get_utterances(["198"])["198"].text == "one corpus"


def test_an_utterance_of_another_conversation_is_not_taken_away(record):
    store(record, thread("a", "b"))
    thief = thread("x", "y", id_="lesswrong:second")
    with pytest.raises(DuplicateId, match="lesswrong:c1"):
        store(record, thief)
    assert record.get_utterances(["lesswrong:c1"])["lesswrong:c1"].text == "b"


def test_cycles_and_doubles_are_refused_by_name():
    def utterance(id_, reply_to):
        return Utterance(id_, "c", "text", reply_to=reply_to)

    with pytest.raises(CyclicReplies, match="b"):
        Conversation("c", "t", (utterance("a", None), utterance("b", "d"), utterance("d", "b")))
    with pytest.raises(CyclicReplies):
        Conversation("c", "t", (utterance("a", "a"),))
    with pytest.raises(DuplicateId, match="a"):
        Conversation("c", "t", (utterance("a", None), utterance("a", None)))
    assert Conversation("c", "t", (utterance("a", "missing parent"),)).utterances[0].reply_to == "missing parent"


def test_a_chain_of_100_000_replies_is_no_problem():
    chain = tuple(Utterance(str(n), "c", "x", reply_to=str(n - 1) if n else None) for n in range(100_000))
    assert len(Conversation("c", "t", chain).utterances) == 100_000


def test_text_that_is_not_unicode_is_refused(record):
    with pytest.raises(Malformed):
        store(record, thread("half a pair \ud800"))
    assert record.count()["utterances"] == 0


def test_a_file_that_is_something_else_is_named(tmp_path):
    path = tmp_path / "corpus.db"
    path.write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(BrokenRecord, match=r"corpus\.db"):
        Record.open(path)


def test_nothing_there_says_what_to_do(tmp_path):
    with pytest.raises(NotFound, match="crosstalk ingest"):
        Record.open(tmp_path / "corpus.db", read_only=True)


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30)


@given(texts=st.lists(words, min_size=1, max_size=6), meta=st.dictionaries(words, words, max_size=2))
def test_any_conversation_survives_being_written(texts, meta):
    conversation = replace(thread(*texts), meta=meta)
    assert from_bytes(to_bytes(conversation)) == conversation


@given(
    versions=st.lists(
        st.tuples(st.sampled_from(["page", "api"]), st.lists(words, min_size=1, max_size=4)), min_size=1, max_size=5
    )
)
def test_the_last_version_of_each_source_decides(tmp_path_factory, versions):
    """Whatever came before, storing the same last versions again changes nothing, and spans are verbatim."""
    with Record.open(tmp_path_factory.mktemp("kb") / "corpus.db") as record:
        for source, texts in versions:
            store(record, thread(*texts), source)
        before = contents(record)
        for source, texts in {source: texts for source, texts in versions}.items():
            store(record, thread(*texts), source)
        assert contents(record) == before
        for claim in before[1]:
            assert (
                record.get_utterances([claim.utterance_id])[claim.utterance_id].text[claim.start : claim.end]
                == claim.text
            )


@pytest.mark.parametrize(
    "name", ["what is?", "a%20b", "a%", "a#b&c=d", "Über Wörter", "file:x", "a;b'c\"d", ":memory:", "~"]
)
def test_a_folder_of_any_name_holds_its_record(tmp_path, monkeypatch, name):
    folder = tmp_path / name
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    for place in (folder / "corpus.db", Path(name) / "corpus.db"):
        with Record.open(place) as record:
            record.store(thread("Weasels are small.", id_=f"lesswrong:{place}"), source="s", rank=1, extract=extract)
        with Record.open(place, read_only=True) as record:
            assert f"lesswrong:{place}" in record.list_conversations()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (folder / "corpus.db").stat().st_size
