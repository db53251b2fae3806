"""Whether the resolver's side index says what the warehouse says, for a sample of the sightings."""

from __future__ import annotations

from transforms.matching.blocking import block_keys
from transforms.matching.prepare import prepare
from warehouse.database.sql import Connection, Statements
from warehouse.papers.comparisons import stored_records
from warehouse.papers.sideindex import SideIndex

_sql = Statements(__package__)


def check_index(connection: Connection, index: SideIndex, sample_count: int) -> tuple[str, ...]:
    """What is wrong with the index, one sentence each; nothing is changed.

    The file is proven whole, and `sample_count` sightings, others each time, are prepared again and compared. An index
    that is missing or belongs to another state of the warehouse is not wrong: the next load brings it in line.
    """
    if damage := index.damage():
        return (f"{index.name} is damaged ({damage}); the next load makes it again",)
    _, stamp = _sql.run(connection, "read_resolver").fetchone() or (None, None)
    if stamp is None or not index.exists or index.stamps()[0] != stamp:
        return ()
    sample = _sql.column(connection, "read_some_sightings", {"count": sample_count})
    expected = {record.key: prepare(record) for record in stored_records(connection, sample)}
    held, blocks = index.records(expected.keys()), index.blocks(expected.keys())
    wrong = [key for key, record in expected.items() if held.get(key) != record or blocks[key] != block_keys(record)]
    if not wrong:
        return ()
    found = f"{len(wrong)} of {len(expected)} sightings differ from the warehouse, as {min(wrong)}"
    return (f"{index.name}: {found}; move it away, and the next load makes it again",)
