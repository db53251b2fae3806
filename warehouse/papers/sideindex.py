"""The resolver's side index: which sightings share block keys, and what is compared of them.

Single rows are read and written all over it, where DuckDB would read row groups: so it is kept beside the warehouse, in
a store of its own (see `indexstore`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from transforms.matching.blocking import BLOCK_MOST_RECORDS, Outline, check_block, may_be_one, sharing_enough
from transforms.matching.prepare import Prepared
from transforms.records import Packed
from warehouse.papers.indexrows import IndexDamagedError, Numbered, Row, item_of, row_of
from warehouse.papers.indexstore import Additions, IndexStore


class SideIndex:
    """The side index of one warehouse, for the writer alone.

    Changes wait for `commit`, which names the state of the warehouse that the index then fits. Every method may raise
    what the methods of the store raise.
    """

    def __init__(self, store: IndexStore, block_most: int = BLOCK_MOST_RECORDS) -> None:
        self._store = store
        self._block_most = block_most
        self._touched: set[str] = set()
        self._more_records = self._more_postings = 0
        # What was read for the last proposal: most of it is wanted again at once, to be clustered.
        self._read: dict[str, Prepared] = {}

    @property
    def name(self) -> str:
        """The store's name."""
        return self._store.name

    @property
    def exists(self) -> bool:
        """Whether there is a store."""
        return self._store.exists

    def damage(self) -> str | None:
        """What is wrong with the store, which is left as it is; None if nothing is, or there is none."""
        return self._store.damage() if self.exists else None

    @property
    def is_changed(self) -> bool:
        """Whether there is something to commit."""
        return self._store.is_changed

    def stamps(self) -> tuple[str | None, str | None]:
        """The state of the warehouse that the index fits, and the one that it fitted before its last commit."""
        return self._store.stamps()

    def touched(self) -> list[str]:
        """The sightings that the last commit added or deleted."""
        return self._store.touched()

    def records(self, keys: Collection[str]) -> dict[str, Prepared]:
        """The records of those sightings that the index holds."""
        read = {key: self._read[key] for key in keys if key in self._read}
        rest = self._held([key for key in keys if key not in read])
        return read | {item.packed.sighting_key: item.record for item in rest.values()}

    def blocks(self, keys: Collection[str]) -> dict[str, Sequence[int]]:
        """The block keys of those sightings that the index holds."""
        return {item.packed.sighting_key: item.blocks for item in self._held(keys).values()}

    def add(self, records: Iterable[Packed]) -> list[Numbered]:
        """Add records of which the index holds none; returns them with their numbers."""
        added = _numbered(records, self._store.last_number())
        self._add(added)
        return added

    def propose(self, records: Iterable[Packed]) -> list[tuple[Prepared, Prepared]]:
        """Add records of which the index holds none; returns each pair worth comparing that has one of them.

        Not worth it are those that share a few words by chance. Raises BlockTooLargeError if a block holds more records
        than can be compared.
        """
        added = _numbered(records, self._store.last_number())
        members = self._members(added)  # before they are added, so that only others come back
        self._add(added)
        candidates = [(item.number, other) for item in added for other in _candidates(item, members)]
        known = {item.number: item for item in added}
        if others := {other for _, other in candidates} - known.keys():
            known |= _items(self._store.numbered_rows(others))
        if missing := {other for _, other in candidates} - known.keys():
            raise IndexDamagedError(f"record {min(missing)} is missing")
        outlines = _Outlines(known)
        pairs = [(number, other) for number, other in candidates if may_be_one(outlines[number], outlines[other])]
        sides = {number: known[number].record for number in {end for pair in pairs for end in pair}}
        self._read = {side.key: side for side in sides.values()}
        return [(sides[number], sides[other]) for number, other in pairs]

    def fill(self, portions: Iterable[Iterable[Packed]]) -> None:
        """Replace everything by these records; faster than adding so many."""
        self._begin_anew()
        self._store.fill(self._counted(items) for items in _numbered_portions(portions))

    def delete(self, keys: Collection[str]) -> None:
        """Delete the records of these sightings."""
        self._read.clear()
        if found := self._held(keys):
            postings = [(block, number) for number, item in found.items() for block in item.blocks]
            self._store.delete(list(found), postings)
            self._count(-len(found), -len(postings))
        self._touched.update(keys)

    def clear(self) -> None:
        """Delete all records."""
        self._store.clear()
        self._begin_anew()

    def commit(self, stamp: str | None) -> None:
        """Commit the changes; `stamp` names the state of the warehouse that has them too."""
        self._store.commit(stamp, sorted(self._touched), self._more_records, self._more_postings)
        self._forget_changes()

    def rollback(self) -> None:
        """Undo the changes since the last commit."""
        self._forget_changes()
        self._store.rollback()

    def close(self) -> None:
        """Close the store; changes that were not committed are lost."""
        self._forget_changes()
        self._store.close()

    def discard(self) -> None:
        """Close and delete the store."""
        self._forget_changes()
        self._store.discard()

    def _forget_changes(self) -> None:
        self._touched.clear()
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Nothing was added or read; what was touched stays so."""
        self._more_records = self._more_postings = 0
        self._read.clear()

    def _count(self, records: int, postings: int) -> None:
        self._more_records += records
        self._more_postings += postings

    def _counted(self, items: Sequence[Numbered]) -> Additions:
        """The records as a store takes them; they count as added."""
        postings = [(block, item.number) for item in items for block in item.blocks]
        self._count(len(items), len(postings))
        return Additions([row_of(item) for item in items], postings)

    def _add(self, items: Sequence[Numbered]) -> None:
        self._store.insert(self._counted(items))
        self._touched.update(item.packed.sighting_key for item in items)

    def _members(self, added: Sequence[Numbered]) -> dict[int, list[int]]:
        """The numbers of the records in each block of those that are to be added, but for blocks that have only one."""
        counts = Counter(block for item in added for block in item.blocks)
        members: dict[int, list[int]] = {block: [] for block, count in counts.items() if count > 1}
        for block, number in self._store.members(counts):
            members.setdefault(block, []).append(number)
        for item in added:
            for block in item.blocks:
                if block in members:
                    members[block].append(item.number)
        for block, numbers in members.items():
            check_block(block, len(numbers), self._block_most)
        return members

    def _held(self, keys: Collection[str]) -> dict[int, Numbered]:
        """The records of those sightings that the index holds, by their numbers."""
        return _items(self._store.rows_of(keys)) if keys else {}


def _items(rows: Iterable[Row]) -> dict[int, Numbered]:
    return {item.number: item for item in map(item_of, rows)}


def _numbered(records: Iterable[Packed], last: int) -> list[Numbered]:
    """The records with numbers above `last`."""
    return [Numbered(number, record) for number, record in enumerate(records, start=last + 1)]


def _numbered_portions(portions: Iterable[Iterable[Packed]]) -> Iterator[list[Numbered]]:
    last = 0
    for portion in portions:
        items = _numbered(portion, last)
        last += len(items)
        yield items


class _Outlines(dict[int, Outline]):
    """The outlines of records by their numbers, each read at most once."""

    def __init__(self, items: Mapping[int, Numbered]) -> None:
        super().__init__()
        self._items = items

    def __missing__(self, number: int) -> Outline:
        outline = self[number] = self._items[number].outline
        return outline


def _candidates(item: Numbered, members: Mapping[int, Sequence[int]]) -> list[int]:
    """The numbers before the item's own that share enough blocks with it."""
    found = sharing_enough((block, members[block]) for block in item.blocks if block in members)
    return sorted(other for other in found if other < item.number)
