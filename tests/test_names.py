"""Names: a class once in the house, functions that say what they do, variables called after what they hold.

What does not keep to this yet stands in name_exceptions.json. The list may only get shorter: what is new must keep to
the rules, and what was mended must leave the list (`python tests/test_names.py` takes it off).
"""

import ast
import json
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("corpus", "ingest", "index", "ui")
LIST = Path(__file__).with_name("name_exceptions.json")
EXCEPTIONS = json.loads(LIST.read_text(encoding="utf-8"))
MOST = {"classes": 0, "functions": 20, "variables": 60}

EMPTY_VARIABLES = frozenset("one found each place told at here".split())
PREPOSITIONS = frozenset(
    "about across after against along among around as at before behind beside between beyond by down from in inside"
    " into like near of off on onto out outside over per since through to under until up upon via with within"
    " without".split()
)
PARTICIPLES = frozenset(
    "begun bound built chosen cut done drawn found given gone held kept known laid led left made meant put read said"
    " seen sent set shown spoken stood taken thrown told written".split()
)
NO_VERB = frozenset("both each here one other then there".split())
ENDINGS = ("ed", "ing")
NO_PARTICIPLES = frozenset("bring embed feed need seed speed string thing".split())

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules():
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def scopes(node, above=()):
    """Yield the classes and functions of a module with their dotted names."""
    for child in ast.iter_child_nodes(node):
        is_scope = isinstance(child, Function | ast.ClassDef)
        names = (*above, child.name) if is_scope else above
        if is_scope:
            yield ".".join(names), child
        yield from scopes(child, names)


def own_nodes(scope):
    """Yield what stands in a function or module, without what stands in functions and classes within it."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, Function | ast.ClassDef):
            yield from own_nodes(child)


def says_nothing(name):
    """Tell whether a function's name is a bare participle or preposition."""
    word = name.strip("_")
    if "_" in word or name.startswith("__"):
        return False
    return word in PREPOSITIONS | PARTICIPLES | NO_VERB or (word.endswith(ENDINGS) and word not in NO_PARTICIPLES)


def variables(scope):
    for node in own_nodes(scope):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def breaches():
    """Find what breaks the rules, by kind."""
    classes, functions, badly_named = Counter(), set(), set()
    for path, tree in modules():
        inner = list(scopes(tree))
        classes.update(node.name for _, node in inner if isinstance(node, ast.ClassDef))
        functions |= {
            f"{path} {name}" for name, node in inner if isinstance(node, Function) and says_nothing(node.name)
        }
        for name, scope in [("", tree), *((name, node) for name, node in inner if isinstance(node, Function))]:
            badly_named |= {f"{path} {name}: {word}" for word in EMPTY_VARIABLES.intersection(variables(scope))}
    twice = {name for name, count in classes.items() if count > 1}
    return {"classes": twice, "functions": functions, "variables": badly_named}


@pytest.fixture(scope="module")
def found_breaches():
    return breaches()


@pytest.mark.parametrize("kind", MOST)
def test_names_keep_to_the_rules(found_breaches, kind):
    known = set(EXCEPTIONS[kind])
    assert found_breaches[kind] - known == set(), "say what it is or does: see CONTRIBUTING.md, Names"
    assert known - found_breaches[kind] == set(), "mended: `python tests/test_names.py` takes it off the list"
    assert len(known) <= MOST[kind]


if __name__ == "__main__":
    left = {kind: sorted(found & set(EXCEPTIONS[kind])) for kind, found in breaches().items()}
    LIST.write_text(json.dumps(left, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
