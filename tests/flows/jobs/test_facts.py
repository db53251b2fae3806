"""Facts from a served archive: tokens, pauses, a token that expires, a stop between two pages, a replay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Event
from time import sleep

import pytest

from extractors.services import SERVICES
from flows.cli.progress import NoProgress
from flows.jobs.audit import audit, sound
from flows.jobs.facts import facts
from flows.jobs.replay import replay
from flows.operate.check import check
from flows.operate.size import sizes
from flows.pipeline.answers import Asker
from flows.pipeline.outcome import JobResult
from flows.pipeline.work import Work
from flows.settings import Settings, from_environment
from tests.support.arxiv import API, OAI, Arxiv, Reply, entry, error, feed, record, serving_arxiv
from tests.support.batches import batch, sighting
from tests.support.commands import paperlog_in, started
from tests.support.environment import scrubbed
from tests.support.patience import patient
from tests.support.small import warehouse_in
from transforms.facts import Asked
from transforms.records import Cause, Status
from warehouse import open_warehouse

TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - timedelta(days=1)
TRUTH = "select * from arxiv_facts order by arxiv_id"


def ids(first: int, last: int) -> list[str]:
    return [record(f"2603.{number:05}") for number in range(first, last + 1)]


@pytest.fixture
def arxiv(monkeypatch: pytest.MonkeyPatch) -> Iterator[Arxiv]:
    """Three pages of changes in cs, one in stat:stat:ML; the API knows one id that no page has."""
    for name, service in SERVICES.items():
        monkeypatch.setitem(SERVICES, name, replace(service, requests_per_second_max=100.0))
    pages = {"cs": [ids(1, 3), ids(4, 6), ids(7, 8)], "stat:stat:ML": [ids(8, 9)]}
    with serving_arxiv(Arxiv(pages=pages, known={"2603.00010"})) as served:
        yield served


@pytest.fixture
def settings(tmp_path: Path, arxiv: Arxiv) -> Settings:
    found = from_environment(variables(tmp_path, arxiv))
    with warehouse_in(found.home).writer("test") as writer:
        writer.load([batch([sighting(number) for number in (1, 10, 11)])])
    return found


def variables(tmp_path: Path, arxiv: Arxiv, **more: str) -> dict[str, str]:
    return {
        "PAPERLOG_HOME": str(tmp_path / "home"),
        "PAPERLOG_PACE": str(tmp_path / "pace"),
        "PAPERLOG_ARXIV_OAI_URL": f"{arxiv.base}/oai",
        "PAPERLOG_ARXIV_API_URL": f"{arxiv.base}/api/query",
        "PAPERLOG_ARXIV_SETS": "cs stat:stat:ML",
        "PAPERLOG_REQUESTS_PER_SECOND": "100",
        **more,
    }


def run(settings: Settings, first: date | None = None, *, only_missing: bool = False) -> JobResult:
    return facts(Work(settings=settings, progress=NoProgress()), first=first, only_missing=only_missing)


def truth(home: Path) -> tuple[tuple[object, ...], ...]:
    with open_warehouse(str(home)).reader() as reader:
        assert reader.named("integrity").rows == ()
        return reader.query(TRUTH).rows


def statuses(result: JobResult) -> list[str]:
    return [f"{each.outcome.source} {each.outcome.status}" for each in result.results]


def test_a_first_call_harvests_each_set_since_yesterday_and_asks_for_what_is_still_unknown(
    settings: Settings, arxiv: Arxiv
) -> None:
    result = run(settings)
    assert statuses(result) == [f"{OAI} loaded"] * 4 + [f"{API} loaded"]
    assert [(each.get("set"), each.get("from"), each.get("resumptionToken")) for each in arxiv.queries[:4]] == [
        ("cs", str(YESTERDAY), None),
        (None, None, "cs/1"),
        (None, None, "cs/2"),
        ("stat:stat:ML", str(YESTERDAY), None),
    ]
    assert arxiv.queries[4:] == [{"id_list": "2603.00010,2603.00011", "max_results": "2"}]
    assert [row[0] for row in truth(settings.home)] == [f"2603.{number:05}" for number in range(1, 11)]


def test_a_second_call_goes_on_from_the_first_answer_and_asks_for_no_id_again(settings: Settings, arxiv: Arxiv) -> None:
    run(settings)
    arxiv.asked.clear()
    assert statuses(run(settings)) == [f"{OAI} unchanged"] * 4
    assert {each["from"] for each in arxiv.queries if "from" in each} == {"2026-11-25"}
    assert not any("id_list" in each for each in arxiv.queries)


def test_only_missing_harvests_nothing(settings: Settings, arxiv: Arxiv) -> None:
    run(settings, only_missing=True)
    assert [each["id_list"] for each in arxiv.queries] == ["2603.00001,2603.00010,2603.00011"]


def test_nothing_new_and_no_sets_are_no_failures(settings: Settings, arxiv: Arxiv) -> None:
    arxiv.pages.clear()
    result = run(settings)
    assert statuses(result)[:2] == [f"{OAI} unchanged"] * 2
    assert "noRecordsMatch" in str(result.results[0].outcome.reason)
    assert not result.bad
    assert statuses(run(replace(settings, arxiv_sets=()))) == []


def test_a_pause_is_kept_to(settings: Settings, arxiv: Arxiv) -> None:
    busy: list[int] = []

    def hook(query: dict[str, str]) -> Reply | None:
        if query.get("resumptionToken") == "cs/1" and not busy:
            busy.append(1)
            return 503, b"", {"Retry_After": "2"}
        return None

    arxiv.hook = hook
    assert not run(settings).bad
    at = [moment for moment, query in arxiv.asked if query.get("resumptionToken") == "cs/1"]
    assert len(at) == 2
    assert at[1] - at[0] >= 1.9


def test_a_token_that_expires_begins_the_harvest_again(settings: Settings, arxiv: Arxiv) -> None:
    expired: list[int] = []

    def hook(query: dict[str, str]) -> Reply | None:
        if query.get("resumptionToken") == "cs/2" and not expired:
            expired.append(1)
            return 200, error("badResumptionToken"), {}
        return None

    arxiv.hook = hook
    result = run(settings)
    assert not result.bad
    assert [each.get("resumptionToken") for each in arxiv.queries][:6] == [None, "cs/1", "cs/2", None, "cs/1", "cs/2"]
    assert len(truth(settings.home)) == 10


def test_tokens_that_are_never_known_fail_in_the_end(settings: Settings, arxiv: Arxiv) -> None:
    arxiv.hook = lambda query: (200, error("badResumptionToken"), {}) if "resumptionToken" in query else None
    result = run(settings)
    assert [each.outcome.reason for each in result.bad] == [f"{OAI} cs: its tokens are not known any more, 2 times"]


def test_a_day_in_the_future_is_refused_with_the_words_of_the_site(settings: Settings, arxiv: Arxiv) -> None:
    said = "until date must be greater than or equal to from date"
    arxiv.hook = lambda query: (200, error("badArgument", said), {}) if "from" in query else None
    result = run(settings, TODAY + timedelta(days=2))
    assert [each.outcome.status for each in result.bad] == [Status.REFUSED] * 2
    assert said in str(result.bad[0].outcome.reason)


def test_an_answer_that_was_kept_and_not_loaded_is_loaded_first_and_its_token_followed(
    settings: Settings, arxiv: Arxiv
) -> None:
    """As after a kill between keeping and loading."""
    service = SERVICES[OAI]
    assert service.changes is not None
    with Asker(settings, service) as asker:
        asker.ask(service.changes(settings.address_of(service), Asked(set_name="cs", from_on=YESTERDAY)))
    arxiv.asked.clear()
    assert not run(settings).bad
    assert [row[0] for row in truth(settings.home)] == [f"2603.{number:05}" for number in range(1, 11)]
    assert [each.get("resumptionToken") for each in arxiv.queries] == ["cs/1", "cs/2", None, None]


@pytest.mark.slow
def test_killed_between_two_pages_it_goes_on_at_the_next(settings: Settings, arxiv: Arxiv, tmp_path: Path) -> None:
    """A process of its own is killed while it waits for page 2; what it loaded stays, and nothing is asked twice."""
    is_asked = Event()

    def hook(query: dict[str, str]) -> Reply | None:
        if query.get("resumptionToken") != "cs/1" or is_asked.is_set():
            return None
        is_asked.set()
        sleep(patient(20))
        return 503, b"", {}

    arxiv.hook = hook
    environment = scrubbed(**variables(tmp_path, arxiv, PAPERLOG_ARXIV_SETS="cs"))
    process = started(environment, "flows", "facts", "--no-prefect")
    assert is_asked.wait(patient(60))
    process.kill()
    process.communicate()
    arxiv.asked.clear()
    assert not run(replace(settings, arxiv_sets=("cs",))).bad
    assert [each.get("resumptionToken") for each in arxiv.queries] == ["cs/1", "cs/2", None]
    assert [row[0] for row in truth(settings.home)] == [
        *(f"2603.{number:05}" for number in range(1, 9)),
        "2603.00010",
    ]


def test_a_token_whose_time_is_over_is_not_asked_for(settings: Settings, arxiv: Arxiv) -> None:
    arxiv.expires = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    arxiv.hook = lambda query: (404, b"", {}) if query.get("resumptionToken") == "cs/1" else None
    quick = replace(settings, arxiv_sets=("cs",))
    assert run(quick).bad
    arxiv.hook = lambda _query: None
    arxiv.asked.clear()
    run(quick)
    assert [(each.get("from"), each.get("resumptionToken")) for each in arxiv.queries[:2]] == [
        (str(YESTERDAY), None),
        (None, "cs/1"),
    ]


def test_a_replay_into_another_home_and_into_the_same_gives_the_same_facts(
    settings: Settings, arxiv: Arxiv, tmp_path: Path
) -> None:
    run(settings)
    arxiv.pages["cs"] = [[record("2603.00001", versions=2, comments="Accepted at ICML 2026")]]
    run(settings)
    before = truth(settings.home)
    arxiv.asked.clear()
    work = Work(settings=settings, progress=NoProgress())
    result = replay(work, into=tmp_path / "other")
    assert not result.bad
    assert truth(tmp_path / "other") == before
    assert {each.outcome.status for each in replay(work).results} == {Status.UNCHANGED}
    assert truth(settings.home) == before
    assert arxiv.asked == []
    with warehouse_in(tmp_path / "other").writer("test") as writer:
        assert len(writer.answers(OAI)) == 6


def test_what_watches_a_home_copes_with_answers(settings: Settings, arxiv: Arxiv) -> None:
    run(settings)
    assert {"arxiv_oai", "arxiv_api"} <= {str(each.source) for each in sizes(settings) if each.kind == "readings"}
    assert [each for each in check(settings, now=datetime.now(UTC)) if each.source in SERVICES] == []
    kinds = {each.kind for each in audit(settings, now=datetime.now(UTC)) if each.source in SERVICES}
    assert kinds == set()
    kept = sorted((settings.landing / "readings" / OAI).glob("*.json"))
    kept[0].replace(settings.home / "elsewhere")
    with open_warehouse(str(settings.home)).reader() as reader:
        (alert,) = [each for each in sound(open_warehouse(str(settings.home)), reader, settings) if each.source == OAI]
    assert "1 readings are loaded and not in the landing" in alert.detail


def test_an_error_of_the_api_is_refused_with_its_own_words_and_is_no_paper(settings: Settings, arxiv: Arxiv) -> None:
    said = entry("2603.00010").replace("http://arxiv.org/abs/2603.00010v1", "https://arxiv.org/api/errors#incorrect")
    arxiv.hook = lambda query: (400, feed([said]), {}) if "id_list" in query else None
    (bad,) = run(settings).bad
    assert bad.outcome.status is Status.REFUSED
    assert "Error: An invented abstract." in str(bad.outcome.reason)
    assert "2603.00010" not in {row[0] for row in truth(settings.home)}


def test_a_page_in_the_place_of_an_answer_is_blocked(settings: Settings, arxiv: Arxiv) -> None:
    arxiv.hook = lambda _query: (200, b"<!doctype html><title>Just a moment</title>", {})
    result = run(settings)
    assert [each.outcome.cause for each in result.bad] == [Cause.BLOCKED, Cause.BLOCKED]
    assert result.skipped_count == 1


@pytest.mark.slow
def test_the_command_keeps_the_pace_of_the_host(settings: Settings, arxiv: Arxiv, tmp_path: Path) -> None:
    """In a process of its own, where the records have their own pace: robots.txt, then two answers."""
    arxiv.known = {"2603.00001", "2603.00010"}
    environment = scrubbed(**variables(tmp_path, arxiv, PAPERLOG_ARXIV_SETS="none"))
    done = paperlog_in(environment, "facts", "--no-prefect")
    assert done.code == 0, done.err
    assert "arxiv_api: loaded: 2 records, 2 new or changed, 1 ids unknown to it: 2603.00011" in done.out
    moments = [moment for moment, _ in arxiv.asked]
    assert len(moments) == 2
    assert min(after - before for before, after in pairwise(moments)) >= 2.95
    wrong = paperlog_in(environment, "facts", "--only-missing", "--from", "2026-01-01")
    assert (wrong.code, "leave --from out" in wrong.err) == (2, True)
