"""Servers for tests that are marked `services`: started at first use, one of each in every process of a session."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.support import services
from tests.support.engines import FILE, LAKE, Catalogs, Engine, Files, Lakes, Originals, StoredLakes
from tests.support.services import PostgresServer, S3Server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """PostgreSQL, which a test may stop and start again; ask for `postgres` too to find it running."""
    with services.postgres_server() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """How to connect to an empty database (a conninfo), which is dropped after the test."""
    # A test may have failed while the server was stopped.
    postgres_server.start()
    name = f"test_{uuid4().hex}"
    yield postgres_server.database(name)
    postgres_server.start()
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """An S3 server, which a test may stop and start again; ask for `bucket_prefix` too to find it running."""
    with services.s3_server() as server:
        yield server


@pytest.fixture
def bucket_prefix(s3_server: S3Server) -> str:
    """Where nothing is stored yet: `s3://BUCKET/PREFIX`."""
    s3_server.start()
    return f"s3://{s3_server.bucket}/{uuid4().hex}"


@pytest.fixture(scope="session")
def lake_originals(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Originals]:
    """Lakes of which tests get copies."""
    catalogs = Catalogs(postgres_server)
    yield Originals(catalogs, tmp_path_factory.mktemp("lakes"))
    catalogs.drop()


@pytest.fixture(scope="module", params=[FILE, LAKE])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """What makes warehouses: whatever a test says through it is said of files and of lakes."""
    if request.param == FILE:
        yield Files()
        return
    catalogs = Catalogs(request.getfixturevalue("postgres_server"))
    if request.param == "lake":
        yield Lakes(catalogs, request.getfixturevalue("lake_originals"))
    else:
        yield StoredLakes(catalogs, request.getfixturevalue("s3_server"))
    catalogs.drop()
