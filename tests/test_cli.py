"""The command line: what it prints, on which stream, and how it ends."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from ui.cli.app import main

CROSSTALK = str(Path(sys.executable).with_name("crosstalk"))
CLAIM_FIELDS = (
    "utterance_id start end text standalone kind attribution speaker quoted_by holder certainty credence retracted "
    "terms probability spans shown kind_shown"
).split()


def crosstalk(*arguments, kb=None, stdin=None, environment=None):
    variables = os.environ | ({"CROSSTALK_KB": str(kb)} if kb else {}) | (environment or {})
    return subprocess.run([CROSSTALK, *arguments], env=variables, input=stdin, capture_output=True, timeout=120)


@pytest.fixture
def here(capsysbinary):
    """Run a command in this process, where the models are already loaded."""

    def run(*arguments, kb):
        with pytest.raises(SystemExit) as end:
            main(["--kb", str(kb), *arguments])
        out, err = capsysbinary.readouterr()
        return subprocess.CompletedProcess(arguments, end.value.code or 0, out, err)

    return run


def lines(done):
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_help_teaches_and_is_quick():
    best = 9.0
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = crosstalk("--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    said = done.stdout.decode()
    assert done.returncode == 0
    assert "crosstalk demo" in said
    assert "crosstalk ingest" in said
    assert best < 1.0  # of processor time; measured 0.2 s; a heavy import costs seconds


@pytest.mark.parametrize(
    "command",
    (
        "demo ingest claims quotations definitions search similar people thread terms mismatches check serve mcp "
        "export analyze reindex verify"
    ).split(),
)
def test_every_command_shows_an_example(command):
    assert f"crosstalk {command}" in crosstalk(command, "--help").stdout.decode()


def test_ingest_answers_with_one_object_and_reading_twice_changes_nothing(here, tmp_path, small_corpus):
    first = lines(here("ingest", str(small_corpus), kb=tmp_path))
    again = lines(here("ingest", str(small_corpus), "--json", kb=tmp_path))
    assert len(first) == len(again) == 1
    assert list(first[0]) == ["conversations", "utterances", "claims", "failed", "seconds"]
    assert list(first[0]["claims"]) == ["added", "changed", "unchanged", "removed"]
    assert first[0]["conversations"] == 2
    assert first[0]["utterances"] == 7
    added = first[0]["claims"]["added"]
    assert added >= 10
    assert again[0]["claims"] == {"added": 0, "changed": 0, "unchanged": added, "removed": 0}


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(here, tmp_path):
    good = tmp_path / "good.txt"
    good.write_text("The tide gauge is the only honest instrument in this harbour. We should trust it more.")
    (tmp_path / "empty.txt").write_bytes(b"")
    done = here("ingest", str(good), str(tmp_path / "empty.txt"), str(tmp_path / "nowhere"), kb=tmp_path / "kb")
    assert done.returncode == 0
    (report,) = (json.loads(line) for line in done.stdout.splitlines())
    assert report["conversations"] == 1
    assert sorted(Path(failure["source"]).name for failure in report["failed"]) == ["empty.txt", "nowhere"]
    complaints = done.stderr.decode().splitlines()
    assert len(complaints) == 2
    assert all(line.startswith("crosstalk: ") for line in complaints)

    nothing = here("ingest", str(tmp_path / "nowhere"), kb=tmp_path / "kb")
    assert nothing.returncode == 1
    assert b"Traceback" not in nothing.stderr


def test_a_dry_run_prints_claims_with_just_these_fields_and_stores_nothing(here, tmp_path, small_corpus):
    rows = lines(here("claims", str(small_corpus), kb=tmp_path / "kb"))
    assert all(list(row) == CLAIM_FIELDS for row in rows)
    first = next(row for row in rows if row["text"].startswith("An agent keeps its goal"))
    assert first["speaker"] == "Ilse Marchetti"
    assert not (tmp_path / "kb").exists()

    quoted = [row for row in rows if row["attribution"] == "quoted"]
    assert {row["quoted_by"] for row in quoted} == {"Tobias Renner"}
    assert {row["speaker"] for row in quoted} == {"Ilse Marchetti"}
    assert {row["speaker"] for row in rows if row["utterance_id"] == "w3"} == {None}


def test_a_dry_run_prints_quotations(here, tmp_path, small_corpus):
    rows = lines(here("quotations", str(small_corpus), kb=tmp_path))
    (quotation,) = [row for row in rows if row["how"] == "marked"]
    assert list(quotation) == (
        "utterance_id start end text how source_utterance_id speaker similarity probability".split()
    )
    assert quotation["text"] == "An agent keeps its goal only while somebody is watching it."
    assert quotation["source_utterance_id"] == "o1"
    assert quotation["speaker"] == "Ilse Marchetti"


def test_standard_input_with_hints(tmp_path):
    words = b"Every lighthouse keeper I have met distrusts the automatic lamp."
    rows = lines(crosstalk("claims", "-", "--author", "Runa Feld", "--date", "2024-05", stdin=words))
    assert {row["speaker"] for row in rows} == {"Runa Feld"}


def test_search_finds_the_right_persons_words(small_base):
    hits = lines(crosstalk("search", "an AI behaves only while it is being watched", kb=small_base))
    assert hits[0]["speaker"] == "Ilse Marchetti"
    assert hits[0]["text"].startswith("An agent keeps its goal")
    assert {"conversation", "posted_at", "karma", "url", "context", "score", "score_parts", "highlights"} <= set(
        hits[0]
    )
    assert "#:~:text=" in hits[0]["url"] or hits[0]["url"].startswith("https://forum.example/oversight#o1")


def test_search_hides_quoted_and_retracted_words_until_asked(small_base):
    hidden = lines(crosstalk("search", "what a laboratory rat wants", kb=small_base))
    shown = lines(crosstalk("search", "what a laboratory rat wants", "--include-retracted", kb=small_base))
    assert not any(hit["retracted"] for hit in hidden)
    assert shown[0]["retracted"]
    assert shown[0]["speaker"] == "Jun Takagi"

    without = lines(crosstalk("search", "agent keeps its goal while watched", kb=small_base))
    with_quotes = lines(crosstalk("search", "agent keeps its goal while watched", "--include-quotes", kb=small_base))
    assert not any(hit["attribution"] == "quoted" for hit in without)
    places = {hit["utterance_id"] for hit in with_quotes} | {
        other["utterance_id"] for hit in with_quotes for other in hit["others"]
    }
    assert "o2" in places


def test_filters(small_base):
    by_name = lines(crosstalk("search", "goal", "--speaker", "amara osei", "--mode", "dense", kb=small_base))
    assert {hit["speaker"] for hit in by_name} == {"Amara Osei"}
    late = lines(crosstalk("search", "corrigibility", "--since", "2024-03-06", "--until", "2024-03-07", kb=small_base))
    assert {hit["utterance_id"] for hit in late} == {"w2"}
    one = lines(crosstalk("search", "corrigibility", "--limit", "1", "--json", kb=small_base))
    assert len(one) == 1


def test_no_results_is_no_failure(small_base):
    done = crosstalk("search", "goal", "--speaker", "Nobody Here", kb=small_base)
    assert (done.returncode, done.stdout) == (0, b"")


def test_similar_people_and_thread(small_base):
    (hit,) = lines(crosstalk("search", "lets itself be switched off", "--limit", "1", kb=small_base))
    near = lines(crosstalk("similar", hit["id"], "--limit", "3", kb=small_base))
    assert hit["id"] not in {row["id"] for row in near}
    assert near

    people = lines(crosstalk("people", kb=small_base))
    assert {row["name"] for row in people} == {"Ilse Marchetti", "Tobias Renner", "Amara Osei", "Jun Takagi"}
    (ilse,) = lines(crosstalk("people", "ilse", kb=small_base))
    assert ilse["quoted"] >= 1

    turns = lines(crosstalk("thread", "o3", kb=small_base))
    assert [(turn["id"], turn["depth"]) for turn in turns] == [("o1", 0), ("o2", 1), ("o3", 2), ("o4", 1)]
    for turn in turns:
        for claim in turn["claims"]:
            assert turn["text"][claim["start"] : claim["end"]] == claim["text"]


TERM_FIELDS = "term aliases uses speakers contested senses".split()
SENSE_FIELDS = "label definitions usages speakers".split()
MISMATCH_FIELDS = "id term score kind noticed why a b conversation terms certainty also admitted".split()
SIDE_FIELDS = "speaker utterance_id start end text sense role".split()


def test_terms_and_mismatches_have_the_promised_fields(here, talk_base, copy_of):
    kb = copy_of(talk_base)
    terms = lines(here("terms", kb=kb))
    assert [term["term"] for term in terms] == ["corrigibility", "oversight"]
    assert all(set(TERM_FIELDS) <= set(term) for term in terms)
    senses = lines(here("terms", "Corrigible", kb=kb))
    assert [sense["speakers"] for sense in senses] == [["Amara Osei"], ["Jun Takagi"]]
    assert all(set(SENSE_FIELDS) <= set(sense) for sense in senses)
    (found,) = lines(here("mismatches", "--term", "corrigible", "--conversation", "w2", kb=kb))
    assert set(MISMATCH_FIELDS) <= set(found)
    assert all(set(SIDE_FIELDS) <= set(found[side]) for side in ("a", "b"))
    assert lines(here("mismatches", "--term", "oversight", kb=kb)) == []
    assert len(lines(here("terms", "--limit", "1", kb=kb))) == 1


def test_a_terminal_shows_both_sides_beside_each_other(on_a_terminal, talk_base, copy_of):
    kb = copy_of(talk_base)
    status, seen = on_a_terminal("mismatches", kb=kb)
    assert status == 0
    heading = next(line for line in seen.splitlines() if "Amara Osei says what it means" in line)
    assert "Jun Takagi says what it means" in heading
    status, seen = on_a_terminal("terms", "corrigibility", kb=kb)
    assert status == 0 and "a habit of asking before acting" in seen


def test_a_draft_is_checked_from_a_file_and_from_standard_input(here, talk_base, copy_of, tmp_path):
    kb = copy_of(talk_base)
    draft = tmp_path / "draft.md"
    draft.write_text("A *corrigible* system lets itself be switched off by those who made it.")
    (found,) = lines(here("check", str(draft), kb=kb))
    (use,) = found["terms"]
    assert use["risky"] and use["others"][0]["speakers"] == ["Jun Takagi"] and use["add"]["speaker"] == "Amara Osei"
    (again,) = lines(crosstalk("check", "-", kb=kb, stdin=draft.read_bytes()))
    assert again["terms"] == found["terms"]


def test_analyze_counts_what_it_found(here, small_base, copy_of):
    (done,) = lines(here("analyze", kb=copy_of(small_base)))
    assert list(done) == ["findings", "seconds"]


def test_what_was_put_off_is_caught_up_when_it_is_asked_for(here, small_corpus, tmp_path, monkeypatch):
    from index import analyses as analysis
    from index.findings.findings_store import Finding

    ran = []

    def found(material):
        ran.append(material.record.generation)
        return {"term": [Finding("x", {}, ())]}

    monkeypatch.setattr(analysis, "list_analyses", lambda: (analysis.Analysis("terms", ("term",), found),))
    assert here("ingest", str(small_corpus), "--no-analyze", kb=tmp_path).returncode == 0
    assert here("search", "goal", kb=tmp_path).returncode == 0
    assert lines(here("people", kb=tmp_path))
    assert ran == []
    here("people", "nobody", kb=tmp_path)  # whoever is shown is shown with the terms that they use
    assert len(ran) == 1
    assert lines(here("mismatches", kb=tmp_path)) == []
    assert lines(here("mismatches", kb=tmp_path)) == []
    assert len(ran) == 1
    assert lines(here("analyze", kb=tmp_path))[0]["findings"] == {"term": 1}
    assert len(ran) == 2
    more = tmp_path / "more.txt"
    more.write_text("A lighthouse that nobody tends is a danger to the ships that trust it.")
    assert here("ingest", str(more), kb=tmp_path).returncode == 0
    assert len(ran) == 3


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["search"], 2),
        (["search", "x", "--kind", "gossip"], 2),
        (["search", "x", "--since", "yesterday"], 2),
        (["search", "x", "--limit", "0"], 2),
        (["no-such-command"], 2),
        (["ingest"], 2),
        (["export", "--format", "convokit"], 2),
        (["thread", "no-such-thread"], 1),
        (["terms", "no-such-term"], 1),
        (["mismatches", "--conversation", "no-such-thread"], 1),
        (["mismatches", "--limit", "0"], 2),
        (["check"], 2),
        (["check", "no-such-draft.md"], 1),
        (["similar", "no-such-claim"], 1),
        (["serve", "--host", "0.0.0.0", "--port", "0"], 2),
    ],
)
def test_exit_statuses(small_base, arguments, status):
    done = crosstalk(*arguments, kb=small_base)
    assert done.returncode == status, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert done.stderr.strip()
    assert not done.stdout


@pytest.mark.parametrize(
    "command",
    [
        ["search", "x"],
        ["people"],
        ["terms"],
        ["mismatches"],
        ["analyze"],
        ["verify"],
        ["export"],
        ["serve"],
        ["reindex"],
    ],
)
def test_a_base_that_is_not_there_says_how_to_make_one(tmp_path, command):
    done = crosstalk(*command, kb=tmp_path / "none")
    (line,) = done.stderr.decode().splitlines()
    assert done.returncode == 1
    assert "crosstalk ingest" in line
    assert not (tmp_path / "none").exists()


def test_options_of_the_base_may_stand_anywhere(small_base):
    after = lines(crosstalk("people", "--kb", str(small_base)))
    before = lines(crosstalk("--kb", str(small_base), "people"))
    assert after == before != []


def test_a_terminal_gets_a_table_and_no_control_characters_from_a_source(on_a_terminal, here, tmp_path):
    evil = tmp_path / "evil.txt"
    evil.write_text(
        "The harbour [bold red]master[/] said \x1b]0;owned\x07 that \x1b[31mboats sink\x9b2J slowly every day."
    )
    kb = tmp_path / "kb"
    assert (
        crosstalk("ingest", str(evil), "--author", "Eve \x1b[2J[blink]", "--title", "T\x1b[2J", kb=kb).returncode == 0
    )
    for command in (["search", "harbour master boats", "--include-hidden"], ["people"], ["claims", str(evil)]):
        status, seen = on_a_terminal(*command, kb=kb)
        assert status == 0
        assert not seen.lstrip().startswith("{")
        assert not any(sign in seen for sign in ("\x1b]", "\x1b[2J", "\x9b", "\x07"))
    assert "[bold red]" in on_a_terminal("search", "harbour master boats", "--include-hidden", kb=kb)[1]
    piped = crosstalk("search", "harbour master boats", "--include-hidden", kb=kb).stdout
    assert b"\x1b" not in piped
    assert "\x9b".encode() not in piped


def test_nobody_reading_is_no_failure(small_base):
    command = f"CROSSTALK_KB='{small_base}' '{CROSSTALK}' export | head -c 10 >/dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.stdout.strip() == "0"


def claims_kept(database):
    """How many claims a record holds, which another process may be about to make."""
    if not database.exists():
        return 0
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as record:
        try:
            return record.execute("SELECT count(*) FROM claims").fetchone()[0]
        except sqlite3.OperationalError:
            return 0


def test_an_interrupted_ingest_says_what_it_kept(tmp_path):
    import signal

    folder = tmp_path / "threads"
    folder.mkdir()
    (folder / "a.txt").write_text("Rope that has been wet once will never again be as strong as it was before.")
    variables = os.environ | {"CROSSTALK_KB": str(tmp_path / "kb")}
    child = subprocess.Popen(
        [CROSSTALK, "ingest", str(folder), "-"],
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Where tests run in the background of a script, children inherit that interrupts are ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    # Until the file is in the record and standard input is waited for: amid imports of C code an interrupt may abort.
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not claims_kept(tmp_path / "kb" / "corpus.db"):
        time.sleep(0.1)
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    (line,) = said.decode().splitlines()
    assert "kept" in line


def test_export_writes_everything(tmp_path, small_base):
    rows = lines(crosstalk("export", kb=small_base))
    types = [row["type"] for row in rows]
    assert types.count("conversation") == 2
    assert types.count("utterance") == 7
    texts = {row["id"]: row["text"] for row in rows if row["type"] == "utterance"}
    claims = [row for row in rows if row["type"] == "claim"]
    assert claims
    assert all(texts[row["utterance_id"]][row["start"] : row["end"]] == row["text"] for row in claims)

    to = tmp_path / "claims.csv"
    assert crosstalk("export", "--format", "csv", "--output", str(to), kb=small_base).returncode == 0
    assert to.read_bytes().startswith(b"\xef\xbb\xbf")  # else Excel takes it for the encoding of its country
    assert len(to.read_text().splitlines()) == len(claims) + 1


def test_a_convokit_export_reads_back_as_the_same(here, tmp_path, small_base):
    out = tmp_path / "out"
    assert here("export", "--format", "convokit", "--output", str(out), kb=small_base).returncode == 0
    assert here("ingest", str(out), kb=tmp_path / "kb").returncode == 0
    said = [sorted(here("export", kb=kb).stdout.splitlines()) for kb in (small_base, tmp_path / "kb")]
    assert said[0] == said[1]


def test_verify_finds_it_sound_and_reindex_changes_no_answer(here, small_base, copy_of):
    kb = copy_of(small_base)
    question = ("search", "switching a system off")
    before = [hit["id"] for hit in lines(crosstalk(*question, kb=kb))]
    (sound,) = lines(crosstalk("verify", kb=kb))
    assert sound["problems"] == []
    (rebuilt,) = lines(here("reindex", kb=kb))
    assert rebuilt["claims"] >= 10
    assert [hit["id"] for hit in lines(crosstalk(*question, kb=kb))] == before


def test_verify_names_a_claim_that_does_not_stand_where_it_should(small_base, copy_of):
    import sqlite3

    kb = copy_of(small_base)
    with sqlite3.connect(kb / "corpus.db") as connection:
        connection.execute("UPDATE utterances SET text = 'x' || text WHERE id = 'w2'")
    done = crosstalk("verify", kb=kb)
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"]
    assert b"crosstalk: " in done.stderr


@pytest.mark.parametrize("name", ["what is?", "a%20b #1"])
def test_a_base_may_be_called_anything(here, tmp_path, name):
    (tmp_path / "t.txt").write_text("I think that a weasel is a small animal, because I have seen one.")
    kb = tmp_path / name
    assert here("ingest", str(tmp_path / "t.txt"), kb=kb).returncode == 0
    assert b"weasel" in here("search", "weasel", kb=kb).stdout
    assert here("verify", kb=kb).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["t.txt", name])


def test_a_table_is_read_by_what_the_user_says_of_it(here, tmp_path):
    path = tmp_path / "survey.csv"
    path.write_text("Q1,Q2\n" + 'Ana,"I think that a weasel is a small animal."\n' * 5)
    refused = here("claims", str(path), "--json", kb=tmp_path / "kb")
    assert refused.returncode == 1
    assert b"--map" in refused.stderr
    claims = lines(here("claims", str(path), "--map", "text=Q2,speaker=Q1", "--json", kb=tmp_path / "kb"))
    assert {(claim["speaker"], claim["text"]) for claim in claims} == {
        ("Ana", "I think that a weasel is a small animal.")
    }
    assert here("claims", str(path), "--map", "Q2", kb=tmp_path / "kb").returncode == 2


def test_what_is_read_is_listed(here, tmp_path):
    kinds = lines(here("sources", "--json", kb=tmp_path / "kb"))
    assert {"table", "feed", "reddit", "zip", "plain_text"} <= {kind["name"] for kind in kinds}
