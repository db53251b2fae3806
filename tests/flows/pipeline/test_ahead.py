"""Pages read in other processes: the same warehouse, runs and progress, whatever becomes of the processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.landing.decisions import paper_decisions
from extractors.landing.landing import Kept, Landing
from extractors.landing.storage import Folder
from extractors.sources import source_named
from flows.pipeline.ahead import PAGES_ALONE, Ahead
from flows.pipeline.outcome import FetchedPartition
from flows.settings import Settings, from_environment
from tests.flows.parallel.test_processes import is_running
from tests.support.arxiv import OAI, OAI_URL, answer_page, listed, record
from tests.support.commands import Done, paperlog_in, started
from tests.support.environment import environment_of
from tests.support.pages import day_page, page_of
from tests.support.patience import patient, until
from tests.support.places import ROOT
from transforms.records import Batch, HumanDecision, Page
from transforms.series import SERIES_MARK

FIRST, DAYS = date(2025, 1, 6), 70
KEPT_FROM = datetime(2026, 6, 1, tzinfo=UTC)
CRASHES, DAMAGED = FIRST + timedelta(days=20), FIRST + timedelta(days=33)
SAVED = sorted(path.parent for path in (ROOT / "tests" / "pages").glob("*/*/case.toml"))

# Another version of the extractor, in every process of the command: one page breaks it, or ends its process once.
EXTRACTOR = f"""
import os, signal
from dataclasses import replace
from datetime import date
from pathlib import Path
from extractors.sources import SOURCES
before = SOURCES["hf_daily"]
def parse(page):
    if page.asked_on == date({CRASHES.year}, {CRASHES.month}, {CRASHES.day}):
        raise ZeroDivisionError("a defect")
    end = Path(__file__).with_name("end")
    if end.exists():
        end.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return before.parse(page)
SOURCES["hf_daily"] = replace(before, parse=parse)
"""


def pages() -> Iterator[Page]:
    """Every saved page, good and refused, and days of invented papers, one paper of each day again on the next."""
    for folder in SAVED:
        case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
        source = source_named(SERIES_MARK.join(filter(None, (folder.parent.name, case.get("series")))))
        (file,) = folder.glob("page.*")
        yield page_of(
            source.name,
            file.read_bytes(),
            asked_on=date.fromisoformat(case["asked_on"]) if "asked_on" in case else None,
            url=case.get("url", f"file:{file.name}"),
            fetched_at=datetime.fromisoformat(case["fetched_at"]),
        )
    for place in range(DAYS):
        day = FIRST + timedelta(days=place)
        read_at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1)
        yield page_of("hf_daily", day_page(day, range(place * 3, place * 3 + 4)), asked_on=day, fetched_at=read_at)
        if place % 20 == 7:
            said = record(f"{day:%y%m}.{place * 3 + 1:05}", title=f"Said of {place}")
            url = f"{OAI_URL}?verb=ListRecords&metadataPrefix=arXivRaw&from={day}&set=cs"
            yield answer_page(OAI, url, listed([said]), read_at)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A landing with those pages, one of them damaged since, and a decision of a person between them."""
    directory = tmp_path_factory.mktemp("mixed") / "landing"
    clock = iter(KEPT_FROM + timedelta(minutes=count) for count in range(1000))
    landing = Landing(Folder(directory), now=lambda: next(clock))
    kept = [landing.keep(page) for page in pages()]
    (damaged,) = [each for each in kept if each.asked_on == DAMAGED and each.source == "hf_daily"]
    Path(landing.shown(damaged)).write_bytes(b"damaged")
    left, right = (
        f"hf_daily/{FIRST + timedelta(days=day)}/-/2502.{number:05}" for day, number in ((40, 121), (50, 151))
    )
    decision = HumanDecision(
        left=left, right=right, is_same=True, reason="a test", decided_at=KEPT_FROM + timedelta(minutes=100)
    )
    paper_decisions(Folder(directory)).keep([decision])
    return directory


@pytest.fixture
def environment(tmp_path: Path, mixed: Path) -> dict[str, str]:
    """A home with the mixed landing and without a warehouse, and an extractor that one page breaks."""
    shutil.copytree(mixed, tmp_path / "home" / "landing")
    patch = tmp_path / "patch"
    patch.mkdir()
    (patch / "sitecustomize.py").write_text(EXTRACTOR, encoding="utf-8")
    changes = {"PYTHONPATH": f"{patch}{os.pathsep}{ROOT}", "PAPERLOG_PROCESSES": "2"}
    return environment_of(tmp_path, "http://127.0.0.1:1") | changes


def anew(environment: dict[str, str]) -> None:
    """Leave nothing of the home but its landing."""
    for path in Path(environment["PAPERLOG_HOME"]).iterdir():
        if path.name != "landing":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def replay(environment: dict[str, str], processes: int = 2) -> Done:
    """Replay all that is kept."""
    changes = {"PAPERLOG_PROCESSES": str(processes)}
    return paperlog_in(environment | changes, "replay", "--no-prefect", "--log-json", seconds=240)


def rows_of(environment: dict[str, str], query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(paperlog_in(environment, "sql", "--json", query).out)
    return rows


def found_in(environment: dict[str, str]) -> dict[str, object]:
    """All that can be told of a warehouse: the digest of its facts, keys with their reasons, runs in order."""
    done = paperlog_in(environment, "export", Path(environment["PAPERLOG_HOME"]).with_name("export"))
    runs = "select source, partition_on, status, cause, reason, entries_count, papers_added_count from ops.runs"
    return {
        "digest": done.out.split()[-1],
        "papers": rows_of(environment, "select sighting_key, paper_key, rule, score from core.matches order by 1"),
        "runs": rows_of(environment, f"{runs} order by load_order"),
        "findings": rows_of(environment, "select check_name, observed, place from ops.findings order by all"),
    }


def progress_of(done: Done) -> list[str]:
    """The lines of progress, without how long it takes still."""
    lines = [json.loads(line)["message"] for line in done.err.splitlines()]
    return [line.partition("] ")[2] for line in lines if line.startswith("[")]


@pytest.mark.slow
def test_any_number_of_processes_gives_the_same(environment: dict[str, str]) -> None:
    found, said = [], []
    for processes in (1, 2, 3):
        anew(environment)
        done = replay(environment, processes)
        assert done.code == 1  # some of the pages are refused
        found.append(found_in(environment))
        said.append(progress_of(done))
    assert found[1] == found[0]
    assert found[2] == found[0]
    assert said[1] == said[0]
    assert said[2] == said[0]
    runs = rows_of(environment, "select source, status, cause from ops.runs")
    endings = {(each["status"], each["cause"]) for each in runs}
    assert {("loaded", None), ("failed", "extractor_failed"), ("failed", "page_damaged")} <= endings
    assert {"decisions", OAI} < {each["source"] for each in runs}
    decided = (
        "select paper_key from core.matches where sighting_key like '%/2502.00121' or sighting_key like '%/2502.00151'"
    )
    papers = [each["paper_key"] for each in rows_of(environment, decided)]
    assert len(papers) > len(set(papers)) == 1
    assert len(said[0]) > PAGES_ALONE


@pytest.mark.slow
def test_files_are_read_alike_by_any_number_of_processes(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for place in range(PAGES_ALONE + 10):
        day = FIRST + timedelta(days=place)
        name = f"{day}__fetched_{day + timedelta(days=1):%Y%m%d}T120000Z.html"
        (folder / name).write_text(day_page(day, range(place * 2, place * 2 + 3)), encoding="utf-8")
    found = []
    for processes in ("1", "2"):
        shutil.rmtree(environment["PAPERLOG_HOME"])
        changes = environment | {"PAPERLOG_PROCESSES": processes}
        done = paperlog_in(changes, "adopt", "hf_daily", folder, "--no-prefect", "--log-json", seconds=240)
        assert done.code == 0
        found.append((found_in(environment), progress_of(done)))
    assert found[1] == found[0]
    assert len(found[0][1]) == PAGES_ALONE + 10


@pytest.mark.slow
def test_a_process_that_is_killed_at_a_page_changes_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    replay(environment, 1)
    expected = found_in(environment)
    anew(environment)
    (tmp_path / "patch" / "end").touch()
    done = replay(environment)
    assert "a process beside this one ended (-9): this one does its work" in done.err
    assert not (tmp_path / "patch" / "end").exists()
    assert found_in(environment) == expected


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_replay_leaves_no_process_and_goes_on_later(
    environment: dict[str, str], sign: signal.Signals
) -> None:
    process = started(environment, "flows", "replay", "--no-prefect")
    workers = until(lambda: children_of(process), 120, lambda found: len(found) == 2)
    process.send_signal(sign)
    process.communicate(timeout=patient(120))
    until(lambda: not any(map(is_running, workers)), 60)
    replay(environment)
    stopped = found_in(environment)["digest"]
    anew(environment)
    replay(environment, 1)
    assert found_in(environment)["digest"] == stopped


def test_pages_that_were_sent_to_a_killed_process_are_read_here(environment: dict[str, str], mixed: Path) -> None:
    settings = settings_of(environment)
    kept = Landing(Folder(mixed)).readings("hf_daily")[:100]
    with Ahead(replace(settings, processes=1), "test") as alone:
        expected = [facts_of(each) for each in alone.read(map(asked, kept)).batches]
    with Ahead(settings, "test") as ahead:
        pages = [asked(each) for each in kept]
        chunks = ahead.chunks([pages[:50], pages[50:]], 1)
        first = next(chunks)
        (worker, *_) = until(lambda: ahead.process_ids, 60)
        os.kill(worker, signal.SIGKILL)
        read = [*ahead.read(first).batches, *ahead.read(next(chunks)).batches]
        assert next(chunks, None) is None
    assert [facts_of(each) for each in read] == expected
    assert [each.run.run_id for each in read] == sorted(each.run.run_id for each in read)
    assert any(each.packed for each in read)


def test_few_pages_start_no_process(environment: dict[str, str], mixed: Path) -> None:
    few = [asked(each) for each in Landing(Folder(mixed)).readings("hf_daily")[:PAGES_ALONE]]
    with Ahead(settings_of(environment), "test") as ahead:
        assert list(ahead.chunks([few], 2)) == [few]
        assert ahead.process_ids == ()
        assert not any(each.packed for each in ahead.read(few).batches)


def test_what_goes_wrong_with_a_later_chunk_is_raised_after_those_before_it(environment: dict[str, str]) -> None:
    def chunks() -> Iterator[Sequence[FetchedPartition]]:
        yield []
        yield []
        raise RuntimeError("no more")

    with Ahead(settings_of(environment), "test") as ahead:
        came = ahead.chunks(chunks(), 2)
        assert [next(came), next(came)] == [[], []]
        with pytest.raises(RuntimeError, match="no more"):
            next(came)


def settings_of(environment: dict[str, str]) -> Settings:
    return from_environment(environment)


def asked(kept: Kept) -> FetchedPartition:
    return FetchedPartition(source=kept.source, asked_on=kept.asked_on, kept=kept)


def facts_of(batch: Batch) -> Batch:
    """The batch without its run and what only another process makes."""
    run = replace(batch.run, run_id="", started_at=KEPT_FROM)
    return replace(batch, run=run, packed=())


def children_of(process: subprocess.Popen[str]) -> list[int]:
    """The processes that it started to read pages."""
    assert process.poll() is None, process.communicate()
    time.sleep(0.01)
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    found = [int(each) for path in tasks for each in path.read_text(encoding="utf-8").split()]
    return [each for each in found if b"flows.parallel.processes" in Path(f"/proc/{each}/cmdline").read_bytes()]
