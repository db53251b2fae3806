"""A folder as the pages assume it: the environment in `.venv`, saved pages, homes with a week of invented papers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.demo.site import (
    FRIDAY,
    MONDAY,
    early_pages,
    serving,
    site,
)
from tests.docs.pages import Fence
from tests.support.small import built


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A working folder with the variables that point the command line to a site of this machine."""

    folder: Path
    environment: dict[str, str]

    def run(self, fence: Fence) -> None:
        """Run a block as a reader would; what make would do is checked elsewhere."""
        lines = [line for line in fence.text.splitlines() if not line.startswith("make ")]
        script = "\n".join(lines)
        command = ["sh", "-euc", script] if fence.language == "sh" else [sys.executable, "-c", script]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{fence}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="session")
def environment() -> Iterator[dict[str, str]]:
    """The variables of a process that knows nothing but the demo's site."""
    answers = site()
    with serving(answers) as base:
        yield {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PAPERLOG_", "PREFECT_"))},
            "PAPERLOG_HF_DAILY_URL": base,
            "PAPERLOG_WEEKLY_REVIEW_URL": f"{base}/weekly",
            "PAPERLOG_REQUESTS_PER_SECOND": "100",
        }


@pytest.fixture(scope="session")
def demo_home(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with what `make demo` loads, made without a Prefect server."""
    home = tmp_path_factory.mktemp("demo") / "home"
    for arguments in (
        ("hf_daily", "--from", str(MONDAY), "--to", str(FRIDAY)),
        ("weekly_review", "--date", str(MONDAY)),
    ):
        subprocess.run(
            [sys.executable, "-m", "flows", "ingest", *arguments],
            env={**environment, "PAPERLOG_HOME": str(home)},
            capture_output=True,
            timeout=120,
            check=True,
        )
    return home


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that answers the ten questions."""
    home = tmp_path_factory.mktemp("small")
    built(home)
    return home


@pytest.fixture
def desk(environment: dict[str, str], demo_home: Path, tmp_path: Path) -> Callable[[bool], Desk]:
    """A folder to work in; its home `data` is loaded or not there yet."""

    def prepared(is_loaded: bool) -> Desk:
        (tmp_path / ".venv").symlink_to(sys.prefix)
        (tmp_path / "saved").mkdir()
        for name, body in early_pages().items():
            (tmp_path / "saved" / name).write_bytes(body)
        (tmp_path / "review.txt").write_bytes(site()[f"/weekly/{MONDAY}.txt"].body)
        if is_loaded:
            shutil.copytree(demo_home, tmp_path / "data")
        shutil.copytree(demo_home, tmp_path / "data" / "demo")
        return Desk(folder=tmp_path, environment=environment)

    return prepared
