"""Two machines, which are processes with homes and pace folders of their own, share the rate through the catalog."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from extractors.errors import HostClosed
from extractors.http.pace import Pace
from flows.demo.pages import hf_day_page
from tests.support.commands import Done, paperlog_in, started
from tests.support.lakes import Lake, ended
from tests.support.pages import items_of
from tests.support.patience import patient, until
from tests.support.places import ROOT
from tests.support.servers import Handler, serving
from tests.support.services import PostgresServer
from transforms.hosts import Moment, Moments, PaceError

pytestmark = [pytest.mark.services, pytest.mark.timeout(120)]

HOST = "https://papers.example"
FIRST = date(2026, 1, 5)
CONNECTIONS = "select pid from pg_stat_activity where application_name = 'paperlog pace'"
WAITING = f"{CONNECTIONS} and wait_event_type = 'Lock'"
IDLE = f"{CONNECTIONS} and state = 'idle'"
CUT = "select pg_terminate_backend(%(pid)s, 10000)"
HOSTS = "select host from paperlog_pace.hosts"
SET = "update paperlog_pace.hosts set (asked_at, paused_until, said_at, closed_until) = ({}, {})"
TROUBLE = "the lake: the rate of requests cannot be shared through its catalog, so nothing is asked: "

HOLD = """
import sys, time
from warehouse import open_warehouse
from pathlib import Path

def stay(moment):
    moment.asked_at = moment.now + 600
    print("held", flush=True)
    time.sleep(600)

open_warehouse(sys.argv[1], Path(sys.argv[2])).moments().held(sys.argv[3], stay)
"""


@dataclass
class Log:
    """When each request came, and what for; `closing` are paths that ask for a day without requests."""

    closing: set[str] = field(default_factory=set)
    requests: list[tuple[float, str]] = field(default_factory=list)

    def times(self) -> list[float]:
        """When the requests came, ascending."""
        return sorted(at for at, _ in self.requests)

    def days(self) -> list[str]:
        """The days that were asked for, in order."""
        return [path[-10:] for _, path in sorted(self.requests) if "robots" not in path]


class Site(Handler):
    """A list for every day."""

    log: Log

    def answer(self) -> None:
        """A day's list, if the site is not closed."""
        self.log.requests.append((time.monotonic(), self.path))
        if self.path == "/robots.txt":
            return self.send(404)
        if self.path in self.log.closing:
            return self.send(429, Retry_After="86400")
        asked_on = date.fromisoformat(self.path[-10:])
        body = hf_day_page(asked_on, items_of(asked_on, range(3)), next_on=asked_on + timedelta(days=1))
        return self.send(200, body.encode())


@dataclass(frozen=True)
class Machines:
    """Processes that have nothing in common but a lake and the site that they ask."""

    folder: Path
    lake: Lake
    base: str
    log: Log

    def environment(self, machine: str, **changes: str) -> dict[str, str]:
        """The environment of a machine's processes."""
        own = {
            "PAPERLOG_PACE": str(self.folder / machine / "pace"),
            "PAPERLOG_HF_DAILY_URL": self.base,
            "PAPERLOG_REQUESTS_PER_SECOND": "4",
        }
        return self.lake.environment(self.folder / machine / "home", **{**own, **changes})

    def capturing(self, machine: str, first: int, last: int, **changes: str) -> subprocess.Popen[str]:
        """A process that fetches and keeps those days."""
        return started(self.environment(machine, **changes), "flows", *self._capture(first, last))

    def capture(self, machine: str, first: int, last: int, **changes: str) -> Done:
        """The same, run to its end."""
        return paperlog_in(self.environment(machine, **changes), *self._capture(first, last))

    @staticmethod
    def _capture(first: int, last: int) -> tuple[object, ...]:
        return ("capture", "hf_daily", "--from", day(first), "--to", day(last))


def day(place: int) -> str:
    """The weekday of that number."""
    return str(FIRST + timedelta(weeks=place // 5, days=place % 5))


@pytest.fixture
def lake(postgres: str, tmp_path: Path) -> Lake:
    """A lake of which nothing is made yet."""
    return Lake(conninfo=postgres, data=str(tmp_path / "data"))


@pytest.fixture
def machines(lake: Lake, tmp_path: Path) -> Iterator[Machines]:
    log = Log()
    with serving(Site, log=log) as base:
        yield Machines(tmp_path, lake, base, log)


@pytest.fixture
def moments(lake: Lake, tmp_path: Path) -> Iterator[Moments]:
    made = moments_in(lake, tmp_path)
    yield made
    made.disconnect()


def moments_in(lake: Lake, home: Path) -> Moments:
    made = lake.opened(home).moments()
    assert made is not None
    return made


def require_rate(times: list[float], seconds: float) -> None:
    """However many requests one looks at, they are as far apart as that; each may be a little late on its way."""
    late = patient(0.1)
    places = combinations(range(len(times)), 2)
    fast = [(i, j) for i, j in places if times[j] - times[i] < seconds * (j - i) - late]
    assert fast == [], [round(at - times[0], 3) for at in times]


def require_trouble(done: Done) -> None:
    """It ended because the server was away, and said so."""
    assert done.code == 1
    assert f"paperlog: {TROUBLE}" in done.err
    assert "Connection refused" in done.err
    assert "Traceback" not in done.err


def cut(lake: Lake, which: str) -> int:
    """End those connections; how many."""
    return [lake.rows(CUT, pid=pid) for (pid,) in lake.rows(which)].count([(True,)])


def test_two_machines_together_keep_the_rate_of_a_site(machines: Machines) -> None:
    running = [machines.capturing("one", 0, 9), machines.capturing("other", 10, 19)]
    for process in running:
        done = ended(process)
        assert done.code == 0, done.err
    log = machines.log
    assert sorted(log.days()) == [day(place) for place in range(20)]
    assert len(log.requests) == 22  # each asks for the rules of the site too
    require_rate(log.times(), 0.25)
    turns = [each < day(10) for each in log.days()]
    assert True in turns[turns.index(False) :], "one was over before the other began"
    assert False in turns[turns.index(True) :], "one was over before the other began"
    assert not list(machines.folder.glob("*/pace"))
    assert machines.lake.rows(CONNECTIONS) == []
    assert machines.lake.rows(HOSTS) == [(machines.base,)]


def test_connections_that_are_cut_in_the_midst_are_made_again_and_the_rate_is_kept(machines: Machines) -> None:
    lake = machines.lake
    running = [machines.capturing(name, place, place + 4) for name, place in (("one", 0), ("other", 5))]
    until(lambda: len(machines.log.requests) >= 3, 30)
    with lake.catalog() as connection, connection.transaction():
        connection.execute("select from paperlog_pace.hosts for update")
        until(lambda: len(lake.rows(WAITING)) == 2, 30)
        assert cut(lake, WAITING) == 2
        until(lambda: len(lake.rows(WAITING)) == 2, 30)
    for process in running:
        done = ended(process)
        assert done.code == 0, done.err
    assert sorted(machines.log.days()) == [day(place) for place in range(10)]
    require_rate(machines.log.times(), 0.25)


def test_a_connection_that_was_cut_while_nobody_used_it_is_made_again(moments: Moments, lake: Lake) -> None:
    slept: list[float] = []
    pace = Pace(600.0, moments, sleep=slept.append)
    for _ in range(3):
        pace.wait(HOST, HOST)
        assert cut(lake, IDLE) == 1
    assert [round(each, -1) for each in slept] == [600, 600 + 300]  # no wait is longer than a quarter of an hour


def test_a_decision_that_could_not_be_kept_is_made_again(moments: Moments, lake: Lake) -> None:
    """Else two that were cut would both believe that it is their turn."""
    seen: list[float] = []

    def ask(moment: Moment) -> str:
        seen.append(moment.asked_at)
        if len(seen) == 1:
            assert cut(lake, CONNECTIONS) == 1
            moments_in(lake, Path("unused")).held(HOST, ask_meanwhile)
        moment.asked_at = moment.now
        return "asked"

    def ask_meanwhile(moment: Moment) -> None:
        moment.asked_at = 5.0

    assert moments.held(HOST, ask) == "asked"
    assert seen == [float("-inf"), 5.0]


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP])
def test_a_process_that_is_killed_or_stands_still_with_a_locked_host_is_in_nobodys_way(
    sign: signal.Signals, moments: Moments, lake: Lake, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", HOLD, lake.url, str(tmp_path), HOST]
    slept: list[float] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            holder.send_signal(sign)
            began = time.monotonic()
            Pace(1.0, moments, sleep=slept.append).wait(HOST, HOST)
            took = time.monotonic() - began
        finally:
            holder.kill()
    assert slept == []
    assert took < (patient(3) if sign == signal.SIGKILL else 5 + patient(3))


def test_a_host_that_asks_for_a_day_is_left_alone_by_every_machine(machines: Machines) -> None:
    path = f"/papers/date/{day(0)}"
    machines.log.closing.add(path)
    assert "for no request until" in machines.capture("one", 0, 0).err
    assert [asked for _, asked in machines.log.requests] == ["/robots.txt", path]
    machines.log.closing.clear()
    told = machines.capture("other", 0, 0)
    assert "for no request until" in told.err
    assert len(machines.log.requests) == 2
    _, _, statement = told.err.partition("run in the database of the lake's catalog: ")
    change_row(machines.lake, statement.splitlines()[0])
    assert machines.capture("other", 0, 0).code == 0
    assert len(machines.log.requests) == 4


def test_while_the_server_is_away_nothing_is_asked(machines: Machines, postgres_server: PostgresServer) -> None:
    running = machines.capturing("one", 0, 40)
    until(lambda: len(machines.log.requests) >= 3, 30)
    postgres_server.stop()
    require_trouble(ended(running))
    asked = len(machines.log.requests)
    assert asked < 40
    require_trouble(machines.capture("other", 0, 3))
    assert len(machines.log.requests) == asked
    postgres_server.start()
    assert machines.capture("other", 0, 1).code == 0


def test_several_that_come_first_at_once_make_one_table(lake: Lake, tmp_path: Path) -> None:
    made = [moments_in(lake, tmp_path) for _ in range(8)]
    gate = threading.Barrier(len(made))

    def first(each: Moments) -> None:
        gate.wait()
        each.held(HOST, lambda _: None)
        each.disconnect()

    with ThreadPoolExecutor(len(made)) as pool:
        list(pool.map(first, made))
    assert lake.rows(HOSTS) == [(HOST,)]


def test_one_decides_at_a_time(lake: Lake, tmp_path: Path) -> None:
    made = [moments_in(lake, tmp_path) for _ in range(6)]

    def decide(_: Moment) -> tuple[float, float]:
        began = time.monotonic()
        time.sleep(0.05)
        return began, time.monotonic()

    with ThreadPoolExecutor(len(made)) as pool:
        spans = sorted(pool.map(lambda each: each.held(HOST, decide), made))
    assert all(before[1] <= after[0] for before, after in pairwise(spans)), spans
    for each in made:
        each.disconnect()


def test_threads_share_one_connection_and_wait_for_each_other(moments: Moments, lake: Lake) -> None:
    pace, times = Pace(0.05, moments), list[float]()

    def ask(_: int) -> int:
        pace.wait(HOST, HOST)
        times.append(time.monotonic())
        return len(lake.rows(CONNECTIONS))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(24))) == {1}
    require_rate(sorted(times), 0.05)
    moments.disconnect()
    until(lambda: lake.rows(CONNECTIONS) == [], 10)


def test_the_time_is_that_at_which_the_row_was_had(moments: Moments, lake: Lake) -> None:
    moments.held(HOST, lambda _: None)
    with ThreadPoolExecutor(1) as pool, lake.catalog() as connection:
        with connection.transaction():
            connection.execute("select from paperlog_pace.hosts for update")
            waiting = pool.submit(moments.held, HOST, lambda moment: moment.now)
            until(lambda: lake.rows(WAITING), 30)
            time.sleep(0.5)
            ((released_at,),) = lake.rows("select extract(epoch from clock_timestamp())::float8")
        assert waiting.result() >= released_at


def test_a_pause_holds_for_every_machine(moments: Moments, lake: Lake, tmp_path: Path) -> None:
    slept: list[float] = []
    other = moments_in(lake, tmp_path)
    Pace(0.01, other).postpone(HOST, 40)
    other.disconnect()
    Pace(0.01, moments, sleep=slept.append).wait(HOST, HOST)
    assert [round(each) for each in slept] == [40]


@pytest.mark.parametrize("seconds", [3_600, 86_400 * 400])
@pytest.mark.parametrize("distance", [1.0, 500.0])
def test_a_clock_of_the_server_that_was_set_back_makes_nobody_wait_for_longer_than_a_quarter_of_an_hour(
    moments: Moments, lake: Lake, seconds: int, distance: float
) -> None:
    slept: list[float] = []
    pace = Pace(distance, moments, sleep=slept.append)
    pace.wait(HOST, HOST)
    pace.close(HOST, 86_400)
    later = f"now() + interval '{seconds} s'"
    change_row(lake, SET.format(f"{later}, {later}", f"{later}, {later}"))
    pace.wait(HOST, HOST)
    assert 890 < sum(slept) <= 900


@pytest.mark.parametrize("closed", ["'infinity', 'infinity'", "'-infinity', 'infinity'", "null, 'infinity'"])
@pytest.mark.parametrize("asked", ["'infinity', 'infinity'", "'-infinity', '-infinity'", "'250000-01-01', '-infinity'"])
def test_nonsense_in_a_row_locks_nobody_out(moments: Moments, lake: Lake, closed: str, asked: str) -> None:
    slept: list[float] = []
    pace = Pace(1.0, moments, sleep=slept.append)
    pace.wait(HOST, HOST)
    change_row(lake, SET.format(asked, closed))
    pace.wait(HOST, HOST)
    assert sum(slept) <= 900


def test_no_host_is_left_alone_for_more_than_a_week(moments: Moments, lake: Lake) -> None:
    pace = Pace(1.0, moments)
    pace.close(HOST, float("inf"))
    with pytest.raises(HostClosed):
        pace.wait(HOST, HOST)
    assert lake.rows("select closed_until - said_at from paperlog_pace.hosts") == [(timedelta(days=7),)]
    change_row(lake, "update paperlog_pace.hosts set said_at = said_at - interval '8 days', closed_until = 'infinity'")
    pace.wait(HOST, HOST)


def test_the_statement_for_a_person_names_the_host_as_sql_wants_it(moments: Moments, lake: Lake) -> None:
    odd = "https://it's.example"
    for host in (odd, HOST):
        moments.close(host, 600)
    closed = moments.closed(odd)
    assert closed is not None
    change_row(lake, str(closed.sooner).partition(": ")[2])
    assert moments.closed(odd) is None
    assert moments.closed(HOST) is not None


def test_a_table_that_was_dropped_is_made_again(moments: Moments, lake: Lake) -> None:
    moments.held(HOST, lambda _: None)
    change_row(lake, "drop schema paperlog_pace cascade")
    with pytest.raises(PaceError, match="does not exist"):
        moments.held(HOST, lambda _: None)
    moments.held(HOST, lambda _: None)


def test_a_role_that_may_make_no_table_is_told_so(moments: Moments, lake: Lake, tmp_path: Path) -> None:
    with lake.catalog() as connection:
        connection.execute("create role pace_guest login")
        try:
            guest = Lake(conninfo=lake.conninfo.replace("user=postgres", "user=pace_guest"), data=lake.data)
            with pytest.raises(PaceError, match=f"^{TROUBLE}permission denied"):
                moments_in(guest, tmp_path).held(HOST, lambda _: None)
            moments.held(HOST, lambda _: None)
            connection.execute("grant usage on schema paperlog_pace to pace_guest")
            connection.execute("grant select, insert, update on paperlog_pace.hosts to pace_guest")
            granted = moments_in(guest, tmp_path)
            granted.held(HOST, lambda _: None)
            granted.disconnect()
        finally:
            connection.execute("drop owned by pace_guest")
            connection.execute("drop role pace_guest")


def test_without_the_package_for_it_nothing_is_asked(machines: Machines) -> None:
    code = "import sys; sys.modules['psycopg'] = None; from flows.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "capture", "hf_daily", "--date", day(0)],
        cwd=ROOT,
        env=machines.environment("one"),
        capture_output=True,
        text=True,
        timeout=patient(60),
        check=False,
    )
    needs = "sharing the rate of a site through a lake needs the package psycopg: pip install 'paperlog[lake]'"
    assert (done.returncode, done.stderr) == (1, f"paperlog: {needs}\n")
    assert machines.log.requests == []


def change_row(lake: Lake, statement: str) -> None:
    """Run a statement that has no rows, as a person would."""
    with lake.catalog() as connection:
        connection.execute(statement.encode())
