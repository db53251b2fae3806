"""A back-up tells each damaged page by its own name, keeps the good copy that it has, and a restore tells it again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard

from flows.demo.site import MONDAY
from tests.support.commands import Command, paperlog_in

LISTS = ("ingest", "hf_daily", "--from", MONDAY, "--to", MONDAY + timedelta(days=1))


@pytest.fixture
def here(paperlog: Command, home: Path, home_after: Callable[..., Path]) -> Command:
    """The command line with a home of two pages."""
    shutil.copytree(home_after(LISTS), home)
    return paperlog


def pages(landing: Path) -> list[Path]:
    return sorted(landing.glob("pages/*/*/*.zst"))


def overwritten(path: Path, content: bytes) -> bytes:
    """Put other bytes in a file's place; returns those that it had."""
    before = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(content)
    return before


def said(err: str) -> list[str]:
    return [line for line in err.splitlines() if line.startswith("damaged: ")]


@pytest.mark.parametrize("kind", ["another page", "garbage", "empty", "flipped"])
def test_a_damaged_page_without_a_good_copy_is_told_and_all_the_rest_backed_up(
    here: Command, home: Path, tmp_path: Path, environment: dict[str, str], kind: str
) -> None:
    page, other = pages(home / "landing")
    body = zstandard.ZstdDecompressor().stream_reader(page.read_bytes()).read()
    content = {
        "another page": other.read_bytes(),
        "garbage": b"garbage",
        "empty": b"",
        "flipped": zstandard.ZstdCompressor(level=3).compress(body.replace(b"a", b"b", 1)),
    }
    good = overwritten(page, content[kind])
    done = here("backup", tmp_path / "kept", "--json")
    assert done.code == 1
    (line,) = said(done.err)
    assert f"{page}: the kept page is damaged" in line
    assert "adopt the same page again" in line
    answer = json.loads(done.out)
    assert [f"damaged: {each}" for each in answer["damaged"]] == [line]
    there = tmp_path / "there"
    done = paperlog_in(environment | {"PAPERLOG_HOME": str(there)}, "restore", tmp_path / "kept")
    assert done.code == 1
    (line,) = said(done.err)
    assert str(there / page.relative_to(home)) in line
    assert "it was so when it was backed up" in line
    assert [path.name for path in pages(there / "landing")] == [page.name, other.name]
    overwritten(page, good)
    done = here("backup", tmp_path / "kept")
    assert (done.code, said(done.err)) == (0, [])
    assert pages(tmp_path / "kept" / "landing")[0].read_bytes() == good


def test_the_good_copy_of_an_earlier_back_up_stays_and_heals(here: Command, home: Path, tmp_path: Path) -> None:
    assert here("backup", tmp_path / "kept").code == 0
    for page in pages(home / "landing"):
        overwritten(page, b"garbage")
    before = [path.read_bytes() for path in pages(tmp_path / "kept" / "landing")]
    for _ in range(2):
        done = here("backup", tmp_path / "kept")
        assert done.code == 1
        lines = said(done.err)
        assert [line.count("is whole: copy it back") for line in lines] == [1, 1]
        assert [path.read_bytes() for path in pages(tmp_path / "kept" / "landing")] == before
    for line, page in zip(lines, pages(home / "landing"), strict=True):
        copy = Path(line.split("; ")[-1].removesuffix(" is whole: copy it back"))
        shutil.copy(copy, page)
    assert here("backup", tmp_path / "kept").code == 0
    assert here("replay").code == 0


def test_a_page_that_an_earlier_release_backed_up_damaged_is_replaced_by_the_good_one(
    here: Command, home: Path, tmp_path: Path
) -> None:
    page, other = pages(home / "landing")
    good = overwritten(page, other.read_bytes())
    assert here("backup", tmp_path / "kept").code == 1
    overwritten(page, good)
    assert here("backup", tmp_path / "kept").code == 0
    assert pages(tmp_path / "kept" / "landing")[0].read_bytes() == good


def test_the_same_page_packed_anew_is_no_damage(here: Command, home: Path, tmp_path: Path) -> None:
    assert here("backup", tmp_path / "kept").code == 0
    page = pages(home / "landing")[0]
    body = zstandard.ZstdDecompressor().stream_reader(page.read_bytes()).read()
    overwritten(page, zstandard.ZstdCompressor(level=19).compress(body))
    done = here("backup", tmp_path / "kept")
    assert (done.code, done.err) == (0, "")


def test_a_damaged_reading_a_reading_without_its_page_and_a_changed_decision_are_told(
    here: Command, home: Path, tmp_path: Path
) -> None:
    assert here("unrecoverable", "hf_daily", "2025-03-12", "--reason", "invented").code == 0
    assert here("backup", tmp_path / "kept").code == 0
    (decision,) = (home / "landing" / "lost_partitions").rglob("*.json")
    overwritten(decision, decision.read_bytes().replace(b"invented", b"forged!!"))
    reading = min((home / "landing" / "readings").rglob("*.json"))
    unread = json.loads(overwritten(reading, b"{"))["sha256"]
    done = here("backup", tmp_path / "kept")
    assert done.code == 1
    first, second = sorted(said(done.err))
    assert f"{decision} is not what" in first
    assert f"{reading}: not a reading that can be read" in second
    assert "is whole: copy it back" in second
    next(each for each in pages(home / "landing") if not each.name.startswith(unread)).unlink()
    done = here("backup", tmp_path / "new")
    assert done.code == 1
    assert any("the kept page is missing" in line for line in said(done.err))


def test_a_first_back_up_that_fails_speaks_of_no_earlier_one(here: Command, home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = here("backup", tmp_path / "file" / "kept")
    assert done.code == 1
    assert done.err.rstrip().endswith("Not a directory; nothing was backed up")
    lock = home / "writer.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    done = here("backup", tmp_path / "kept")
    assert done.code == 1
    assert done.err.rstrip().endswith("Is a directory; nothing was backed up")
    lock.rmdir()
    assert here("backup", tmp_path / "kept").code == 0
    lock.unlink()
    lock.mkdir()
    done = here("backup", tmp_path / "kept")
    assert done.code == 1
    assert "Is a directory; the back-up of 20" in done.err
    assert done.err.rstrip().endswith("still stands")
