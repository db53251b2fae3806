"""The servers that other tests use: they keep what they are given, and end with whoever started them."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import requests

from tests.support import patience
from tests.support.environment import scrubbed
from tests.support.lakes import plain_duckdb
from tests.support.places import ROOT
from tests.support.services import HOST, PostgresServer, S3Server

pytestmark = pytest.mark.services

HELD = """
import json, time
from tests.support.services import postgres_server, s3_server

with postgres_server() as postgres, s3_server() as s3:
    ports = [postgres.port, int(s3.address.split(":")[1])]
    files = [postgres.folder, s3.folder, *s3.sockets()]
    print(json.dumps({"ports": ports, "files": list(map(str, files))}), flush=True)
    time.sleep(600)
"""


@pytest.fixture
def connection(s3_server: S3Server) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with the extensions of the environment's packages, and the S3 server's secret; it may fetch nothing."""
    with plain_duckdb(s3_server) as connection:
        yield connection


def rows(conninfo: str, statement: str) -> list[tuple[object, ...]]:
    """Run a statement in PostgreSQL, and commit; its rows, if it has some."""
    import psycopg  # noqa: PLC0415 (needs the extra)

    with psycopg.connect(conninfo) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_postgres_answers_and_speaks_english(postgres: str) -> None:
    assert rows(postgres, "select 1, current_setting('lc_messages')") == [(1, "C")]


def test_postgres_keeps_a_row_when_it_is_started_again(postgres: str, postgres_server: PostgresServer) -> None:
    rows(postgres, "create table kept as select 7 as number")
    postgres_server.stop()
    assert not postgres_server.answers()
    postgres_server.start()
    assert rows(postgres, "select number from kept") == [(7,)]


def test_postgres_stops_though_somebody_is_connected(postgres: str, postgres_server: PostgresServer) -> None:
    import psycopg  # noqa: PLC0415 (needs the extra)

    with psycopg.connect(postgres) as connection:
        connection.execute("select 1")
        postgres_server.stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


@pytest.mark.parametrize("_", ["first", "second"])
def test_every_test_has_an_empty_database(_: str, postgres: str) -> None:
    assert rows(postgres, "select count(*) from pg_class where relname = 'mine'") == [(0,)]
    rows(postgres, "create table mine (number int)")


def test_s3_keeps_what_was_written_when_it_is_started_again(
    bucket_prefix: str, s3_server: S3Server, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute(f"copy (select 7 as number) to '{bucket_prefix}/kept.parquet'")
    s3_server.stop()
    assert not s3_server.answers()
    s3_server.start()
    assert connection.sql(f"from '{bucket_prefix}/kept.parquet'").fetchall() == [(7,)]


def test_s3_refuses_who_has_no_secret(
    bucket_prefix: str, s3_server: S3Server, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute(f"copy (select 7 as number) to '{bucket_prefix}/kept.parquet'")
    address = f"{bucket_prefix.replace('s3:/', s3_server.endpoint)}/kept.parquet"
    assert requests.get(address, timeout=patience.patient(10)).status_code == 403


def test_a_lake_has_its_catalog_in_postgres_and_its_rows_in_s3(
    postgres: str, bucket_prefix: str, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute(f"attach 'ducklake:postgres:{postgres}' as lake (data_path '{bucket_prefix}/')")
    connection.execute("create table lake.papers as select range as number from range(1000)")
    connection.execute("detach lake")
    assert rows(postgres, "select table_name from ducklake_table") == [("papers",)]
    assert connection.read_parquet(f"{bucket_prefix}/main/papers/*.parquet").count("*").fetchall() == [(1000,)]

    connection.execute(f"attach 'ducklake:postgres:{postgres}' as lake")
    assert connection.sql("select count(*), max(number) from lake.papers").fetchall() == [(1000, 999)]


def test_servers_end_with_a_process_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", HELD], cwd=ROOT, env=scrubbed(), stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        held = json.loads(holder.stdout.readline())
        assert all(map(is_listening, held["ports"]))
        holder.send_signal(signal.SIGKILL)
    patience.until(lambda: not any(map(is_listening, held["ports"])), 30)
    for path in map(Path, held["files"]):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0
