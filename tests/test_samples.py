"""The bundled samples are read whole, by every loader, and nobody in them is credited with another's words."""

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from corpus.model import Conversation, Status, Utterance
from ingest.sources.formats import read_source
from ingest.sources.gather import gather
from ingest.sources.source import Failure, Hints

SAMPLES = Path(str(files("corpus") / "samples"))
GOLD = Path(__file__).parent.parent / "bench" / "gold" / "samples" / "gold.jsonl"


@cache
def conversations_in(file: str) -> tuple[Conversation | Failure, ...]:
    found = list(gather([str(SAMPLES / file)], Hints()))
    assert found
    return tuple(c for source in found for c in ([source] if isinstance(source, Failure) else read_source(source)))


def utterances_in(file: str) -> list[Utterance]:
    return [u for c in conversations_in(file) if isinstance(c, Conversation) for u in c.utterances]


def labels() -> list[dict]:
    return [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]


def spans() -> list[tuple[str, str, str | None, str]]:
    """(file, utterance id, speaker, text) of every label that has words."""
    rows = []
    for row in labels():
        for side in [row["a"], row["b"]] if "a" in row else [row]:
            if side.get("text"):
                speaker = side["quoted_by"] if row["label"] == "quotation" else side["speaker"]
                rows.append((row["file"], side["utterance_id"], speaker, side["text"]))
    return rows


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("file", sorted({row["file"] for row in labels()}))
def test_sample_is_read_without_a_failure(file):
    found = conversations_in(file)
    assert found and not [c for c in found if isinstance(c, Failure)]


@pytest.mark.parametrize("file", sorted({row["file"] for row in labels()}))
def test_labelled_words_stand_in_an_utterance_of_their_speaker(file):
    utterances = utterances_in(file)
    missing = []
    for _, utterance_id, speaker, text in (span for span in spans() if span[0] == file):
        holders = [u for u in utterances if plain(text) in plain(u.text)]
        names = {u.speaker.name if u.speaker else None for u in holders}
        if speaker not in names:
            missing.append((utterance_id, speaker, text, names))
    assert missing == []


def test_unsure_labels_name_utterances_that_the_loaders_make():
    made = {u.id for file in sorted({row["file"] for row in labels()}) for u in utterances_in(file)}
    unsure = [row for row in labels() if row["label"] == "unsure"]
    assert unsure and {row[side]["utterance_id"] for row in unsure for side in ("a", "b")} <= made


def test_labels_of_quotations_name_utterances_that_the_loaders_make():
    made = {u.id: u for file in sorted({row["file"] for row in labels()}) for u in utterances_in(file)}
    for row in (row for row in labels() if row["label"] == "quotation"):
        assert plain(row["text"])[:60] in plain(made[row["utterance_id"]].text), row["id"]
        assert row["source_utterance_id"] is None or row["source_utterance_id"] in made, row["id"]


def test_nobody_is_credited_where_the_source_names_nobody():
    utterances = utterances_in("plain_text/agent_thread.txt")
    assert utterances and all(u.speaker is None for u in utterances)


def test_profile_page_is_all_by_the_person_the_sidecar_names():
    utterances = utterances_in("plain_text/oksana_threlfall.txt")
    assert {u.speaker.name for u in utterances} == {"Oksana Threlfall"}
    assert not any("Load More" in u.text for u in utterances)


@pytest.mark.parametrize(
    ("file", "status", "count"),
    [
        ("lesswrong/elicitation.html", Status.RETRACTED, 1),
        ("lesswrong/latent_knowledge.html", Status.RETRACTED, 1),
        ("forum_magnum/aligned_question.json", Status.RETRACTED, 1),
        ("forum_magnum/goal.json", Status.DELETED, 1),
        ("greaterwrong/power_seeking.html", Status.DELETED, 1),
    ],
)
def test_what_was_withdrawn_is_marked_so(file, status, count):
    assert sum(u.status is status for u in utterances_in(file)) == count


@pytest.mark.parametrize(
    ("file", "count"),
    [
        ("forum_magnum/takeoff_in_meetings.json", 18),
        ("forum_magnum/aligned_question.json", 22),
        ("lesswrong/honesty.html", 18),
        ("greaterwrong/optimizer.html", 17),
        ("issarice/pause.html", 14),
        ("alignment_dataset/posts.jsonl", 3),
        ("alignment_dataset/v1_threads.jsonl", 27),
        ("convokit", 36),
    ],
)
def test_no_utterance_is_lost(file, count):
    assert len(utterances_in(file)) == count


def test_words_of_a_language_model_are_set_apart():
    machine = [
        u.text[p.start : p.end]
        for u in utterances_in("lesswrong/elicitation.html")
        for p in u.passages
        if p.kind == "machine_text"
    ]
    assert any("multifaceted concept" in text for text in machine)
    assert not any("reintroduces" in text for text in machine)


def test_everything_in_the_samples_points_nowhere_real():
    """Forum ids in the samples are invented: they begin with `smpl`."""
    for path in SAMPLES.rglob("*"):
        if path.is_file() and path.suffix in {".json", ".jsonl", ".html"}:
            ids = re.findall(r"/posts/([A-Za-z0-9]{17})\b", path.read_text(encoding="utf-8"))
            assert all(found.startswith("smpl") for found in ids), path
