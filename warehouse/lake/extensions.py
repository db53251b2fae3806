"""DuckDB's extensions for a lake, from the packages that bring them: nothing is downloaded when they are loaded."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import duckdb

from warehouse.database.connection import literal
from warehouse.database.sql import Connection
from warehouse.errors import WarehouseError

# In this order: the last one uses the others.
CATALOG: Final = ("postgres_scanner", "ducklake")
OBJECTS: Final = "httpfs"
HOW: Final = "pip install 'paperlog[lake]'"


def load_extensions(connection: Connection, *, is_remote: bool) -> None:
    """Load what a lake needs. Raises WarehouseError naming the package if it is missing or of another DuckDB."""
    for name in (*((OBJECTS,) if is_remote else ()), *CATALOG):
        connection.execute(f"load {literal(_extension(name))}")


def _extension(name: str) -> Path:
    package = f"duckdb_extension_{name}"
    found = find_spec(package)
    if found is None or found.origin is None:
        raise WarehouseError(f"a lake needs the package {package.replace('_', '-')}: {HOW}")
    path = Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not path.exists():
        raise WarehouseError(f"the package {package.replace('_', '-')} is not of DuckDB {duckdb.__version__}: {HOW}")
    return path
