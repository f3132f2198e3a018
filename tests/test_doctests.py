"""The examples in docstrings come out as they are written."""

import ast
import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("corpus", "ingest", "index", "ui", "bench")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def docstrings(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, DOCUMENTED)]


def modules_with_examples():
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        if any(">>> " in docstring for docstring in docstrings(path)):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("name", list(modules_with_examples()))
def test_examples_come_out_as_written(name):
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert result.attempted
    assert not result.failed


def test_no_example_is_written_so_that_it_is_not_run():
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    unrun = [str(path.relative_to(ROOT)) for path in paths if any("Example: " in text for text in docstrings(path))]
    assert unrun == []
