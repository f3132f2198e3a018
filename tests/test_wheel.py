"""The wheel holds what runs, with its weights, cards and licences, and nothing that only trains or measures."""

import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import BytesParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("corpus", "ingest", "index", "ui")
TRAINERS = re.compile(r"(^|/)(train\w*|\w*teacher\w*|learning|lessons)\.py$|^(bench|tests)/")
LEARNED = re.compile(r"^(ingest|index)/(?!language/model/).*(\.json|\.safetensors)$|/model/config\.cfg$")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy of the sources, without a network, and open it."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for package in (*PACKAGES, "bench", "tests"):
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    built = subprocess.run([sys.executable, "-c", build, out], cwd=source, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(out.glob("*.whl"))) as opened:
        yield opened


def test_every_module_and_every_weight_is_shipped(wheel):
    shipped = set(wheel.namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - shipped == set()
    assert {f"{package}/py.typed" for package in PACKAGES} <= shipped


def test_nothing_that_trains_or_measures_is_shipped(wheel):
    assert [name for name in wheel.namelist() if TRAINERS.search(name)] == []


def test_the_licence_and_the_notice_come_with_it(wheel):
    meta = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = BytesParser().parsebytes(wheel.read(meta))
    assert metadata["License-Expression"] == "Apache-2.0"
    folder = meta.removesuffix("METADATA") + "licenses/"
    assert wheel.read(folder + "LICENSE").decode().lstrip().startswith("Apache License\n")
    notice = wheel.read(folder + "NOTICE").decode()
    learned = [name for name in wheel.namelist() if LEARNED.search(name)]
    assert "ingest/language/model/config.cfg" in learned
    assert [name for name in learned if name.removesuffix("config.cfg") not in notice] == []
