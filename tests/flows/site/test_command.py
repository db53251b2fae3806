"""`paperlog site` as a command: what it prints, how it ends, and the same files from several processes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.batches import DAY, batch, sighting
from tests.support.commands import paperlog_in
from tests.support.environment import scrubbed
from tests.support.sites import files_in
from tests.support.small import built, warehouse_in

MANY = 450


def test_it_says_what_it_wrote(tmp_path: Path) -> None:
    built(tmp_path / "home")
    environment = scrubbed(PAPERLOG_HOME=str(tmp_path / "home"))
    first = paperlog_in(environment, "site", tmp_path / "site", "--base-url", "https://papers.example/x/")
    assert (first.code, first.err) == (0, "")
    assert first.out.splitlines()[-1].startswith(f"{tmp_path / 'site'}: ")
    second = paperlog_in(environment, "site", tmp_path / "site", "--base-url", "https://papers.example/x", "--json")
    answer = json.loads(second.out)
    assert (answer["written"], answer["removed"], answer["left"]) == (0, 0, [])
    assert answer["files"] == len(files_in(tmp_path / "site"))
    assert answer["bytes"] == sum(map(len, files_in(tmp_path / "site").values()))


def test_what_cannot_be_done_is_said_in_a_line(tmp_path: Path) -> None:
    environment = scrubbed(PAPERLOG_HOME=str(tmp_path / "home"))
    without = paperlog_in(environment, "site", tmp_path / "site")
    assert (without.code, without.err.count("\n")) == (1, 1)
    assert "paperlog.duckdb does not exist yet" in without.err
    (tmp_path / "file").write_text("mine")
    assert paperlog_in(environment, "site", tmp_path / "file").code == 2
    for address in ("papers.example", "javascript:alert(1)", "https://papers.example/?a=b", "https://[", "https://a b"):
        wrong = paperlog_in(environment, "site", tmp_path / "site", "--base-url", address)
        assert (wrong.code, "write the address" in wrong.err) == (2, True), address


def _on_one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


@pytest.mark.slow
def test_several_processes_make_the_same_files(tmp_path: Path) -> None:
    with warehouse_in(tmp_path / "home").writer("test") as writer:
        writer.load([batch([sighting(number) for number in range(1, MANY + 1)], day=DAY)])
        writer.publish()
    environment = scrubbed(PAPERLOG_HOME=str(tmp_path / "home"))
    done = paperlog_in(environment, "site", tmp_path / "several")
    assert (done.code, done.err) == (0, "")
    alone = paperlog_in(environment, "site", tmp_path / "alone", before=_on_one_core)
    assert (alone.code, alone.err) == (0, "")
    assert files_in(tmp_path / "alone") == files_in(tmp_path / "several")
    assert sum(path.startswith("papers/") for path in files_in(tmp_path / "several")) == MANY
