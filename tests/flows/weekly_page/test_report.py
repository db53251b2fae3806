"""The report page says what the snapshot says, fetches nothing, and shows every text as text."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from flows.demo.site import FRIDAY, MONDAY, papers_by_day
from flows.design.names import shortened
from flows.jobs.month_grid import MEANINGS, SIGNS
from flows.settings import from_environment
from flows.weekly_page.coverage.calendar import CalendarCell, calendars
from flows.weekly_page.coverage.months import months_of
from flows.weekly_page.facts import NoSuchWeek
from flows.weekly_page.write import WrittenPage, write_page
from tests.flows.weekly_page.browser import CHROMIUM, visited
from tests.support.commands import Command
from tests.support.small import KITES, Invented, at, built, daily, first_batches, later_batches, warehouse_in
from tests.support.small import MONDAY as WEEK_ON
from transforms.records import Link

OWNED = "<script>document.title='owned'</script>"
HOSTILE = Invented(number=66, title=f"</title>{OWNED} & $x^2$ [a](b)", authors=("<b>Eve</b>",))
LINKS = (
    Link(kind="project", url="javascript:alert(1)"),
    Link(kind="code", url='https://example.org/"onmouseover="alert(1)'),
)


def report(home: Path, week: date | None = None) -> WrittenPage:
    return write_page(from_environment({"PAPERLOG_HOME": str(home)}), week)


def soup_of(written: WrittenPage) -> BeautifulSoup:
    return BeautifulSoup(written.path.read_text(encoding="utf-8"), "lxml")


def said(page: BeautifulSoup, selector: str) -> str:
    return " ".join(" ".join(each.get_text(" ") for each in page.select(selector)).split())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    home = tmp_path_factory.mktemp("small")
    built(home)
    return soup_of(report(home))


@pytest.fixture
def hostile(tmp_path: Path) -> WrittenPage:
    batch = daily(0, at(0), (HOSTILE, 7), (KITES, 5))
    first, *others = batch.sightings
    with warehouse_in(tmp_path).writer("test") as writer:
        writer.load([replace(batch, sightings=(replace(first, links=LINKS), *others))])
        writer.publish()
    return report(tmp_path)


def test_the_week_is_told_with_its_papers_by_upvotes(small: BeautifulSoup) -> None:
    assert said(small, "h1") == "Week of 2 March to 8 March 2026"
    titles = [each.get_text() for each in small.select("ol.papers h3")]
    assert titles[:3] == ["Tide Tables for Every Harbour", "Looms That Learn", "Salt and Sparse Attention"]
    assert said(small, "ol.papers li:first-child .votes") == "60 upvotes"
    assert small.select_one("ol.papers h3 a")["href"] == "https://arxiv.org/abs/2603.00001"  # type: ignore[index]


def test_a_paper_without_title_is_shown_by_its_abstract(small: BeautifulSoup) -> None:
    assert "Moths at the Window. " in said(small, ".untitled")
    assert "no title given" in said(small, "#reviews")


def test_the_page_opens_with_the_headline_and_links_to_what_it_is_about(small: BeautifulSoup) -> None:
    assert said(small, "header .lead").startswith("5 papers on 3 lists, all listed for the first time.")
    labels = [each.get_text() for each in small.select("dl.lines dt")]
    lines = dict(zip(labels, (" ".join(each.get_text().split()) for each in small.select("dl.lines dd")), strict=True))
    assert lines["Rose fastest"] == "Looms That Learn: +19 upvotes within 14 hours"
    assert lines["Missing"] == "Wednesday 4 and Friday 6 March were not read"
    assert small.select_one("dl.lines dd a[href='https://arxiv.org/abs/2603.00001']")
    anchors = [str(each["href"])[1:] for each in small.select("dl.lines dt a")]
    assert anchors == ["papers", "rising", "reviews", "dumps", "missing", "missing", "health"]


def test_what_is_new_what_rose_and_what_reviewers_said_is_told(small: BeautifulSoup) -> None:
    assert "5 papers that no list had before" in said(small, "#papers")
    assert "2 Looms That Learn +19 31" in said(small, "#rising table.rises")
    assert "3 papers reviewed, 1 on top" in said(small, "#reviews")
    assert "Reviewers chose 2 of the 5 papers that readers upvoted most." in said(small, "#reviews")
    assert "This paper is about tide and lighthouses. " in said(small, "#reviews ol:first-of-type")
    assert "1. Tide Tables for Every Harbour 60 on top" in said(small, "#reviews table")


def test_coverage_and_run_health_are_told_in_words(small: BeautifulSoup) -> None:
    cells = said(small, "table.calendar td.missing")
    lacking = [WEEK_ON + timedelta(days=each) for each in (2, 4)]
    assert cells == " ".join(f"? {day}: missing, or never read" for day in lacking)
    assert "paperlog backfill hf_daily --from 2026-03-04 --to 2026-03-04" in said(small, "#missing code")
    assert "hf_daily 4 loaded last run 20" in said(small, "#health")
    assert "missing title hf_daily 1 0" in said(small, "#health")


def test_each_day_of_the_last_months_shows_its_state_as_number_sign_and_words(small: BeautifulSoup) -> None:
    daily_months = small.select("#coverage .months")[0]
    assert [each.get_text() for each in daily_months.select("caption")] == ["March 2026"]
    days = {each["title"]: each.get_text(" ", strip=True) for each in daily_months.select("td[title]")}
    assert [str(each)[:10] for each in days] == [f"2026-03-0{day}" for day in range(1, 9)]
    assert days["2026-03-02: open, may still change"] == "2 ~ 2026-03-02: open, may still change"
    assert days["2026-03-04: missing, or never read"] == "4 ? 2026-03-04: missing, or never read"
    assert days["2026-03-06: missing, or never read"] == "6 ? 2026-03-06: missing, or never read"
    assert days["2026-03-07: never asked for"] == "7"
    legend = {each.b.get_text(): each.get_text()[1:].strip() for each in small.select("#coverage .legend li") if each.b}
    assert legend == {SIGNS[state]: meaning for state, meaning in MEANINGS.items()}


def test_the_months_end_with_the_week_and_leave_out_what_nothing_is_known_of() -> None:
    last = {date(2026, 1, 4): "final", date(2026, 1, 5): "missing", date(2026, 2, 2): "final"}
    states = {**last, date(2025, 11, 3): "final", date(2025, 10, 31): "final"}
    months = months_of(states, date(2026, 1, 4))
    assert [each.first for each in months] == [date(2025, 11, 1), date(2026, 1, 1)]
    assert [day.day.day for week in months[0].weeks for day in week if day] == list(range(1, 31))
    assert [day.day.day for week in months[1].weeks for day in week if day] == list(range(1, 5))
    assert {len(week) for each in months for week in each.weeks} == {7}
    assert all(day is None or day.day.weekday() == at for week in months[1].weeks for at, day in enumerate(week))


def test_the_page_has_landmarks_headings_in_order_and_each_id_once(small: BeautifulSoup) -> None:
    assert small.html is not None
    assert small.html["lang"] == "en"
    assert [len(small.select(each)) for each in ("header", "nav", "main", "footer", "h1")] == [1, 1, 1, 1, 1]
    levels = [int(each.name[1]) for each in small.find_all(re.compile("^h[1-6]$"))]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = [each["id"] for each in small.select("[id]")]
    assert len(ids) == len(set(map(str, ids)))
    assert {str(each["href"])[1:] for each in small.select("a[href^='#']")} <= set(map(str, ids))


def test_markup_from_pages_is_text(hostile: WrittenPage) -> None:
    page = soup_of(hostile)
    assert page.find("script") is None
    assert said(page, "ol.papers li:first-child h3") == HOSTILE.title
    assert "<b>Eve</b>" in said(page, "ol.papers")
    assert not [name for each in page.select("*") for name in each.attrs if name.startswith("on")]
    assert "\\<script" not in hostile.markdown
    assert "&lt;script&gt;" in hostile.markdown
    assert "\\[a\\](b)" in hostile.markdown


def test_links_lead_to_the_web_only_and_nothing_is_fetched(hostile: WrittenPage) -> None:
    page = soup_of(hostile)
    links = page.select("a[href]:not([href^='#'])")
    assert links
    for link in links:
        assert str(link["href"]).startswith(("https://", "http://"))
        assert link["rel"] == ["noopener", "noreferrer"]
    assert [str(each["content"]) for each in page.select("meta[http-equiv=Content-Security-Policy]")] == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    ]
    assert not page.select("[src], [srcset], link:not([href='data:,'])")
    assert not re.search(r"@import|url\((?!#)", hostile.path.read_text(encoding="utf-8"))


def test_the_same_snapshot_gives_the_same_bytes(tmp_path: Path) -> None:
    built(tmp_path)
    first = report(tmp_path).path.read_bytes()
    assert report(tmp_path).path.read_bytes() == first
    assert [each.name for each in tmp_path.glob("*report*")] == ["report.html"]


def test_any_day_stands_for_its_week_and_a_week_without_papers_is_refused(tmp_path: Path) -> None:
    built(tmp_path)
    assert report(tmp_path, WEEK_ON + timedelta(days=6)).page.week_on == WEEK_ON
    with pytest.raises(NoSuchWeek, match=f"week of 2026-03-09; the latest weeks that have some: {WEEK_ON}"):
        report(tmp_path, WEEK_ON + timedelta(days=7))


def test_what_changed_since_the_kept_snapshot_is_counted(tmp_path: Path) -> None:
    with warehouse_in(tmp_path).writer("test") as writer:
        writer.load(first_batches())
        writer.publish(keep_days=2)
        writer.load(later_batches())
        writer.publish()
    page = soup_of(report(tmp_path))
    assert "2 × paper added" in said(page, "#health")


def test_the_command_writes_where_it_is_told_and_fails_in_one_line(paperlog: Command, tmp_path: Path) -> None:
    refused = paperlog("report")
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    target = tmp_path / "sub" / "week.html"
    assert str(target) in paperlog("report", "--out", target).out
    assert target.exists()
    refused = paperlog("report", "--week", "2001-01-01")
    assert refused.code == 1
    assert refused.err.startswith("paperlog: no paper is listed in the week of 2001-01-01")


def test_a_week_counts_where_most_of_its_days_lie() -> None:
    sunday = CalendarCell(
        source="weekly_review", partition_days=7, partition_on=date(2026, 6, 21), state="final", entries_count=18,
        last_read_at=None,
    )  # fmt: skip
    (calendar,) = calendars([sunday], {}, date(2026, 6, 22))
    assert calendar.rows[0].label == "Week"
    assert calendar.rows[0].cells[-1] == sunday


def test_a_text_is_cut_between_words() -> None:
    assert shortened("one two  three", 100) == "one two three"
    assert shortened("one two, three", 9) == "one two\N{NO-BREAK SPACE}…"


needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium found: the page is not opened in a browser")


@needs_browser
@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_browser_shows_the_demo_without_a_complaint_or_an_outside_request(
    paperlog: Command, home: Path, tmp_path: Path
) -> None:
    paperlog("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY, "--no-publish")
    paperlog("ingest", "weekly_review", "--date", MONDAY)
    assert paperlog("report").code == 0
    seen = visited((home / "report.html").read_bytes(), tmp_path)
    assert seen.console == ()
    assert seen.requests == ()
    shown = BeautifulSoup(seen.document, "lxml").get_text()
    assert [each.title for day in papers_by_day().values() for each in day if each.title not in shown] == []


@needs_browser
@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_browser_runs_no_script_from_a_title(hostile: WrittenPage, tmp_path: Path) -> None:
    seen = visited(hostile.path.read_bytes(), tmp_path)
    page = BeautifulSoup(seen.document, "lxml")
    assert said(page, "head title") == "Paperlog, week of 2 March 2026"
    assert OWNED in page.get_text()
    assert (seen.console, seen.requests) == ((), ())


@needs_browser
@pytest.mark.slow
@pytest.mark.timeout(120)
def test_the_browser_test_would_notice(tmp_path: Path) -> None:
    page = b"<title>a</title><script>console.error('seen'); document.title='ran'</script><img src=http://other.test/a>"
    seen = visited(page, tmp_path)
    assert "<title>ran</title>" in seen.document
    assert "http://other.test/a" in seen.requests
    assert any("seen" in line for line in seen.console)
