from __future__ import annotations

import dataclasses
import json
import os
import signal
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from extractors.errors import LandingError
from extractors.landing.adopt import page_of_file
from extractors.landing.decisions import partition_decisions
from extractors.landing.landing import Landing
from extractors.landing.storage import Folder
from tests.support.commands import program
from tests.support.environment import scrubbed
from transforms.records import Page, PartitionDecision

MakePage = Callable[..., Page]
NOON = datetime(2026, 1, 8, 12, tzinfo=UTC)
DAY = date(2026, 1, 7)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(Folder(tmp_path / "landing"))


@pytest.fixture
def page(make_page: MakePage) -> Page:
    return make_page("hf_daily", "<html>a page</html>", asked_on=DAY, media_type="text/html; charset=utf-8")


def test_a_kept_page_comes_back_as_it_was_read(landing: Landing, page: Page) -> None:
    page = dataclasses.replace(page, etag='W/"1"', last_modified="Wed, 07 Jan 2026 12:00:00 GMT")
    assert landing.load(landing.keep(page)) == page


def test_the_same_reading_twice_is_kept_once_with_its_first_time(landing: Landing, page: Page) -> None:
    first = landing.keep(page)
    assert landing.keep(page) == first
    assert landing.readings() == [first]
    assert _files(landing, "*.zst") == 1


def test_the_same_body_read_twice_is_stored_once(landing: Landing, page: Page) -> None:
    landing.keep(page)
    landing.keep(dataclasses.replace(page, fetched_at=NOON + timedelta(hours=1)))
    assert _files(landing, "*.zst") == 1
    assert len(landing.readings()) == 2


def test_two_days_that_redirect_to_one_page_at_one_instant_are_two_readings(landing: Landing, page: Page) -> None:
    landing.keep(page)
    landing.keep(dataclasses.replace(page, asked_on=date(2026, 1, 10)))
    assert [kept.asked_on for kept in landing.readings()] == [DAY, date(2026, 1, 10)]


def test_readings_come_in_the_order_in_which_they_were_kept(tmp_path: Path, make_page: MakePage) -> None:
    landing = Landing(Folder(tmp_path), now=lambda: NOON)
    bodies = ["third", "first", "second"]
    for hours, body in zip((3, 1, 2), bodies, strict=True):
        landing.keep(make_page("hf_daily", body, asked_on=DAY, fetched_at=NOON + timedelta(hours=hours)))
    assert [landing.load(kept).body.decode() for kept in Landing(Folder(tmp_path)).readings()] == bodies


def test_readings_are_bounded_by_the_partition_that_was_asked_for(landing: Landing, page: Page) -> None:
    for day in range(5, 10):
        landing.keep(dataclasses.replace(page, asked_on=date(2026, 1, day)))
    landing.keep(dataclasses.replace(page, asked_on=None))
    landing.keep(dataclasses.replace(page, source="weekly_review"))
    found = landing.readings("hf_daily", date(2026, 1, 6), date(2026, 1, 7))
    assert [kept.asked_on for kept in found] == [date(2026, 1, 6), date(2026, 1, 7), None]
    assert len(landing.readings()) == 7


def test_an_answer_of_an_api_is_no_latest_page_nor_a_page_the_latest_answer(landing: Landing, page: Page) -> None:
    kept = landing.keep(page)
    later = dataclasses.replace(page, media_type="application/json", fetched_at=NOON + timedelta(days=1))
    assert landing.latest("hf_daily", DAY, is_answer=True) is None
    answer = landing.keep(later)
    assert landing.latest("hf_daily", DAY) == kept
    assert landing.latest("hf_daily", DAY, is_answer=True) == answer
    assert not landing.keep(dataclasses.replace(later, asked_on=None)).is_answer


def test_the_latest_reading_is_the_one_read_last_not_kept_last(landing: Landing, page: Page) -> None:
    newer = landing.keep(dataclasses.replace(page, fetched_at=NOON + timedelta(days=1)))
    landing.keep(page)
    assert landing.latest("hf_daily", DAY) == newer
    assert landing.latest("hf_daily", date(2026, 1, 8)) is None
    assert landing.latest("weekly_review", DAY) is None


def test_a_copy_keeps_time_and_order(landing: Landing, make_page: MakePage, tmp_path: Path) -> None:
    other = Landing(Folder(tmp_path / "other"))
    for body in ("one", "two", "three"):
        landing.keep(make_page("hf_daily", body, asked_on=DAY))
    for kept in reversed(landing.readings()):
        copied = other.copy_to(other, landing.copy_to(other, kept))
        assert copied == kept
    assert other.readings() == landing.readings()
    assert [other.load(kept).body for kept in other.readings()] == [b"one", b"two", b"three"]


def test_a_damaged_page_is_named_and_healed_by_the_next_reading(landing: Landing, page: Page) -> None:
    kept = landing.keep(page)
    (body,) = Path(landing.address).rglob("*.zst")
    for damage in (b"no zstd frame", body.read_bytes()[:-3], b""):
        body.write_bytes(damage)
        with pytest.raises(LandingError, match=body.name):
            landing.load(kept)
    landing.keep(page)
    assert landing.load(kept) == page


def test_a_missing_page_is_named(landing: Landing, page: Page) -> None:
    kept = landing.keep(page)
    (body,) = Path(landing.address).rglob("*.zst")
    body.unlink()
    with pytest.raises(LandingError, match=f"{body.name}: the kept page is missing"):
        landing.load(kept)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"source": 1}', "\udcff"])
def test_a_damaged_reading_is_named(landing: Landing, page: Page, text: str) -> None:
    landing.keep(page)
    (reading,) = Path(landing.address).rglob("*.json")
    reading.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(LandingError, match=reading.name):
        landing.readings()


def test_no_flipped_bit_of_a_reading_makes_it_another_one(landing: Landing, page: Page) -> None:
    kept = landing.keep(page)
    (path,) = (Path(landing.address) / "readings").rglob("*.json")
    whole = path.read_bytes()
    for bit in range(0, len(whole) * 8, 3):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with suppress(LandingError):
            assert landing.readings() == [kept]


def test_no_flipped_bit_of_a_decision_makes_it_another_one(tmp_path: Path) -> None:
    store = partition_decisions(Folder(tmp_path))
    decision = PartitionDecision(
        source="hf_daily", partition_on=date(2026, 3, 2), is_lost=True, reason="gone", decided_at=datetime.now(UTC)
    )
    store.keep([decision])
    (path,) = (tmp_path / "lost_partitions").iterdir()
    whole = path.read_bytes()
    for bit in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(LandingError, match="other bytes"):
            store.all()


def test_a_reading_under_another_name_is_refused(landing: Landing, page: Page) -> None:
    landing.keep(page)
    (reading,) = Path(landing.address).rglob("*.json")
    reading.rename(reading.with_name(f"x{reading.name}"))
    with pytest.raises(LandingError, match="this file holds another reading, hf_daily/"):
        landing.readings()


@pytest.mark.parametrize("name", ["../outside", "a/b", "", ".", "Hf", "a\nb", "a\x00"])
def test_no_path_is_built_from_a_strange_source_name(landing: Landing, make_page: MakePage, name: str) -> None:
    with pytest.raises(LandingError, match="no source name"):
        landing.keep(make_page(name, "text"))
    assert not Path(landing.address).exists()


def test_a_page_whose_hash_is_not_its_bodys_is_refused(landing: Landing, page: Page) -> None:
    with pytest.raises(LandingError, match="claims sha256"):
        landing.keep(dataclasses.replace(page, sha256="../" * 10))
    assert not Path(landing.address).exists()


def test_instants_are_kept_in_utc_with_microseconds(landing: Landing, page: Page) -> None:
    landing.keep(page)
    (reading,) = Path(landing.address).rglob("*.json")
    assert json.loads(reading.read_text())["fetched_at"] == "2026-01-08T12:00:00.000000+00:00"
    with pytest.raises(ValueError, match="no time zone"):
        landing.keep(dataclasses.replace(page, fetched_at=NOON.replace(tzinfo=None)))


def test_a_kill_while_keeping_leaves_whole_readings_only(tmp_path: Path) -> None:
    script = """
import hashlib, os, sys, threading
from datetime import UTC, datetime
from pathlib import Path
from extractors.landing.decisions import partition_decisions
from extractors.landing.landing import Landing
from extractors.landing.storage import Folder
from tests.support.commands import program
from tests.support.environment import scrubbed
from transforms.records import Page, PartitionDecision
landing = Landing(Folder(Path(sys.argv[1])))
for number in range(10**6):
    body = os.urandom(20000)
    landing.keep(Page(source="hf_daily", asked_on=None, url="u", final_url="u", fetched_at=datetime.now(UTC),
                      media_type="text/html", body=body, sha256=hashlib.sha256(body).hexdigest()))
    if number == 0:
        threading.Timer(0.2, lambda: os.kill(os.getpid(), 9)).start()
"""
    done = program(scrubbed(), "python", "-c", script, tmp_path, seconds=50)
    assert done.code == -signal.SIGKILL
    landing = Landing(Folder(tmp_path))
    assert landing.readings()
    for kept in landing.readings():
        landing.load(kept)


def test_a_dropped_file_becomes_a_page(tmp_path: Path) -> None:
    path = tmp_path / "2026-01-07__fetched_20260108T093000Z.html"
    path.write_text("<html></html>")
    page = page_of_file(path, "hf_daily", NOON)
    assert (page.url, page.final_url) == (f"file:{path.name}", f"file:{path.name}")
    assert (page.asked_on, page.media_type) == (None, "text/html")
    assert page.fetched_at == datetime(2026, 1, 8, 9, 30, tzinfo=UTC)


def test_the_name_tells_the_time_of_reading_else_the_caller_else_the_file(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text("text")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert page_of_file(path, "weekly_review", NOON).fetched_at == NOON
    assert page_of_file(path, "weekly_review").fetched_at == datetime.fromtimestamp(1_700_000_000, UTC)
    with pytest.raises(ValueError, match="no time zone"):
        page_of_file(path, "weekly_review", NOON.replace(tzinfo=None))


def test_adopting_the_same_file_twice_is_one_reading(landing: Landing, tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text("text")
    assert landing.keep(page_of_file(path, "weekly_review")) == landing.keep(page_of_file(path, "weekly_review"))
    assert len(landing.readings()) == 1


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("empty.txt", b"", "empty.txt: the file is empty"),
        ("large.txt", b"x" * (16 * 1024**2 + 1), "large.txt: larger than 16 MB"),
        ("page.pdf", b"x", "page.pdf: no media type is known for .pdf"),
        ("a__fetched_20261399T000000Z.txt", b"x", "20261399T000000Z, which is no time"),
    ],
)
def test_a_file_that_cannot_be_a_page_is_named(tmp_path: Path, name: str, body: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(LandingError, match=message):
        page_of_file(tmp_path / name, "weekly_review")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"none.txt: no such file"):
        page_of_file(tmp_path / "none.txt", "weekly_review")
    with pytest.raises(LandingError, match="not a regular file"):
        page_of_file(tmp_path, "weekly_review")


def _files(landing: Landing, pattern: str) -> int:
    return len(list(Path(landing.address).rglob(pattern)))


@pytest.mark.parametrize(("umask", "file_mode", "folder_mode"), [(0o002, 0o664, 0o775), (0o027, 0o640, 0o750)])
def test_who_may_read_what_is_kept_is_what_the_umask_says(
    landing: Landing, page: Page, umask: int, file_mode: int, folder_mode: int
) -> None:
    before = os.umask(umask)
    try:
        landing.keep(page)
    finally:
        os.umask(before)
    kept = list(Path(landing.address).rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept if path.is_file()} == {file_mode}
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept if path.is_dir()} == {folder_mode}


def test_readings_that_cannot_be_listed_are_not_passed_over(landing: Landing, page: Page) -> None:
    landing.keep(page)
    folder = Path(landing.address) / "readings" / "hf_daily"
    folder.rename(Path(landing.address) / "moved")
    folder.symlink_to(folder)
    for ask in (landing.readings, lambda: landing.readings("hf_daily"), lambda: landing.latest("hf_daily", DAY)):
        with pytest.raises(OSError, match=str(folder)):
            ask()


def test_a_page_that_cannot_be_read_now_is_not_said_to_be_damaged(landing: Landing, page: Page) -> None:
    kept = landing.keep(page)
    path = Path(landing.shown(kept))
    path.rename(Path(landing.address) / "moved")
    path.symlink_to(path)
    with pytest.raises(LandingError, match=f"{path.name}: cannot be read now") as caught:
        landing.load(kept)
    assert caught.value.cause is None
    path.unlink()
    path.write_bytes(b"not what was kept")
    with pytest.raises(LandingError, match="is damaged") as caught:
        landing.load(kept)
    assert caught.value.cause == "page_damaged"
