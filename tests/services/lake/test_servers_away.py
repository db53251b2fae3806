"""A server, a disk, a right or a package is missing: one clear line, nothing half loaded, and the next run heals."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import Distribution
from itertools import repeat
from pathlib import Path

import pytest

from tests.support.commands import Done, paperlog_in
from tests.support.lakes import COMMIT, INDEX, Lake, day, digest_of, ended
from tests.support.mounts import mounted, read_only
from tests.support.patience import patient
from tests.support.places import ROOT
from tests.support.services import PostgresServer, S3Server
from warehouse import SurroundingsError

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

GUARDED, PASSWORD = "guarded", "the right one"
CONNECT_SECONDS = 45
"""Several times the ten seconds that libpq waits for an answer of a server."""
READS = (("sql", "select count(*) from papers"), ("status",))


def require_clear(done: Done, *words: str) -> None:
    """It ended with one line that is of the surroundings and has these words."""
    assert done.code == 1, done
    (line,) = done.err.splitlines()
    assert line.startswith("SurroundingsError: "), line
    assert [word for word in words if word not in line] == [], line


def require_healed(lake: Lake, home: Path, digest: str) -> None:
    """Nothing of the second day is loaded; the next run loads it, and the facts are those of an undisturbed home."""
    assert lake.days_loaded() == [day(0)] * 2
    rerun = lake.load(home, 1)
    assert rerun.code == 0, rerun.err
    assert lake.days_loaded() == [day(0)] * 2 + [day(1)] * 2
    assert digest_of(lake.opened(home)) == digest


@pytest.mark.parametrize(
    ("table", "words"),
    [(INDEX, ("PostgreSQL schema", "nothing was loaded")), (COMMIT, ("the lake: the connection to its catalog",))],
)
def test_postgres_restarted_during_a_load(
    table: str, words: tuple[str, ...], lake: Lake, home: Path, postgres_server: PostgresServer, two_days: str
) -> None:
    assert lake.load(home, 0).code == 0
    writer = lake.writer(home, 1)
    with lake.held_up(table, writer):
        postgres_server.stop()
        postgres_server.start()
    require_clear(ended(writer), *words)
    require_healed(lake, home, two_days)


def test_while_postgres_is_away_writers_and_readers_say_so(
    lake: Lake, home: Path, postgres_server: PostgresServer, two_days: str
) -> None:
    assert lake.load(home, 0).code == 0
    postgres_server.stop()
    said = f'the lake: its catalog cannot be reached: connection to server at "127.0.0.1", port {postgres_server.port}'
    for command in READS:
        done = paperlog_in(lake.environment(home), *command)
        assert (done.code, done.out) == (1, ""), done
        assert done.err.startswith(f"paperlog: {said} failed: Connection refused"), done.err
        assert len(done.err.splitlines()) == 1
    require_clear(lake.load(home, 1), "the lake: its catalog cannot be reached", "Connection refused")
    postgres_server.start()
    require_healed(lake, home, two_days)


def test_the_object_store_stopped_during_a_load(s3_lake: Lake, home: Path, s3_server: S3Server, two_days: str) -> None:
    assert s3_lake.load(home, 0).code == 0
    writer = s3_lake.writer(home, 1)
    with s3_lake.held_up(INDEX, writer):
        s3_server.stop()
    require_clear(ended(writer), "the lake: ", s3_server.endpoint, "nothing was loaded")
    require_clear(s3_lake.load(home, 1), "the lake: ", s3_server.endpoint)
    done = paperlog_in(s3_lake.environment(home), *READS[0])
    assert (done.code, done.out) == (1, "")
    assert s3_server.endpoint in done.err
    assert len(done.err.splitlines()) == 1
    s3_server.start()
    require_healed(s3_lake, home, two_days)


def test_a_folder_that_may_not_be_written(lake: Lake, home: Path, two_days: str) -> None:
    assert lake.load(home, 0).code == 0
    with read_only(Path(lake.data)):
        require_clear(lake.load(home, 1), "the lake: ", lake.data, "nothing was loaded")
        assert lake.days_loaded() == [day(0)] * 2
    require_healed(lake, home, two_days)


def test_a_disk_that_is_full(lake: Lake, home: Path, two_days: str) -> None:
    data = Path(lake.data)
    with mounted(data, "size=4m"):
        assert lake.load(home, 0).code == 0
        filling = data / "filling"
        with pytest.raises(OSError, match="No space left"), filling.open("wb", buffering=0) as file:
            file.writelines(repeat(bytes(4096)))
        require_clear(lake.load(home, 1), "the lake: ", lake.data, "No space left on device", "nothing was loaded")
        filling.unlink()
        require_healed(lake, home, two_days)


@pytest.fixture
def silent(lake: Lake) -> Iterator[Lake]:
    """A lake whose server takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield replace(lake, conninfo=f"host=127.0.0.1 port={listener.getsockname()[1]} user=nobody dbname=silent")


def test_a_server_that_never_answers_is_not_waited_for(silent: Lake, home: Path) -> None:
    require_clear(silent.load(home, 0), "the lake: its catalog cannot be reached", "timeout expired")
    done = paperlog_in(silent.environment(home), *READS[0], seconds=CONNECT_SECONDS)
    assert (done.code, done.out, len(done.err.splitlines())) == (1, "", 1), done
    assert "the lake: its catalog cannot be reached: " in done.err
    assert "timeout expired" in done.err
    with pytest.raises(SurroundingsError, match="timeout expired"), silent.opened(home).reader():
        pass


def test_a_database_that_is_missing(lake: Lake, home: Path, postgres_server: PostgresServer) -> None:
    missing = replace(lake, conninfo=postgres_server.conninfo("missing"))
    require_clear(missing.load(home, 0), "the lake: its catalog cannot be reached", 'database "missing" does not exist')
    done = paperlog_in(missing.environment(home), *READS[0])
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("paperlog: the lake: its catalog cannot be reached")


@pytest.fixture
def guarded(lake: Lake, postgres_server: PostgresServer) -> Iterator[Lake]:
    """The lake for a user who needs a password."""
    rules = postgres_server.folder / "data" / "pg_hba.conf"
    before = rules.read_text(encoding="utf-8")
    with lake.catalog() as connection:
        connection.execute(f"create role {GUARDED} login password '{PASSWORD}'")
        rules.write_text(f"host all {GUARDED} 127.0.0.1/32 scram-sha-256\n{before}", encoding="utf-8")
        connection.execute("select pg_reload_conf()")
        yield replace(lake, conninfo=lake.conninfo.replace(f"user={postgres_server.user}", f"user={GUARDED}"))
        rules.write_text(before, encoding="utf-8")
        connection.execute("select pg_reload_conf()")
        connection.execute(f"drop role {GUARDED}")


def test_a_wrong_password(guarded: Lake, home: Path) -> None:
    wrong = guarded.load(home, 0, PGPASSWORD="wrong")
    require_clear(wrong, "the lake: its catalog cannot be reached", f'authentication failed for user "{GUARDED}"')
    done = paperlog_in(guarded.environment(home, PGPASSWORD="wrong"), *READS[0])
    assert (done.code, done.out) == (1, "")
    assert f'authentication failed for user "{GUARDED}"' in done.err
    assert len(done.err.splitlines()) == 1
    right = guarded.load(home, 0, PGPASSWORD=PASSWORD)
    assert "authentication" not in right.err
    assert "permission denied" in right.err


def test_a_wrong_secret_of_the_object_store_makes_no_half_of_a_lake(s3_lake: Lake, home: Path, two_days: str) -> None:
    wrong = s3_lake.load(home, 0, PAPERLOG_S3_SECRET="wrong")  # noqa: S106 - it opens nothing
    require_clear(wrong, "the lake: ", "403")
    for command in (("publish",), READS[0]):
        done = paperlog_in(s3_lake.environment(home, PAPERLOG_S3_SECRET="wrong"), *command)  # noqa: S106
        assert (done.code, done.out, len(done.err.splitlines())) == (1, "", 1), done
    loaded = s3_lake.load(home, 0, 1)
    assert loaded.code == 0, loaded.err
    assert digest_of(s3_lake.opened(home)) == two_days


@pytest.mark.parametrize("package", ["psycopg", "duckdb-extension-ducklake", "duckdb-extension-postgres-scanner"])
def test_a_package_of_the_extra_that_is_missing(package: str, lake: Lake, home: Path, tmp_path: Path) -> None:
    """An environment is made of links to all that is installed here, but for that package."""
    installed = Path(str(Distribution.from_name(package).locate_file("")))
    left_out = {path.parts[0] for path in Distribution.from_name(package).files or ()}
    links = tmp_path / "links"
    links.mkdir()
    for path in installed.iterdir():
        if path.name not in left_out:
            (links / path.name).symlink_to(path)
    environment = lake.environment(home, PYTHONPATH=f"{ROOT}{os.pathsep}{links}")
    for command in (("publish",), READS[0]):
        done = subprocess.run(
            [sys.executable, "-S", "-m", "flows", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=patient(60),
            check=False,
        )
        if package == "psycopg" and command != ("publish",):  # readers need DuckDB's extensions alone
            assert "there is no lake yet: the first load or publish makes it" in done.stderr
            continue
        assert (done.returncode, done.stdout) == (1, ""), done
        assert done.stderr == f"paperlog: a lake needs the package {package}: pip install 'paperlog[lake]'\n"
