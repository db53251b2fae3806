"""Lakes for tests: in an empty database, with their files on the disk or in an S3 server."""

from __future__ import annotations

from pathlib import Path

from tests.support.services import S3Server
from warehouse import ObjectStore, Warehouse, open_warehouse


def lake_url(postgres: str, data: Path | str) -> str:
    """The address of a lake whose catalog is in that database (a conninfo)."""
    return f"ducklake:postgres:{postgres}?data={data}"


def store_of(server: S3Server) -> ObjectStore:
    """How the server is reached."""
    return ObjectStore(
        host=server.address, is_encrypted=False, region="us-east-1", key=server.key, secret=server.secret
    )


def lake_at(postgres: str, data: Path | str, home: Path, server: S3Server | None = None) -> Warehouse:
    """The lake, for a machine with that home."""
    return open_warehouse(lake_url(postgres, data), home, store_of(server) if server else None)


def lake_variables(postgres: str, data: Path | str, server: S3Server | None = None) -> dict[str, str]:
    """The same as settings, for commands."""
    variables = {"PAPERLOG_WAREHOUSE": lake_url(postgres, data)}
    if server is None:
        return variables
    return variables | {
        "PAPERLOG_S3_URL": server.endpoint,
        "PAPERLOG_S3_REGION": "us-east-1",
        "PAPERLOG_S3_KEY": server.key,
        "PAPERLOG_S3_SECRET": server.secret,
    }
