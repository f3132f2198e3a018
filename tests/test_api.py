"""The HTTP API: shapes of success and failure, limits, and that no input breaks it."""

import csv
import io
import json
from types import SimpleNamespace

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from index.answers import Page
from ui.api.app import make_app
from ui.base_location import BaseLocation
from ui.exports import disarm_formula
from ui.server.middleware import is_loopback
from ui.server.serve import ServerAddress, bind_socket

QUESTION = "an AI behaves only while it is being watched"


@pytest.fixture(scope="module")
def knowledge(talk_base):
    with BaseLocation(talk_base).open(purpose="tests") as knowledge:
        yield knowledge


@pytest.fixture(scope="module")
def client(knowledge):
    return TestClient(make_app(knowledge), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def api_schema(knowledge):
    return schemathesis.openapi.from_asgi("/openapi.json", make_app(knowledge))


PATHS = (
    *("/v1/search", "/v1/facets", "/v1/claims/{claim_id}", "/v1/claims/{claim_id}/similar"),
    *("/v1/people", "/v1/people/{person_id}", "/v1/conversations", "/v1/conversations/{conversation_id}"),
    *("/v1/terms", "/v1/terms/{term}", "/v1/mismatches", "/v1/mismatches/{mismatch_id}", "/v1/check"),
    *("/v1/clusters", "/v1/clusters/{cluster_id}"),
    *("/v1/export.ndjson", "/v1/export.csv", "/healthz"),
)
METHODS = {"/v1/check": "POST"}


def test_every_address_is_described(client):
    assert set(client.get("/openapi.json").json()["paths"]) == set(PATHS)


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        *((path, GenerationMode.POSITIVE) for path in PATHS),
        *((path, GenerationMode.NEGATIVE) for path in PATHS[:-3]),  # the others take nothing that could be wrong
    ],
)
def test_every_operation_keeps_to_its_description(api_schema, path, mode):
    cases = api_schema[path][METHODS.get(path, "GET")].as_strategy(generation_mode=mode)

    # A cursor is opaque: that all but the server's own are refused is no fault.
    @settings(max_examples=15)
    @given(case=cases)
    def keeps(case):
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    keeps()


def assert_error(answer, status, word):
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    said = answer.json()
    assert list(said) == ["error", "detail"]
    assert said["error"] == word
    assert "\n" not in said["detail"]


def test_a_search_answers_with_a_page(client):
    answer = client.get("/v1/search", params={"q": QUESTION, "limit": 3})
    said = answer.json()
    assert answer.status_code == 200
    assert list(said) == ["items", "next", "total", "facets", "took_ms"]
    assert said["items"][0]["speaker"] == "Ilse Marchetti"
    assert len(said["items"]) == 3
    assert "Ilse Marchetti" in {facet["label"] for facet in said["facets"]["speaker"]}


def test_paging_shows_every_hit_once(client):
    whole = [hit["id"] for hit in client.get("/v1/search", params={"q": "a goal", "limit": 100}).json()["items"]]
    parts, cursor = [], None
    while True:
        page = client.get(
            "/v1/search", params={"q": "a goal", "limit": 4} | ({"cursor": cursor} if cursor else {})
        ).json()
        parts += [hit["id"] for hit in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert parts == whole
    assert len(set(parts)) == len(parts) > 4


def test_filters_are_repeatable_and_combine(client):
    both = client.get("/v1/search", params={"speaker": ["Ilse Marchetti", "Tobias Renner"], "limit": 100}).json()[
        "items"
    ]
    assert {hit["speaker"] for hit in both} == {"Ilse Marchetti", "Tobias Renner"}
    early = client.get("/v1/search", params={"speaker": "Tobias Renner", "until": "2024-03-02"}).json()
    assert early["items"] == []
    assert early["total"] == 0


def test_claims_people_and_conversations(client):
    hit = client.get("/v1/search", params={"q": QUESTION, "limit": 1}).json()["items"][0]
    claim = client.get(f"/v1/claims/{hit['id']}").json()
    assert {name: claim[name] for name in ("id", "text", "speaker", "url", "posted_at")} == {
        name: hit[name] for name in ("id", "text", "speaker", "url", "posted_at")
    }
    near = client.get(f"/v1/claims/{hit['id']}/similar", params={"limit": 2}).json()["items"]
    assert len(near) == 2

    people = client.get("/v1/people").json()
    assert people["total"] == 4
    one = client.get(f"/v1/people/{people['items'][0]['id']}").json()
    assert {name: one[name] for name in people["items"][0]} == people["items"][0]
    assert client.get(f"/v1/people/{one['name']}").json() == one

    headings = client.get("/v1/conversations").json()
    assert [heading["id"] for heading in headings["items"]] == ["oversight", "words"]
    thread = client.get("/v1/conversations/oversight").json()
    assert [turn["id"] for turn in thread["utterances"]] == ["o1", "o2", "o3", "o4"]
    first = client.get("/v1/conversations/oversight", params={"limit": 3}).json()
    rest = client.get("/v1/conversations/oversight", params={"limit": 3, "cursor": first["next"]}).json()
    assert first["utterances"] + rest["utterances"] == thread["utterances"]
    assert rest["next"] is None


def test_facets_and_health(client):
    facets = client.get("/v1/facets").json()["facets"]
    assert sum(facet["count"] for facet in facets["kind"]) >= 10
    health = client.get("/healthz").json()
    assert health["status"] == "ok"
    assert health["counts"]["conversations"] == 2


CANARY = "canary<img src=x>"


@pytest.mark.parametrize(
    ("path", "parameters", "status", "word"),
    [
        ("/v1/search", {"q": CANARY * 100}, 422, "invalid"),
        ("/v1/search", {"limit": "101"}, 422, "invalid"),
        ("/v1/search", {"limit": "0"}, 422, "invalid"),
        ("/v1/search", {"limit": "NaN"}, 422, "invalid"),
        ("/v1/search", {"limit": "1" * 400}, 422, "invalid"),
        ("/v1/search", {"since": CANARY}, 422, "invalid"),
        ("/v1/search", {"kind": CANARY}, 422, "invalid"),
        ("/v1/search", {"mode": CANARY}, 422, "invalid"),
        ("/v1/search", {"q": "goal", "cursor": CANARY}, 400, "wrong_usage"),
        ("/v1/people", {"cursor": CANARY}, 400, "wrong_usage"),
        ("/v1/conversations", {"cursor": CANARY}, 400, "wrong_usage"),
        (f"/v1/claims/{CANARY}", {}, 404, "not_found"),
        (f"/v1/claims/{CANARY}/similar", {}, 404, "not_found"),
        (f"/v1/people/{CANARY}", {}, 404, "not_found"),
        (f"/v1/conversations/{CANARY}", {}, 404, "not_found"),
        ("/v1/terms", {"cursor": CANARY}, 400, "wrong_usage"),
        ("/v1/mismatches", {"cursor": CANARY}, 400, "wrong_usage"),
        ("/v1/mismatches", {"conversation": CANARY}, 404, "not_found"),
        (f"/v1/terms/{CANARY}", {}, 404, "not_found"),
        (f"/v1/mismatches/{CANARY}", {}, 404, "not_found"),
        (f"/v1/{CANARY}", {}, 404, "not_found"),
    ],
)
def test_every_failure_has_the_one_shape_and_repeats_nothing(client, path, parameters, status, word):
    answer = client.get(path, params=parameters)
    assert_error(answer, status, word)
    assert "canary" not in answer.text


def test_terms_and_mismatches(client):
    terms = client.get("/v1/terms").json()
    assert [term["term"] for term in terms["items"]] == ["corrigibility", "oversight"]
    assert terms["items"][0]["contested"] and not terms["items"][1]["contested"]
    (named,) = client.get("/v1/terms", params={"q": "Oversight"}).json()["items"]
    assert named["term"] == "oversight"
    whole = client.get("/v1/terms/Corrigible").json()
    assert [sense["speakers"] for sense in whole["senses"]] == [["Amara Osei"], ["Jun Takagi"]]
    (found,) = client.get("/v1/mismatches", params={"term": "corrigible", "conversation": "w2"}).json()["items"]
    assert client.get(f"/v1/mismatches/{found['id']}").json() == found
    for side in (found["a"], found["b"]):
        turn = client.get(f"/v1/conversations/{side['utterance_id']}").json()["utterances"]
        (text,) = [one["text"] for one in turn if one["id"] == side["utterance_id"]]
        assert text[side["start"] : side["end"]] == side["text"]
        assert side["url"].startswith("https://forum.example/words#w")
    assert client.get("/v1/mismatches", params={"term": "oversight"}).json()["items"] == []


DRAFT = "Corrigibility is a fine thing. An agent will keep its goal only while somebody is watching it."


def test_a_draft_is_checked_as_text_and_as_json_and_kept_nowhere(client):
    before = client.get("/healthz").json()
    plain = client.post("/v1/check", content=DRAFT, headers={"content-type": "text/plain; charset=utf-8"}).json()
    json_ = client.post("/v1/check", json={"text": DRAFT}).json()
    assert plain | {"took_ms": 0} == json_ | {"took_ms": 0}
    (use,) = plain["terms"]
    assert use["term"] == "corrigibility" and use["risky"]
    (claim,) = [claim for claim in plain["claims"] if "watching" in claim["text"]]
    assert claim["before"][0]["speaker"] == "Ilse Marchetti"
    assert client.get("/healthz").json() == before


@pytest.mark.parametrize(
    ("sent", "status", "word"),
    [
        ({"content": b"", "headers": {"content-type": "text/plain"}}, 400, "wrong_usage"),
        ({"content": b"\xff\xfe", "headers": {"content-type": "text/plain"}}, 422, "invalid"),
        ({"content": b"canary", "headers": {"content-type": "text/html"}}, 415, "wrong_type"),
        ({"content": b"canary" * 200_000, "headers": {"content-type": "text/plain"}}, 413, "too_large"),
        ({"content": b'{"text": "' + b"canary" * 200_000 + b'"}', "headers": {"content-type": "application/json"}}, 413,
         "too_large"),
        ({"content": b"{canary", "headers": {"content-type": "application/json"}}, 422, "invalid"),
        ({"json": {"words": "canary"}}, 422, "invalid"),
        ({"json": ["canary"]}, 422, "invalid"),
    ],
)  # fmt: skip
def test_what_is_no_draft_is_refused(client, sent, status, word):
    answer = client.post("/v1/check", **sent)
    assert_error(answer, status, word)
    assert "canary" not in answer.text


def test_it_only_reads(client):
    for method in ("post", "put", "patch", "delete"):
        assert_error(getattr(client, method)("/v1/search"), 405, "wrong_method")


def test_a_fault_of_ours_shows_no_insides():
    class Broken:
        def find(self, _):
            raise RuntimeError("SELECT secret FROM /root/base")

    answer = TestClient(make_app(SimpleNamespace(search=Broken())), raise_server_exceptions=False).get("/v1/search")
    assert_error(answer, 500, "internal")
    assert "secret" not in answer.text


def test_more_questions_than_it_can_answer_are_told_to_come_back(monkeypatch):
    import threading

    import anyio
    import httpx2

    from ui.api import app as api_app

    monkeypatch.setattr(api_app, "WAIT_SECONDS", 0.2)
    until = threading.Event()

    class Slow:
        def find(self, _):
            until.wait(30)
            return Page(())

    app = make_app(SimpleNamespace(search=Slow()))
    statuses = []

    async def one(client):
        answer = await client.get("http://127.0.0.1/v1/search")
        statuses.append(answer.status_code)
        if answer.status_code == 503:
            assert_error(answer, 503, "busy")
            assert answer.headers["retry-after"] == "5"
        if statuses.count(503) == 4:
            until.set()

    async def crowd():
        async with (
            httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as client,
            anyio.create_task_group() as all_,
        ):
            for _ in range(api_app.AT_ONCE + 4):
                all_.start_soon(one, client)

    anyio.run(crowd)
    assert sorted(statuses) == [200] * api_app.AT_ONCE + [503] * 4


def test_exports_stream_everything(client):
    rows = [json.loads(line) for line in client.get("/v1/export.ndjson").text.splitlines()]
    assert sum(row["type"] == "utterance" for row in rows) == 7
    table = list(csv.DictReader(io.StringIO(client.get("/v1/export.csv").content.decode("utf-8-sig"))))
    assert len(table) == sum(row["type"] == "claim" for row in rows)
    assert {row["speaker"] for row in table} >= {"Ilse Marchetti"}


@pytest.mark.parametrize("words", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "  @x"])
def test_no_cell_starts_a_formula(words):
    assert disarm_formula(words) == "'" + words


def test_plain_cells_stay_as_they_are():
    assert disarm_formula("1 = 1") == "1 = 1"
    assert disarm_formula(-3) == -3


@pytest.mark.parametrize(
    ("host", "near"),
    [
        *((near, True) for near in ("127.0.0.1", "::1", "localhost", "127.9.9.9")),
        *((far, False) for far in ("0.0.0.0", "::", "192.168.1.2", "forum.example", "")),
    ],
)
def test_only_this_machine_may_ask_without_a_token(host, near):
    from corpus.errors import WrongUsage

    assert is_loopback(host) is near
    if not near:
        with pytest.raises(WrongUsage), bind_socket(ServerAddress(host or "0.0.0.0", 0)):
            pass


def test_a_short_token_is_refused():
    from corpus.errors import WrongUsage

    with pytest.raises(WrongUsage), bind_socket(ServerAddress("127.0.0.1", 0, token="hunter2")):
        pass
