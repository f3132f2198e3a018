"""The house stands as ARCHITECTURE.md says: floors, names, nothing that must not be in it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("corpus", "ingest", "index", "ui")
HEAVY = {"torch", "sentence_transformers", "transformers", "spacy", "sklearn", "streamlit", "qdrant_edge", "plotly"}


def modules(package):
    return sorted((ROOT / package).rglob("*.py"))


def test_imports_keep_to_the_contracts():
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
        for package in PACKAGES
        for path in modules(package)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if forbidden.search(line)
    ]
    assert not found


def test_every_module_says_what_it_is():
    silent = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in modules(package)
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert not silent
