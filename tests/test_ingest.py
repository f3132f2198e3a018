"""Ingest: sources in, attributed claims out, in whatever order and however often."""

import json
import random
from pathlib import Path

import pytest

from corpus.model import Attribution, PassageKind, Status
from corpus.record import Changes, Record
from ingest.blocks import collect_sentences, parse_blocks
from ingest.pipeline import extract_quoting, ingest, preview_ingest
from ingest.sources.fields import make_speaker
from ingest.sources.source import Failure, Hints

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A record with all the bundled samples."""
    with Record.open(tmp_path_factory.mktemp("samples") / "corpus.db") as record:
        yield record, ingest([str(SAMPLES)], record, Hints())


def contents(record):
    return (
        [record.get_conversation(id_) for id_ in record.list_conversations()],
        [record.list_claims_of(id_) for id_ in record.list_conversations()],
        [record.list_quotations_of(id_) for id_ in record.list_conversations()],
        [record.get_sentences_of(id_) for id_ in record.list_conversations()],
        record.list_speakers(),
    )


def thread(folder, name, *texts):
    """Write a ConvoKit corpus of one thread, each text answering the one before."""
    folder.mkdir()
    rows = [
        {
            "id": f"{name}{n}",
            "speaker": ["Ilse Marchetti", "Tobias Renner"][n % 2],
            "conversation_id": f"{name}0",
            "reply_to": f"{name}{n - 1}" if n else None,
            "timestamp": 1_700_000_000 + n,
            "text": text,
            "meta": {},
        }
        for n, text in enumerate(texts)
    ]
    (folder / "utterances.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(folder)


def test_the_samples_are_read_whole(base):
    record, report = base
    assert not report.failed
    assert report.conversations >= 12
    assert report.utterances >= 150
    assert record.count()["speakers"] >= 25
    assert report.claims.added == record.count()["claims"] > 500


def test_the_sentences_are_kept_in_order_and_hold_the_claims(base):
    record, _ = base
    for id_ in record.list_conversations():
        texts = {utterance.id: utterance.text for utterance in record.get_conversation(id_).utterances}
        sentences = record.get_sentences_of(id_)
        for utterance_id, spans in sentences.items():
            ends = [place for span in spans for place in span]
            assert ends == sorted(ends)
            words = [texts[utterance_id][start:end] for start, end in spans]
            assert all(words) and words == [sentence.strip() for sentence in words]
        for claim in record.list_claims_of(id_):
            assert any(start <= claim.start and claim.end <= end for start, end in sentences[claim.utterance_id])


def test_every_claim_is_a_verbatim_stretch(base):
    record, _ = base
    for id_ in record.list_conversations():
        texts = {utterance.id: utterance.text for utterance in record.get_conversation(id_).utterances}
        for claim in record.list_claims_of(id_):
            assert texts[claim.utterance_id][claim.start : claim.end] == claim.text
            for start, end in claim.spans:
                assert texts[claim.utterance_id][start:end]


def test_a_marked_quote_is_never_credited_to_the_quoter(base):
    record, _ = base
    quoted = 0
    for id_ in record.list_conversations():
        utterances = {utterance.id: utterance for utterance in record.get_conversation(id_).utterances}
        for claim in record.list_claims_of(id_):
            utterance = utterances[claim.utterance_id]
            quotes = [passage for passage in utterance.passages if passage.kind is PassageKind.QUOTE]
            if any(quote.start <= claim.start and claim.end <= quote.end for quote in quotes):
                quoted += 1
                assert claim.attribution is Attribution.QUOTED
                assert claim.quoted_by == utterance.speaker
    assert quoted >= 20


def test_an_unattributed_page_credits_nobody(base):
    record, _ = base
    flattened = [id_ for id_ in record.list_conversations() if id_.startswith("text:")]
    unnamed = [id_ for id_ in flattened if all(u.speaker is None for u in record.get_conversation(id_).utterances)]
    assert unnamed
    for id_ in unnamed:
        assert all(claim.speaker is None for claim in record.list_claims_of(id_))


def test_deleted_comments_claim_nothing(base):
    record, _ = base
    for id_ in record.list_conversations():
        gone = {u.id for u in record.get_conversation(id_).utterances if u.status is Status.DELETED}
        assert not any(claim.utterance_id in gone for claim in record.list_claims_of(id_))


def test_reading_again_changes_nothing(base):
    record, first = base
    before, generation = contents(record), record.generation
    again = ingest([str(SAMPLES)], record, Hints())
    assert again.claims == Changes(unchanged=first.claims.added)
    assert (again.conversations, again.utterances) == (first.conversations, first.utterances)
    assert contents(record) == before
    assert record.generation == generation


def test_the_order_of_sources_does_not_matter(base, tmp_path):
    record, _ = base
    files = sorted(str(path) for path in SAMPLES.iterdir() if path.is_dir())
    random.Random(3).shuffle(files)
    with Record.open(tmp_path / "corpus.db") as other:
        for name in files:
            ingest([name], other, Hints())
        assert contents(other) == contents(record)


def test_a_dry_run_shows_what_would_be_stored(base):
    record, _ = base
    seen = {}
    for read in preview_ingest([str(SAMPLES / "convokit")], Hints()):
        assert not isinstance(read, Failure)
        seen[read[0].id] = read[1]
    assert len(seen) == 2
    for id_, extraction in seen.items():
        assert list(extraction.claims) == record.list_claims_of(id_)


def test_an_edited_comment_replaces_its_claims(tmp_path):
    folder = tmp_path / "thread"
    with Record.open(tmp_path / "corpus.db") as record:
        ingest(
            [thread(folder, "t", "The model plans ahead of time.", "Nobody has shown that it plans.")], record, Hints()
        )
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        edited = thread(folder, "t", "The model plans ahead of time.", "Two papers have shown that it plans.")
        report = ingest([edited], record, Hints())
        assert report.claims == Changes(added=1, unchanged=1, removed=1)
        assert [c.text for c in record.list_claims_of("t0")][-1] == "Two papers have shown that it plans."


def test_one_bad_source_does_not_stop_the_others(tmp_path):
    (tmp_path / "cut.json").write_text('{"data": {"post": {"result": {"_id": "x"', encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\0")
    (tmp_path / "empty.txt").write_bytes(b"")
    good = thread(tmp_path / "good", "t", "The model plans ahead of time.")
    with Record.open(tmp_path / "corpus.db") as record:
        report = ingest(
            [str(tmp_path / name) for name in ("cut.json", "picture.png", "empty.txt")] + [good], record, Hints()
        )
    assert len(report.failed) == 3
    assert report.conversations == 1
    for failure, name in zip(report.failed, ("cut.json", "picture.png", "empty.txt"), strict=True):
        assert name in failure.source
        assert "\n" not in str(failure.error)


def test_somebody_elses_view_is_not_the_authors(tmp_path):
    source = thread(
        tmp_path / "thread",
        "t",
        "I think that the probe is broken, and it always was.",
        "Ilse thinks that the probe is broken. According to Amara Osei, the probe works.",
    )
    with Record.open(tmp_path / "corpus.db") as record:
        ingest([source], record, Hints())
        claims = record.list_claims_of("t0")
    own = [claim for claim in claims if claim.utterance_id == "t0"]
    told = [claim for claim in claims if claim.utterance_id == "t1"]
    assert all(claim.attribution is Attribution.OWN for claim in own)
    assert ("Ilse Marchetti", "the probe is broken") in [(claim.holder, claim.text.rstrip(".")) for claim in told]
    assert all(claim.attribution is Attribution.REPORTED for claim in told)


def test_a_quote_from_another_thread_finds_its_author_whichever_came_first(tmp_path):
    words = "A model that is never wrong about what it was asked has learned nothing about what it was not asked."
    first = thread(tmp_path / "first", "a", words)
    second = thread(tmp_path / "second", "b", f"> {words}\n\nThis was said elsewhere, and I doubt it.")
    for order in ([first, second], [second, first]):
        with Record.open(tmp_path / f"{len(list(tmp_path.iterdir()))}.db") as record:
            for source in order:
                ingest([source], record, Hints())
            quoted = [claim for claim in record.list_claims_of("b0") if claim.attribution is Attribution.QUOTED]
            assert [claim.speaker.name for claim in quoted] == ["Ilse Marchetti"]
            assert [quotation.source_utterance_id for quotation in record.list_quotations_of("b0")] == ["a0"]
            assert ingest(order, record, Hints()).claims.changed == 0


def test_a_source_found_late_leaves_what_reading_anew_would_give(base):
    record, _ = base
    late = 0
    for conversation in (record.get_conversation(id_) for id_ in record.list_conversations()):
        here = {utterance.id for utterance in conversation.utterances}
        quotations = record.list_quotations_of(conversation.id)
        late += any(quotation.source_utterance_id not in here | {None} for quotation in quotations)
        parsed = list(parse_blocks(conversation))
        anew = extract_quoting(conversation, tuple(quotations), parsed, collect_sentences(parsed))
        assert record.list_claims_of(conversation.id) == list(anew.claims)
    assert late


def test_what_its_author_took_back_is_marked_and_what_he_quotes_is_not(base):
    record, _ = base
    retracted = 0
    for id_ in record.list_conversations():
        flagged = {u.id for u in record.get_conversation(id_).utterances if u.status is Status.RETRACTED}
        for claim in record.list_claims_of(id_):
            if claim.utterance_id in flagged:
                retracted += 1
                assert claim.retracted is (claim.attribution is not Attribution.QUOTED)
    assert retracted


def test_titles_and_time_stamps_are_no_claims(tmp_path):
    with Record.open(tmp_path / "corpus.db") as record:
        text = "Risks of very large models\n\n(12:05): Larger models plan further ahead.\n\nNon-naive multiple updates."
        ingest([thread(tmp_path / "thread", "t", text)], record, Hints())
        assert [claim.text for claim in record.list_claims_of("t0")] == ["Larger models plan further ahead."]


def test_the_number_of_one_of_several_things_is_not_part_of_the_claim(tmp_path):
    with Record.open(tmp_path / "corpus.db") as record:
        text = "(1) The models plan far ahead.\n\n2) Nobody has checked it (2) or not."
        ingest([thread(tmp_path / "thread", "t", text)], record, Hints())
        texts = [claim.text for claim in record.list_claims_of("t0")]
        assert texts == ["The models plan far ahead.", "Nobody has checked it (2) or not."]


def test_who_wrote_what_follows_is_no_claim(tmp_path):
    with Record.open(tmp_path / "corpus.db") as record:
        said = "On Tue, 3 May 2011, Ana Ruiz wrote:\n\n> It is so.\n\nBo Lind <bo@e.org> wrote:\n\n> It is not."
        text = said + "\n\nI wrote it down."
        ingest([thread(tmp_path / "thread", "t", text)], record, Hints())
        claims = record.list_claims_of("t0")
        assert [claim.text for claim in claims if claim.attribution is Attribution.OWN] == ["I wrote it down."]


def test_what_anybody_thinks_is_not_what_the_addressee_thinks(tmp_path):
    with Record.open(tmp_path / "corpus.db") as record:
        texts = ("The probe finds nothing.", "There comes a point at which you think that the probe has failed.")
        ingest([thread(tmp_path / "thread", "t", *texts)], record, Hints())
        assert all(claim.attribution is Attribution.OWN for claim in record.list_claims_of("t0"))


@pytest.mark.parametrize("names", [("李雷", "韩梅梅"), ("Ольга", "Игорь"), ("!!!", "???"), ("Jos\u00e9", "Jose")])
def test_different_names_are_different_people(names):
    one, other = (make_speaker(name, "lesswrong") for name in names)
    assert one and other and one.id != other.id


def test_one_name_typed_in_two_ways_is_one_id():
    assert make_speaker("Jose\u0301").id == make_speaker("Jos\u00e9").id


def test_what_is_mine_or_theirs_is_no_term(tmp_path):
    text = "A shelf of mine is lower than yours. The theirs of the library is a shelf."
    folder = thread(tmp_path / "shelves", "t", text)
    extraction = next(extraction for _, extraction in preview_ingest([folder], Hints()))
    terms = {term for claim in extraction.claims for term in claim.terms}
    assert "shelf" in terms and not terms & {"mine", "yours", "theirs"}
