"""For every test: which file comes first, what is skipped without the shared data, and how long it may take here."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from flows.__main__ import spare_searches
from tests.support import patience, services
from tests.support.places import DATA

# A machine under load is slow at making examples too: neither says anything about the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# DuckDB takes it for how many threads it may have. To tiny data a second one costs a third more CPU, and there are two
# cores for four of these processes. A test of threads asks for several, and drills have as many as there are cores.
os.environ.setdefault("SLURM_CPUS_ON_NODE", "1")
spare_searches()

# A shell starts what runs in the background with this signal ignored, and so would be whatever a test starts and
# interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["tests.support.service_fixtures"]

Report = pytest.TestReport


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with a Prefect server first, then files with slow tests, so that nobody waits for the last file."""
    ranks: dict[str, int] = {}
    for item in items:
        rank = 0 if item.get_closest_marker("prefect") else 1 if item.get_closest_marker("slow") else 2
        ranks[str(item.path)] = min(rank, ranks.get(str(item.path), rank))
    items.sort(key=lambda item: ranks[str(item.path)])


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what reads the shared data where there is none, and what needs packages that are not here."""
    for marker in item.iter_markers("analyst"):
        if missing := [name for name in marker.args if find_spec(name) is None]:
            pytest.skip(f"{', '.join(missing)} not installed: `make test-analyst` runs it")
    if item.get_closest_marker("shared_data") and not DATA.is_dir():
        pytest.skip("no real pages here: ../shared/data is absent")
    if item.get_closest_marker("services"):
        if absent := services.missing():
            # Asked for by name, they are wanted: all skipped would look like all passed.
            is_asked_for = item.config.getoption("markexpr") == "services"
            (pytest.fail if is_asked_for else pytest.skip)(
                f"NOT RUN: {', '.join(absent)} not installed: run `make test-services`"
            )
    elif {"postgres_server", "s3_server"}.intersection(getattr(item, "fixturenames", ())):
        pytest.fail("a test that uses servers is marked `services`")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Give the test as much of this machine's time as it has of a quiet one's, before pytest-timeout looks."""
    if item.config.getoption("timeout") is None:
        marker = item.get_closest_marker("timeout")
        seconds = float(marker.args[0] if marker else item.config.getini("timeout"))
        item.add_marker(pytest.mark.timeout(patience.patient(seconds)), append=False)
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Report, Report]:
    """A test that took too long says what to do about it."""
    if call.excinfo and patience.is_time_out(call.excinfo.value):
        call.excinfo.value.add_note(patience.advice(item.nodeid))
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """The processes of pytest-xdist do not time the machine again, all at once."""
    node.workerinput["machine"] = [patience.machine().slowness, patience.machine().crowding]


def pytest_configure(config: pytest.Config) -> None:
    """Take over what the first process found out about the machine."""
    if measured := getattr(config, "workerinput", {}).get("machine"):
        patience.know(patience.Machine(*measured))
