"""The warehouse: SQL and the file. Everything outside this room goes through `open_warehouse`."""

from __future__ import annotations

from warehouse.embedded.warehouse import EmbeddedWarehouse
from warehouse.errors import BatchRefusedError, QueryTooSlowError, SurroundingsError, WarehouseBusyError, WarehouseError
from warehouse.home import INDEX, KEPT, LEDGER, LOCK, MANIFEST, SEARCH, SNAPSHOT, WORKING
from warehouse.lake.address import ObjectStore
from warehouse.ledger.ledger import (
    ChannelState,
    LastSent,
    Ledger,
    NewPart,
    Prepared,
    StoredPart,
    copy_ledger,
    ledger_to_read,
    opened_ledger,
    still_ledger,
)
from warehouse.opening import move, open_warehouse
from warehouse.pool import Limits, ReaderPool
from warehouse.publish.kept import KEPT_SUFFIXES
from warehouse.publish.manifest import Manifest, manifest_of, standing
from warehouse.publish.proof import proof
from warehouse.publish.searchfile import search_index_in
from warehouse.read.cited import cited_papers
from warehouse.read.differences import Difference, compare_exports
from warehouse.read.lookup import FoundPaper, UnknownPaper, paper_named, papers_named, records_of_paper
from warehouse.read.paper import whole_paper
from warehouse.read.reader import Reader, Table
from warehouse.read.search import FacetCounts, Found, Hit, SearchAnswer, find, search
from warehouse.read.shown import shown_copy
from warehouse.searchindex.files import missing_fts5
from warehouse.upkeep import LakeSize, Upkeep
from warehouse.warehouse import Warehouse

__all__ = [
    "INDEX",
    "KEPT",
    "KEPT_SUFFIXES",
    "LEDGER",
    "LOCK",
    "MANIFEST",
    "SEARCH",
    "SNAPSHOT",
    "WORKING",
    "BatchRefusedError",
    "ChannelState",
    "Difference",
    "EmbeddedWarehouse",
    "FacetCounts",
    "Found",
    "FoundPaper",
    "Hit",
    "LakeSize",
    "LastSent",
    "Ledger",
    "Limits",
    "Manifest",
    "NewPart",
    "ObjectStore",
    "Prepared",
    "QueryTooSlowError",
    "Reader",
    "ReaderPool",
    "SearchAnswer",
    "StoredPart",
    "SurroundingsError",
    "Table",
    "UnknownPaper",
    "Upkeep",
    "Warehouse",
    "WarehouseBusyError",
    "WarehouseError",
    "cited_papers",
    "compare_exports",
    "copy_ledger",
    "find",
    "ledger_to_read",
    "manifest_of",
    "missing_fts5",
    "move",
    "open_warehouse",
    "opened_ledger",
    "paper_named",
    "papers_named",
    "proof",
    "records_of_paper",
    "search",
    "search_index_in",
    "shown_copy",
    "standing",
    "still_ledger",
    "whole_paper",
]
