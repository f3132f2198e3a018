"""kill -9 at any moment of an ingest loses nothing that was acknowledged, and the next run completes it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

KILLS = 10
CROSSTALK = [str(Path(sys.executable).with_name("crosstalk"))]


def corpus(folder: Path) -> Path:
    """Write a ConvoKit corpus: 30 conversations of a post and three comments each, one of which quotes."""
    folder.mkdir()
    people = ["Ilse Marchetti", "Tobias Renner", "Amara Osei", "Jun Takagi"]
    with (folder / "utterances.jsonl").open("w", encoding="utf-8") as stream:
        for n in range(30):
            claim = f"An agent of kind {n} keeps its goal only while somebody with {n} reasons is watching it."
            texts = [
                f"{claim} That is why oversight of step {n} must not stop. I expect it to fail by {2030 + n}.",
                f"> {claim}\n\nI doubt that. In case {n} nobody watched, and the goal stayed.",
                f"What do you mean by goal number {n}? It may be a habit.",
                f"I agree with point {n}, but the habit is learned, not chosen.",
            ]
            for m, text in enumerate(texts):
                utterance = {
                    "id": f"t{n}.{m}",
                    "speaker": people[(n + m) % 4],
                    "conversation_id": f"t{n}.0",
                    "reply_to": f"t{n}.{m - 1}" if m else None,
                    "timestamp": 1_700_000_000 + 3600 * (4 * n + m),
                    "text": text,
                    "meta": {},
                }
                stream.write(json.dumps(utterance) + "\n")
    (folder / "speakers.json").write_text(json.dumps({person: {"meta": {}} for person in people}))
    conversations = {f"t{n}.0": {"meta": {"title": f"Thread {n}"}} for n in range(30)}
    (folder / "conversations.json").write_text(json.dumps(conversations))
    (folder / "corpus.json").write_text(json.dumps({"name": "kinds-of-agents"}))
    return folder


def run(kb: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"CROSSTALK_KB": str(kb)}
    return subprocess.run([*CROSSTALK, *arguments], env=environment, capture_output=True, text=True, timeout=240)


def contents(kb: Path) -> tuple[list[str], list[str]]:
    exported = run(kb, "export", "--format", "ndjson")
    found = run(kb, "search", "goal stays while nobody watches", "--include-quotes", "--limit", "50", "--json")
    assert exported.returncode == 0, exported.stderr
    assert found.returncode == 0, found.stderr
    return sorted(exported.stdout.splitlines()), [json.loads(line)["id"] for line in found.stdout.splitlines()]


def test_ten_kills_and_the_base_is_as_if_nothing_had_happened(tmp_path):
    source = corpus(tmp_path / "corpus")
    began = time.monotonic()
    done = run(tmp_path / "calm", "ingest", str(source), "--json")
    seconds = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["utterances"] == 120

    chance = random.Random(20_26)
    killed = 0
    for _ in range(KILLS):
        environment = os.environ | {"CROSSTALK_KB": str(tmp_path / "stormy")}
        child = subprocess.Popen(
            [*CROSSTALK, "ingest", str(source), "--json"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        began = time.monotonic()
        try:
            child.wait(timeout=chance.uniform(0.15, 1.0) * seconds)
            seconds = time.monotonic() - began  # what is done is not done again, so that the next is as quick
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            killed += 1
        child.wait()
    assert killed >= 3, "the ingest was too quick to be disturbed; make the corpus larger"

    finished = run(tmp_path / "stormy", "ingest", str(source), "--json")
    assert finished.returncode == 0, finished.stderr
    verified = run(tmp_path / "stormy", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert contents(tmp_path / "stormy") == contents(tmp_path / "calm")
