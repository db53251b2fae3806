"""Two machines that share a lake and a bucket: what one kept the other loads, and every command works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.demo.site import FRIDAY, MONDAY, serving, site
from tests.support.commands import Done, digest_of, paperlog_in, rows_of
from tests.support.environment import environment_of
from tests.support.lakes import Lake
from tests.support.services import S3Server

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]

WEEK = ("--from", MONDAY, "--to", FRIDAY)


class Machine:
    """A home of its own, and the command line in it."""

    def __init__(self, folder: Path, base: str, shared: dict[str, str]) -> None:
        self.home = folder / "home"
        self.environment = environment_of(folder, base, **{**shared, "PAPERLOG_HOME": str(self.home)})

    def __call__(self, *arguments: object) -> Done:
        """Run it."""
        return paperlog_in(self.environment, *arguments)


@pytest.fixture
def base() -> Iterator[str]:
    with serving(site()) as address:
        yield address


@pytest.fixture
def shared(postgres: str, bucket_prefix: str, s3_server: S3Server) -> dict[str, str]:
    """What two machines have in common."""
    lake = Lake(conninfo=postgres, data=f"{bucket_prefix}/lake", s3=s3_server)
    return {**lake.variables(Path("unused")), "PAPERLOG_LANDING": f"{bucket_prefix}/landing"}


@pytest.fixture
def machines(tmp_path: Path, base: str, shared: dict[str, str]) -> tuple[Machine, Machine]:
    one, two = (Machine(tmp_path / name, base, shared) for name in ("one", "two"))
    return one, two


def test_what_one_kept_the_other_loads_without_asking_again(
    machines: tuple[Machine, Machine], tmp_path: Path, base: str
) -> None:
    one, two = machines
    assert one("capture", "hf_daily", *WEEK).code == 0
    assert not (one.home / "landing").exists()
    done = two("backfill", "hf_daily", *WEEK)
    assert done.code == 0, done.err
    assert "5 kept already, 0 to ask for" in done.out
    assert two("ingest", "weekly_review", "--date", MONDAY).code == 0

    alone = Machine(tmp_path / "alone", base, {})
    assert two("replay", "--into", alone.home).code == 0
    assert len([*(alone.home / "landing").rglob("*.zst")]) == 6
    assert digest_of(alone, tmp_path / "alone-export") == digest_of(two, tmp_path / "export")


def test_every_command_that_needs_the_pages_works(machines: tuple[Machine, Machine], tmp_path: Path) -> None:
    one, two = machines
    assert one("ingest", "hf_daily", *WEEK).code == 0
    papers = rows_of(two, "select paper_key from papers order by 1 limit 2")
    first, second = (row["paper_key"] for row in papers)
    assert one("merge", first, second, "--reason", "the same").code == 0
    assert two("forget", "hf_daily", MONDAY, "--reason", "a test").code == 0
    assert two("ingest", "hf_daily", "--date", MONDAY).code == 0
    digest = digest_of(one, tmp_path / "export")
    for command in (("audit",), ("requeue",), ("status",), ("size",), ("doctor", "--only", "machine")):
        done = two(*command)
        assert "Traceback" not in done.err, done.err
        assert done.code in {0, 1}
    findings = json.loads(two("audit", "--json").out)
    assert not [each for each in findings if "landing" in json.dumps(each)]
    done = two("maintain", "--json")
    assert (done.code, json.loads(done.out)["notes_found"]) == (0, 0), done.err
    assert two("replay").code == 0
    assert digest_of(two, tmp_path / "replayed") == digest
    assert one("backup", tmp_path / "backup").code in {0, 1}
    assert not [*(tmp_path / "backup").rglob("*.zst")]


def test_a_bucket_without_a_lake_is_refused(tmp_path: Path, base: str) -> None:
    done = Machine(tmp_path, base, {"PAPERLOG_LANDING": "s3://bucket/landing"})("status")
    assert (done.code, done.out) == (2, "")
    assert "PAPERLOG_LANDING: pages in a bucket need a lake too: set PAPERLOG_WAREHOUSE" in done.err
