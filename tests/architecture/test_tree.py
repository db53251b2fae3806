"""Nothing in the tree ties it to one machine, one registry or one index; locks are hashed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.patience import patient
from tests.support.places import ROOT

# Pieced together so that this file does not find itself.
FORBIDDEN = {
    "a registry's address": re.compile(
        "pypi" + r"\.org|python" + r"hosted|--(extra-)?index" + "-url |--find" + "-links "
    ),
    "a path of one machine": re.compile(r"(?<![\w./])/(wo" + r"rk|ho" + r"me|Us" + r"ers|ro" + r"ot|o" + r"pt)/\w"),
}

ADDED_LOCKS = ("requirements-browser.lock", "requirements-services.lock")
"""What is installed into the environment of `make install` as well."""
LOCKS = ("requirements.lock", "requirements-bench.lock", "requirements-analyst.lock", *ADDED_LOCKS)


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("no git history here: the tree's own files cannot be told from others")
    command = ["git", "ls-files", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=patient(30)).stdout
    return [ROOT / name for name in names.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_names(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_is_hashed(lock: str) -> None:
    assert [line.split()[0] for line in requirements(lock) if "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("lock", ADDED_LOCKS)
def test_what_is_installed_beside_changes_no_version(lock: str) -> None:
    installed, added = versions("requirements.lock"), versions(lock)
    shared = added.keys() & installed.keys()
    assert len(shared) > 100
    assert {name: added[name] for name in shared if added[name] != installed[name]} == {}


def versions(lock: str) -> dict[str, set[str]]:
    """The versions of every package; some have another one for another Python."""
    found: dict[str, set[str]] = {}
    for line in requirements(lock):
        name, version = re.split(r"==|[ ;]", line)[:2]
        found.setdefault(name, set()).add(version)
    return found


def requirements(lock: str) -> list[str]:
    """The requirements of a lock, each with its hashes on one line."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
