"""The examples of docs/examples work: the units pass systemd's own check, each service's command runs as it stands.

No container runtime is needed: a service is started by hand from the compose file, with its command, its variables and
its user, on a read-only root with one writable home. What only a runtime can show, the image itself, is not shown here;
its file is compared with the tree.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import requests
import yaml  # type: ignore[import-untyped]

from flows.__main__ import cli
from flows.demo.site import MONDAY, serving, site
from tests.support.commands import path_of
from tests.support.environment import scrubbed
from tests.support.patience import patient, until
from tests.support.places import ROOT

EXAMPLES = ROOT / "docs" / "examples"
UNITS = sorted(EXAMPLES.glob("paperlog*.[st]*"))
COMPOSE: dict[str, Any] = yaml.safe_load((EXAMPLES / "compose.yaml").read_text(encoding="utf-8"))
CONTAINER = (EXAMPLES / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMMANDS = {name: service["command"] for name, service in COMPOSE["services"].items()}

# A read-only root with an empty /tmp; the home and what else a service writes are bound into folders that are there.
SANDBOX = """
mount --make-rprivate /
mount --bind "$1" /mnt
mount -t tmpfs tmpfs /tmp
mount -o remount,bind,ro /
mkdir /tmp/work
cd /tmp/work
shift
exec setpriv --no-new-privs "$@"
"""


def can_sandbox() -> bool:
    """Whether this user may make a read-only root for a process."""
    if os.geteuid() or not (shutil.which("unshare") and shutil.which("setpriv")):
        return False
    tried = ["unshare", "--mount", "sh", "-ec", "mount --make-rprivate /; mount -o remount,bind,ro /; ! touch /x"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def parsed(arguments: list[str]) -> click.Context:
    """The command with its options, as the command line reads them."""
    command = cli.get_command(click.Context(cli), arguments[0])
    assert command is not None, arguments
    return command.make_context(arguments[0], arguments[1:])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_passes_systemds_own_check(unit: Path, tmp_path: Path) -> None:
    for each in UNITS:
        text = each.read_text(encoding="utf-8").replace("/srv/paperlog/bin/paperlog", path_of("paperlog"))
        (tmp_path / each.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)],  # noqa: S607 - of this machine
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if unit.stem in line]  # units of this machine are read too
    assert (done.returncode, said) == (0, [])


def test_the_units_commands_are_ours() -> None:
    found = [
        line for unit in UNITS for line in re.findall(r"^ExecStart=\S+/paperlog (.+)$", unit.read_text(), re.MULTILINE)
    ]
    assert sorted(found) == ["backup /var/backups/paperlog", "up"]
    for each in found:
        parsed(shlex.split(each))


def test_a_service_has_its_own_user_a_read_only_root_and_one_writable_home() -> None:
    for service in COMPOSE["services"].values():
        assert service["user"] == "10001:10001"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["volumes"][0] == f"home:{service['environment']['PAPERLOG_HOME']}"
        parsed(list(service["command"]))
    text = (EXAMPLES / "paperlog.service").read_text(encoding="utf-8")
    assert {"User=paperlog", "ProtectSystem=strict", "StateDirectory=paperlog"} <= set(text.splitlines())
    assert "ReadWritePaths" not in text


def test_the_health_check_is_a_command_of_ours() -> None:
    _, program, *arguments = COMPOSE["services"]["paperlog"]["healthcheck"]["test"]
    assert program == "/app/bin/paperlog"
    parsed(arguments)


def test_the_image_is_made_from_a_named_base_and_from_all_of_the_package() -> None:
    assert re.findall(r"^ARG BASE=(\S+)$", CONTAINER, flags=re.MULTILINE) == ["python:3.13-slim-bookworm"]
    assert set(re.findall(r"^FROM (\S+)", CONTAINER, flags=re.MULTILINE)) == {"${BASE}"}
    copied = {
        word
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, flags=re.MULTILINE)
        for word in line.split()
    }
    assert [name for name in sorted(copied) if not (ROOT / name).exists()] == []
    assert {"extractors", "flows", "transforms", "warehouse", "deployments.yaml", "requirements.lock"} <= copied
    assert re.findall(r"^USER (\S+)$", CONTAINER, flags=re.MULTILINE) == ["10001:10001"]
    assert '"paperlog"' not in CONTAINER
    command = re.findall(r"^CMD \[(.+)\]$", CONTAINER, flags=re.MULTILINE)[0].replace('"', "").split(", ")
    assert command == COMMANDS["paperlog"]


@pytest.mark.prefect
@pytest.mark.slow
@pytest.mark.timeout(420)
@pytest.mark.skipif(not can_sandbox(), reason="this user may not make a read-only root")
@pytest.mark.skipif(ROOT.parts[:2] == ("/", "tmp"), reason="this tree lies in /tmp, which is empty for the services")
def test_the_compose_services_run_with_a_read_only_root_and_one_writable_home(tmp_path: Path) -> None:
    home, port = tmp_path / "home", "4297"
    home.mkdir()
    with serving(site()) as base:
        own = {"PAPERLOG_HOME": "/mnt/home", "PAPERLOG_CONTACT": "a@example.org", "PAPERLOG_HF_DAILY_URL": base}
        api = f"http://127.0.0.1:{port}/api"
        kept = {name: text for name, text in scrubbed(**own).items() if name != "HOME"}
        environment = {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PREFECT_WORKER_QUERY_SECONDS": "1"}

        def service(*command: str, **more: str) -> subprocess.Popen[bytes]:
            sandbox = ["unshare", "--mount", "sh", "-ec", SANDBOX, "sh", str(tmp_path)]
            program = [sys.executable, "-P", "-m", "flows", *command]
            return subprocess.Popen([*sandbox, *program], env={**environment, **more}, start_new_session=True)

        up = service(*COMMANDS["paperlog"], "--port", port)
        try:
            until(lambda: healthy(f"{api}/health"), 120)
            until(lambda: service("doctor", "--only", "scheduling").wait(patient(60)) == 0, 120)
            load = service("ingest", "hf_daily", "--date", str(MONDAY), PREFECT_API_URL=api)
            assert load.wait(patient(120)) == 0
            (backup,) = [command for name, command in COMMANDS.items() if name == "backup"]
            assert service(backup[0], "/mnt/backup").wait(patient(60)) == 0
            assert service("check").wait(patient(60)) == 0
        finally:
            up.send_signal(signal.SIGTERM)
            assert up.wait(patient(120)) == 0
    assert (tmp_path / "backup" / "backup.json").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"home", "backup"}


def healthy(address: str) -> bool:
    """Whether it answers."""
    try:
        return requests.get(address, timeout=5).ok
    except requests.RequestException:
        return False
