"""`paperlog up`: a Prefect server, the work pool, the deployments and a worker, in the foreground, until it is stopped.

Everything of the server lies in the folder `prefect` of the home, so that a second start goes on where the first one
ended. Where PREFECT_API_URL names a server, that one is used: then only the worker is started here.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from threading import Event

import requests

from extractors.landing.files import write_whole
from flows.logs import LOG
from flows.scheduled.children import Child, program_beside
from flows.scheduled.leftovers import Leftover, Watch, heal, unended
from flows.scheduled.server import Server, is_healthy
from flows.settings import Settings, child_variables, inherited, prefect_api
from transforms.errors import PaperlogError

POOL = "paperlog"
LOOK_EVERY_SECONDS = 0.5
HEAL_EVERY_SECONDS = 120.0
# A command of Prefect takes a few seconds, and much longer on a busy machine.
COMMAND_SECONDS = 300
# A flow run that is asked to stop ends its transaction first.
WORKER_STOP_SECONDS = 60
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOCK, DEPLOYED = "up.lock", "deployed"

_log = LOG.getChild("up")


class UpError(PaperlogError):
    """The server, the pool or the deployments are not to be had; what was started is stopped."""


def up(settings: Settings, *, host: str, port: int) -> None:
    """Run everything until SIGINT or SIGTERM; then stop it, and return. What ends by itself is started again.

    Raises UpError or ServerError if it cannot start, also where another `up` runs for the same home.
    """
    folder = settings.home / "prefect"
    server = None if prefect_api() else Server(folder=folder, host=host, port=port)
    with _stop_signals() as stop, _only_one(settings.home, server.api if server else None):
        folder.mkdir(exist_ok=True)
        variables = child_variables(settings) | (server.variables if server else {})
        children: list[Child] = []
        try:
            if server:
                children.append(_started_server(server, stop))
            elif not is_healthy(prefect_api() or ""):
                raise UpError("the server of PREFECT_API_URL does not answer: start it, or unset it to run one here")
            if not stop.is_set():
                _prepare(server, variables, settings.home)
                children.append(_started_worker(variables))
                _log.info("everything runs; stop it with Ctrl-C%s", f"; see {server.address}" if server else "")
            _watch(children, server, stop)
        finally:
            _stop_all(children, server)


def deployments_file() -> Path:
    """The schedules: of the repository that this was installed from, else of the installed wheel."""
    for folder in (Path(__file__).parents[2], Path(sys.prefix) / "share" / "paperlog"):
        if (folder / "deployments.yaml").is_file():
            return folder / "deployments.yaml"
    raise UpError("deployments.yaml is not there: install Paperlog again")


@contextmanager
def _stop_signals() -> Iterator[Event]:
    """An event that the stop signals set, instead of ending this process before it stopped the others."""
    stop = Event()
    before = {sign: signal.signal(sign, lambda *_: stop.set()) for sign in STOP_SIGNALS}
    try:
        yield stop
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


@contextmanager
def _only_one(home: Path, api: str | None) -> Iterator[None]:
    """Hold the lock of `up`; its text tells others who runs, and where the server is."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise UpError(f"`paperlog up` already runs for {home}: {file.read().strip()}") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}{f', {api}' if api else ''}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _started_server(server: Server, stop: Event) -> Child:
    server.require_free_port()
    child = Child("server", server.command, server.variables)
    child.start()
    process = child.process
    try:
        server.wait_until_healthy(lambda: stop.is_set() or process is None or process.poll() is not None)
    except PaperlogError:
        child.stop()
        if not stop.is_set():
            raise
    return child


def _prepare(server: Server | None, variables: Mapping[str, str], home: Path) -> None:
    """The work pool and the deployments, and on a server of one's own the flow runs that a kill left behind."""
    if not _is_there(["work-pool", "inspect", POOL], variables):
        _prefect(["work-pool", "create", POOL, "--type", "process"], variables)
    _deploy(variables, home)
    if server:
        _heal(server, _under_way(server), "left behind by an earlier `paperlog up`")


def _deploy(variables: Mapping[str, str], home: Path) -> None:
    """Deploy what changed since: each time would switch schedules on again that a person switched off."""
    file, note = deployments_file(), home / "prefect" / DEPLOYED
    facts = (file.read_bytes(), version("paperlog"), str(home), variables.get("PREFECT_API_URL") or prefect_api())
    stamp = hashlib.sha256(repr(facts).encode()).hexdigest().encode()
    known = note.read_bytes() if note.exists() else b""
    if stamp == known and _is_there(["deployment", "inspect", "audit/audit"], variables):
        return
    # Runs work in the home: no module of ours or of a person lies there that Python could import instead.
    project = {"PAPERLOG_PROJECT": str(home)}
    _prefect(["deploy", "--prefect-file", str(file), "--all"], {**variables, **project})
    write_whole(note, stamp)
    _log.info("deployed the schedules of %s", file)


def _under_way(server: Server | None) -> tuple[Leftover, ...]:
    try:
        return unended(server.api) if server else ()
    except requests.RequestException as error:
        _log.error("the server does not name the flow runs that are under way: %s", type(error).__name__)
        return ()


def _heal(server: Server, runs: tuple[Leftover, ...], why: str) -> None:
    try:
        for line in heal(server.api, runs, why):
            _log.warning("%s", line)
    except requests.RequestException as error:
        _log.error("flow runs that were left behind could not be scheduled again: %s", type(error).__name__)


def _started_worker(variables: Mapping[str, str]) -> Child:
    name = f"{POOL}-{socket.gethostname()}"
    command = ["--no-prompt", "worker", "start", "--pool", POOL, "--type", "process", "--name", name]
    child = Child("worker", [program_beside("prefect"), *command], variables)
    child.start()
    return child


def _watch(children: list[Child], server: Server | None, stop: Event) -> None:
    """Until it is to stop: start again what ends, and now and then schedule flow runs again whose process is gone."""
    watch, look_at = Watch(), time.monotonic() + HEAL_EVERY_SECONDS
    while not stop.wait(LOOK_EVERY_SECONDS):
        for child in children:
            child.watch()
        if server and time.monotonic() > look_at:
            _heal(server, watch.dead(_under_way(server)), "its process was killed")
            look_at = time.monotonic() + HEAL_EVERY_SECONDS


def _stop_all(children: list[Child], server: Server | None) -> None:
    """The worker first: its flow runs tell the server that they were stopped, and are then scheduled again."""
    for child in reversed(children):
        if child.name == "server":
            child.stop()
            continue
        under_way = _under_way(server)
        child.stop(WORKER_STOP_SECONDS)
        if server:
            _heal(server, under_way, "stopped with `paperlog up`")


def _prefect(arguments: list[str], variables: Mapping[str, str]) -> None:
    done = _run(arguments, variables)
    if done.returncode:
        raise UpError(f"`prefect {arguments[0]}` failed: {_reason(done.stderr or done.stdout)}")


def _reason(printed: str) -> str:
    """The last line that says something, without a password in an address."""
    lines = [line.strip() for line in printed.splitlines() if re.search(r"\w", line)]
    return re.sub(r"//[^/@\s]*@", "//…@", lines[-1] if lines else "it gave no reason")


def _is_there(arguments: list[str], variables: Mapping[str, str]) -> bool:
    return _run(arguments, variables).returncode == 0


def _run(arguments: list[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = [program_beside("prefect"), "--no-prompt", *arguments]
    try:
        return subprocess.run(  # noqa: S603 - our own command
            command,
            env=inherited(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UpError(f"`prefect {arguments[0]}` did not end within {COMMAND_SECONDS} s") from error
