"""The numbers of a week and of the weeks before it are those of the views, counted here once more; so are the plots."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from bs4 import BeautifulSoup

from flows.design.drawn import VARIABLES
from flows.settings import from_environment
from flows.weekly_page.facts import WeeklyPage, known_of, page_of
from flows.weekly_page.write import WrittenPages, write_page, write_pages
from tests.support.small import MONDAY
from tests.support.weeks import EVENING, NOON, Entry, home_of, readings, review_of
from transforms.records import Batch
from warehouse import Reader, open_warehouse

WEEK = timedelta(days=7)
LAST = MONDAY + 8 * WEEK
AGES = (EVENING, NOON, timedelta(hours=84))
TOPICS = ("kites", "Looms", "salt", "moths", "tides")
INSTITUTIONS = ("MIT", "Mila", None)
HOSTILE = "</desc><script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}"


def batches() -> Iterator[Batch]:
    """Nine weeks of two lists of six papers, without the fifth week; the last week has a paper that rises fast."""
    for week in (0, 1, 2, 3, 5, 6, 7, 8):
        for day in (0, 3):
            first = 100 * week + 10 * day + 1
            entries = [_entry(first + place, place, week) for place in range(6)]
            if week == 8:
                words = ("kites", HOSTILE)
                entries[0] = Entry(number=first, upvotes=(20, 90, 200), keywords=words, organization=HOSTILE)
                entries.append(Entry(number=1, upvotes=(1,)))  # listed again
            yield from readings(MONDAY + week * WEEK + timedelta(days=day), entries, AGES)
    yield review_of(LAST, "Copper", "Glass")
    yield review_of(MONDAY + 6 * WEEK, "Wool")


def _entry(number: int, place: int, week: int) -> Entry:
    upvotes = (place, place + week, place + 2 * week)
    keywords = (TOPICS[place % 5], TOPICS[(place + week) % 5].upper())
    return Entry(number=number, upvotes=upvotes, keywords=keywords, organization=INSTITUTIONS[place % 3])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return home_of(tmp_path_factory.mktemp("weeks"), batches())


@pytest.fixture
def reader(home: Path) -> Iterator[Reader]:
    with open_warehouse(str(home)).reader() as opened:
        yield opened


@pytest.fixture(scope="module")
def page(home: Path) -> WeeklyPage:
    settings = from_environment({"PAPERLOG_HOME": str(home)})
    with open_warehouse(str(home)).reader() as opened:
        return page_of(opened, settings, known_of(opened, settings), LAST)


@pytest.fixture(scope="module")
def shown(home: Path) -> BeautifulSoup:
    written = write_page(from_environment({"PAPERLOG_HOME": str(home)}))
    return BeautifulSoup(written.path.read_text(encoding="utf-8"), "lxml")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    """One list of 14 papers, read twice: all but the first gained something; five are of five institutions."""
    names = ("MIT", "Mila", "Google", "Microsoft", "NVIDIA")
    entries = [
        Entry(number=each, upvotes=(1, each), organization=names[each - 1] if each <= len(names) else None)
        for each in range(1, 15)
    ]
    home = home_of(tmp_path_factory.mktemp("plain"), readings(MONDAY, entries))
    written = write_page(from_environment({"PAPERLOG_HOME": str(home)}))
    return BeautifulSoup(written.path.read_text(encoding="utf-8"), "lxml")


@pytest.fixture(scope="module")
def folder(home: Path, tmp_path_factory: pytest.TempPathFactory) -> WrittenPages:
    return write_pages(from_environment({"PAPERLOG_HOME": str(home)}), tmp_path_factory.mktemp("all") / "pages")


def test_what_each_week_listed_is_what_the_views_say(page: WeeklyPage, reader: Reader) -> None:
    lists = reader.query(
        "select date_trunc('week', partition_on)::date, count(distinct paper_key), count(distinct partition_on)"
        " from sightings where source = 'hf_daily' and is_listed group by 1"
    )
    reviewed = reader.query(
        "select date_trunc('week', partition_on)::date, count(distinct paper_key) from reviews group by 1"
    )
    papers, reviews = {row[0]: row[1:] for row in lists.rows}, {row[0]: row[1] for row in reviewed.rows}
    found = {each.week_on: (each.papers_count, each.lists_count) for each in page.counts if each.lists_count}
    assert found == papers
    assert {each.week_on: each.reviewed_count for each in page.counts if each.reviewed_count} == reviews
    assert [each.week_on for each in page.counts] == [MONDAY + place * WEEK for place in range(9)]
    assert page.counts[-1].new_count == len(page.new) == len(page.papers) - 1
    assert [each.known_since for each in page.again] == [f"listed since {MONDAY}"]


def test_upvotes_of_a_week_are_those_of_its_first_four_days(page: WeeklyPage, reader: Reader) -> None:
    rows = reader.query(
        "select date_trunc('week', partition_on)::date, paper_key, max(value) from metrics"
        " where metric = 'upvotes' and observed_at < partition_on + interval 4 days group by all"
    ).rows
    for each in page.counts:
        values = [int(str(value)) for week, _, value in rows if week == each.week_on]
        assert (each.upvotes_median, each.upvotes_most) == ((median(values), max(values)) if values else (None, None))


def test_a_rise_is_the_gain_of_a_day_and_usual_what_the_weeks_before_gained(page: WeeklyPage, reader: Reader) -> None:
    rows = reader.query(
        "select paper_key, partition_on, value - lag(value) over (partition by sighting_key order by observed_at),"
        " observed_at from metrics where metric = 'upvotes'"
    ).rows
    day_after = [
        (key, int(str(gain)), on)
        for key, on, gain, at in rows
        if gain is not None and isinstance(at, datetime) and isinstance(on, date) and at == _noon_after(on)
    ]
    before = sorted(gain for _, gain, on in day_after if on < LAST)
    gained = {str(key): gain for key, gain, on in day_after if on >= LAST}
    assert {each.paper_key: each.gained for each in page.rises.all} == gained
    strongest = page.rises.strongest
    assert strongest is not None
    assert (strongest.gained, round(strongest.hours), strongest.usual_count) == (70, 14, len(before))
    assert strongest.usual_high == pytest.approx(_quantile(before, 0.9))
    assert strongest.usual_low == pytest.approx(_quantile(before, 0.1))
    assert page.rises.unusual_count == sum(gain > _quantile(before, 0.9) for gain in gained.values())


def _noon_after(on: date) -> datetime:
    return datetime(on.year, on.month, on.day) + NOON  # noqa: DTZ001 - the view's times are UTC without saying so


def _quantile(values: list[int], part: float) -> float:
    place = part * (len(values) - 1)
    low = int(place)
    return values[low] + (place - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def test_topics_are_counted_without_case_once_a_paper(page: WeeklyPage, reader: Reader) -> None:
    rows = reader.query("select partition_on, site_keywords from sightings where site_keywords is not null").rows
    found: Counter[tuple[date, str]] = Counter()
    for on, keywords in rows:
        assert isinstance(on, date)
        assert isinstance(keywords, list)
        found.update({(on - timedelta(days=on.weekday()), word.lower()) for word in keywords})
    told = {
        (week, trend.name.lower()): count
        for trend in page.topics.all
        for week, count in zip(page.topics.weeks, trend.counts, strict=True)
        if count
    }
    repeated = {word for (_, word), count in found.items() if count > 1}
    assert told == {key: count for key, count in found.items() if key[1] in repeated}
    assert page.topics.of_counts[4] == 0
    assert all(each.counts[4] is None for each in page.topics.all)


def test_institutions_are_those_of_the_view(page: WeeklyPage, reader: Reader) -> None:
    rows = reader.query(
        "select i.institution, count(distinct i.paper_key) from paper_institutions as i"
        " join sightings as s using (paper_key) where s.source = 'hf_daily' and s.partition_on >= $on group by 1",
        {"on": LAST},
    ).rows
    told = {each.name: each.count for each in page.institutions.all if each.count}
    assert told == {str(name): count for name, count in rows if int(str(count)) > 1}


def test_reviews_are_those_of_the_week_and_older_ones_are_folded(shown: BeautifulSoup) -> None:
    first, *_ = [each.get_text() for each in shown.select("#reviews h3")]
    assert first == "weekly_review, from 27 April 2026"
    assert "Copper" in shown.select("#reviews > ol.reviews")[0].get_text()
    assert "Wool" not in shown.select("#reviews")[0].get_text()  # the same source has a review of this week


def test_an_older_review_is_folded_where_the_week_has_none(folder: WrittenPages) -> None:
    page = BeautifulSoup((folder.folder / "2026-W17.html").read_text(encoding="utf-8"), "lxml")
    assert "No review of this week is loaded." in page.select("#reviews")[0].get_text()
    (older,) = [each for each in page.select("#reviews details") if "Before this week" in each.get_text()]
    assert not older.has_attr("open")
    assert "Wool" in older.get_text()


def test_bars_show_each_week_and_a_gap_where_nothing_is_loaded(shown: BeautifulSoup) -> None:
    papers = shown.select("#weeks figure")[0]
    assert papers.figcaption is not None
    assert papers.figcaption.get_text() == "6.5 papers a list, 0.5 more than in the week before."
    assert [each.get_text() for each in papers.select("text")][:9] == ["6", "6", "6", "6", "–", "6", "6", "6", "6.5"]
    assert len(papers.select("rect")) == 8
    heights = [float(str(each["height"])) for each in papers.select("rect")]
    assert heights[-1] == max(heights) == 48
    assert heights[0] == pytest.approx(48 * 6 / 6.5, abs=0.01)
    assert "nothing in that of 30 March" in papers.select("desc")[0].get_text()


def test_every_plot_has_a_sentence_and_a_description_or_its_numbers_beside_it(shown: BeautifulSoup) -> None:
    for drawing in shown.select("svg"):
        if drawing.get("role") == "img":
            named = [shown.find(id=each) for each in str(drawing["aria-labelledby"]).split()]
            assert all(each is not None and each.get_text() for each in named)
        else:
            assert drawing["aria-hidden"] == "true"
            assert drawing.find_parent("table") is not None
    captions = [each.get_text(" ", strip=True) for each in shown.select(".rises caption, .trends caption, figcaption")]
    assert [each for each in captions if not re.match(r"\w.+\.", each)] == []
    ids = [each["id"] for each in shown.select("[id]")]
    assert len(ids) == len(set(map(str, ids)))


def test_curves_stand_over_the_usual_range_in_the_page_s_colours(shown: BeautifulSoup) -> None:
    (figure,) = shown.select("#rising figure")
    assert "papers have more upvotes than nine in ten papers had at their age." in figure.get_text()
    assert [each.parent["class"] for each in figure.select("svg") if each.parent] == [["wide"], ["narrow"]]
    drawn = str(figure)
    assert "var(--band)" in drawn
    assert "var(--c1)" in drawn
    assert not set(re.findall("#000[0-9a-f]{3}", drawn)) & set(VARIABLES)


def test_without_three_readings_there_is_no_curve_and_no_colour(shown: BeautifulSoup, plain: BeautifulSoup) -> None:
    assert len(shown.select("#rising .wide")) == 1
    assert [each["class"] for each in shown.select("ol.papers .rank")][:6] == [
        *(["rank", f"p{place}"] for place in range(1, 6)),
        ["rank"],
    ]
    assert plain.select("#rising .wide") == []
    assert {" ".join(each["class"]) for each in plain.select("ol.papers .rank")} == {"rank"}


def test_a_table_of_rises_says_that_it_is_cut_and_keeps_its_numbers_on_a_phone(plain: BeautifulSoup) -> None:
    (table,) = plain.select("table.rises")
    assert len(table.select("tbody tr")) == 12
    said = table.select("caption")[0].get_text(" ", strip=True)
    assert said.startswith("13 of 14 papers gained upvotes in the day after the first reading.")
    assert said.endswith("Shown are the first 12 of the 13 that gained any.")
    assert [each["class"] for each in table.select("th:first-child, td:first-child")] == [["n"]] * 13


def test_institutions_that_no_two_papers_share_are_no_table(plain: BeautifulSoup) -> None:
    (section,) = plain.select("#institutions")
    said = " ".join(section.get_text(" ").split())
    assert said == "Institutions 5 of 14 papers have a known institution, and no two of them share one."


def test_the_weeks_of_a_table_are_named_and_what_is_usual_is_left_out_where_too_few_tell(folder: WrittenPages) -> None:
    early, late = (
        BeautifulSoup((folder.folder / f"2026-W{week}.html").read_text(encoding="utf-8"), "lxml") for week in (11, 18)
    )
    heads = [each.get_text() for each in early.select("#topics thead th")]
    assert heads == ["Topic", "This week", "Week before", "Weeks of 12 Jan to 9 Mar"]
    assert {len(each.select("th, td")) for each in early.select("#topics tbody tr")} == {4}
    assert "12 papers of the eight weeks before have keywords: too few to tell what is usual." in early.text
    assert "Eight weeks before" in [each.get_text() for each in late.select("#topics thead th")]
    assert "too few" not in late.select("#topics")[0].get_text()


def test_a_chart_of_reviews_without_one_of_this_week_says_so(folder: WrittenPages) -> None:
    page = BeautifulSoup((folder.folder / "2026-W17.html").read_text(encoding="utf-8"), "lxml")
    assert page.select("#weeks figcaption")[-1].get_text() == "No review of this week is loaded."


def test_hostile_keywords_and_institutions_are_text(shown: BeautifulSoup) -> None:
    assert shown.find("script") is None
    assert "</desc><script>alert(1)</script>\\u202e" in shown.select("#topics table")[0].get_text()
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in str(shown)


def test_every_week_has_a_page_and_the_links_between_them_hold(folder: WrittenPages) -> None:
    names = sorted(each.name for each in folder.folder.iterdir())
    weeks = [f"2026-W{number}.html" for number in (10, 11, 12, 13, 15, 16, 17, 18)]
    assert names == [*weeks, "index.html"]
    for name in names:
        page = BeautifulSoup((folder.folder / name).read_text(encoding="utf-8"), "lxml")
        links = [str(each["href"]) for each in page.select("a[href$='.html']")]
        assert set(links) <= set(names)
        beside = {str(each["rel"]): str(each["href"]) for each in page.select("nav.beside a[rel]")}
        if name in weeks:
            place = weeks.index(name)
            expected = {"prev": place - 1, "next": place + 1}
            assert beside == {f"['{rel}']": weeks[at] for rel, at in expected.items() if 0 <= at < len(weeks)}
    index = BeautifulSoup((folder.folder / "index.html").read_text(encoding="utf-8"), "lxml")
    assert [str(each["href"]) for each in index.select("td a, th a")] == weeks[::-1]
    assert index.select("tbody tr")[0].get_text(" ", strip=True) == "27 April to 3 May 2026 13 2"


def test_the_same_snapshot_gives_the_same_pages(folder: WrittenPages, home: Path, tmp_path: Path) -> None:
    again = write_pages(from_environment({"PAPERLOG_HOME": str(home)}), tmp_path)
    assert again.weeks == folder.weeks
    for each in folder.folder.iterdir():
        assert (tmp_path / each.name).read_bytes() == each.read_bytes()
