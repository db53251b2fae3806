"""Public labelled pairs of bibliographic records: DBLP against ACM, as the package py-entitymatching brings them.

The package's source distribution is downloaded for its data alone (`make bench`, bench/labelled.txt); nothing of it is
installed or kept in the repository. Its tables hold titles, authors and years of papers on databases (1994 to 2003), no
identifiers and no abstracts; people labelled some of the pairs.
"""

from __future__ import annotations

import csv
import io
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.support.places import ROOT
from transforms.matching.model import Record

FOLDER = ROOT / ".venv-bench" / "labelled"
# The two tables, the labels, and three columns of those: both keys and what people said.
SETS = {
    "415 labelled pairs of DBLP and ACM": ("DBLP", "ACM", "dblp_acm_demo_labels", "ltable.id", "rtable.id", "gold"),
    "450 other labelled pairs": ("dblp_demo", "acm_demo", "labeled_data_demo", "ltable_id", "rtable_id", "label"),
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """All records of two tables, and of some pairs of keys whether they are one paper."""

    records: tuple[Record, ...]
    pairs: Mapping[tuple[str, str], bool]


def sets() -> dict[str, Labelled]:
    """The labelled sets by what they are; none where the package was not downloaded."""
    return {name: _read(path, *parts) for path in sorted(FOLDER.glob("*.tar.gz")) for name, parts in SETS.items()}


def _read(path: Path, left: str, right: str, labels: str, left_id: str, right_id: str, label: str) -> Labelled:
    with tarfile.open(path) as archive:
        records = [_record(table, row) for table in (left, right) for row in _rows(archive, table)]
        pairs = {(f"{left}/{row[left_id]}", f"{right}/{row[right_id]}"): row[label] for row in _rows(archive, labels)}
    return Labelled(tuple(records), {_sorted(pair): said == "1" for pair, said in pairs.items()})


def _rows(archive: tarfile.TarFile, table: str) -> Iterator[dict[str, str]]:
    (name,) = (each for each in archive.getnames() if each.endswith(f"/py_entitymatching/datasets/{table}.csv"))
    member = archive.extractfile(name)
    if member is None:
        raise FileNotFoundError(name)
    lines = (line for line in io.TextIOWrapper(member, "utf-8", "replace") if not line.startswith("#"))
    yield from csv.DictReader(lines)


def _record(table: str, row: Mapping[str, str]) -> Record:
    """A year of publication stands as its middle, so that one year apart is neither for nor against."""
    year = re.search(r"\d{4}", row["year"])
    return Record(
        key=f"{table}/{row['id']}",
        source=table,
        partition_on=date(2000, 1, 1),
        arxiv_id=None,
        doi=None,
        title=row["title"] or None,
        abstract=None,
        authors=tuple(name for text in row["authors"].split(",") if (name := text.strip())),
        published_on=date(int(year[0]), 7, 1) if year else None,
    )


def _sorted(pair: tuple[str, str]) -> tuple[str, str]:
    left, right = sorted(pair)
    return left, right
