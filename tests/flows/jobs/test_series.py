"""A source of several lists against a served arXiv: each has states, gaps and keys of its own, and one paper is one."""

from __future__ import annotations

import html
import json
import shutil
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.cli.progress import PlainProgress
from flows.demo.site import FRIDAY, MONDAY
from flows.jobs import ingest as fetching
from flows.jobs.plan import backfill
from flows.pipeline.outcome import JobResult
from flows.pipeline.work import Clock, Span, Work
from flows.settings import from_environment
from tests.flows.conftest import Site
from tests.support.arxiv_site import RATE_EXCEEDED, ArxivSite, Met
from tests.support.commands import Command, digest_of, paperlog_in, rows_of, started
from tests.support.environment import environment_of
from tests.support.patience import patient
from tests.support.small import warehouse_in

CATEGORIES = ("cs.LG", "cs.CV", "econ.EM")
FIRST, LAST = date(2026, 8, 7), date(2026, 9, 18)  # 31 weekdays, one of which has no list by published dates
UNPUBLISHED_HOLIDAY = date(2026, 9, 3)
QUIET = frozenset({date(2026, 9, 10), date(2026, 9, 11)})
LATE, FILLED = date(2026, 9, 17), date(2026, 9, 16)
DAYS_COUNT = 29  # with a list
BEYOND = date(2026, 6, 15)
STATES = "select series, state, cause, count(*) as days from partitions group by all order by all"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Arxiv:
    """A served arXiv with a home; what is fetched is fetched at a time of both their clocks."""

    site: ArxivSite
    base: str
    folder: Path
    changes: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a process that knows the site and the home."""
        own = {"PAPERLOG_ARXIV_ANNOUNCED_URL": self.base, "PAPERLOG_ARXIV_ANNOUNCED_SERIES": " ".join(CATEGORIES)}
        return environment_of(self.folder, "http://127.0.0.1:9", **own | self.changes)

    def work(self, at: str) -> Work:
        """What a job needs at a time that both clocks show; the site's log begins anew."""
        self.site.at(at)
        self.site.asked.clear()
        return Work(settings=from_environment(self.environment), progress=PlainProgress(), clock=Clock.at(utc(at)))

    def backfill(self, at: str, first: date = FIRST, last: date = LAST, source: str = "arxiv_announced") -> JobResult:
        """Backfill days at that time."""
        return backfill(self.work(at), source, Span(first=first, last=last))

    def ingest(self, at: str, *days: date, source: str = "arxiv_announced") -> JobResult:
        """Ingest days at that time."""
        return fetching.ingest(self.work(at), source, days)


def site_of(**changes: object) -> ArxivSite:
    of: dict[str, object] = {
        "categories": CATEGORIES,
        "first": date(2026, 6, 1),
        "last": date(2026, 12, 31),
        "clock": lambda: utc("2026-09-18T12:00"),
        "per_page": 5,
    }
    return ArxivSite(**of | changes)  # type: ignore[arg-type]


@pytest.fixture
def arxiv(tmp_path: Path) -> Iterator[Arxiv]:
    site = site_of()
    warehouse_in(tmp_path / "home")
    with site.served() as base:
        yield Arxiv(site, base, tmp_path)


@pytest.fixture
def environment(arxiv: Arxiv) -> dict[str, str]:
    return arxiv.environment


def summary_of(result: JobResult) -> str:
    return result.summary.removeprefix(f"{result.job}: ")


@dataclass(frozen=True, slots=True)
class Season:
    """Six weeks of three lists, and what the backfills that loaded them said and asked for."""

    home: Path
    said: Mapping[str, str]
    asked: Mapping[str, int]
    papers: Mapping[str, set[str]]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Season:
    site = site_of(
        holidays=frozenset({UNPUBLISHED_HOLIDAY, date(2026, 9, 8)}),
        quiet={"econ.EM": QUIET},
        late={LATE: utc("2026-09-17T15:00")},
        filled={FILLED: utc("2026-09-16T14:00")},
    )
    said, asked = {}, {}
    with site.served() as base:
        arxiv = Arxiv(site, base, tmp_path_factory.mktemp("season"))
        moments = ("2026-09-16T05:00", "2026-09-17T06:00", "2026-09-18T06:20", "2026-09-18T18:30", "2026-09-19T07:00")
        for at in moments:
            said[at] = summary_of(arxiv.backfill(at, last=min(LAST, date.fromisoformat(at[:10]))))
            asked[at] = len(site.pages_asked)
        said["beyond"] = summary_of(arxiv.ingest("2026-09-19T07:05", BEYOND))
        asked["beyond"] = len(site.pages_asked)
        said["again"] = summary_of(arxiv.backfill("2026-09-19T07:10", first=BEYOND, last=BEYOND))
        asked["again"] = len(site.asked)
        said["final"] = summary_of(arxiv.backfill("2026-09-19T07:15"))
        asked["final"] = len(site.asked)
        papers = {
            category: site.papers(category, [day for day in site.days if day >= FIRST]) for category in CATEGORIES
        }
    return Season(arxiv.folder / "home", said, asked, papers)


@pytest.fixture
def loaded(season: Season, home: Path, paperlog: Command) -> Command:
    """The command line with a home of the season of its own."""
    shutil.copytree(season.home, home, dirs_exist_ok=True)
    return paperlog


DAY, NEXT = date(2026, 9, 16), date(2026, 9, 17)
NOON = "2026-09-16T12:00"
LG, CV, EM = (f"arxiv_announced:{each}" for each in CATEGORIES)


def path(category: str, day: date, page: int = 1) -> str:
    return f"/catchup/{category}/{day}?abs=True" + (f"&page={page}" if page > 1 else "")


def asked_of(arxiv: Arxiv, query: str) -> list[tuple[Any, ...]]:
    """The answer of the snapshot."""
    with duckdb.connect(arxiv.folder / "home" / "paperlog.duckdb", read_only=True) as snapshot:
        return snapshot.sql(query).fetchall()


def states(arxiv: Arxiv) -> dict[tuple[str, str], tuple[str, str | None]]:
    """State and the last run's cause of each partition."""
    last = "select p.series, p.partition_on, p.state, r.cause from marts.partitions as p join marts.runs as r"
    rows = asked_of(arxiv, f"{last} on r.run_id = p.last_run_id")
    return {(series, str(day)): (state, cause) for series, day, state, cause in rows}


def kept(arxiv: Arxiv) -> list[str]:
    """The partition asked for of each page that is kept."""
    folder = arxiv.folder / "home" / "landing" / "readings"
    return sorted(f"{each.parent.name} {each.name.split('__')[1]}" for each in folder.glob("*/*.json"))


@pytest.mark.slow
def test_a_backfill_of_all_lists_gives_each_day_its_state_and_asks_for_no_final_one_again(
    season: Season, loaded: Command
) -> None:
    assert season.said == {
        "2026-09-16T05:00": "79 loaded, 2 unchanged, 3 no_list",
        "2026-09-17T06:00": "3 loaded, 12 unchanged, 3 no_list",
        "2026-09-18T06:20": "6 loaded, 3 unchanged",
        "2026-09-18T18:30": "6 unchanged",
        "2026-09-19T07:00": "nothing new",
        "beyond": "3 no_list",
        "again": "nothing new",
        "final": "nothing new",
    }
    assert (season.asked["2026-09-19T07:00"], season.asked["again"], season.asked["final"]) == (0, 0, 0)
    assert rows_of(loaded, STATES) == [
        each
        for series in sorted(CATEGORIES)
        for each in (
            {"series": series, "state": "final", "cause": None, "days": DAYS_COUNT},
            {"series": series, "state": "no_list", "cause": "not_announced", "days": 1},
            {"series": series, "state": "unrecoverable", "cause": "out_of_reach", "days": 1},
        )
    ]


@pytest.mark.slow
def test_every_list_has_its_own_entries_and_a_paper_in_several_is_one(season: Season, loaded: Command) -> None:
    found = rows_of(loaded, "select series, list(distinct arxiv_id) as ids from sightings where is_listed group by all")
    assert {row["series"]: set(row["ids"]) for row in found} == season.papers  # type: ignore[call-overload]
    everything = set().union(*season.papers.values())
    assert rows_of(loaded, "select count(*) as n, any_value(sources) as sources from papers") == [
        {"n": len(everything), "sources": ["arxiv_announced"]}
    ]
    several = "select count(*) as n from (from sightings group by paper_key having count(distinct arxiv_id) > 1)"
    assert rows_of(loaded, several.replace("(from", "(select paper_key from")) == [{"n": 0}]
    listed_twice = sum(len(ids) for ids in season.papers.values()) - len(everything)
    crossed = "select sum(n - 1)::int as n from (select count(distinct series) as n from sightings group by paper_key)"
    assert rows_of(loaded, crossed) == [{"n": listed_twice}]
    assert rows_of(loaded, "select source, series from sources") == [
        {"source": "arxiv_announced", "series": sorted(CATEGORIES)}
    ]
    odd = "select count(*) as n from sightings where categories[1] is null or not list_contains(categories, series)"
    assert rows_of(loaded, odd) == [{"n": 0}]
    assert rows_of(
        loaded, "select count(*) > 50 as is_told from sightings where comments ilike 'code: https://github%'"
    ) == [{"is_told": True}]
    for view in ("matches", "runs", "partitions", "papers_daily", "coverage"):
        query = f"select list(distinct series order by series) as found from {view}"  # noqa: S608 - our own names
        series = rows_of(loaded, query)
        assert series == [{"found": sorted(CATEGORIES)}], view


@pytest.mark.slow
def test_the_commands_that_read_name_the_lists(season: Season, loaded: Command) -> None:
    del season
    status = loaded("status", "--gaps", "--json")
    assert {f"{each['source']}:{each['series']}" for each in json.loads(status.out)["sources"]} == {LG, CV, EM}
    assert json.loads(status.out)["gaps"] == []
    assert loaded("status", "--calendar").out.count(": 29 final, 1 no list, 1 unrecoverable") == 3
    kinds = {each["kind"] for each in json.loads(loaded("audit", "--json").out)}
    assert kinds <= {"silent", "drift"}
    assert (loaded("check").code, loaded("check").out) == (0, "ok\n")
    planned = loaded("backfill", "arxiv_announced", "--from", FIRST, "--to", LAST, "--dry-run")
    assert (planned.code, planned.out.count(": 0 to ask for, 30 of 30 settled")) == (0, 3)
    planned = loaded("backfill", LG, "--gaps", "--dry-run")
    assert "0 to ask for" in planned.out
    sizes = {each["source"] for each in json.loads(loaded("size", "--json").out) if each["kind"] == "readings"}
    assert sizes == {LG, CV, EM}
    report = loaded("report")
    assert (report.code, report.err) == (
        1,
        "paperlog: the snapshot has no paper of a digest yet: ingest or adopt one first\n",
    )


@pytest.mark.slow
def test_a_replay_needs_no_network_and_gives_the_same_facts(
    season: Season, loaded: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del season
    before = digest_of(loaded, tmp_path / "before")
    done = loaded("replay", "--source", "arxiv_announced")
    assert (done.code, digest_of(loaded, tmp_path / "again")) == (0, before), done.err
    assert loaded("replay", "--into", tmp_path / "other").code == 0
    assert loaded("backup", tmp_path / "saved").code == 0
    for name in ("other", "restored"):
        monkeypatch.setenv("PAPERLOG_HOME", str(tmp_path / name))
        assert name == "other" or loaded("restore", tmp_path / "saved").code == 0
        assert digest_of(loaded, tmp_path / f"digest of {name}") == before


@pytest.mark.slow
def test_what_a_person_decides_about_one_list_is_nothing_to_the_others(season: Season, loaded: Command) -> None:
    del season
    of_day = f"select state from partitions where partition_on = '{DAY}' order by series"  # noqa: S608 - our own day
    for command in ("forget", "unrecoverable"):
        done = loaded(command, "arxiv_announced", DAY, "--reason", "none in particular")
        assert (done.code, done.err) == (
            2,
            "paperlog: arxiv_announced has several lists: name one, as arxiv_announced:NAME\n",
        )
    assert loaded("forget", LG, DAY, "--reason", "a wrong page").code == 0
    assert [row["state"] for row in rows_of(loaded, of_day)] == ["final", "missing", "final"]
    gaps = json.loads(loaded("status", "--gaps", "--json").out)["gaps"]
    assert [(each["source"], each["partition"]) for each in gaps] == [(LG, str(DAY))]
    assert f"backfill {LG}" in loaded("status", "--gaps").out
    assert loaded("unrecoverable", LG, DAY, "--reason", "nobody kept it").code == 0
    assert [row["state"] for row in rows_of(loaded, of_day)] == ["final", "unrecoverable", "final"]
    assert loaded("forget", LG, DAY, "--reason", "it was right", "--undo").code == 0
    assert [row["state"] for row in rows_of(loaded, of_day)] == ["final", "final", "final"]


def test_a_saved_page_is_adopted_for_its_list_only(arxiv: Arxiv, paperlog: Command, tmp_path: Path) -> None:
    file = tmp_path / f"{DAY}__fetched_20260916T120000Z.html"
    arxiv.site.at(NOON)
    file.write_text("".join(arxiv.site.document("cs.LG", DAY, page=page) for page in (1, 2)))
    for command in (
        ("adopt", "arxiv_announced", file),
        ("adopt", "arxiv_announced:", file),
        ("parse", "arxiv_announced", file),
    ):
        done = paperlog(*command)
        assert done.code != 0
        assert "arxiv_announced:" in done.err
        assert "Traceback" not in done.err
    done = paperlog("adopt", CV, file)
    assert done.code == 1
    assert "expected the list of cs.CV (Computer Vision and Pattern Recognition), found that of cs.LG" in done.err
    assert f'"partition_on": "{DAY}"' in paperlog("parse", LG, file).out
    assert paperlog("adopt", LG, file).code == 0
    assert rows_of(paperlog, "select distinct series from sightings") == [{"series": "cs.LG"}]
    # The refused one is of no day: only its own list asks for it again.
    assert "1 refused" in paperlog("requeue", "--source", CV).out
    assert "nothing new" in paperlog("requeue", "--source", LG).out
    file.with_stem("cut").write_text(arxiv.site.document("cs.LG", DAY))
    done = paperlog("adopt", LG, file.with_stem("cut"))
    assert (done.code, "adopt all parts of the list in one file" in done.err) == (1, True)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("arxiv_announced:../x", "no category of arXiv"),
        ("arxiv_announced:", "no category of arXiv"),
        ("arxiv_announced:cs.LG@x", "no category of arXiv"),
        ("arxiv_announced@cs.LG", "Did you mean 'arxiv_announced'?"),
        ("arxiv_announced:cs.lg", "did you mean cs.LG?"),
        ("arxiv_announced:cs.LG\n", "no category of arXiv"),
        ("arxiv_announced:cs.LG:cs.CV", "no category of arXiv"),
        ("hf_daily:x", "hf_daily is one list: write it without ':x'"),
        ("arxiv_anounced:cs.LG", "Did you mean 'arxiv_announced'?"),
    ],
)
def test_a_wrong_name_is_refused_before_anything_is_asked(arxiv: Arxiv, paperlog: Command, name: str, why: str) -> None:
    for command in (
        ("ingest", name),
        ("backfill", name, "--from", "-3d"),
        ("quarantine", "--source", name),
        ("replay", "--source", name),
    ):
        done = paperlog(*command)
        assert (done.code, done.out) == (2, "")
        assert why in done.err
        assert "Traceback" not in done.err
    assert arxiv.site.asked == []


# What can go wrong while a list is read


@pytest.mark.parametrize(
    ("met", "cause"),
    [
        pytest.param(
            Met(status=503, body=RATE_EXCEEDED, headers={"Retry-After": "1"}), "host_down", marks=pytest.mark.slow
        ),
        (Met(status=200, body=RATE_EXCEEDED), "rate_limited"),
        (Met(status=403), "blocked"),
        (Met(status=404), "not_found"),
        (Met(status=400), "bad_answer"),
        (Met(status=200), "cut_off"),
    ],
)
@pytest.mark.parametrize("page", [1, 2])
def test_a_part_that_cannot_be_had_leaves_nothing_behind(arxiv: Arxiv, met: Met, cause: str, page: int) -> None:
    arxiv.site.meets[path("cs.LG", DAY, page)] = deque([met] * 10)
    assert summary_of(arxiv.ingest(NOON, DAY, source=LG)) == f"1 failed ({cause})"
    assert kept(arxiv) == []
    assert states(arxiv) == {("cs.LG", str(DAY)): ("missing", cause)}
    arxiv.site.meets.clear()
    assert summary_of(arxiv.ingest("2026-09-16T12:05", DAY, source=LG)) == "1 loaded"
    assert states(arxiv) == {("cs.LG", str(DAY)): ("open", None)}


def test_a_list_that_grows_between_two_parts_is_read_again_as_a_whole(arxiv: Arxiv) -> None:
    arxiv.site.filled[DAY] = utc("2026-09-16T12:00")

    def fill(asked: str) -> None:
        if asked == path("cs.LG", DAY, 2):
            arxiv.site.at("2026-09-16T12:00")

    arxiv.site.before_answer = fill
    result = arxiv.ingest("2026-09-16T11:59", DAY, source=LG)
    assert "the list changed while its parts were read: 9 entries in place of 7" in str(
        result.results[0].outcome.reason
    )
    assert (kept(arxiv), states(arxiv)) == ([], {("cs.LG", str(DAY)): ("missing", "cut_off")})
    assert summary_of(arxiv.backfill("2026-09-16T12:01", DAY, DAY, LG)) == "1 loaded"
    assert states(arxiv) == {("cs.LG", str(DAY)): ("open", None)}


@pytest.mark.parametrize(
    ("met", "cause"),
    [
        (Met(status=200, body=RATE_EXCEEDED), "rate_limited"),
        (Met(status=404), "not_found"),
    ],
)
def test_an_empty_list_without_its_witness_says_nothing(arxiv: Arxiv, met: Met, cause: str) -> None:
    arxiv.site.quiet = {"econ.EM": frozenset({DAY})}
    arxiv.site.meets[f"/catchup/cs.LG/{DAY}"] = deque([met] * 10)
    assert summary_of(arxiv.ingest(NOON, DAY, source=EM)) == f"1 failed ({cause})"
    assert (kept(arxiv), states(arxiv)) == ([], {("econ.EM", str(DAY)): ("missing", cause)})
    arxiv.site.meets.clear()
    arxiv.ingest("2026-09-16T12:05", DAY, source=EM)
    assert states(arxiv) == {("econ.EM", str(DAY)): ("open", None)}
    assert arxiv.site.pages_asked == [path("econ.EM", DAY), f"/catchup/cs.LG/{DAY}"]


def test_a_later_reading_of_one_page_is_confirmed_and_of_several_read_again(arxiv: Arxiv) -> None:
    arxiv.site.new_counts = {"econ.EM": 2, "cs.CV": 0}
    arxiv.ingest(NOON, DAY, source=EM)
    arxiv.ingest(NOON, DAY, source=LG)
    pages = sorted((arxiv.folder / "home" / "landing" / "pages").glob("*/*/*.zst"))
    for source in (EM, LG):
        assert summary_of(arxiv.ingest("2026-09-17T01:00", DAY, source=source)) == "1 unchanged"
    # Of one page the next day's link is new by then, so that it was sent whole.
    assert len(pages) == 2
    assert states(arxiv)["cs.LG", str(DAY)] == states(arxiv)["econ.EM", str(DAY)] == ("final", None)


def test_a_host_that_fails_is_left_alone_by_all_lists(arxiv: Arxiv) -> None:
    """After four failures in a row nothing more is asked, of no list."""
    days = [date(2026, 9, day) for day in (9, 10, 11, 14, 15, 16)]
    for category in CATEGORIES:
        for day in days:
            arxiv.site.meets[path(category, day)] = deque([Met(status=403)] * 10)
    result = arxiv.ingest(NOON, *days)
    assert len(arxiv.site.pages_asked) <= 4 + 3, summary_of(result)  # as many are under way at once
    assert result.skipped_count >= 3 * 6 - 7


def test_an_early_reading_tells_too_early_and_a_later_one_the_list(arxiv: Arxiv) -> None:
    """By New York's clock the day is still to come, then nothing is there yet, then all of it."""
    arxiv.site.late[DAY] = utc("2026-09-16T09:00")
    found = []
    for at in ("2026-09-16T00:30", "2026-09-16T04:30", "2026-09-16T10:00", "2026-09-16T22:30"):
        arxiv.backfill(at, DAY, DAY, LG)
        found.append((*states(arxiv)["cs.LG", str(DAY)], len(arxiv.site.pages_asked)))
    assert found == [("open", "too_early", 1), ("open", "too_early", 1), ("open", None, 2), ("final", None, 2)]


def test_what_was_read_once_is_final_when_the_site_gives_it_no_more(arxiv: Arxiv) -> None:
    """Else every backfill would ask for it in vain."""
    arxiv.ingest("2026-09-16T12:00", DAY, source=LG)
    arxiv.ingest("2026-09-17T00:30", NEXT, source=LG)
    for at, count in (("2026-12-20T12:00", 2), ("2026-12-20T12:05", 0)):
        arxiv.backfill(at, DAY, NEXT, LG)
        assert len(arxiv.site.pages_asked) == count
    found = states(arxiv)
    assert found["cs.LG", str(DAY)][0] == "final"
    assert found["cs.LG", str(NEXT)] == ("unrecoverable", "out_of_reach")
    assert asked_of(arxiv, "select count(*) from marts.sightings where is_listed") == [(9,)]


def test_a_day_without_an_announcement_is_believed_when_it_is_over(arxiv: Arxiv) -> None:
    arxiv.site.holidays = frozenset({DAY})
    for source, asked in ((LG, 1), (EM, 2)):
        for at, state in (
            ("2026-09-16T23:59:50", ("open", "too_early")),
            ("2026-09-17T00:00:10", ("open", "not_announced")),
            ("2026-09-18T00:00:10", ("no_list", "not_announced")),
        ):
            arxiv.backfill(at, DAY, DAY, source)
            assert len(arxiv.site.pages_asked) == asked
            assert states(arxiv)[source.partition(":")[2], str(DAY)] == state, at
        arxiv.backfill("2026-09-18T00:05", DAY, DAY, source)
        assert arxiv.site.asked == []


def test_a_list_whose_name_begins_another_is_its_own(arxiv: Arxiv, paperlog: Command) -> None:
    arxiv.site.categories = ("math", "math-ph", "cs.LG")
    for name in ("math", "math-ph"):
        assert summary_of(arxiv.ingest(NOON, DAY, source=f"arxiv_announced:{name}")) == "1 loaded"
    found = rows_of(paperlog, "select series, count(*)::int as n from sightings group by all order by all")
    assert [row["series"] for row in found] == ["math", "math-ph"]
    assert "replay: 1 " in paperlog("replay", "--source", "arxiv_announced:math").out
    assert "replay: 2 " in paperlog("replay", "--source", "arxiv_announced").out
    assert paperlog("forget", "arxiv_announced:math", DAY, "--reason", "a try").code == 0
    assert rows_of(paperlog, "select distinct series from sightings") == [{"series": "math-ph"}]


def test_texts_of_a_hostile_page_stay_texts(arxiv: Arxiv, paperlog: Command) -> None:
    """One entry that no paper could have stands in quarantine, under the name of its list."""
    whole = arxiv.site.document
    title = "<script>alert(1)</script> \x1b[31m' ; drop table core.papers; -- \u202e {{7*7}}"

    def document(category: str, day: date, **named: object) -> str:
        text = whole(category, day, **named)  # type: ignore[arg-type]
        first, *others = text.split("<span class='descriptor'>Title:</span>")
        titles = [html.escape(title), "x" * 5_000]
        cut = [titles.pop(0) + each[each.index("</div>") :] if titles else each for each in others]
        return "<span class='descriptor'>Title:</span>".join([first, *cut])

    arxiv.site.per_page = 100
    arxiv.site.new_count = 12
    vars(arxiv.site)["document"] = document
    assert summary_of(arxiv.ingest(NOON, DAY, source=LG)) == "1 loaded"
    assert rows_of(paperlog, "select series, reason from quarantine") == [
        {"series": "cs.LG", "reason": "unreadable_entry"}
    ]
    assert rows_of(paperlog, "select count(*) as n from papers where title like '<script>alert(1)</script>%'") == [
        {"n": 1}
    ]
    for name, count in ((LG, 1), ("arxiv_announced", 1), (CV, 0)):
        done = paperlog("quarantine", "--source", name, "--json")
        assert len(json.loads(done.out)) == count
    done = paperlog("search", "alert")
    assert done.code == 0
    assert "\x1b" not in done.out + paperlog("quarantine", "--explain", "1").out


def test_what_arxiv_announced_stands_in_no_weekly_page_by_itself(
    arxiv: Arxiv, digest: Site, paperlog: Command, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    """A digest lists one of its papers: that one has a row, and its first day is the digest's."""
    arxiv.site.first, arxiv.site.per_page = MONDAY - timedelta(days=7), 100
    arxiv.ingest(f"{FRIDAY}T12:00", MONDAY, MONDAY + timedelta(days=1))
    monkeypatch.setenv("PAPERLOG_HF_DAILY_URL", digest.base)
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 0
    listed = rows_of(paperlog, "select title from papers where first_listed_on is not null and len(sources) = 1")
    assert len(listed) > 20  # what only arXiv has counts where no digest has it
    done = paperlog("report", "--week", MONDAY)
    assert done.code == 0, done.err
    page = (home / "report.html").read_text()
    only_arxiv = rows_of(paperlog, "select title from papers where sources = ['arxiv_announced']")
    assert len(only_arxiv) > 20
    assert [row["title"] for row in only_arxiv if html.escape(str(row["title"])) in page] == []
    assert rows_of(paperlog, "select distinct source from weekly_top") in ([], [{"source": "hf_daily"}])


@pytest.mark.slow
def test_two_processes_load_two_lists_at_once(arxiv: Arxiv) -> None:
    days = ("--from", "2026-09-14", "--to", "2026-09-16")
    both = [started(arxiv.environment, "flows", "ingest", source, *days) for source in (LG, CV)]
    for process in both:
        _, err = process.communicate(timeout=patient(100))
        assert process.returncode == 0, err
    found = states(arxiv)
    assert {key[0] for key in found} == {"cs.LG", "cs.CV"}
    done = paperlog_in(arxiv.environment, "audit", "--json")
    assert "integrity" not in {each["kind"] for each in json.loads(done.out)}


def test_days_of_a_list_that_is_not_fetched_are_not_due(
    arxiv: Arxiv, paperlog: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that somebody read once falls not silent, and has no gaps but those that are known."""
    for day in (date(2026, 9, 9), DAY):
        arxiv.ingest(NOON, day, source=EM)
        arxiv.ingest(NOON, day, source=LG)
    monkeypatch.setenv("PAPERLOG_ARXIV_ANNOUNCED_SERIES", "cs.LG")
    alerts = json.loads(paperlog("audit", "--json").out)
    assert {each["source"] for each in alerts if each["kind"] == "silent"} == {LG}
    gaps = json.loads(paperlog("status", "--gaps", "--json").out)["gaps"]
    assert {each["source"] for each in gaps if "never read; it is between" in each["detail"]} == {LG}
    planned = paperlog("backfill", EM, "--gaps", "--dry-run").out
    assert "2026-09-10 to 2026-09-15 (4)" in planned


@pytest.mark.slow
def test_the_limit_of_the_source_holds_for_a_public_address(arxiv: Arxiv) -> None:
    """The public host is reached through a proxy on this machine: the address is what counts."""
    own = {
        "PAPERLOG_ARXIV_ANNOUNCED_URL": "http://arxiv.org",
        "PAPERLOG_FETCHES_AT_ONCE": "4",
        "http_proxy": arxiv.base,
        "no_proxy": "",
    }
    days = ("--from", "2026-09-14", "--to", "2026-09-15")
    done = paperlog_in(arxiv.environment | own, "capture", LG, *days)
    assert done.code == 0, done.err
    times = [at for at, _ in arxiv.site.asked]
    assert len(times) == 5  # robots.txt, and two parts a day
    assert min(after - before for before, after in pairwise(times)) >= 2.95
