"""A base that an older version made opens, answers as it did, and is brought up to date without losing anything."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from corpus import migrations
from corpus.errors import WrongVersion
from corpus.model import Status
from corpus.record import Record
from corpus.serialization import compute_digest
from ingest.extractor import name_extractor
from ingest.pipeline import extract
from ingest.upgrade import extract_again, is_outdated
from ui.base_location import BaseLocation
from ui.server.served_base import keep_up_to_date

BASES = Path(__file__).parent / "bases"
GONE = "bets-p"  # a conversation of the old base


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bases")
    with tarfile.open(BASES / "2026-11.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "base-2026-11"


@pytest.fixture
def old_base(unpacked, tmp_path):
    """A folder as the version of November 2026 left it: schema 1, readings written as lists, no sentences."""
    return Path(shutil.copytree(unpacked, tmp_path / "kb"))


@pytest.fixture(scope="module")
def held(unpacked):
    """What the file of the old base says, as plain SQL reads it."""
    with closing(sqlite3.connect(f"file:{unpacked / 'corpus.db'}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            table: [dict(row) for row in connection.execute(f"select * from {table}")]
            for table in ("facts", "claims", "utterances", "conversations", "readings", "quotations", "definitions")
        }


def ask(folder, *words):
    command = [sys.executable, "-c", "from ui.cli.app import main; main()", "--kb", str(folder), *words, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def schema(folder):
    with closing(sqlite3.connect(folder / "corpus.db")) as connection:
        tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
        [(version,)] = connection.execute("select value from facts where name = 'schema'")
        return int(version), tables


@pytest.mark.parametrize("read_only", [True, False])
def test_every_row_of_the_old_record_is_there(old_base, held, read_only):
    with Record.open(old_base / "corpus.db", read_only=read_only) as record:
        assert record.generation == 8
        assert sorted(record.list_conversations()) == sorted(row["id"] for row in held["conversations"])
        claims = [claim for id_ in record.list_conversations() for claim in record.list_claims_of(id_)]
        assert {(claim.id, claim.utterance_id, claim.start, claim.end, claim.text) for claim in claims} == {
            (row["id"], row["utterance_id"], row["start"], row["end"], row["text"]) for row in held["claims"]
        }
        assert len(claims) == 615
        utterances = record.get_utterances(row["id"] for row in held["utterances"])
        for row in held["utterances"]:
            kept = utterances[row["id"]]
            assert (kept.text, kept.status.value) == (row["text"], row["status"])
            passages = [[p.kind.value, p.start, p.end, p.note, p.inline] for p in kept.passages]
            assert passages == json.loads(row["passages"])
        assert sum(len(record.list_quotations_of(id_)) for id_ in record.list_conversations()) == len(
            held["quotations"]
        )
        assert sum(len(record.list_definitions_of(id_)) for id_ in record.list_conversations()) == len(
            held["definitions"]
        )
        assert record.check() == []


def test_the_readings_are_read_as_they_were_and_their_digests_stay(old_base, held):
    with Record.open(old_base / "corpus.db") as record:
        digests = {row["id"]: row["digest"] for row in held["conversations"]}
        assert {id_: compute_digest(record.merge_readings(id_)) for id_ in digests} == digests


def test_the_commands_answer_from_an_old_base(old_base, held):
    hits = ask(old_base, "search", "what is an agent", "--limit", "5")
    assert len(hits) == 5
    assert {hit["id"] for hit in hits} <= {row["id"] for row in held["claims"]}
    [verified] = ask(old_base, "verify")
    assert verified["problems"] == []
    assert verified["claims"] == 615
    mismatches = ask(old_base, "mismatches", "--limit", "5")
    assert len(mismatches) == 5
    with Record.open(old_base / "corpus.db") as record:
        assert not is_outdated(record)  # read out again on the way, since the analyses read what this version reads out


def test_what_vanished_from_its_site_is_kept(old_base, held):
    words = {row["id"]: row["text"] for row in held["utterances"] if row["conversation_id"] == GONE}
    with Record.open(old_base / "corpus.db") as record:
        record.mark_vanished("samples/convokit", kept=["oversight-p"], extract=extract, extractor=name_extractor())
        gone = record.get_conversation(GONE)
        assert {utterance.id: utterance.text for utterance in gone.utterances} == words
        assert {utterance.status for utterance in gone.utterances} == {Status.DELETED}


def test_what_was_read_out_is_read_out_again_and_what_was_interrupted_goes_on(old_base, held):
    class Interrupted(BaseException):
        pass

    def interrupt(done, total):
        if done == 3:
            raise Interrupted

    with Record.open(old_base / "corpus.db") as record:
        assert is_outdated(record)
        everything, speakers = list(record.list_conversations()), record.list_speakers()
        assert not any(record.get_sentences_of(id_) for id_ in everything)
        with pytest.raises(Interrupted):
            extract_again(record, interrupt)
        told = []
        extract_again(record, lambda done, total: told.append((done, total)))
        assert told == [(n, len(everything) - 3) for n in range(1, len(everything) - 2)]
        assert not is_outdated(record)
        for id_ in everything:
            spoken = {claim.utterance_id for claim in record.list_claims_of(id_)}
            assert spoken <= record.get_sentences_of(id_).keys()
        assert [one.speaker for one in record.list_speakers()] == [one.speaker for one in speakers]
        before = record.generation
        extract_again(record)
        assert record.generation == before


def test_a_migration_killed_in_the_middle_never_happened_and_the_next_opening_runs_it(old_base, monkeypatch):
    whole = migrations.MIGRATIONS

    def break_off(connection):
        whole[0].run(connection)
        raise RuntimeError("killed")

    monkeypatch.setattr(migrations, "MIGRATIONS", (migrations.Migration(2, "broken off", break_off), *whole[1:]))
    for read_only in (True, False):
        with pytest.raises(RuntimeError, match="killed"):
            Record.open(old_base / "corpus.db", read_only=read_only)
        version, tables = schema(old_base)
        assert version == 1
        assert "sentences" not in tables
    monkeypatch.setattr(migrations, "MIGRATIONS", whole)
    with Record.open(old_base / "corpus.db", read_only=True) as record:
        assert record.count()["claims"] == 615
        assert record.get_sentences_of(GONE) == {}
    assert schema(old_base)[0] == migrations.SCHEMA_VERSION


def test_a_migrated_record_has_the_tables_of_a_new_one(old_base, tmp_path):
    def shape(path):
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("select name from sqlite_master where name not like 'sqlite_%'").fetchall()
            names = [name for (name,) in rows]
            return {name: sorted(connection.execute(f"pragma table_info({name})").fetchall()) for name in names}

    for path in (old_base / "corpus.db", tmp_path / "new.db"):
        Record.open(path).close()
    assert shape(old_base / "corpus.db") == shape(tmp_path / "new.db")


def test_a_record_of_a_newer_program_is_refused_by_name(tmp_path):
    Record.open(tmp_path / "corpus.db").close()
    with closing(sqlite3.connect(tmp_path / "corpus.db")) as connection:
        connection.execute("update facts set value = '99' where name = 'schema'")
        connection.commit()
    for read_only in (True, False):
        with pytest.raises(WrongVersion, match="schema 99"):
            Record.open(tmp_path / "corpus.db", read_only=read_only)


def test_a_served_base_answers_while_another_process_reads_again(old_base):
    with (
        BaseLocation(old_base).open(purpose="tests") as knowledge,
        keep_up_to_date(knowledge),
        knowledge.open_record() as record,
    ):
        started = time.monotonic()
        assert knowledge.people.list().items
        assert is_outdated(record)
        while is_outdated(record) and time.monotonic() - started < 120:
            time.sleep(0.5)
        assert not is_outdated(record)
        assert record.get_sentences_of(GONE)
