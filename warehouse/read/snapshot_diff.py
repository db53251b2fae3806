"""What the published snapshot says otherwise than a kept one: papers added, merged or split, facts and numbers."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.database.sql import literal, statement
from warehouse.errors import WarehouseError
from warehouse.read.reader import Table


def changes(before: Path, after: Path) -> Table:
    """Compare two published files: change, paper_key, title, what, before, after, in the order of the papers.

    `change` is paper_added, paper_merged (`before` is the key that lost), paper_split (the key is valid again),
    paper_removed, fact_changed, listing_added, listing_lost, review_added or metric_changed; `what` names the fact, the
    sighting, the review's source and partition, or the source and metric. Raises WarehouseError if one cannot be read.
    """
    try:
        with duckdb.connect() as connection:
            connection.execute(f"attach {literal(before)} as before (read_only)")
            connection.execute(f"attach {literal(after)} as after (read_only)")
            cursor = connection.execute(statement("changes"))
            columns = tuple(column[0] for column in cursor.description or ())
            return Table(columns=columns, rows=tuple(cursor.fetchall()))
    except duckdb.Error as error:
        message = f"the two snapshots cannot be compared: {str(error).splitlines()[0]}"
        raise WarehouseError(message) from error
