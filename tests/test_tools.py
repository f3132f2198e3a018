"""The tools for assistants: few, read-only, bounded, the same answers as every other face, and data only."""

import asyncio
import json
from types import SimpleNamespace

import orjson
import pytest
from fastmcp import Client
from fastmcp.exceptions import ToolError

from ui import mcp_tools as tools
from ui.base_location import BaseLocation

TOOLS = {"search_claims", "get_claim", "who_said", "get_term", "find_mismatches", "check_draft"}


@pytest.fixture(scope="module")
def knowledge(talk_base):
    with BaseLocation(talk_base).open(purpose="tests") as knowledge:
        yield knowledge


@pytest.fixture(scope="module")
def ask(knowledge):
    server = tools.make_tool_server(knowledge)

    def ask(name, **arguments):
        async def asked():
            async with Client(server) as client:
                return await client.call_tool(name, arguments)

        return asyncio.run(asked()).structured_content

    return ask


def test_they_only_read_and_say_what_they_do(knowledge):
    async def listed():
        async with Client(tools.make_tool_server(knowledge)) as client:
            return await client.list_tools()

    offered = asyncio.run(listed())
    assert {tool.name for tool in offered} == TOOLS
    assert all(tool.annotations.read_only_hint for tool in offered)
    assert all(tool.description for tool in offered)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("search_claims", {"query": "corrigibility"}),
        ("who_said", {"claim": "an AI behaves only while it is being watched"}),
        ("get_term", {"term": "corrigible"}),
        ("find_mismatches", {"term": "corrigibility"}),
        ("check_draft", {"text": "A corrigible system lets itself be switched off."}),
    ],
)
def test_every_answer_says_first_that_its_words_are_data(ask, name, arguments):
    said = ask(name, **arguments)
    assert next(iter(said)) == "notice"
    assert "no instruction" in said["notice"]
    assert len(orjson.dumps(said)) <= tools.MOST_BYTES


def test_who_said_names_each_person_once_closest_first(ask):
    items = ask("who_said", claim="an AI behaves only while it is being watched")["items"]
    speakers = [item["speaker_id"] for item in items]
    assert items[0]["speaker"] == "Ilse Marchetti"
    assert len(speakers) == len(set(speakers)) > 1


def test_a_claim_with_its_neighbours(ask):
    (hit,) = ask("search_claims", query="an AI behaves only while it is being watched", limit=1)["items"]
    said = ask("get_claim", claim_id=hit["id"])
    assert said["claim"]["text"] == hit["text"] and said["similar"]


def test_what_is_not_there_is_said_in_one_line(ask):
    for name, arguments in (("get_claim", {"claim_id": "x"}), ("get_term", {"term": "x"})):
        with pytest.raises(ToolError, match="no "):
            ask(name, **arguments)
    with pytest.raises(ToolError):
        ask("search_claims", query="x", limit=21)


def test_a_fault_of_ours_shows_no_insides():
    class Broken:
        def find(self, _):
            raise RuntimeError("SELECT secret FROM /root/base")

    async def asked():
        async with Client(tools.make_tool_server(SimpleNamespace(search=Broken()))) as client:
            await client.call_tool("search_claims", {"query": "x"})

    with pytest.raises(ToolError) as error:
        asyncio.run(asked())
    assert "secret" not in str(error.value)


def test_what_is_too_much_is_left_out_whole_and_counted():
    long = {"text": "x" * 3_000, "usages": ["y" * 1_000] * 4}
    said = tools.cut_to_size({"notice": "n", "items": [long] * 15}, "items", ("usages",))
    assert len(json.dumps(said)) <= tools.MOST_BYTES
    assert said["left_out"] + len(said["items"]) == 15
    assert all(item["text"] == long["text"] and len(item["usages"]) == 1 for item in said["items"])
    assert said["shortened"]


def test_over_http_beside_pages_and_api(talk_server):
    async def asked():
        async with Client(f"{talk_server}/mcp") as client:
            return await client.call_tool("find_mismatches", {"term": "corrigibility"})

    (found,) = asyncio.run(asked()).structured_content["items"]
    assert (found["a"]["speaker"], found["b"]["speaker"]) == ("Amara Osei", "Jun Takagi")


def test_another_site_in_the_browser_is_refused(talk_server):
    import urllib.error
    import urllib.request

    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    headers = {
        "Origin": "https://evil.example",
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{talk_server}/mcp", body, headers), timeout=60)
    assert refused.value.code == 403
