"""Names: a class once in the house, functions that begin with a verb, variables called after what they hold.

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
MOST = {"classes": 0, "functions": 20, "verbless": 3, "variables": 60}

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
# With what a public function begins. A new verb is welcome here; first see whether one of these says it.
VERBS = frozenset(
    """
    add advance align analyze annotate announce apply ask assemble assign attach attribute begin bind blank
    bound break build cancel carry check choose classify clean clear close cluster collect commit compact
    compare compile complain compute connect convert count cut decode delete describe detect disarm disown draft
    drop dump embed encode end enter estimate exclude explain export extract filter find finish fit flag flush
    fold follow forget format fuse gather get group hash hold identify induce ingest insert invent iterate join
    keep label lay learn leave link list load look make map mark mask match measure merge move name narrow
    normalize note offer open optimize pack parse partition pool predict prepare preview print project propose
    put query quote raise rank read reduce refresh refuse reindex release render renew replace report require
    rerank reset resolve rewrite run sample save scan score scroll search select send serve settle shorten show sign
    skip sort span spell split start stop store strip summarize sync tag take tell tokenize trim try unescape
    unpack unwrap update upgrade upsert verify view visit wait walk watch weigh wrap write
    """.split()
)
PREDICATES_AND_CONVERSIONS = frozenset("is has from to".split())
JSON_OF = ("_to_json", "_from_json")  # `x_from_json` makes an x of JSON: see CONTRIBUTING.md, Names
CALLED_BY_OTHERS = ("app.", "router.", "asynccontextmanager", "property", "cached_property")  # routes, data
ENTRY_POINT = "main"
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


def has_no_verb(node):
    """Tell whether a public function's name begins with no verb, and its name is not the framework's to choose."""
    if node.name.startswith("_") or node.name == ENTRY_POINT or node.name.endswith(JSON_OF):
        return False
    if any(ast.unparse(decorator).startswith(CALLED_BY_OTHERS) for decorator in node.decorator_list):
        return False
    return node.name.split("_")[0] not in VERBS | PREDICATES_AND_CONVERSIONS


def variables(scope):
    for node in own_nodes(scope):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def breaches():
    """Find what breaks the rules, by kind."""
    classes, functions, verbless, badly_named = Counter(), set(), set(), set()
    for path, tree in modules():
        inner = list(scopes(tree))
        classes.update(node.name for _, node in inner if isinstance(node, ast.ClassDef))
        functions |= {
            f"{path} {name}" for name, node in inner if isinstance(node, Function) and says_nothing(node.name)
        }
        verbless |= {f"{path} {name}" for name, node in inner if isinstance(node, Function) and has_no_verb(node)}
        for name, scope in [("", tree), *((name, node) for name, node in inner if isinstance(node, Function))]:
            badly_named |= {f"{path} {name}: {word}" for word in EMPTY_VARIABLES.intersection(variables(scope))}
    twice = {name for name, count in classes.items() if count > 1}
    return {"classes": twice, "functions": functions, "verbless": verbless, "variables": badly_named}


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
