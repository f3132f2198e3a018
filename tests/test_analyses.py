"""Findings are kept whole, looked up by key, and replaced together."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Heading, Speaker, Stance
from corpus.term_key import make_term_key
from index.findings.bodies import read_bodies, write_body
from index.findings.findings import (
    Gloss,
    Mismatch,
    MismatchKind,
    Sense,
    Share,
    Side,
    Term,
    Usage,
)
from index.findings.findings_store import Finding, FindingsStore

ANA, BEN = Speaker("s:ana", "Ana"), Speaker("s:ben", "Ben")


def finding(id_, *keys):
    return Finding(id_, {"id": id_}, keys)


def test_findings_come_back_best_first_and_by_key(tmp_path):
    findings_store = FindingsStore.open(tmp_path / "a.db")
    findings_store.replace("term", [finding("b", ("term", "goal")), finding("a"), finding("c", ("term", "goal"))], 7)
    assert [one["id"] for one in findings_store.find("term")] == ["b", "a", "c"]
    assert [one["id"] for one in findings_store.find("term", {"term": "goal"})] == ["b", "c"]
    assert [one["id"] for one in findings_store.find("term", limit=1, offset=1)] == ["a"]
    assert findings_store.count("term") == 3 and findings_store.count("term", {"term": "goal"}) == 2
    assert findings_store.read_generation("term") == 7 and findings_store.read_generation("mismatch") == 0


def test_a_new_run_replaces_all_of_its_kind_and_nothing_else(tmp_path):
    findings_store = FindingsStore.open(tmp_path / "a.db")
    findings_store.replace("term", [finding("old", ("term", "goal"))], 1)
    findings_store.replace("mismatch", [finding("m")], 1)
    findings_store.replace("term", [finding("new")], 2)
    findings_store.close()
    again = FindingsStore.open(tmp_path / "a.db")
    assert [one["id"] for one in again.find("term")] == ["new"]
    assert again.count("term", {"term": "goal"}) == 0
    assert again.get("mismatch", "m") == {"id": "m"} and again.get("mismatch", "new") is None


def test_a_run_that_breaks_leaves_what_was_there(tmp_path):
    findings_store = FindingsStore.open(tmp_path / "a.db")
    findings_store.replace("term", [finding("old")], 1)

    def breaking():
        yield finding("new")
        raise RuntimeError

    try:
        findings_store.replace("term", breaking(), 2)
    except RuntimeError:
        pass
    assert [one["id"] for one in findings_store.find("term")] == ["old"] and findings_store.read_generation("term") == 1


def test_what_other_weights_found_is_found_again(tmp_path, monkeypatch):
    findings_store = FindingsStore.open(tmp_path / "a.db")
    findings_store.replace("term", [finding("old")], 3)
    assert findings_store.read_generation("term") == 3
    monkeypatch.setattr("index.findings.findings_store.compute_analyzer_version", lambda: 1)
    assert findings_store.read_generation("term") == 0 and [one["id"] for one in findings_store.find("term")] == ["old"]
    findings_store.replace("term", [finding("new")], 3)
    assert findings_store.read_generation("term") == 3


def test_a_broken_file_is_begun_anew(tmp_path):
    (tmp_path / "a.db").write_bytes(b"noise" * 1000)
    findings_store = FindingsStore.open(tmp_path / "a.db")
    assert findings_store.find("term") == [] and findings_store.read_generation("term") == 0


def test_the_cache_keeps_and_forgets(tmp_path):
    findings_store = FindingsStore.open(tmp_path / "a.db")
    findings_store.save_cached("stage", {str(n): b"%d" % n for n in range(1200)})
    assert findings_store.load_cached("stage", ["3", "1100", "none"]) == {"3": b"3", "1100": b"1100"}
    findings_store.drop_cached("stage", but=["3"])
    assert findings_store.load_cached("stage", ["3", "4"]) == {"3": b"3"}


def test_terms_and_mismatches_survive_their_json():
    sense = Sense(
        "what it steers to",
        2,
        (Gloss(ANA, "u:1", 0, 6, "X is Y", "Y", Stance.STATED),),
        (Usage(None, "u:2", 3, 7, "goal", (0, 4)),),
        (Share(ANA, 2), Share(None, 1)),
    )
    term = Term("goal", ("goals",), 3, (Share(ANA, 2), Share(None, 1)), 0.5, 0, 0.01, (sense,))
    assert read_bodies(Term, [write_body(term)]) == [term]
    mismatch = Mismatch(
        "m1",
        "goal",
        0.75,
        MismatchKind.IMPLICIT,
        False,
        "each defines it",
        Side(ANA, "u:1", 0, 1, "X", "one"),
        Side(BEN, "u:2", 0, 1, "Y", "other"),
        Heading("c", "title", None, "site"),
    )
    assert read_bodies(Mismatch, [write_body(mismatch)]) == [mismatch]


def test_what_another_program_kept_in_another_form_is_left_out():
    assert read_bodies(Side, [write_body(Side(ANA, "u:1", 0, 1, "X")), {"speaker": "Ana", "speaker_id": "a"}]) == [
        Side(ANA, "u:1", 0, 1, "X")
    ]


def test_forms_of_a_term_share_a_key():
    forms = (
        "utility function",
        "Utility Functions",
        "the utility-function",
        "“utility functions”",
        "utility function's",
    )
    assert {make_term_key(form) for form in forms} == {"utility function"}
    assert (
        make_term_key("LLMs") == "llm" and make_term_key("class") == "class" and make_term_key("policies") == "policy"
    )
    assert make_term_key("corrigibility") != make_term_key("corrigible")


@given(st.text())
def test_the_key_of_a_key_is_itself(words):
    assert make_term_key(make_term_key(words)) == make_term_key(words)
