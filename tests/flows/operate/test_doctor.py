"""`paperlog doctor` names what is wrong around it, in bounded time, and what to do."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from flows.operate.machine import home
from flows.settings import from_environment
from tests.flows.conftest import MONDAYS_LIST
from tests.support.commands import Done, paperlog_in
from tests.support.environment import environment_of, scrubbed
from tests.support.mounts import mounted
from tests.support.patience import patient
from tests.support.servers import Handler, serving

NOBODY = 65_534


class Site(Handler):
    """Robots.txt with these rules, and a receiver of messages."""

    rules = ""
    status = 200
    messages: list[bytes]

    def answer(self) -> None:
        """The rules, or a receipt."""
        if self.command == "POST":
            self.messages.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send(self.status, self.rules.encode(), Content_Type="text/plain")


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def environment(folder: Path, base: str, **changes: str) -> dict[str, str]:
    """Only `hf_daily` has an address that answers here."""
    return environment_of(folder, base, PAPERLOG_ML_PAPERS_WEEK_URL=f"{base}/weeks", **changes)


def found_in(done: Done) -> dict[str, dict[str, str]]:
    assert "Traceback" not in done.err
    return {each["name"]: each for each in json.loads(done.out)}


def doctor(own: dict[str, str], *arguments: str) -> dict[str, dict[str, str]]:
    return found_in(paperlog_in(own, "doctor", "--json", *arguments))


def test_a_machine_on_which_everything_is_right(tmp_path: Path, home_after: Callable[..., Path]) -> None:
    shutil.copytree(home_after(MONDAYS_LIST), tmp_path / "home")
    with serving(Site) as base:
        done = paperlog_in(environment(tmp_path, base, PAPERLOG_CONTACT="a@example.org"), "doctor")
    assert done.code == 0, done.out
    lines = done.out.splitlines()
    assert {line.split()[0] for line in lines} <= {"ok", "warn"}
    for name in ("python", "packages", "search", "home", "locks", "disk", "clock", "site of hf_daily"):
        assert any(line.startswith(f"ok    {name}: ") for line in lines), name
    assert [line.split(":")[0].split(maxsplit=1)[1] for line in lines if line.startswith("warn")] == [
        "webhook",
        "server",
    ]


def test_a_site_that_forbids_is_down_or_never_answers(tmp_path: Path, silent_port: int) -> None:
    with serving(Site, rules="User-agent: *\nDisallow: /papers\n") as base:
        own = environment(tmp_path, base) | {
            "PAPERLOG_ML_PAPERS_WEEK_URL": "http://127.0.0.1:9",
            "PAPERLOG_WEEKLY_REVIEW_URL": f"http://127.0.0.1:{silent_port}",
        }
        began = time.monotonic()
        found = doctor(own)
    assert found["site of hf_daily"]["level"] == "fail"
    assert "forbidden by robots.txt" in found["site of hf_daily"]["detail"]
    assert "no answer" in found["site of ml_papers_week"]["detail"]
    assert "no answer within 20 s" in found["site of weekly_review"]["detail"]
    assert time.monotonic() - began < patient(90)
    assert all(found[name]["remedy"] for name in found if found[name]["level"] == "fail")


def test_only_on_demand_a_message_is_sent(tmp_path: Path) -> None:
    messages: list[bytes] = []
    with serving(Site, messages=messages) as base:
        own = environment(tmp_path, base, PAPERLOG_WEBHOOK_URL=f"{base}/hook?key=pa55")
        assert doctor(own)["webhook"]["level"] == "ok"
        assert messages == []
        assert doctor(own, "--webhook")["webhook"]["level"] == "ok"
        assert len(messages) == 1
    with serving(Site, messages=messages, status=500) as base:
        own = environment(tmp_path, base, PAPERLOG_WEBHOOK_URL=f"{base}/hook?key=pa55")
        done = paperlog_in(own, "doctor", "--webhook")
    assert done.code == 1
    assert "PAPERLOG_WEBHOOK_URL: answered 500" in done.out
    assert "pa55" not in done.out + done.err


@contextmanager
def as_user(number: int) -> Iterator[None]:
    """Ask for files as another user does."""
    os.seteuid(number)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_home_of_another_user_is_told_as_a_matter_of_rights() -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to others
        Path(folder).chmod(0o755)
        own = Path(folder, "home")
        (own / "landing" / "pages").mkdir(parents=True)
        settings = from_environment({"PAPERLOG_HOME": str(own)})
        with as_user(NOBODY):
            (found,) = home(settings)
        assert (found.name, found.level) == ("home", "fail")
        assert f"cannot be written by user {NOBODY}: Permission denied" in found.detail
        assert found.remedy == "give this user the right"
        own.chmod(0o777)
        (own / "landing" / "pages").chmod(0o700)
        with as_user(NOBODY):
            last = list(home(settings))[-1]
        assert last.level == "fail"
        assert f"may not use 2 files in it, such as {own / 'landing'}" in last.detail


def test_a_home_on_a_full_disk_is_no_matter_of_rights(tmp_path: Path) -> None:
    settings = from_environment({"PAPERLOG_HOME": str(tmp_path)})
    with mounted(tmp_path, "size=64k"):
        with suppress(OSError):
            (tmp_path / "filler").write_bytes(b"x" * 1_000_000)
        (found,) = home(settings)
    assert "No space left on device" in found.detail
    assert found.remedy == "make room on that disk"


def test_a_full_disk_and_a_clock_that_runs_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with (home / "warehouse.duckdb").open("wb") as file:
        file.truncate(10**13)  # takes no room, but three copies of it would
    os.utime(home / "warehouse.duckdb", (4e9, 4e9))
    with serving(Site) as base:
        found = doctor(environment(tmp_path, base))
    assert found["disk"]["level"] == found["clock"]["level"] == "fail"
    assert "2096" in found["clock"]["detail"]


def test_a_slip_in_a_name_and_a_file_of_secrets_that_others_may_read(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('hf_token = "pa55"\n', encoding="utf-8")
    (tmp_path / "own.toml").chmod(0o644)
    with serving(Site) as base:
        own = environment(tmp_path, base, PAPERLOG_CONFIG=str(tmp_path / "own.toml"), PAPERLOG_HOMME="x")
        done = paperlog_in(own, "doctor")
    assert "PAPERLOG_HOMME is no setting" in done.out
    assert f"others may read hf_token in {tmp_path / 'own.toml'}; chmod 600" in done.out
    assert "pa55" not in done.out


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    with serving(Site) as base:
        own = environment(tmp_path, base, PREFECT_API_URL="http://user:pa55@127.0.0.1:9/api")
        done = paperlog_in(own, "doctor")
    assert done.code == 1
    assert "fail  server: it does not answer" in done.out
    assert "pa55" not in done.out


def test_one_part_can_be_looked_at_alone(tmp_path: Path) -> None:
    assert set(doctor(environment(tmp_path, "http://127.0.0.1:9"), "--only", "scheduling")) == {"server"}
    found = doctor(environment(tmp_path, "http://127.0.0.1:9"), "--only", "scheduling", "--only", "webhook")
    assert set(found) == {"server", "webhook"}


def test_settings_that_cannot_be_used_are_refused_as_everywhere(tmp_path: Path) -> None:
    done = paperlog_in(scrubbed(PAPERLOG_HOME=str(tmp_path), PAPERLOG_LOCK_SECONDS="x"), "doctor")
    assert done.code == 2
    assert "PAPERLOG_LOCK_SECONDS" in done.err
