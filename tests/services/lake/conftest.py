from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.lakes import Lake, undisturbed
from tests.support.services import S3Server


@pytest.fixture
def lake(postgres: str, tmp_path: Path) -> Lake:
    """An empty lake with its files in a folder."""
    data = tmp_path / "data"
    data.mkdir()
    return Lake(conninfo=postgres, data=str(data))


@pytest.fixture
def s3_lake(postgres: str, bucket_prefix: str, s3_server: S3Server) -> Lake:
    """An empty lake with its files in an S3 server."""
    return Lake(conninfo=postgres, data=bucket_prefix, s3=s3_server)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The home of another machine."""
    return tmp_path / "other"


@pytest.fixture(scope="session")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of the first two days in a home that nothing disturbs."""
    return undisturbed(range(2), tmp_path_factory.mktemp("undisturbed"))
