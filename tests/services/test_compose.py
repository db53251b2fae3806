"""The services of docs/examples/compose.lake.yaml, started by hand from that file: no container runtime is needed.

Each runs with its command and its variables; only hosts, ports and folders are this machine's. PostgreSQL is the tests'
own, because its image is not ours.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml  # type: ignore[import-untyped]

from flows.demo.site import FRIDAY, MONDAY, serving, site
from flows.scheduled.server import is_healthy, running
from tests.support.commands import path_of, program
from tests.support.environment import scrubbed
from tests.support.patience import patient, until
from tests.support.places import ROOT
from tests.support.services import HOST, PostgresServer, free_port

pytestmark = [pytest.mark.services, pytest.mark.prefect, pytest.mark.timeout(600)]

FILE = ROOT / "docs" / "examples" / "compose.lake.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRET = "a-secret"  # noqa: S105 - of this test


class Project:
    """The file's services, with everything of this machine put in place of what a container has."""

    def __init__(self, postgres: PostgresServer, folder: Path, base: str) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in ("s3", "filer", "master", "volume", "prefect")}
        words = dict(word.split("=", 1) for word in postgres.conninfo("papers").split())
        self.names = {each: f"{each}_{uuid4().hex}" for each in ("papers", "prefect")}
        for each in self.names.values():
            postgres.database(each)
        server, ports = f"{words['host']}:{words['port']}", self.ports
        self.here = {
            "${PAPERLOG_CONTACT:?name an address that sites can write to}": "a@example.org",
            "${PAPERLOG_HF_DAILY_URL:-}": base,
            "${PAPERLOG_S3_SECRET:?choose one}": SECRET,
            "${PAPERLOG_S3_SECRET}": SECRET,
            "${POSTGRES_PASSWORD:?choose one}": "unused",
            "paperlog:${POSTGRES_PASSWORD}@postgres/prefect": f"{words['user']}@{server}/{self.names['prefect']}",
            "dbname=papers host=postgres user=paperlog": f"dbname={self.names['papers']} "
            + " ".join(f"{name}={words[name]}" for name in ("host", "port", "user")),
            "http://s3:8333": f"http://{HOST}:{ports['s3']}",
            "http://prefect:4200": f"http://{HOST}:{ports['prefect']}",
            "-master=s3:9333": f"-master={HOST}:{ports['master']}.{ports['master'] + 10_000}",
            "-s3.port=8333": f"-s3.port={ports['s3']}",
            "-s3.config=/s3.json": f"-s3.config={folder / 's3.json'}",
            "-ip=s3": f"-ip={HOST}",
            "0.0.0.0": HOST,  # noqa: S104 - replaced
            "/app/bin/": f"{Path(path_of('python')).parent}/",
            "/app/share/paperlog/deployments.yaml": str(ROOT / "deployments.yaml"),
        }
        (folder / "s3.json").write_text(self.put(COMPOSE["configs"]["s3"]["content"]), encoding="utf-8")

    def put(self, text: str) -> str:
        """A text of the file for this machine."""
        for theirs, ours in self.here.items():
            text = text.replace(theirs, ours)
        return text

    def home(self, name: str) -> Path:
        """What the service has at /data: the volume there, else a folder of its own."""
        volumes = [each.split(":")[0] for each in SERVICES[name].get("volumes", []) if each.endswith(":/data")]
        folder: Path = self.folder / (volumes or [f"{name}-own"])[0]
        folder.mkdir(exist_ok=True)
        return folder

    def variables(self, name: str) -> dict[str, str]:
        """Its variables."""
        home = self.home(name)
        found = {key: self.put(str(text)) for key, text in SERVICES[name]["environment"].items()}
        found = {key: re.sub(r"^/data\b", str(home), text) for key, text in found.items()}
        # The deployed flows are imported from this tree, and not from an installed package.
        return scrubbed(**found) | {"PAPERLOG_PROJECT": str(ROOT), "PREFECT_WORKER_QUERY_SECONDS": "1"}

    def command(self, name: str) -> list[str]:
        """Its command line."""
        home = str(self.home(name))
        words = [*SERVICES[name].get("entrypoint", ["/app/bin/paperlog"]), *SERVICES[name]["command"]]
        return [re.sub(r"(?<=-dir=)/data$", home, self.put(word)) for word in words]

    @contextmanager
    def up(self, name: str, *more: str) -> Iterator[None]:
        """The service for as long as the block lasts."""
        with running([*self.command(name), *more], self.folder / f"{name}.log", self.variables(name)):
            yield

    def once(self, name: str, *words: str) -> str:
        """The service to its end, which is a good one; with words, they are its command. What it prints."""
        command = [*self.command(name)[:1], *words] if words else self.command(name)
        done = subprocess.run(
            command,
            env=self.variables(name),
            capture_output=True,
            text=True,
            timeout=patient(240),
            check=False,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def test_the_services_load_a_week_that_a_fetcher_fetched(postgres_server: PostgresServer, tmp_path: Path) -> None:
    postgres_server.start()
    with serving(site()) as base, ExitStack() as stack:
        project = Project(postgres_server, tmp_path, base)
        ports = [f"-{name}.port={project.ports[name]}" for name in ("filer", "master", "volume")]
        sockets = [f"-{name}.localSocket={tmp_path / name}.sock" for name in ("s3", "filer")]
        stack.enter_context(project.up("s3", *ports, *sockets, "-s3.port.iceberg=0", "-s3.port.lance=0"))
        project.once("bucket")
        stack.enter_context(project.up("prefect", "--port", str(project.ports["prefect"])))
        until(lambda: is_healthy(f"http://{HOST}:{project.ports['prefect']}/api"), 240)
        project.once("schedules")
        for name in ("writer", "fetcher"):
            stack.enter_context(project.up(name))
        days = ("-p", f"from={MONDAY}", "-p", f"to={FRIDAY}", "-p", "spread=true")
        run = ("deployment", "run", "backfill/backfill", "-p", "source=hf_daily", *days, "--watch")
        done = program(project.variables("writer"), "prefect", *run, seconds=300)
        assert done.code == 0, done.out + done.err
        read = project.once(
            "paperlog",
            "sql",
            "--json",
            "select count(distinct partition_on) as lists from runs where status = 'loaded'",
        )
        assert json.loads(read) == [{"lists": 5}]
        assert "5 of 5 pages kept" in (tmp_path / "fetcher.log").read_text(encoding="utf-8") + (
            tmp_path / "writer.log"
        ).read_text(encoding="utf-8")


def test_who_has_a_home_that_lasts_and_who_has_not() -> None:
    assert {name for name in SERVICES if SERVICES[name].get("volumes") == ["writer:/data"]} == {
        "schedules",
        "writer",
        "paperlog",
    }
    assert any(each.startswith("/data") for each in SERVICES["fetcher"]["tmpfs"])
    ours = [service for name, service in SERVICES.items() if name != "postgres"]
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours)
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["prefect"]
