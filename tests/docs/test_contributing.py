"""The guide to adding a source is enough: its files, put into a copy of the tree, give a source that works."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import Fence, fences_of
from tests.support.environment import scrubbed
from tests.support.patience import patient
from tests.support.places import ROOT

GUIDE = ROOT / "CONTRIBUTING.md"
FOLDERS = ("extractors", "flows", "transforms", "warehouse", "tests", "docs")
FILES = ("pyproject.toml", "Makefile", "deployments.yaml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
OF_EVERY_SOURCE = "tests/extractors/test_so*.py tests/extractors/test_saved_pages.py tests/flows/test_settings.py"
SKIPPED = shutil.ignore_patterns("__pycache__")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tree, with the files that the guide tells to write."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=SKIPPED)
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    for fence in files():
        path = tmp_path / fence.note
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fence.text, encoding="utf-8")
    return tmp_path


def files() -> list[Fence]:
    return [fence for fence in fences_of(GUIDE) if fence.kind == "file"]


def script(words: str) -> str:
    """The guide's shell block that holds these words."""
    (found,) = [fence.text for fence in fences_of(GUIDE) if fence.language == "sh" and words in fence.text]
    return found


def run(copy: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Run a block in the copy; its modules come before those of the environment."""
    return subprocess.run(
        ["sh", "-euc", text.replace(".venv/bin/paperlog", ".venv/bin/python -m flows")],  # noqa: S607
        cwd=copy,
        env=scrubbed(PYTHONPATH=str(copy), PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        timeout=patient(100),
        check=False,
    )


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_guides_source_is_read_loaded_and_documented(copy: Path) -> None:
    first, second = (run(copy, script("-k toy_digest")) for _ in range(2))
    assert "was missing and has been made" in first.stdout, first.stdout + first.stderr
    assert second.returncode == 0, second.stdout + second.stderr
    assert "2601.00001" in (copy / "tests/pages/toy_digest/whole/listing.json").read_text(encoding="utf-8")
    assert "PageChanged" in (copy / "tests/pages/toy_digest/changed_layout/error.json").read_text(encoding="utf-8")

    tried = run(copy, script("adopt toy_digest"))
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert '2601.00002\tEcho Pruning Halves the Night Train\t["toy_digest"]' in tried.stdout

    made = run(copy, ".venv/bin/python -m tests.docs.make")
    assert made.returncode == 0, made.stderr
    changed = set(made.stdout.split())
    assert {"sources.md:sources", "operate.md:settings"} <= changed
    assert "PAPERLOG_TOY_DIGEST_URL" in (copy / "docs/operate.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_guides_source_passes_the_checks_of_every_source(copy: Path) -> None:
    run(copy, script("-k toy_digest"))
    written = " ".join(fence.note for fence in files() if fence.note.endswith(".py"))
    commands = (
        f".venv/bin/ruff format --check {written}",
        f".venv/bin/ruff check {written}",
        f".venv/bin/mypy {written}",
        ".venv/bin/lint-imports",
        f".venv/bin/python -m pytest -x -m 'not slow' {OF_EVERY_SOURCE}",
    )
    for command in commands:
        done = run(copy, command)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
