"""What `make` installs is written down, version by version, and is what pyproject.toml asks for."""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
WANTED = [
    Requirement(line) for line in (*PROJECT["dependencies"], *(line for extra in EXTRAS.values() for line in extra))
]
LINES = [
    line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[:1] not in ("#", "")
]
LOCKED = [Requirement(line) for line in LINES]


def test_every_dependency_has_bounds_and_is_locked_within_them():
    for wanted in WANTED:
        operators = {specifier.operator for specifier in wanted.specifier}
        assert operators in ({"=="}, {">=", "<"}), wanted
        locked = [one for one in LOCKED if canonicalize_name(one.name) == canonicalize_name(wanted.name)]
        assert locked, f"{wanted.name} is not locked: `make lock`"
        for one in locked:
            (pin,) = one.specifier
            assert wanted.specifier.contains(pin.version), f"{one} is not within {wanted}: `make lock`"


def test_the_lock_names_versions_only():
    for line, locked in zip(LINES, LOCKED, strict=True):
        (pin,) = locked.specifier
        assert pin.operator == "==", line
        assert "+" not in pin.version, f"{line}: a build of one machine"
        assert locked.url is None and "://" not in line and "--" not in line, line
