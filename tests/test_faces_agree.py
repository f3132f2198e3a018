"""The same question through every face gives the same answer."""

import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from index.answers import Query, hit_json, person_json, thread_json
from ui.place import Place

CROSSTALK = str(Path(sys.executable).with_name("crosstalk"))
QUESTIONS = (
    {"q": "machines behave only when they are observed"},
    {"q": "corrigibility", "speaker": "Jun Takagi"},
    {"q": "goal", "kind": "assertion", "include_quotes": "true"},
    {"q": "what a rat wants", "include_retracted": "true", "mode": "dense"},
    {"q": "switch", "since": "2024-03-05", "until": "2024-03-07", "mode": "lexical"},
)


@pytest.fixture(scope="module")
def answers(small_base):
    """What the library and the command line say, before the server takes the base."""
    with Place(small_base).open(purpose="tests") as knowledge:
        said = [[hit_json(hit) for hit in knowledge.search(query(asked)).items] for asked in QUESTIONS]
        people = [person_json(person) for person in knowledge.people(None, 100, None).items]
        thread = thread_json(knowledge.thread("oversight"))
    return said, people, thread


def query(asked):
    from ui.moments import moment

    return Query(
        text=asked["q"],
        speakers=(asked["speaker"],) if "speaker" in asked else (),
        kinds=(asked["kind"],) if "kind" in asked else (),
        since=moment(asked["since"]) if "since" in asked else None,
        until=moment(asked["until"]) if "until" in asked else None,
        include_quotes="include_quotes" in asked,
        include_retracted="include_retracted" in asked,
        mode=asked.get("mode", "hybrid"),
        limit=20,
    )


def command(asked):
    options = [
        f"--{name.replace('_', '-')}" + ("" if value == "true" else f"={value}") for name, value in asked.items()
    ]
    return ["search", asked["q"], *(option for option in options if not option.startswith("--q"))]


def said_by_command(kb, *arguments):
    done = subprocess.run(
        [CROSSTALK, *arguments], env=os.environ | {"CROSSTALK_KB": str(kb)}, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


def said_by_api(server, path, **asked):
    with urllib.request.urlopen(f"{server}/v1/{path}?{urllib.parse.urlencode(asked)}", timeout=60) as answer:
        return json.load(answer)


def steady(hits):
    """Leave out what is measured anew each time."""
    return [{name: value for name, value in hit.items() if name not in ("score", "score_parts")} for hit in hits]


@pytest.fixture(scope="module")
def apart(small_base, tmp_path_factory):
    """A copy of the base for the command line, as a base that is served has one owner."""
    import shutil

    folder = tmp_path_factory.mktemp("apart") / "kb"
    shutil.copytree(small_base, folder, ignore=shutil.ignore_patterns("lock"))
    return folder


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_search(answers, apart, serving_after, number):
    asked = QUESTIONS[number]
    library = answers[0][number]
    assert library
    assert steady(said_by_command(apart, *command(asked), "--limit", "20")) == steady(library)
    assert steady(said_by_api(serving_after, "search", **asked)["items"]) == steady(library)


def test_people(answers, apart, serving_after):
    assert said_by_command(apart, "people") == answers[1]
    assert said_by_api(serving_after, "people")["items"] == answers[1]


def test_a_thread(answers, apart, serving_after):
    whole = said_by_api(serving_after, "conversations/oversight")
    assert whole["utterances"] == answers[2]["utterances"]
    turns = [
        {k: v for k, v in turn.items() if k != "conversation"} for turn in said_by_command(apart, "thread", "oversight")
    ]
    assert turns == answers[2]["utterances"]


@pytest.fixture(scope="module")
def serving_after(answers, apart, serving, tmp_path_factory):
    import shutil

    folder = tmp_path_factory.mktemp("served") / "kb"
    shutil.copytree(apart, folder, ignore=shutil.ignore_patterns("lock"))
    return serving(folder)


def test_the_page_shows_what_the_api_says(answers, small_base, monkeypatch):
    from streamlit.testing.v1 import AppTest

    from ui import shared
    from ui.web import elements

    for name, value in Place(small_base).environment().items():
        monkeypatch.setenv(name, value)
    try:
        app = AppTest.from_file(Path(elements.__file__).parent / "app.py", default_timeout=60)
        app.query_params["q"] = QUESTIONS[0]["q"]
        app.run()
        markup = "\n".join(element.proto.body for element in app.get("html"))
        shown = re.findall(r"[?]like=([0-9a-f-]{36})", markup)
        assert shown == [hit["id"] for hit in answers[0][0]]
    finally:
        shared.knowledge_here().close()
        shared.knowledge_at.cache_clear()


def test_a_second_process_is_told_who_has_the_base(serving_after, tmp_path_factory):
    (folder,) = {path.parent for path in Path(tmp_path_factory.getbasetemp()).glob("served*/kb/corpus.db")}
    done = subprocess.run([CROSSTALK, "--kb", folder, "search", "goal"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert serving_after in line
    exported = subprocess.run([CROSSTALK, "--kb", folder, "export"], capture_output=True, text=True, timeout=60)
    assert exported.returncode == 0
    assert exported.stdout
