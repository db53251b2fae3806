"""All captured pages and all given dumps, through the command line: every promised figure, in any order, replayed."""

from __future__ import annotations

import html
import json
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.support.commands import Command, digest_of, paperlog_in, rows_of
from tests.support.environment import environment_of
from tests.support.places import DAY_PAGES, DUMPS
from warehouse import Reader, open_warehouse

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]
DAYS = [("hf_daily", path) for path in sorted(DAY_PAGES.glob("*.html"))]
REVIEWS = [("weekly_review", path) for path in sorted(DUMPS.glob("00[04]_*.txt"))]
LISTING = [("hf_listing_text", path) for path in sorted(DUMPS.glob("003_*.txt"))]
WHEN = {"hf_listing_text": "2026-06-01T12:00:00Z", "weekly_review": "2026-06-28T12:00:00Z"}
File = tuple[str, Path]


def adopt(paperlog: Command, files: list[File]) -> None:
    """Adopt the files in the order given, one command each."""
    for source, path in files:
        when = ["--fetched-at", WHEN[source]] if source in WHEN else []
        done = paperlog("adopt", source, path, *when, "--no-publish")
        assert done.code == 0, done.err
    assert paperlog("publish").code == 0


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with everything loaded, a command for each source: dumps first, then the days in order."""
    folder = tmp_path_factory.mktemp("everything")
    command = partial(paperlog_in, environment_of(folder, "http://127.0.0.1:9"))
    for files in (REVIEWS, LISTING, DAYS):
        source = files[0][0]
        when = ["--fetched-at", WHEN[source]] if source in WHEN else []
        assert command("adopt", source, *(path for _, path in files), *when, "--no-publish").code == 0
    assert command("publish").code == 0
    return folder / "home"


@pytest.fixture
def loaded(paperlog: Command, everything: Path, home: Path) -> Command:
    """The command line with a copy of that home."""
    shutil.copytree(everything, home)
    return paperlog


@pytest.fixture
def reader(everything: Path) -> Iterator[Reader]:
    with open_warehouse(str(everything)).reader() as opened:
        yield opened


def test_the_dumps_give_88_papers_and_lose_no_entry(paperlog: Command, home: Path) -> None:
    adopt(paperlog, [*REVIEWS, *LISTING])
    with open_warehouse(str(home)).reader() as reader:
        assert reader.query(
            "select sum(entries_count), sum(sightings_count), sum(rejections_count) from runs"
        ).rows == ((94, 94, 0),)
        assert reader.query("select count(*) from papers").rows == ((88,),)
        assert reader.query(
            "select count(*), count(distinct paper_key) from sightings where source = 'weekly_review'"
        ).rows == ((36, 30),)
        assert reader.query(WEEKLY_SECTIONS).rows == (
            (date(2026, 3, 31), "list", 15),
            (date(2026, 3, 31), "top", 3),
            (date(2026, 6, 21), "list", 15),
            (date(2026, 6, 21), "top", 3),
        )
        assert reader.query(REVIEWS_BY_SECTIONS).rows == (
            (date(2026, 3, 31), 15, 6, 6, 0),
            (date(2026, 6, 21), 15, 15, 15, 1),
        )
        assert reader.query(
            "select count(published_on), count(author_count), count(organization) "
            "from sightings where source = 'hf_listing_text'"
        ).rows == ((54, 52, 2),)


def test_the_captured_pages_give_359_papers_on_nine_list_days(paperlog: Command, home: Path) -> None:
    adopt(paperlog, DAYS)
    with open_warehouse(str(home)).reader() as reader:
        assert reader.query("select sum(entries_count), sum(rejections_count) from runs").rows == ((458, 0),)
        assert reader.query("select count(*) from papers").rows == ((359,),)
        assert reader.query("select count(distinct partition_on) from sightings").rows == ((9,),)
        assert reader.query(
            "select count(distinct s.paper_key), list(s.partition_on order by s.partition_on) from sightings as s "
            "where arxiv_id = '2604.07429'"
        ).rows == ((1, [date(2026, 4, 10), date(2026, 4, 16)]),)
        assert reader.query("select submitted_by from sightings where arxiv_id = '2603.16733'").rows == ((None,),)
        assert reader.query(
            "select count(distinct sighting_key), count(distinct observed_at) from metrics "
            "where partition_on = '2026-02-27'"
        ).rows == ((28, 3),)


REVIEWS_BY_SECTIONS = """
select
    partition_on,
    count(*),
    count(methodology || reproducibility || limitations || impact),
    count(experiments),
    count(*) filter (list_contains(derived, 'experiments'))
from reviews
group by all
order by all
"""
WEEKLY_SECTIONS = """
select partition_on, section, count(*)
from sightings
where source = 'weekly_review'
group by all
order by all
"""


def test_a_day_read_three_times_is_final_with_the_third_read(paperlog: Command, home: Path) -> None:
    states: list[tuple[object, ...]] = []
    for file in [file for file in DAYS if file[1].name.startswith("2026-02-27")]:
        adopt(paperlog, [file])
        with open_warehouse(str(home)).reader() as reader:
            states += reader.query("select state from partitions where partition_on = '2026-02-27'").rows
    assert states == [("open",), ("open",), ("final",)]


def test_every_field_of_every_current_entry_equals_the_pages_own_json(reader: Reader) -> None:
    latest: dict[date, dict[str, dict[str, object]]] = {}
    for _, path in DAYS:  # sorted by the time of reading within a day
        said = json.loads(html.unescape(_props(path)))
        latest[date.fromisoformat(said["dateString"])] = {item["paper"]["id"]: item for item in said["dailyPapers"]}
    current = {(row[0], row[1]): row[2:] for row in reader.query(CURRENT).rows}
    numbers = _last_numbers(reader)
    assert len(current) == sum(map(len, latest.values())) == 360
    for day, items in latest.items():
        for position, (arxiv_id, item) in enumerate(items.items(), start=1):
            paper = item["paper"]
            assert isinstance(paper, dict)
            organization = item.get("organization") or {}
            submitter = item.get("submittedBy") or {}
            assert isinstance(organization, dict)
            assert isinstance(submitter, dict)
            assert current[day, arxiv_id] == (
                position,
                " ".join(paper["title"].split()),
                " ".join(paper["summary"].split()),
                [author["name"] for author in paper["authors"]],
                len(paper["authors"]),
                date.fromisoformat(paper["publishedAt"][:10]),
                submitter.get("name"),
                organization["fullname"].strip() if organization else None,
            ), arxiv_id
            expected = {"upvotes": paper["upvotes"], "comments": item["numComments"]}
            if "githubStars" in paper:
                expected["github_stars"] = paper["githubStars"]
            assert numbers[day, arxiv_id] == expected


CURRENT = """
select
    partition_on, arxiv_id, position, title_text, regexp_replace(abstract_text, '\\s+', ' ', 'g'), authors,
    author_count, published_on, submitted_by, organization
from sightings
where source = 'hf_daily' and is_listed
"""


def test_a_review_and_its_listed_paper_are_one_whichever_came_first(paperlog: Command, tmp_path: Path) -> None:
    pages = [file for file in DAYS if "2026-04-02" in file[1].name] + REVIEWS[1:]
    digests, linked = [], []
    for number, files in enumerate((pages, pages[::-1])):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PAPERLOG_HOME", str(tmp_path / f"home{number}"))
            adopt(paperlog, files)
            digests.append(digest_of(paperlog, tmp_path / f"export{number}"))
            asked = "select sources, (select count(*) from papers) as n from papers where arxiv_id = '2604.00073'"
            linked += json.loads(paperlog("sql", asked, "--json").out)
    assert digests[0] == digests[1]
    assert linked == [{"sources": ["hf_daily", "weekly_review"], "n": 44}] * 2


@pytest.mark.timeout(180)
def test_any_order_and_a_replay_into_an_empty_home_give_the_same_digest(loaded: Command, tmp_path: Path) -> None:
    files = [*REVIEWS, *LISTING, *DAYS]
    expected = digest_of(loaded, tmp_path / "export")
    keys = loaded("sql", "select paper_key, title from papers order by all").out
    assert loaded("replay", "--into", tmp_path / "replayed").code == 0
    for seed in range(3):
        shuffled = random.Random(seed).sample(files, len(files))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PAPERLOG_HOME", str(tmp_path / f"shuffled{seed}"))
            adopt(loaded, shuffled)
            assert digest_of(loaded, tmp_path / f"export{seed}") == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERLOG_HOME", str(tmp_path / "replayed"))
        assert digest_of(loaded, tmp_path / "replayed-export") == expected
        assert loaded("sql", "select paper_key, title from papers order by all").out == keys
    for name in ("papers", "sightings", "reviews", "metrics", "partitions"):
        one, other = (tmp_path / folder / f"{name}.parquet" for folder in ("export0", "replayed-export"))
        assert one.read_bytes() == other.read_bytes()


def test_adopting_everything_again_adds_no_row_to_core(loaded: Command) -> None:
    before = loaded("sql", "select row_counts from ops.manifest").out
    adopt(loaded, [*REVIEWS, *LISTING, *DAYS])
    assert loaded("sql", "select row_counts from ops.manifest").out == before
    statuses = rows_of(loaded, "select status, count(*) as runs from runs group by all order by all")
    assert statuses == [{"status": "loaded", "runs": 15}, {"status": "unchanged", "runs": 15}]
    assert "integrity" not in loaded("audit").out


def _props(path: Path) -> str:
    found = re.search(r'data-target="DailyPapers" data-props="([^"]*)"', path.read_text(encoding="utf-8"))
    assert found
    return found[1]


def _last_numbers(reader: Reader) -> dict[tuple[date, str], dict[str, int]]:
    numbers: dict[tuple[date, str], dict[str, int]] = defaultdict(dict)
    rows = reader.query(
        "select partition_on, split_part(sighting_key, '/', 4), metric, arg_max(value, observed_at) from metrics "
        "where source = 'hf_daily' group by all"
    ).rows
    for day, arxiv_id, metric, value in rows:
        assert isinstance(day, date)
        assert isinstance(value, int)
        numbers[day, str(arxiv_id)][str(metric)] = value
    return numbers


def test_the_reading_times_come_from_the_file_names(reader: Reader) -> None:
    times = reader.query("select min(fetched_at), max(fetched_at) from raw.readings where source = 'hf_daily'").rows
    assert times == ((datetime(2026, 2, 23, 18, 4, 32), datetime(2026, 6, 4, 11, 23, 34)),)  # noqa: DTZ001 - as DuckDB says
