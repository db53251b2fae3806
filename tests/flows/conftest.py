"""A real site, a real home, the real command line; a real Prefect server once per session for those who ask."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.__main__ import main
from flows.demo.site import Answer, serving, site
from flows.scheduled.server import local_server, running

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Site:
    """A digest site; `answers` may be changed while it serves."""

    base: str
    answers: dict[str, Answer]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point the command line to it."""
        return {
            "PAPERLOG_HF_DAILY_URL": self.base,
            "PAPERLOG_WEEKLY_REVIEW_URL": f"{self.base}/weekly",
            "PAPERLOG_REQUESTS_PER_SECOND": "100",
        }


Command = Callable[..., Done]


@pytest.fixture
def digest() -> Iterator[Site]:
    """A site of its own for one test."""
    answers = site()
    with serving(answers) as base:
        yield Site(base, answers)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the command line keeps everything."""
    return tmp_path / "home"


@pytest.fixture
def paperlog(home: Path, digest: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command line in this process, as if nothing but the site and the home were set."""
    for name in [name for name in os.environ if name.startswith(("PAPERLOG_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    for name, value in {"PAPERLOG_HOME": str(home), **digest.environment}.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["paperlog", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    return run


@dataclass(frozen=True, slots=True)
class Deployed:
    """A Prefect server with this project's deployments and a worker."""

    home: Path
    environment: dict[str, str]

    def run(self, *command: str, seconds: float = 120) -> Done:
        """Run a command of the environment against the server."""
        program = [str(Path(sys.executable).with_name(command[0])), *command[1:]]
        done = subprocess.run(
            program, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=seconds, check=False
        )
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Deployed as the README says, on a server, site and home that live for the session."""
    folder = tmp_path_factory.mktemp("deployed")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PAPERLOG_", "PREFECT_"))}
    with serving(site()) as base, local_server(folder / "prefect") as prefect:
        environment = {
            **kept,
            **prefect,
            **Site(base, {}).environment,
            "PAPERLOG_HOME": str(folder / "home"),
            "PAPERLOG_PROJECT": str(ROOT),
        }
        here = Deployed(folder / "home", environment)
        pool = here.run("prefect", "--no-prompt", "work-pool", "create", "paperlog", "--type", "process")
        assert pool.code == 0, pool.err
        deploy = here.run("prefect", "--no-prompt", "deploy", "--prefect-file", "deployments.yaml", "--all")
        assert deploy.code == 0, deploy.out + deploy.err
        program = [str(Path(sys.executable).with_name("prefect")), "worker", "start", "--pool", "paperlog"]
        quick = {"PREFECT_WORKER_QUERY_SECONDS": "1"}
        with running(program, folder / "worker.log", {**environment, **quick}):
            yield here
