"""What the documents name exists; what can be asked for, by command, setting or address, is in docs/REFERENCE.md."""

import asyncio
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from ui.api.app import make_app
from ui.cli.app import ANYWHERE, app, move_base_options_first
from ui.mcp_tools import make_tool_server

ROOT = Path(__file__).resolve().parent.parent
SHIPPED, ALL = ("corpus", "ingest", "index", "ui"), ("corpus", "ingest", "index", "ui", "bench", "tests")
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()}
REFERENCE = (ROOT / "docs" / "REFERENCE.md").read_text(encoding="utf-8")
DOCUMENTS = [
    path
    for pattern in ("*.md", "docs/*.md", "ingest/**/*.md", "index/**/*.md", "bench/**/*.md", "corpus/samples/*.md")
    for path in sorted(ROOT.glob(pattern))
]
COMMANDS = get_command(app).commands
ON_EVERY_COMMAND = {"--help", "-h", "--version", "--install-completion", "--show-completion", *ANYWHERE}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
SETTING = re.compile(r"\bCROSSTALK_[A-Z_]*[A-Z]\b")
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.fixture(scope="module")
def addresses():
    """Every address of the HTTP API with the parameters in its query."""
    return {
        f"{method.upper()} {path}": {one["name"] for one in asked.get("parameters", ()) if one["in"] == "query"}
        for path, methods in make_app(None).openapi()["paths"].items()
        for method, asked in methods.items()
    }


def rows(name):
    """Read the first and the last cell of each row of a table, by the name of its first column."""
    table = re.search(rf"^\| {name} \|.*\n\|[-|]+\n((?:\|.*\n)*)", REFERENCE, re.M)
    assert table, f"no table of {name}"
    for line in table[1].splitlines():
        first, *_, last = line.strip("|").split("|")
        yield first.strip(" `"), set(last.strip(" `").split())


def options(command):
    return {option for parameter in command.params for option in parameter.opts if option.startswith("-")}


def sources(packages):
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


def settings_in(packages):
    return {name for path in sources(packages) for name in SETTING.findall(path.read_text(encoding="utf-8"))}


def test_every_command_and_option_is_in_the_reference():
    documented = {name.split()[1]: given for name, given in rows("command")}
    assert documented == {name: options(command) for name, command in COMMANDS.items()}
    assert [name for name in ON_EVERY_COMMAND if f"`{name}`" not in REFERENCE] == []


def test_every_setting_is_in_the_reference():
    documented = {name for name, _ in rows("setting")}
    assert documented - {"HF_HUB_OFFLINE"} == settings_in(SHIPPED)
    assert set(SETTING.findall(REFERENCE)) == settings_in(ALL)


def test_every_address_and_parameter_is_in_the_reference(addresses):
    assert dict(rows("address")) == addresses


def test_every_tool_is_in_the_reference():
    tools = asyncio.run(make_tool_server(None).list_tools())
    offered = {tool.name: set(tool.parameters["properties"]) for tool in tools}
    assert dict(rows("tool")) == offered
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in offered if name not in readme] == []


@each_document
def test_command_lines_are_understood(document, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("draft.md").write_text("A draft.", encoding="utf-8")
    text = document.read_text(encoding="utf-8")
    typed = re.findall(r"^\s*\$ (crosstalk .*)$", text, re.M)
    for line in typed + re.findall(r"`(crosstalk [a-z][^`]*)`", text.replace("\n", " ")):
        words = move_base_options_first(shlex.split(line.partition(" | ")[0], comments=True)[1:])
        chosen = next((word for word in words if word in COMMANDS), None)
        assert chosen or words[0] in ON_EVERY_COMMAND, line
        rest = words[words.index(chosen) + 1 :] if chosen else []
        if rest or line in typed:  # else the command is spoken of, not called
            COMMANDS[chosen].make_context(chosen, rest)


@each_document
def test_what_a_document_names_exists(document, addresses):
    text = document.read_text(encoding="utf-8")
    patterns = [re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(address.split()[1])) for address in addresses]
    served = re.compile("|".join(patterns))
    assert [name for name in re.findall(r"(?<![\w./])/v1(?:/[\w{}.]+)+", text) if not served.fullmatch(name)] == []
    assert [name for name in re.findall(r"`(?:\$ )?make ([a-z-]+)", text) if name not in TARGETS] == []
    links = [name for name in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in name]
    assert [name for name in links if not (document.parent / name).exists()] == []
    assert missing_in(document, text) == []


def test_what_the_sources_name_exists():
    named = {path.relative_to(ROOT): missing_in(path, path.read_text(encoding="utf-8")) for path in sources(ALL[:-1])}
    assert {path: missing for path, missing in named.items() if missing} == {}


def missing_in(path, text):
    """Find the settings, modules (after `python -m`) and paths in a text that the repository does not have."""
    missing = [name for name in SETTING.findall(text) if name not in ALL_SETTINGS]
    for name in re.findall(r"python -m ([\w.]*\w)", text):
        module = ROOT.joinpath(*name.split("."))
        if name.split(".")[0] in ALL and not (module.with_suffix(".py").is_file() or module.is_dir()):
            missing.append(name)
    for name in re.findall(r"(?<![\w./-])([\w-]+/[\w./*-]*\w)", text):
        if name.split("/")[0] in FOLDERS and not any(list(folder.glob(name)) for folder in (ROOT, path.parent)):
            missing.append(name)
    return missing


ALL_SETTINGS = settings_in(ALL)
