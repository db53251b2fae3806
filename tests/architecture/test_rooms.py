"""The rooms on disk are the rooms in the contracts, and transforms stays pure."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.support.places import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS: list[str] = SETTINGS["tool"]["importlinter"]["root_packages"]
FOLDERS = sorted({path.parent for room in ROOMS for path in (ROOT / room).rglob("*.py")})
MODULES_MOST = 12
TRANSFORMS = sorted((ROOT / "transforms").rglob("*.py"))

BESIDE = {"tests"}
"""What lies beside the rooms and is not shipped."""

IMPURE_CALLS = {"open", "input", "print", "exec", "eval", "compile", "__import__", "breakpoint"}
IMPURE_ATTRIBUTES = {"now", "today", "utcnow", "getenv", "environ", "open", "read_text", "write_text", "getLogger"}


def test_every_top_level_package_is_a_room_of_the_contracts() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - BESIDE
    assert packages == set(ROOMS)


def test_every_room_is_shipped() -> None:
    assert set(SETTINGS["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(ROOMS)


def test_no_module_lives_outside_the_rooms() -> None:
    homes = {*ROOMS, *BESIDE}
    strays = list(ROOT.glob("*.py"))
    strays += [path for path in ROOT.glob("[!.]*/**/*.py") if path.relative_to(ROOT).parts[0] not in {*homes, "data"}]
    assert strays == []


def test_every_folder_of_a_room_is_a_package_that_says_what_it_holds() -> None:
    docs = {folder: ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) for folder in FOLDERS}
    assert [folder for folder, doc in docs.items() if not doc] == []


def test_no_folder_has_so_many_modules_that_one_loses_sight_of_them() -> None:
    counts = {folder: len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) for folder in FOLDERS}
    assert {folder: count for folder, count in counts.items() if count > MODULES_MOST} == {}


def test_all_of_flows_but_one_folder_is_under_the_contract_about_prefect() -> None:
    (contract,) = (each for each in SETTINGS["tool"]["importlinter"]["contracts"] if "imports Prefect" in each["name"])
    inside = {path.stem for path in (ROOT / "flows").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert set(contract["source_modules"]) == {
        f"flows.{name}" for name in inside - {"__init__", "__pycache__", "scheduled"}
    }


def test_every_room_is_in_the_guide_with_what_it_may_import() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)/` \|", guide, flags=re.MULTILINE)) == {*ROOMS, *BESIDE}


@pytest.mark.parametrize("path", TRANSFORMS, ids=lambda path: path.name)
def test_transforms_reads_no_clock_disk_or_environment(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and is_impure(node)]
    assert [f"{path.name}:{call.lineno}" for call in calls] == []


def is_impure(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in IMPURE_CALLS
    return isinstance(call.func, ast.Attribute) and call.func.attr in IMPURE_ATTRIBUTES
