"""constraints.txt pins each thing that pyproject.toml asks for, and says nothing else."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from architecture.repository import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[A-Za-z0-9.!+]+)(?: ?; .+)?")  # perhaps for one system
PINS = {canonicalize_name(pin["name"]): Version(pin["version"]) for line in LINES if (pin := PIN.fullmatch(line))}
WANTED = [*PROJECT["dependencies"], *(line for extra in PROJECT["optional-dependencies"].values() for line in extra)]


@pytest.mark.parametrize("line", [line for line in WANTED if Requirement(line).name != PROJECT["name"]])
def test_dependency_is_pinned_to_a_version_it_accepts(line: str) -> None:
    wanted = Requirement(line)
    pinned = PINS.get(canonicalize_name(wanted.name))
    assert pinned is not None, f"{wanted.name} 没有写入 constraints.txt"
    assert pinned in wanted.specifier


def test_every_line_is_a_pin_or_a_comment() -> None:
    assert [line for line in LINES if line and not line.startswith("#") and not PIN.fullmatch(line)] == []
    assert "torch" not in PINS
