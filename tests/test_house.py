"""The house stands as ARCHITECTURE.md says: floors, names, nothing that must not be in it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"corpus": set(), "ingest": {"corpus"}, "index": {"corpus"}, "ui": {"corpus", "ingest", "index"}}
HEAVY = {"torch", "sentence_transformers", "transformers", "spacy", "sklearn", "streamlit", "qdrant_edge", "plotly"}


def modules(package):
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", FLOORS)
def test_imports_go_down_only(package):
    wrong = []
    for path in modules(package):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            tops = {name.split(".")[0] for name in names} & set(FLOORS)
            if tops - FLOORS[package] - {package}:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} imports {', '.join(names)}")
    assert not wrong


def test_the_linter_of_imports_agrees():
    lint = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout


def test_importing_the_nouns_and_the_command_line_loads_nothing_heavy():
    program = (
        f"import sys, corpus.record, ingest.pipeline, index.answers, ui.cli.app; print({HEAVY!r} & set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "set()"


def test_no_pickle_no_eval_no_shell():
    forbidden = re.compile(r"\b(pickle|yaml\.load|shell=True|trust_remote_code=True)\b|(?<![\w.])(eval|exec)\(")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in FLOORS
        for path in modules(package)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if forbidden.search(line)
    ]
    assert not found


def test_every_module_says_what_it_is():
    silent = [
        str(path.relative_to(ROOT))
        for package in FLOORS
        for path in modules(package)
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert not silent
