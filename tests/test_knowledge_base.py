"""The base as a whole: it holds what the record holds, after any change and any crash, and says who has it open."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import NotFound, RecordBusy, WrongVersion
from corpus.model import Claim, Conversation, Speaker, Utterance, make_claim_id
from corpus.record import Extraction, Record
from index.answers import Query
from index.findings.findings_store import FindingsStore
from index.knowledge_base import KnowledgeBase
from index.store.base_index import BaseIndex
from index.store.sync import find_differences

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = [Speaker(f"forum:p{n}", name, "forum") for n, name in enumerate(["Ada Vance", "Boris Lind", "Chidi Ekwe"])]


def conversation(n, sentences=4):
    """A post and an answer, each of some sentences, a line each."""
    texts = [
        "\n".join(f"Sentence {s} of voice {v} in thread {n} is about subject {n * 7 + s}." for s in range(sentences))
        for v in range(2)
    ]
    utterances = tuple(
        Utterance(f"forum:t{n}.{v}", f"forum:t{n}.0", text, PEOPLE[(n + v) % 3], f"forum:t{n}.0" if v else None)
        for v, text in enumerate(texts)
    )
    return Conversation(f"forum:t{n}.0", f"Thread {n}", utterances, "forum", f"https://forum.test/t/{n}")


def by_line(read):
    """Take each line for a claim."""
    claims = []
    for utterance in read.utterances:
        start = 0
        for line in utterance.text.split("\n"):
            end = start + len(line)
            id_ = make_claim_id(utterance.id, start, end, line)
            claims.append(Claim(id_, utterance.id, start, end, line, line, speaker=utterance.speaker))
            start = end + 1
    return Extraction(tuple(claims))


def store(folder, conversations):
    folder.mkdir(exist_ok=True)
    with Record.open(folder / "corpus.db") as record:
        for one in conversations:
            record.store(one, source="test", rank=1, extract=by_line)


def meta(folder):
    return json.loads((folder / "meta.json").read_text())


@contextmanager
def opened(folder, **where):
    """Open a base; give its index, and the door over it."""
    index = BaseIndex.open(folder, **where)
    with KnowledgeBase(index, FindingsStore.open(folder / "analyses.db")) as knowledge:
        yield index, knowledge


def agrees(index):
    return find_differences(index.record, index.vectors) == (set(), set())


def test_what_the_record_changed_is_pulled_and_nothing_else_is_embedded_again(tmp_path, monkeypatch):
    store(tmp_path, [conversation(n) for n in range(3)])
    with opened(tmp_path) as (index, knowledge):
        assert knowledge.is_behind()
        assert knowledge.refresh() == 24
        assert not knowledge.is_behind() and agrees(index)
        assert knowledge.refresh() == 0

        encoded = []
        whole = index.encoder.encode
        monkeypatch.setattr(index.encoder, "encode", lambda texts, told=None: encoded.extend(texts) or whole(texts))
        first = conversation(1).utterances[1]
        edited = replace(first, text=first.text.replace("Sentence 2", "A changed sentence"))
        store(tmp_path, [replace(conversation(1), utterances=(conversation(1).utterances[0], edited))])
        assert knowledge.is_behind()
        knowledge.refresh()
        assert encoded == ["A changed sentence of voice 1 in thread 1 is about subject 9."]
        assert agrees(index)
        assert knowledge.search.find(Query("a changed sentence of voice 1")).items[0].claim.text.startswith("A changed")


def test_a_claim_that_is_taken_back_keeps_its_vector_and_disappears_from_answers(tmp_path):
    store(tmp_path, [conversation(0)])
    with KnowledgeBase.open(tmp_path) as knowledge:
        knowledge.refresh()
        said = knowledge.search.find(Query("Sentence 3 of voice 0")).items[0].claim

        def taken_back(read):
            return Extraction(tuple(replace(one, retracted=one.id == said.id) for one in by_line(read).claims))

        with Record.open(tmp_path / "corpus.db") as record:
            record.store(conversation(0), source="test", rank=1, extract=taken_back, extractor="2")
        assert said.id not in [hit.claim.id for hit in knowledge.search.find(Query("Sentence 3 of voice 0")).items]
        knowledge.refresh()
        assert said.id not in [hit.claim.id for hit in knowledge.search.find(Query("Sentence 3 of voice 0")).items]
        shown = knowledge.search.find(Query("Sentence 3 of voice 0", include_retracted=True)).items
        assert shown[0].claim.id == said.id and shown[0].claim.retracted


def test_reading_the_same_again_changes_nothing(tmp_path):
    for _ in range(2):
        store(tmp_path, [conversation(n) for n in range(2)])
        with opened(tmp_path) as (index, knowledge):
            knowledge.refresh()
            assert not knowledge.is_behind() and index.vectors.count() == 16
    assert meta(tmp_path)["generation"] == 2


def test_a_base_without_index_meta_or_with_noise_for_them_answers_as_before(tmp_path):
    store(tmp_path, [conversation(n) for n in range(3)])

    def answers():
        with opened(tmp_path) as (index, knowledge):
            if knowledge.is_behind():
                knowledge.refresh()
            assert agrees(index)
            return [(hit.claim.id, hit.score) for hit in knowledge.search.find(Query("voice 1 on subject 8")).items]

    calm = answers()
    assert len(calm) == 20
    for damage in (
        lambda: (tmp_path / "meta.json").unlink(),
        lambda: (tmp_path / "meta.json").write_text('{"schema": '),
        lambda: [path.unlink() for path in (tmp_path / "vectors").rglob("*") if path.is_file()],
        lambda: [path.write_bytes(b"\x00noise") for path in (tmp_path / "vectors").rglob("*") if path.is_file()],
    ):
        damage()
        assert answers() == calm


def test_verify_finds_what_is_missing_and_what_is_too_much(tmp_path):
    store(tmp_path, [conversation(n) for n in range(2)])
    with opened(tmp_path) as (index, knowledge):
        knowledge.refresh()
        sound = knowledge.verify()
        assert sound.problems == () and (sound.claims, sound.points, sound.conversations) == (16, 16, 2)
        some = index.record.list_claims_of("forum:t1.0")[0].id
        index.vectors.delete([some])
        assert any(some in problem for problem in knowledge.verify().problems)
        assert knowledge.reindex() == 16
        assert knowledge.verify().problems == ()


def test_a_second_process_is_told_in_one_line_who_has_the_base_and_where_to_ask(tmp_path):
    store(tmp_path, [conversation(0)])
    program = (
        "import sys; from pathlib import Path; from index.knowledge_base import KnowledgeBase\n"
        "knowledge = KnowledgeBase.open(Path(sys.argv[1]), purpose='crosstalk serve')\n"
        "print('open', flush=True); sys.stdin.readline()\n"
        "knowledge.announce('crosstalk serve', 'http://127.0.0.1:8642')\n"
        "print('told', flush=True); sys.stdin.readline()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(RecordBusy, match=rf"in use by `crosstalk serve` \(process {holder.pid}\); wait") as caught:
            KnowledgeBase.open(tmp_path)
        assert "\n" not in str(caught.value)
        holder.stdin.write("\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "told\n"
        with pytest.raises(RecordBusy, match=r"ask it at http://127\.0\.0\.1:8642"):
            KnowledgeBase.open(tmp_path)
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    KnowledgeBase.open(tmp_path).close()


def test_another_encoder_or_schema_is_refused_with_the_command_that_mends_it(tmp_path):
    store(tmp_path, [conversation(0)])
    with KnowledgeBase.open(tmp_path) as knowledge:
        knowledge.refresh()
    for change in ({"encoder": "some-other-model"}, {"size": 768}, {"schema": 99}):
        (tmp_path / "meta.json").write_text(json.dumps(meta(tmp_path) | change))
        with pytest.raises(WrongVersion, match="crosstalk reindex"):
            KnowledgeBase.open(tmp_path)
        with KnowledgeBase.open(tmp_path, rebuild=True) as knowledge:
            knowledge.reindex()
            assert knowledge.verify().problems == ()


def test_an_index_of_an_older_schema_is_begun_anew(tmp_path):
    store(tmp_path, [conversation(0)])
    with BaseIndex.open(tmp_path) as index:
        index.refresh()
        points = index.vectors.count()
    (tmp_path / "meta.json").write_text(json.dumps(meta(tmp_path) | {"schema": 1}))
    with opened(tmp_path) as (index, knowledge):
        assert index.vectors.count() == 0
        assert knowledge.is_behind()
        assert knowledge.refresh() == points > 0
        assert knowledge.verify().problems == ()


def test_the_folder_is_for_its_owner_alone(tmp_path):
    with KnowledgeBase.open(tmp_path / "new") as knowledge:
        assert knowledge.search.find(Query("anything")).items == ()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_vectors_on_a_server_and_a_record_elsewhere_answer_alike(tmp_path):
    store(tmp_path / "here", [conversation(n) for n in range(2)])
    address = os.environ.get("CROSSTALK_TEST_QDRANT_URL", ":memory:")
    asked = Query("voice 0 in thread 1")
    with KnowledgeBase.open(tmp_path / "here") as here:
        here.refresh()
        expected = [hit.claim.id for hit in here.search.find(asked).items]
    url = f"sqlite:///{tmp_path / 'here' / 'corpus.db'}"
    with opened(tmp_path / "there", vectors=address, record=url) as (index, there):
        there.refresh()
        assert [hit.claim.id for hit in there.search.find(asked).items] == expected
        assert not (tmp_path / "there" / "vectors").exists()
        index.vectors.clear()


def fill_until_killed(folder, steps):
    """In a child process, fill the index and be killed before or after one of its writes."""
    from index.store import sync as filling

    filling.BATCH = 16
    left = steps

    def disturbed(whole):
        def call(*given):
            nonlocal left
            for act in (None, lambda: whole(*given)):
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                answer = act() if act else None
            return answer

        return call

    index = BaseIndex.open(folder)
    for owner, name in ((index.vectors, "upsert"), (index.vectors, "flush"), (index, "_save_meta")):
        setattr(owner, name, disturbed(getattr(owner, name)))
    index.refresh()


def test_killed_while_filling_the_index_the_next_run_completes_it(tmp_path):
    store(tmp_path, [conversation(n, sentences=5) for n in range(12)])
    killed = 0
    for steps in (1, 2, 3, 5, 8):  # a process of its own each: a fork would inherit the threads of torch, stopped
        child = subprocess.run([sys.executable, __file__, str(tmp_path), str(steps)], timeout=120)
        killed += child.returncode == -signal.SIGKILL
    assert killed >= 3
    with opened(tmp_path) as (index, knowledge):
        knowledge.refresh()
        assert knowledge.verify().problems == ()
        assert index.vectors.count() == 120


def test_threads_are_found_by_id_by_an_utterance_and_by_address(tmp_path):
    store(tmp_path, [conversation(n) for n in range(2)])
    with KnowledgeBase.open(tmp_path) as knowledge:
        for asked in ("forum:t1.0", "forum:t1.1", "https://forum.test/t/1", "http://www.forum.test/t/1/"):
            assert knowledge.get_thread(asked).conversation.id == "forum:t1.0"
        with pytest.raises(NotFound):
            knowledge.get_thread("forum:t9.0")


if __name__ == "__main__":
    fill_until_killed(Path(sys.argv[1]), int(sys.argv[2]))
