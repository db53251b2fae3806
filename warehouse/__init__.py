"""The warehouse: SQL and the file. Everything outside this room goes through `open_warehouse`."""

from __future__ import annotations

from warehouse.errors import BatchRefusedError, SurroundingsError, WarehouseBusyError, WarehouseError
from warehouse.home import INDEX, KEPT, LOCK, MANIFEST, SNAPSHOT, WORKING
from warehouse.publish.kept import Snapshot
from warehouse.publish.manifest import Manifest, manifest_of
from warehouse.publish.proof import proof
from warehouse.read.differences import Difference, compare_exports
from warehouse.read.lookup import FoundPaper, paper_named, papers_named, records_of_paper
from warehouse.read.paper import whole_paper
from warehouse.read.reader import Reader, Table, missing_extension, search
from warehouse.warehouse import Warehouse, open_warehouse

__all__ = [
    "INDEX",
    "KEPT",
    "LOCK",
    "MANIFEST",
    "SNAPSHOT",
    "WORKING",
    "BatchRefusedError",
    "Difference",
    "FoundPaper",
    "Manifest",
    "Reader",
    "Snapshot",
    "SurroundingsError",
    "Table",
    "Warehouse",
    "WarehouseBusyError",
    "WarehouseError",
    "compare_exports",
    "manifest_of",
    "missing_extension",
    "open_warehouse",
    "paper_named",
    "papers_named",
    "proof",
    "records_of_paper",
    "search",
    "whole_paper",
]
