"""A folder as the pages assume it: the environment in `.venv`, saved pages, homes with a week of invented papers."""

from __future__ import annotations

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
from tests.support.commands import paperlog_in
from tests.support.environment import environment_of, scrubbed
from tests.support.patience import patient
from tests.support.small import built


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A working folder with the variables that point the command line to a site of this machine."""

    folder: Path
    environment: dict[str, str]

    def run(self, fence: Fence) -> None:
        """Run a block as a reader would; what make would do is checked elsewhere."""
        script = "\n".join(line for line in fence.text.splitlines() if not line.startswith("make "))
        command = ["sh", "-euc", script] if fence.language == "sh" else [sys.executable, "-c", script]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=patient(60),
            check=False,
        )
        assert done.returncode == 0, f"{fence}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """The address of the demo's site."""
    with serving(site()) as address:
        yield address


@pytest.fixture(scope="session")
def demo_home(base: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with what `make demo` loads, made without a Prefect server."""
    folder = tmp_path_factory.mktemp("demo")
    days = ("--from", MONDAY, "--to", FRIDAY)
    for arguments in (("hf_daily", *days), ("weekly_review", "--date", MONDAY)):
        done = paperlog_in(environment_of(folder, base), "ingest", *arguments)
        assert done.code == 0, done.err
    return folder / "home"


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that answers the ten questions."""
    home = tmp_path_factory.mktemp("small")
    built(home)
    return home


@pytest.fixture
def desk(base: str, demo_home: Path, tmp_path: Path) -> Callable[[bool], Desk]:
    """A folder to work in; its home `data` is loaded or not there yet."""

    def prepared(is_loaded: bool) -> Desk:
        folder = tmp_path / "desk"
        (folder / "saved").mkdir(parents=True)
        (folder / ".venv").symlink_to(sys.prefix)
        for name, body in early_pages().items():
            (folder / "saved" / name).write_bytes(body)
        (folder / "review.txt").write_bytes(site()[f"/weekly/{MONDAY}.txt"].body)
        if is_loaded:
            shutil.copytree(demo_home, folder / "data")
        shutil.copytree(demo_home, folder / "data" / "demo")
        own = environment_of(tmp_path, base)
        pointed = {name: text for name, text in own.items() if name.startswith("PAPERLOG_") and name != "PAPERLOG_HOME"}
        return Desk(folder=folder, environment=scrubbed(**pointed))

    return prepared
