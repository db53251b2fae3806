"""DuckDB's full-text extension, which comes as a Python package: it is loaded from there, never downloaded."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from warehouse.database.sql import literal

PACKAGE = "duckdb_extension_fts"
FILE = "fts.duckdb_extension"


def extension() -> Path | None:
    """The extension's file for the running DuckDB; None where the package is missing or made for another one."""
    spec = find_spec(PACKAGE)
    for folder in (spec and spec.submodule_search_locations) or ():
        file = Path(folder, "extensions", f"v{duckdb.__version__}", FILE)
        if file.is_file():
            return file
    return None


def load_extension(connection: duckdb.DuckDBPyConnection) -> bool:
    """Load the extension if there is one; must come before external access is closed."""
    file = extension()
    if file is not None:
        connection.execute(f"load {literal(file)}")
    return file is not None
