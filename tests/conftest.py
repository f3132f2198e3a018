import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from hypothesis import HealthCheck, settings

settings.register_profile(
    "crosstalk", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("crosstalk")


import pytest  # noqa: E402

PEOPLE = {"ilse": "Ilse Marchetti", "tobias": "Tobias Renner", "amara": "Amara Osei", "jun": "Jun Takagi"}
# (id, answers, who, day, status, Markdown): two threads of a forum that does not exist.
THREADS = {
    "oversight": (
        "Does oversight keep a goal in place?",
        [
            ("o1", None, "ilse", 1, "live", "An agent keeps its goal only while somebody is watching it. I expect "
             "that oversight will fail within ten years; I would put 70% on it."),
            ("o2", "o1", "tobias", 2, "live", "> An agent keeps its goal only while somebody is watching it.\n\n"
             "I doubt that very much. A thermostat keeps its set point in an empty house."),
            ("o3", "o2", "amara", 3, "live", "Ilse thinks that oversight is cheap. Shutting down a reactor is never "
             "cheap for the people who live next to it."),
            ("o4", "o1", "jun", 4, "retracted", "Cheese is the only thing a laboratory rat has ever wanted."),
        ],
    ),
    "words": (
        "What people mean by corrigibility",
        [
            ("w1", None, "amara", 5, "live", "By corrigibility I mean that a system lets itself be switched off. "
             "Nothing else belongs into the word."),
            ("w2", "w1", "jun", 6, "live", "You should never train a model on its own evaluations. Corrigibility is "
             "a habit of asking before acting, not a switch."),
            ("w3", "w2", None, 7, "live", "Somebody without a name writes that interpretability research moves too "
             "slowly to matter."),
        ],
    ),
}  # fmt: skip


def conversations_of(threads, people, url="https://forum.example/{thread}", site="forum.example"):
    from datetime import UTC, datetime

    from corpus.model import Conversation, Speaker, Status, Utterance
    from ingest.markup import read_markdown

    for thread, (title, posts) in threads.items():
        utterances = []
        for id_, reply_to, who, day, status, markdown in posts:
            markup = read_markdown(markdown)
            address = f"{url.format(thread=thread)}#{id_}"
            speaker = Speaker(f"{site}:{who}", people[who], site, None) if who else None
            posted = datetime(2024, 3, day, 12, tzinfo=UTC)
            utterance = Utterance(
                *(id_, thread, markup.text, speaker, reply_to, posted, None, markup.passages, 10 + day, Status(status)),
                url=address,
            )
            utterances.append(utterance)
        yield Conversation(thread, title, tuple(utterances), site, url.format(thread=thread))


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory):
    """A ConvoKit folder with the two threads."""
    from corpus import convokit_format as convokit_export

    folder = tmp_path_factory.mktemp("corpus") / "threads"
    convokit_export.write_conversations(conversations_of(THREADS, PEOPLE), folder, "threads")
    return folder


@pytest.fixture(scope="session")
def small_base(tmp_path_factory, small_corpus):
    """A base that was made of it on the usual way in. For reading: tests share it."""
    from ingest.sources.source import Hints
    from ui.base_location import BaseLocation
    from ui.cli.ingest_commands import read_into

    folder = tmp_path_factory.mktemp("base")
    report = read_into(BaseLocation(folder), [str(small_corpus)], Hints())
    assert (report.conversations, report.utterances, report.failed) == (2, 7, ())
    return folder


@pytest.fixture(scope="session")
def replace_findings():
    """Put findings into a base that is open, in the place of all of their kind."""
    from index.findings.findings_store import FindingsStore

    def replace(knowledge, kind, findings, generation=None):
        findings_store = FindingsStore.open(knowledge.folder / "analyses.db")
        findings_store.replace(kind, findings, knowledge.generation if generation is None else generation)
        findings_store.close()

    return replace


def put_findings(knowledge, replace_findings):
    """Put into a base what a careful reader would find in the two threads, so that faces have something to show."""
    from corpus.model import Heading, Speaker
    from index.findings.bodies import write_body
    from index.findings.findings import (
        COUNTED,
        Gloss,
        Mismatch,
        MismatchKind,
        Sense,
        Share,
        Side,
        SideRole,
        Term,
        Usage,
    )
    from index.findings.findings_store import Finding

    amara, jun = (Speaker(f"forum.example:{who}", PEOPLE[who], "forum.example") for who in ("amara", "jun"))
    with knowledge.open_record() as record:
        said = record.get_utterances(["w1", "w2"])

    def place(utterance_id, words):
        start = said[utterance_id].text.index(words)
        return utterance_id, start, start + len(words), words

    own = place("w1", "By corrigibility I mean that a system lets itself be switched off.")
    other = place("w2", "Corrigibility is a habit of asking before acting, not a switch.")
    switch, habit = "a system lets itself be switched off", "a habit of asking before acting"
    senses = (
        Sense(switch, 2, (Gloss(amara, *own, switch),), (Usage(amara, *own, (3, 16)),), (Share(amara, 2),)),
        Sense(habit, 1, (Gloss(jun, *other, habit),), (Usage(jun, *other, (0, 13)),), (Share(jun, 1),)),
    )
    shares = (Share(amara, 2), Share(jun, 1))
    term = Term("corrigibility", ("corrigible",), 3, shares, 0.75, 0, 0.02, senses)
    lone = Term("oversight", (), 2, shares, 0.5, 0, None, (Sense("watching", 2, (), (), shares),))
    mismatch = Mismatch(
        *("w1-w2", "corrigibility", 0.91, MismatchKind.DISAGREEMENT, True),
        why="Amara Osei means a switch by it, Jun Takagi a habit, and says that it is not a switch",
        a=Side(amara, *own, switch, role=SideRole.SAYS),
        b=Side(jun, *other, habit, role=SideRole.SAYS),
        conversation=Heading("words", THREADS["words"][0], "https://forum.example/words", "forum.example"),
        terms=("corrigibility",),
    )
    terms = [
        Finding(one.name, write_body(one), [("name", form) for form in (one.name, *one.aliases)] + [("word", one.name)])
        for one in (term, lone)
    ]
    replace_findings(knowledge, "term", terms)
    keys = [("term", "corrigibility"), ("conversation", "words"), COUNTED]
    replace_findings(knowledge, "mismatch", [Finding(mismatch.id, write_body(mismatch), keys)])


@pytest.fixture(scope="session")
def talk_base(copy_of, small_base, replace_findings):
    """A copy of the small base in which findings were put. For reading: tests share it."""
    from ui.base_location import BaseLocation

    folder = copy_of(small_base)
    with BaseLocation(folder).open(purpose="tests") as knowledge:
        put_findings(knowledge, replace_findings)
    return folder


@pytest.fixture(scope="session")
def serving():
    """Start `crosstalk serve` on a base; gives its address. What is started ends with the session."""
    import subprocess
    import sys
    from pathlib import Path

    started = []

    def serve(folder, *options):
        command = [Path(sys.executable).with_name("crosstalk"), "--kb", folder, "serve", "--port", "0", *options]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(child)
        line = child.stdout.readline()
        assert "http://" in line, child.communicate(timeout=30)
        return next(word for word in line.split() if word.startswith("http://"))

    yield serve
    for child in started:
        child.terminate()
        child.communicate(timeout=30)


@pytest.fixture(scope="session")
def copy_of(tmp_path_factory):
    """Copy a base: one that is served, or held open, has one owner."""
    import shutil

    def copy(base):
        folder = tmp_path_factory.mktemp("copy") / "kb"
        shutil.copytree(base, folder, ignore=shutil.ignore_patterns("lock"))
        return folder

    return copy


@pytest.fixture(scope="session")
def small_server(serving, copy_of, small_base):
    """The address of a server for a copy of the small base."""
    return serving(copy_of(small_base))


@pytest.fixture(scope="session")
def talk_server(serving, copy_of, talk_base):
    """The address of a server for a copy of the base with findings."""
    return serving(copy_of(talk_base))


@pytest.fixture(scope="session")
def on_a_terminal():
    """Run a command with a terminal as its output; gives its exit status, and what a person would see."""
    import pty
    import subprocess
    import sys
    from pathlib import Path

    command = str(Path(sys.executable).with_name("crosstalk"))

    def run(*arguments, kb, width=100):
        mine, its = pty.openpty()
        variables = os.environ | {"CROSSTALK_KB": str(kb), "COLUMNS": str(width), "TERM": "xterm-256color"}
        child = subprocess.Popen([command, *arguments], env=variables, stdout=its, stderr=subprocess.PIPE)
        os.close(its)
        seen = b""
        while True:
            try:
                part = os.read(mine, 65536)
            except OSError:
                break
            if not part:
                break
            seen += part
        os.close(mine)
        child.communicate()
        return child.returncode, seen.decode()

    return run
