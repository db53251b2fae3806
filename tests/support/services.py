"""PostgreSQL and an S3 server (SeaweedFS) on 127.0.0.1, each in a folder of its own, for as long as a block lasts.

Neither outlives the process that started it, however that one ends.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import requests

from tests.support import patience
from tests.support.commands import path_of

HOST = "127.0.0.1"
MODULES = (
    "psycopg",
    "duckdb_extension_ducklake",
    "duckdb_extension_httpfs",
    "duckdb_extension_postgres_scanner",
    "distributed",
)
START_SECONDS, STOP_SECONDS = 30, 15

# Below the ports that Linux gives to clients, so that none takes the port of a server between its stop and its start;
# SeaweedFS listens 10,000 above each port too.
PORTS, SECOND_PORT = range(10_000, 22_000), 10_000

# Linux forgets what a process asked for at its parent's end when it becomes another user: so that comes first. It takes
# the thread that started a server for its parent: start servers where the test itself runs.
_ENDS_WITH_PARENT = """
import ctypes, os, sys
parent, sign, user, group = map(int, sys.argv[1:5])
prctl = ctypes.CDLL(None).prctl
if user != os.getuid():
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
prctl(1, sign)
os.getppid() == parent or os._exit(1)
os.execv(sys.argv[5], sys.argv[5:])
"""


def missing() -> list[str]:
    """What is not here of the servers and of what speaks with them, by name."""
    absent = [name for name in MODULES if find_spec(name) is None]
    programs = {"PostgreSQL": postgres_programs(), "weed": shutil.which(path_of("weed"))}
    return absent + [name for name, found in programs.items() if not found]


class _Server(ABC):
    """A program that serves what is in its folder: after a stop it starts again with the same data and ports."""

    # Asked to end, SeaweedFS waits 15 s for its own parts to hang up; what it took is in its files before it says so.
    end_at_once = signal.SIGKILL
    end_without_clients = signal.SIGKILL

    def __init__(self, folder: Path, account: pwd.struct_passwd) -> None:
        self.folder, self.account = folder, account
        self.log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> Sequence[str | Path]:
        """The program and its arguments."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether a client is served now."""

    def start(self) -> None:
        """Start it and wait until it answers; nothing if it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._ending_with_us(self.command()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=_environment(self.folder),
                start_new_session=True,  # an interrupted run stops it, not the terminal
            )
        patience.until(self._is_up, START_SECONDS)

    def stop(self) -> None:
        """Stop it, clients or not, and wait for its end; nothing if it does not run."""
        self._end(self.end_without_clients)

    def close(self) -> None:
        """End it for good."""
        self._end(self.end_at_once)

    def _end(self, sign: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(sign)
        try:
            self._process.wait(patience.patient(STOP_SECONDS))
        finally:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _ending_with_us(self, command: Sequence[str | Path]) -> list[str]:
        """The command as the server's user, to be ended when this process ends."""
        how = (os.getpid(), int(self.end_at_once), self.account.pw_uid, self.account.pw_gid)
        return [sys.executable, "-I", "-S", "-c", _ENDS_WITH_PARENT, *map(str, how), *map(str, command)]

    def _is_up(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"{self.command()[0]} ended:\n{self.log.read_text(encoding='utf-8')[-4000:]}")
        return self.answers()


class PostgresServer(_Server):
    """PostgreSQL, which trusts whoever comes; what it writes is not made safe against a power cut."""

    host, user = HOST, "postgres"
    end_at_once = signal.SIGQUIT  # for its children too
    end_without_clients = signal.SIGINT

    def __init__(self, folder: Path, account: pwd.struct_passwd, programs: Path) -> None:
        super().__init__(folder, account)
        self.programs, self.port = programs, free_port()

    def make(self) -> None:
        """Make an empty cluster."""
        options = (f"--username={self.user}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        made = subprocess.run(
            self._ending_with_us([self.programs / "initdb", f"--pgdata={self.folder / 'data'}", *options]),
            cwd=self.folder,
            env=_environment(self.folder),
            capture_output=True,
            text=True,
            timeout=patience.patient(START_SECONDS),
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr

    def command(self) -> Sequence[str | Path]:
        """The program and its arguments."""
        settings = {
            "listen_addresses": self.host,
            "unix_socket_directories": self.folder,
            "lc_messages": "C",
            "max_connections": 60,
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
        }
        chosen = (word for name, value in settings.items() for word in ("-c", f"{name}={value}"))
        return (self.programs / "postgres", "-D", self.folder / "data", "-p", str(self.port), *chosen)

    def answers(self) -> bool:
        """Whether it takes a connection."""
        import psycopg  # noqa: PLC0415 (needs the extra)

        with suppress(psycopg.OperationalError), psycopg.connect(self.conninfo("postgres"), connect_timeout=5):
            return True
        return False

    def conninfo(self, database: str) -> str:
        """How to connect to that database."""
        return f"host={self.host} port={self.port} user={self.user} dbname={database}"

    def database(self, name: str, template: str | None = None) -> str:
        """Make a database, empty or a copy of one that nobody is connected to; how to connect to it."""
        self._administer(
            "create database {}" if template is None else f'create database {{}} template "{template}"', name
        )
        return self.conninfo(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self._administer("drop database {} with (force)", name)

    def _administer(self, statement: str, name: str) -> None:
        import psycopg  # noqa: PLC0415 (needs the extra)

        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement.format(f'"{name}"').encode())


class S3Server(_Server):
    """SeaweedFS with one bucket, and one user who may do everything."""

    key, secret, bucket = "paperlog-key", "paperlog-secret", "paperlog"

    def __init__(self, folder: Path, account: pwd.struct_passwd) -> None:
        super().__init__(folder, account)
        self._ports = {name: free_port() for name in ("s3", "filer", "master", "volume")}

    @property
    def address(self) -> str:
        """`HOST:PORT`."""
        return f"{HOST}:{self._ports['s3']}"

    @property
    def endpoint(self) -> str:
        """`http://HOST:PORT`."""
        return f"http://{self.address}"

    def make(self) -> None:
        """Write down who may do what."""
        (self.folder / "data").mkdir()
        owner = {
            "name": "paperlog",
            "credentials": [{"accessKey": self.key, "secretKey": self.secret}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        (self.folder / "s3.json").write_text(json.dumps({"identities": [owner]}), encoding="utf-8")

    def command(self) -> Sequence[str | Path]:
        """The program and its arguments."""
        settings = {
            "ip": HOST,
            "ip.bind": HOST,
            "dir": self.folder / "data",
            "s3": "true",
            "s3.config": self.folder / "s3.json",
            "s3.iam": "false",
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.localSocket": self.folder / "s3.sock",
            "filer": "true",
            "filer.localSocket": self.folder / "filer.sock",
            "master.telemetry": "false",
            "master.electionTimeout": "1s",  # as the only one it waits that long for others; 10 s if not told
            "master.volumeSizeLimitMB": 256,
            "volume.max": 30,
            "volume.preStopSeconds": 0,
            **{f"{name}.port": port for name, port in self._ports.items()},
        }
        return (path_of("weed"), "server", *(f"-{name}={value}" for name, value in settings.items()))

    def answers(self) -> bool:
        """Whether the bucket is there, its bytes have a place, and a stranger is refused."""
        filer, master = (f"http://{HOST}:{self._ports[name]}" for name in ("filer", "master"))
        with suppress(requests.RequestException):
            made = requests.post(f"{filer}/buckets/{self.bucket}/", timeout=5).status_code
            placed = requests.get(f"{master}/dir/assign", params={"collection": self.bucket}, timeout=5).json()
            refused = requests.get(f"{self.endpoint}/{self.bucket}/", timeout=5).status_code
            return made in {201, 409} and "fid" in placed and refused == 403
        return False

    def close(self) -> None:
        """End it for good, and remove the sockets that it has outside of its folder."""
        super().close()
        for path in self.sockets():
            path.unlink(missing_ok=True)

    def sockets(self) -> list[Path]:
        """Where it makes sockets outside of its folder, which no option changes."""
        return [Path(f"/tmp/seaweedfs-{name}-grpc-{port + SECOND_PORT}.sock") for name, port in self._ports.items()]  # noqa: S108


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A running PostgreSQL; as root it runs as the user postgres, because it refuses root."""
    programs = postgres_programs()
    assert programs is not None, "no PostgreSQL here"
    account = pwd.getpwnam("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    with _folder("postgres", account) as folder:
        server = PostgresServer(folder, account, programs)
        server.make()
        with _running(server):
            yield server


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """A running S3 server."""
    account = pwd.getpwuid(os.getuid())
    with _folder("s3", account) as folder:
        server = S3Server(folder, account)
        server.make()
        with _running(server):
            yield server


@contextmanager
def _running(server: _Server) -> Iterator[None]:
    try:
        server.start()
        yield
    finally:
        server.close()


@contextmanager
def _folder(name: str, account: pwd.struct_passwd) -> Iterator[Path]:
    """A folder of that user, who could not enter one of pytest's."""
    with tempfile.TemporaryDirectory(prefix=f"paperlog-{name}-") as folder:
        os.chown(folder, account.pw_uid, account.pw_gid)
        yield Path(folder)


def _environment(folder: Path) -> Mapping[str, str]:
    """Nothing of the developer's own settings for these programs."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder)}


def free_port() -> int:
    """A port that nobody listens on, nor 10,000 above it."""

    def is_free() -> bool:
        with suppress(OSError), socket.socket() as one, socket.socket() as other:
            one.bind((HOST, port))
            other.bind((HOST, port + SECOND_PORT))
            return True
        return False

    while True:
        port = secrets.choice(PORTS)
        if is_free():
            return port


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs, which Debian keeps out of PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found := shutil.which("initdb") or (debian and debian[-1]):
        return Path(found).resolve().parent
    return None
