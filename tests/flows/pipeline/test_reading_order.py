"""Readings of one day in an order in which they cannot have been made: old numbers never become the latest unsaid."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import permutations
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.demo.pages import hf_day_page
from flows.demo.papers import invented_paper, listed_item
from tests.support.commands import Command
from tests.support.places import DATA

DAY = date(2026, 1, 7)
LATEST = """
    select arg_max(value, observed_at)::integer as upvotes, bool_and(is_listed) as is_listed
    from metrics join sightings using (paper_key, partition_on) where metric = 'upvotes' group by paper_key order by all
"""
REAL_UPVOTES = (656, 685, 722)
pytestmark = pytest.mark.usefixtures("begun")


def page(upvotes: tuple[int, ...], next_on: date | None = None) -> str:
    papers = [invented_paper(number, f"{DAY:%y%m}") for number in range(len(upvotes))]
    items = [listed_item(paper, DAY, place, upvotes=upvotes[place]) for place, paper in enumerate(papers)]
    return hf_day_page(DAY, items, next_on=next_on)


MORNING, EVENING, NEXT_DAY = page((5,)), page((20, 12, 3)), page((31, 19, 8), date(2026, 1, 8))


def rows(paperlog: Command, query: str) -> object:
    return json.loads(paperlog("sql", "--json", query).out)


def saved(folder: Path, name: str, text: str, at: datetime | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    if at is not None:
        os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_pages_copied_in_another_order_leave_the_latest_numbers_and_lose_no_paper(
    paperlog: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "copied"
    for second, text in enumerate((NEXT_DAY, EVENING, MORNING)):
        saved(folder, f"p{second}.html", text, datetime(2026, 1, 9, 10, 0, second, tzinfo=UTC))
    done = paperlog("adopt", "hf_daily", folder)
    assert done.code == 1
    assert "refused: read_order at file:p1.html" in done.err
    assert "warning read_order at file:p0.html" in done.err
    assert rows(paperlog, LATEST) == [{"upvotes": number, "is_listed": True} for number in (8, 19, 31)]
    paperlog("replay")
    assert rows(paperlog, LATEST) == [{"upvotes": number, "is_listed": True} for number in (8, 19, 31)]


def test_stated_times_are_believed_and_warned_of(paperlog: Command, tmp_path: Path) -> None:
    saved(tmp_path / "in", "a__fetched_20260108T070000Z.html", NEXT_DAY)
    saved(tmp_path / "in", "b__fetched_20260108T090000Z.html", EVENING)
    done = paperlog("adopt", "hf_daily", tmp_path / "in")
    assert done.code == 0
    assert done.err.count("warning read_order") == 2


def test_a_page_that_comes_later_is_compared_with_what_is_loaded(paperlog: Command, tmp_path: Path) -> None:
    first = saved(tmp_path / "in", "first.html", NEXT_DAY)
    assert paperlog("adopt", "hf_daily", first, "--fetched-at", "2026-01-08T07:00:00Z").code == 0
    second = saved(tmp_path / "in", "second.html", EVENING, datetime(2026, 1, 9, 10, tzinfo=UTC))
    done = paperlog("adopt", "hf_daily", second)
    assert (done.code, "read_order at file:second.html" in done.err) == (1, True)
    assert paperlog("adopt", "hf_daily", second, "--fetched-at", "2026-01-07T20:00:00Z").code == 0
    assert rows(paperlog, LATEST) == [{"upvotes": number, "is_listed": True} for number in (8, 19, 31)]


def test_what_was_loaded_at_a_wrong_time_can_be_taken_back(paperlog: Command, tmp_path: Path) -> None:
    early = saved(tmp_path / "in", "early.html", MORNING, datetime(2026, 1, 9, 10, tzinfo=UTC))
    assert paperlog("adopt", "hf_daily", early).code == 0
    late = saved(tmp_path / "in", "late.html", NEXT_DAY, datetime(2026, 1, 8, 10, tzinfo=UTC))
    assert paperlog("adopt", "hf_daily", late).code == 1
    assert paperlog("forget", "hf_daily", DAY, "--reason", "the time was that of a copy").code == 0
    assert paperlog("adopt", "hf_daily", late).code == 0
    assert paperlog("adopt", "hf_daily", early, "--fetched-at", "2026-01-07T06:00:00Z").code == 0
    assert rows(paperlog, LATEST) == [{"upvotes": number, "is_listed": True} for number in (8, 19, 31)]


def test_two_of_three_papers_are_never_lost_at_once(paperlog: Command, tmp_path: Path) -> None:
    saved(tmp_path / "in", "a__fetched_20260107T200000Z.html", EVENING)
    saved(tmp_path / "in", "b__fetched_20260107T210000Z.html", page((25,)))
    done = paperlog("adopt", "hf_daily", tmp_path / "in")
    assert (done.code, "list_shrunk" in done.err) == (1, True)


def test_of_a_crawlers_archive_only_the_sites_own_page_counts(paperlog: Command, tmp_path: Path) -> None:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    for hour, host, text in ((7, "huggingface.co", NEXT_DAY), (9, "mirror.example", page((999, 998, 997)))):
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
        record = writer.create_warc_record(
            f"https://{host}/papers/date/{DAY}", "response", payload=BytesIO(text.encode()), http_headers=headers,
            warc_headers_dict={"WARC-Date": f"2026-01-08T0{hour}:00:00Z"},
        )  # fmt: skip
        writer.write_record(record)
    (tmp_path / "crawl.warc").write_bytes(buffer.getvalue())
    done = paperlog("adopt", "hf_daily", tmp_path / "crawl.warc")
    assert done.code == 1
    assert f"other_host at https://mirror.example/papers/date/{DAY} in file:crawl.warc" in done.err
    assert rows(paperlog, LATEST) == [{"upvotes": number, "is_listed": True} for number in (8, 19, 31)]


def test_a_time_that_is_given_and_not_used_is_told(paperlog: Command, tmp_path: Path) -> None:
    saved(tmp_path / "in", "a__fetched_20260108T070000Z.html", NEXT_DAY)
    done = paperlog("adopt", "hf_daily", tmp_path / "in", "--fetched-at", "2026-01-09T00:00:00Z")
    assert done.code == 0
    assert "--fetched-at is not used for 1 files with a time in their names" in done.err


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_real_readings_of_a_day_are_right_in_one_order_only(
    paperlog: Command, tmp_path: Path, order: tuple[int, ...]
) -> None:
    files = sorted((DATA / "hf_daily").glob("2026-02-27__*.html"))
    for second, place in enumerate(order):
        copy = tmp_path / f"p{place}.html"
        shutil.copyfile(files[place], copy)
        at = datetime(2026, 3, 2, 12, 0, second, tzinfo=UTC).timestamp()
        os.utime(copy, (at, at))
    done = paperlog("adopt", "hf_daily", *tmp_path.glob("p*.html"))
    assert ("read_order" in done.err) == (order != (0, 1, 2))
    total = "select sum(upvotes)::integer as upvotes from (select arg_max(value, observed_at) as upvotes from metrics "
    total += "where metric = 'upvotes' group by paper_key)"
    assert rows(paperlog, total) == [{"upvotes": REAL_UPVOTES[-1]}]
