"""A real site, a real home, the real command line; a real Prefect server once per session for those who ask."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pytest
import requests

from flows.__main__ import main
from flows.demo.site import FRIDAY, MONDAY, Answer, serving, site
from flows.scheduled.server import local_server, running
from tests.support.commands import Command, Done, paperlog_in, path_of, program
from tests.support.environment import OWN, environment_of
from tests.support.patience import patient, until
from tests.support.places import ROOT
from tests.support.small import warehouse_in


@dataclass(frozen=True, slots=True)
class Site:
    """A digest site; `answers` may be changed while it serves."""

    base: str
    answers: dict[str, Answer]


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
def begun(home: Path) -> None:
    """The home has a warehouse, in which nothing is loaded: where its making is not the point."""
    warehouse_in(home)


@pytest.fixture
def environment(tmp_path: Path, digest: Site) -> dict[str, str]:
    """The variables of a process that knows the site and the home, and nothing else of Paperlog and Prefect."""
    return environment_of(tmp_path, digest.base)


@pytest.fixture
def paperlog(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """The command line in this process, in that environment; a test may change its variables with monkeypatch."""
    for name in [name for name in os.environ if name.startswith(OWN)]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["paperlog", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return run


MONDAYS_LIST = ("ingest", "hf_daily", "--date", MONDAY)
WEEK_AND_REVIEW = (
    ("ingest", "weekly_review", "--date", MONDAY),
    ("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY),
)


@pytest.fixture(scope="session")
def home_after(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A home after some commands, made once a session for all that start from a copy of it."""

    @cache
    def made(*commands: tuple[object, ...]) -> Path:
        folder = tmp_path_factory.mktemp("loaded")
        with serving(site()) as base:
            for arguments in commands:
                done = paperlog_in(environment_of(folder, base), *arguments)
                assert done.code == 0, done.err
        return folder / "home"

    return made


@pytest.fixture
def monday(paperlog: Command, home: Path, home_after: Callable[..., Path]) -> Command:
    """The command line with a home into which Monday's list was loaded."""
    shutil.copytree(home_after(MONDAYS_LIST), home)
    return paperlog


@pytest.fixture
def reviewed_week(paperlog: Command, home: Path, home_after: Callable[..., Path]) -> Command:
    """The command line with the demo's days and its weekly dump, which reviews a listed paper."""
    shutil.copytree(home_after(*WEEK_AND_REVIEW), home)
    return paperlog


@dataclass(frozen=True, slots=True)
class Deployed:
    """A Prefect server with this project's deployments and a worker."""

    environment: dict[str, str]

    def run(self, name: str, *arguments: object, seconds: float = 120) -> Done:
        """Run a program of this Python's environment against the server."""
        return program(self.environment, name, *arguments, seconds=seconds)

    def set_triggers(self, *, is_enabled: bool) -> None:
        """Switch the triggers of the deployments on or off."""
        api = self.environment["PREFECT_API_URL"]
        found = requests.post(f"{api}/automations/filter", json={}, timeout=patient(30))
        found.raise_for_status()
        for each in found.json():
            switch = partial(requests.patch, json={"enabled": is_enabled}, timeout=patient(30))
            # A busy server answers 503: its database is locked.
            until(partial(switch, f"{api}/automations/{each['id']}"), 60, lambda answer: answer.ok)

    def flow_run(self, deployment: str, *arguments: object, seconds: float = 180) -> Done:
        """Start a run of a deployment and watch it to its end."""
        return self.run("prefect", "deployment", "run", deployment, *arguments, "--watch", seconds=seconds)


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Deployed as the README says, on a server, site and home that live for the session."""
    folder = tmp_path_factory.mktemp("deployed")
    with (
        serving(site()) as base,
        local_server(folder / "prefect", wait_seconds=patient(180)) as prefect,
    ):
        own = {"PAPERLOG_PROJECT": str(ROOT), "PREFECT_API_REQUEST_TIMEOUT": str(patient(60))}
        here = Deployed(environment_of(folder, base, **prefect, **own))
        pool = here.run("prefect", "--no-prompt", "work-pool", "create", "paperlog", "--type", "process")
        assert pool.code == 0, pool.err
        deploy = here.run("prefect", "--no-prompt", "deploy", "--prefect-file", "deployments.yaml", "--all")
        assert deploy.code == 0, deploy.out + deploy.err
        here.set_triggers(is_enabled=False)  # else every run of these tests has one of `digest` behind it
        worker = [path_of("prefect"), "worker", "start", "--pool", "paperlog"]
        quick = {"PREFECT_WORKER_QUERY_SECONDS": "1"}
        with running(worker, folder / "worker.log", {**here.environment, **quick}):
            yield here
