"""The same question through every face gives the same answer."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from index.answers import Grouping, Mode, Query
from index.wire.claims import HitJson
from index.wire.drafts import CheckJson
from index.wire.people import PersonJson
from index.wire.terms import MismatchJson, TermJson, WholeTermJson
from index.wire.threads import ThreadJson
from ui.base_location import BaseLocation
from ui.draft_reading import read_draft

CROSSTALK = str(Path(sys.executable).with_name("crosstalk"))
QUESTIONS = (
    {"q": "an AI behaves only while it is being watched"},
    {"q": "corrigibility", "speaker": "Jun Takagi"},
    {"q": "goal", "kind": "assertion", "include_quotes": "true"},
    {"q": "what a rat wants", "include_retracted": "true", "mode": "dense"},
    {"q": "term:goals -thermostat speaker:marchetti since:2024-02"},
    {"q": 'oversight -"never cheap" kind:assertion', "group": "person"},
    {"q": "corrigibility", "group": "thread"},
    {"q": "switch", "since": "2024-03-05", "until": "2024-03-07", "mode": "lexical"},
)


@pytest.fixture(scope="module")
def answers(small_base):
    """What the library says."""
    with BaseLocation(small_base).open(purpose="tests") as knowledge:
        said = [[HitJson.dump(hit) for hit in knowledge.search.find(query(asked)).items] for asked in QUESTIONS]
        people = [PersonJson.dump(person) for person in knowledge.people.list(None, 100, None).items]
        thread = ThreadJson.dump(knowledge.get_thread("oversight"))
    return said, people, thread


def query(asked):
    from corpus.dates import parse_moment

    return Query(
        text=asked["q"],
        speakers=(asked["speaker"],) if "speaker" in asked else (),
        kinds=(asked["kind"],) if "kind" in asked else (),
        since=parse_moment(asked["since"]) if "since" in asked else None,
        until=parse_moment(asked["until"]) if "until" in asked else None,
        include_quotes="include_quotes" in asked,
        include_retracted="include_retracted" in asked,
        mode=Mode(asked.get("mode", "hybrid")),
        group=Grouping(asked["group"]) if "group" in asked else None,
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
def apart(small_base, copy_of):
    """A copy of the base for the command line."""
    return copy_of(small_base)


@pytest.fixture(scope="module")
def served(small_base, copy_of):
    """A copy of the base for the server."""
    return copy_of(small_base)


@pytest.fixture(scope="module")
def server(serving, served):
    """The address of the server."""
    return serving(served)


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_search(answers, apart, server, number):
    asked = QUESTIONS[number]
    library = answers[0][number]
    assert library
    assert steady(said_by_command(apart, *command(asked), "--limit", "20")) == steady(library)
    assert steady(said_by_api(server, "search", **asked)["items"]) == steady(library)


def test_people(answers, apart, server):
    assert said_by_command(apart, "people") == answers[1]
    assert said_by_api(server, "people")["items"] == answers[1]


def test_one_person_in_detail(answers, apart, server):
    (by_command,) = said_by_command(apart, "people", "marchetti")
    assert by_command["name"] == "Ilse Marchetti" and by_command["credences"][0]["credence"] == [0.7, 0.7]
    assert by_command["relations"][0]["exchanges"][0]["text"] == "I doubt that very much."
    assert said_by_api(server, "people/forum.example%3Ailse") == by_command
    assert steady_person(by_command) == next(one for one in answers[1] if one["name"] == "Ilse Marchetti")


def steady_person(detailed):
    return {
        name: detailed[name] for name in ("id name site url utterances claims quoted conversations first last".split())
    }


def test_a_query_that_cannot_be_read_is_explained_by_every_face(apart, server):
    with pytest.raises(urllib.error.HTTPError) as refused:
        said_by_api(server, "search", q="goals kind:poem")
    told = json.load(refused.value)
    assert refused.value.code == 400 and told["error"] == "wrong_query" and "prediction" in told["detail"]
    done = subprocess.run([CROSSTALK, "--kb", apart, "search", "kind:poem"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and told["detail"] in done.stderr


def test_a_thread(answers, apart, server):
    whole = said_by_api(server, "conversations/oversight")
    assert whole["utterances"] == answers[2]["utterances"]
    turns = [
        {k: v for k, v in turn.items() if k != "conversation"} for turn in said_by_command(apart, "thread", "oversight")
    ]
    assert turns == answers[2]["utterances"]


DRAFT = "A corrigible system lets itself be switched off. An agent keeps its goal only while somebody is watching it."


@pytest.fixture(scope="module")
def talk(talk_base):
    """What the library says about terms, mismatches and a draft."""
    with BaseLocation(talk_base).open(purpose="tests") as knowledge:
        return {
            "terms": [TermJson.dump(term) for term in knowledge.terms.list().items],
            "term": WholeTermJson.dump(knowledge.terms.get("corrigible")),
            "mismatches": [MismatchJson.dump(found) for found in knowledge.mismatches.list().items],
            "check": CheckJson.dump(knowledge.check(read_draft(DRAFT))),
        }


def told_to_assistants(server, name, **arguments):
    import asyncio

    from fastmcp import Client

    async def asked():
        async with Client(f"{server}/mcp") as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(asked()).structured_content


def unhurried(found):
    return found | {"took_ms": 0} | {"claims": [one | {"before": steady(one["before"])} for one in found["claims"]]}


def test_terms_and_mismatches(talk, talk_base, copy_of, talk_server):
    kb = copy_of(talk_base)
    assert said_by_command(kb, "terms") == said_by_api(talk_server, "terms")["items"] == talk["terms"]
    assert said_by_command(kb, "terms", "corrigible") == talk["term"]["senses"]
    assert said_by_api(talk_server, "terms/corrigible") == talk["term"]
    assert said_by_command(kb, "mismatches") == said_by_api(talk_server, "mismatches")["items"] == talk["mismatches"]
    assert told_to_assistants(talk_server, "find_mismatches")["items"] == talk["mismatches"]
    told = told_to_assistants(talk_server, "get_term", term="corrigible")
    assert {name: told[name] for name in talk["term"]} == talk["term"]


def test_a_draft(talk, talk_base, copy_of, talk_server, tmp_path):
    (tmp_path / "draft.md").write_text(DRAFT)
    (by_command,) = said_by_command(copy_of(talk_base), "check", str(tmp_path / "draft.md"))
    request = urllib.request.Request(f"{talk_server}/v1/check", DRAFT.encode(), {"Content-Type": "text/plain"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        by_api = json.load(answer)
    told = told_to_assistants(talk_server, "check_draft", text=DRAFT)
    told.pop("notice")
    assert unhurried(by_command) == unhurried(by_api) == unhurried(told) == unhurried(talk["check"])
    assert by_api["terms"] and by_api["claims"]


def test_assistants_find_what_everybody_finds(answers, talk_server):
    items = told_to_assistants(talk_server, "search_claims", query=QUESTIONS[0]["q"], limit=20)["items"]
    assert items
    assert [item["id"] for item in items] == [hit["id"] for hit in answers[0][0]][: len(items)]


@pytest.mark.parametrize("number", [5, 6, 7])
def test_assistants_may_ask_by_time_mode_and_group(answers, talk_server, number):
    asked = {"query" if name == "q" else name: value for name, value in QUESTIONS[number].items()}
    items = told_to_assistants(talk_server, "search_claims", limit=20, **asked)["items"]
    assert items
    assert [item["id"] for item in items] == [hit["id"] for hit in answers[0][number]][: len(items)]


def test_the_page_shows_what_the_api_says(answers, small_base, monkeypatch):
    from streamlit.testing.v1 import AppTest

    from ui.server import served_base
    from ui.web import elements

    for name, value in BaseLocation(small_base).make_environment().items():
        monkeypatch.setenv(name, value)
    try:
        app = AppTest.from_file(Path(elements.__file__).parent / "app.py", default_timeout=60)
        app.query_params["q"] = QUESTIONS[0]["q"]
        app.run()
        markup = "\n".join(element.proto.body for element in app.get("html"))
        shown = re.findall(r"[?]like=([0-9a-f-]{36})", markup)
        assert shown == [hit["id"] for hit in answers[0][0]]
    finally:
        served_base.open_served_base().close()
        served_base.open_base_at.cache_clear()


def test_the_pages_of_terms_and_mismatches_say_the_same(talk, talk_base, monkeypatch):
    from streamlit.testing.v1 import AppTest

    from ui.server import served_base
    from ui.web import elements

    for name, value in BaseLocation(talk_base).make_environment().items():
        monkeypatch.setenv(name, value)
    try:
        for view, query in (("mismatches.py", {}), ("terms.py", {"term": "corrigible"})):
            app = AppTest.from_file(Path(elements.__file__).parent / "app.py", default_timeout=60)
            for name, value in query.items():
                app.query_params[name] = value
            app.switch_page(f"views/{view}").run()
            words = re.sub(r"<[^>]+>", "", "\n".join(element.proto.body for element in app.get("html")))
            for side in ("a", "b"):
                assert talk["mismatches"][0][side]["text"] in words
                assert talk["mismatches"][0][side]["sense"] in words
            assert talk["mismatches"][0]["why"] in words
    finally:
        served_base.open_served_base().close()
        served_base.open_base_at.cache_clear()


def test_a_second_process_is_told_who_has_the_base(server, served):
    done = subprocess.run([CROSSTALK, "--kb", served, "search", "goal"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert server in line
    exported = subprocess.run([CROSSTALK, "--kb", served, "export"], capture_output=True, text=True, timeout=60)
    assert exported.returncode == 0
    assert exported.stdout


def test_what_is_ingested_while_it_is_served_is_found_soon(serving, small_base, copy_of, tmp_path):
    kb = copy_of(small_base)
    server = serving(kb)
    (tmp_path / "new.txt").write_text("Beekeepers who sing to their hives report that the bees sleep longer in winter.")
    command = [CROSSTALK, "--kb", kb, "ingest", tmp_path / "new.txt", "--author", "Runa Feld"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0
    assert json.loads(done.stdout)["claims"]["added"] >= 1
    (line,) = [line for line in done.stderr.splitlines() if "kept" in line]
    assert server in line
    deadline = time.monotonic() + 60
    speakers = set()
    while "Runa Feld" not in speakers and time.monotonic() < deadline:
        speakers = {hit["speaker"] for hit in said_by_api(server, "search", q="singing to bees")["items"]}
        time.sleep(0.5)
    assert "Runa Feld" in speakers


# ---- what people see: the same words on a terminal and on a page --------------------------------------------------


@pytest.fixture(scope="module")
def shown_base(talk_base, copy_of, replace_findings):
    """A copy of the base with findings in which there is also a cluster."""
    from corpus.model import Speaker
    from index.clusters.model import Cluster, ClusterVoice, Verbatim
    from index.findings.bodies import write_body
    from index.findings.findings_store import Finding

    folder = copy_of(talk_base)
    amara, jun = Speaker("forum.example:amara", "Amara Osei"), Speaker("forum.example:jun", "Jun Takagi")
    central = Verbatim("none", amara, "w1", 0, 20, "By corrigibility I mean")
    cluster = Cluster(
        *("c1", "corrigibility · switch", ("corrigibility",), 3, 3, 2, 1),
        *((ClusterVoice(amara, 1), ClusterVoice(jun, 1)), central, None, (), 0.0, 0.0),
    )
    bucket = Cluster(None, "unclustered", (), 1, 1, 1, 0, (ClusterVoice(jun, 1),), None, None, (), 0.0, 0.0)
    with BaseLocation(folder).open(purpose="tests") as knowledge:
        clusters = [Finding("c1", write_body(cluster), ()), Finding("unclustered", write_body(bucket), ())]
        replace_findings(knowledge, "cluster", clusters)
        replace_findings(knowledge, "clustered_claim", [])
    return folder


@pytest.fixture
def on_a_page(monkeypatch):
    """Show a page of a base; gives its markup, and lets go of the base."""
    from streamlit.testing.v1 import AppTest

    from ui.server import served_base
    from ui.web import elements

    def show(folder, view, **query):
        for name, value in BaseLocation(folder).make_environment().items():
            monkeypatch.setenv(name, value)
        app = AppTest.from_file(Path(elements.__file__).parent / "app.py", default_timeout=60)
        draft = query.pop("draft", None)
        for name, value in query.items():
            app.query_params[name] = value
        try:
            app.switch_page(f"views/{view}").run()
            if draft is not None:
                app.text_area(key="text").set_value(draft)
                app.button[0].click().run()
            assert not app.exception
            return "\n".join(element.proto.body for element in app.get("html"))
        finally:
            served_base.open_served_base().close()
            served_base.open_base_at.cache_clear()

    return show


def words_of_page(markup):
    import html

    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split()).replace(" .", ".")


def words_of_terminal(seen):
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", seen).split())


SEEN = {
    "a claim": (
        ["search", "oversight will fail within ten years", "--speaker", "ilse"],
        ("search.py", {"q": "oversight will fail within ten years", "speaker": "ilse"}),
        ["Ilse Marchetti", "70%", "2024-03-01", "prediction", "Does oversight keep a goal in place?"],
    ),
    "a person": (
        ["people", "ilse"],
        ("people.py", {"id": "forum.example:ilse"}),
        [
            "1 post or comment in 1 thread, quoted by others once, 2024-03-01",
            "Agreement and disagreement",
            "Tobias Renner : 0 agreements, 1 disagreement",
            "Probabilities they gave, newest first",
            "70%",
        ],
    ),
    "a thread": (
        ["thread", "words"],
        ("thread.py", {"id": "words"}),
        ["3 posts and comments by 2 people, ", "unattributed", "2024-03-07", "What people mean by corrigibility"],
    ),
    "a term": (
        ["terms", "corrigible"],
        ("terms.py", {"term": "corrigible"}),
        [
            "3 uses by 2 people, in 2 senses, and people differ in which they use by more than chance.",
            "Amara Osei 2×",
            "Jun Takagi says what it means",
            "a habit of asking before acting",
        ],
    ),
    "terms": (["terms"], ("terms.py", {}), ["corrigibility", "one sense"]),
    "a mismatch": (
        ["mismatches"],
        ("mismatches.py", {}),
        [
            "disagreement",
            "noticed by them",
            "possible, 91%",
            "Amara Osei says what it means",
            "a habit of asking before acting",
        ],
    ),
    "clusters": (
        ["clusters"],
        ("clusters.py", {"min_size": "1"}),
        ["corrigibility · switch", "Amara Osei", "in no cluster", "By corrigibility I mean"],
    ),
    "people": (["people"], ("people.py", {}), ["posts and comments", "quoted by others", "threads", "2024-03-02"]),
}


@pytest.mark.parametrize("what", SEEN)
def test_a_terminal_and_a_page_say_it_in_the_same_words(shown_base, on_a_terminal, on_a_page, what):
    arguments, (view, query), expected = SEEN[what]
    page = words_of_page(on_a_page(shown_base, view, **query))
    status, seen = on_a_terminal(*arguments, kb=shown_base, width=300)
    terminal = words_of_terminal(seen)
    assert status == 0
    squeezed = [re.sub(r"\s+", "", words) for words in (page, terminal)]
    for words in expected:
        assert all(re.sub(r"\s+", "", words) in each for each in squeezed), (words, page, terminal)


def test_a_terminal_and_a_page_say_the_same_of_a_draft(shown_base, on_a_terminal, on_a_page, tmp_path):
    (tmp_path / "draft.md").write_text(DRAFT)
    page = words_of_page(on_a_page(shown_base, "check.py", draft=DRAFT))
    status, seen = on_a_terminal("check", str(tmp_path / "draft.md"), kb=shown_base, width=300)
    terminal = words_of_terminal(seen)
    assert status == 0
    for words in ("1 of 1 term that people argue with may be read in another sense", "may be misread", "Jun Takagi"):
        assert words in page and words in terminal
    assert re.search("something close to [12] of 2 claims was said before", page).group() in terminal
    assert re.search("(the (only )?sense that|your draft leaves open)[^:]*", page).group().split(" 2024")[0] in terminal


ODDS = [0.3, 0.4, 0.0002, 0.5, 0.005, 0.6, 0.995, 0.7, 0.9998, 0.8, 0.25, 1 / 3, 0.0, 1.0, 0.999]
WRITTEN = "50% 0.5% 60% 99.5% 70% >99.9% 80% 25% 33.3% 0% 100% 99.9%".split()  # of the newest twelve


@pytest.fixture(scope="module")
def odds_base(tmp_path_factory):
    """A base in which one person gives a probability a day."""
    from datetime import UTC, datetime

    from corpus.model import Claim, ClaimKind, Conversation, Speaker, Utterance, make_claim_id
    from corpus.record import Extraction, Record
    from ingest.extractor import name_extractor

    vera = Speaker("odds:vera", "Vera Quist", "odds")
    utterances = [
        Utterance(
            *(f"v{day}", "odds", f"The dam near village number {day} will hold.", vera),
            posted_at=datetime(2024, 5, day, tzinfo=UTC),
        )
        for day in range(1, len(ODDS) + 1)
    ]

    def extract(_):
        claims = []
        for utterance, odds in zip(utterances, ODDS, strict=True):
            place = (utterance.id, 0, len(utterance.text), utterance.text)
            claim = Claim(
                *(make_claim_id(*place), *place, utterance.text, ClaimKind.PREDICTION),
                speaker=vera,
                credence=(odds, odds),
            )
            claims.append(claim)
        return Extraction(tuple(claims))

    folder = tmp_path_factory.mktemp("odds")
    with Record.open(folder / "corpus.db") as record:
        record.store(
            Conversation("odds", "Dams", tuple(utterances), "odds"),
            source="odds",
            rank=1,
            extract=extract,
            extractor=name_extractor(),
        )
    with BaseLocation(folder).open(purpose="tests") as knowledge:
        knowledge.refresh()
        knowledge.analyze()
    return folder


def test_the_same_probabilities_are_shown_in_the_same_order(odds_base, on_a_terminal, on_a_page):
    page = on_a_page(odds_base, "people.py", id="odds:vera")
    section = page.partition('aria-label="Probabilities they gave, newest first">')[2].partition("</section>")[0]
    status, seen = on_a_terminal("people", "vera", kb=odds_base)
    listed = words_of_terminal(seen).partition("Probabilities they gave, newest first")[2]
    listed = listed.partition("Changed their mind?")[0]
    assert status == 0
    assert re.findall(r"\d{4}-\d\d-\d\d \[([^]]+)\]", listed) == WRITTEN[::-1]
    assert re.findall(r'ct-credence"[^>]*>([^<]+)<', section.replace("&lt;", "‹").replace("&gt;", "›")) == [
        words.replace("<", "‹").replace(">", "›") for words in WRITTEN[::-1]
    ]


BARE_PAGE = (
    "The pilot was run in the autumn on two sites, and both reported within a month.\n\n"
    "wouldn't the second site simply copy what the first site reported?\n\n"
    "I agree that the second site could copy the report of the first, but they were not told of each other.\n\n"
    "A longer trial is planned for next year, with money from the county.\n"
)
SAYS_MARKS_ARE_LOST = "This copy lost its quotation marks: some paragraphs may be somebody else's words."


@pytest.fixture(scope="module")
def bare_base(tmp_path_factory):
    """A base of a page of text in which somebody answers words that are quoted without a mark, and of an essay."""
    from ingest.sources.source import Hints
    from ui.cli.ingest_commands import read_into

    folder = tmp_path_factory.mktemp("bare")
    paragraphs = BARE_PAGE.splitlines(keepends=True)
    for name, text in (("profile", BARE_PAGE), ("essay", "".join([*paragraphs[:2], *paragraphs[-1:]]))):
        (folder / f"{name}.txt").write_text(text)
        address = f"https://pilots.example/{name}"
        read_into(BaseLocation(folder / "base"), [str(folder / f"{name}.txt")], Hints(author="Orla Fenn", url=address))
    return folder / "base"


@pytest.fixture(scope="module")
def bare_server(serving, copy_of, bare_base):
    """The address of a server for a copy of that base."""
    return serving(copy_of(bare_base))


@pytest.mark.parametrize(("name", "is_lost"), [("profile", True), ("essay", False)])
def test_a_page_that_lost_its_quotation_marks_says_so(bare_base, bare_server, on_a_terminal, on_a_page, name, is_lost):
    with BaseLocation(bare_base).open(purpose="tests") as knowledge:
        ids = {heading.url: heading.id for heading in knowledge.list_conversations().items}
        id_ = ids[f"https://pilots.example/{name}"]
        assert ThreadJson.dump(knowledge.get_thread(id_))["lost_quotation_marks"] is is_lost
    assert (SAYS_MARKS_ARE_LOST in words_of_page(on_a_page(bare_base, "thread.py", id=id_))) is is_lost
    status, seen = on_a_terminal("thread", id_, kb=bare_base, width=300)
    assert status == 0
    assert (SAYS_MARKS_ARE_LOST in words_of_terminal(seen)) is is_lost
    rows = said_by_command(bare_base, "thread", id_)
    assert {row["conversation"]["lost_quotation_marks"] for row in rows} == {is_lost}
    assert said_by_api(bare_server, f"conversations/{id_}")["lost_quotation_marks"] is is_lost
