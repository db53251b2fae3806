"""Public labelled pairs of bibliographic records, read from a folder that the caller has; none is kept here.

`DBLP2.csv`, `ACM.csv`, `truth_ACM_DBLP.csv` are the DBLP-ACM set of the Leipzig database group (2,616 and 2,294
records); `scholar_test.txt` and `acm_test.txt` are test splits of the DBLP-Scholar and DBLP-ACM pairs as published
with Ditto.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from transforms.matching import Record

COLUMN = re.compile(r"COL (\w+) VAL (.*?)(?= COL |$)")
NOBODY = ("", "N/A", "n/a")
SETS = ("acm_test", "scholar_test")


def tables(folder: Path) -> tuple[list[Record], frozenset[tuple[str, str]]]:
    """All records of DBLP-ACM and the true pairs of keys."""
    records = [record for name in ("DBLP2", "ACM") for record in _table(folder / f"{name}.csv", name)]
    rows = list(csv.DictReader((folder / "truth_ACM_DBLP.csv").open(encoding="utf-8-sig")))
    return records, frozenset(_pair(f"DBLP2/{row['idDBLP']}", f"ACM/{row['idACM']}") for row in rows)


def pairs(folder: Path, name: str) -> Iterator[tuple[Record, Record, bool]]:
    """Labelled pairs of one split."""
    for number, line in enumerate((folder / f"{name}.txt").read_text("utf-8").splitlines()):
        left, right, label = line.split("\t")
        yield _columns(f"l{number}", left), _columns(f"r{number}", right), label == "1"


def _table(path: Path, name: str) -> Iterator[Record]:
    text = path.read_bytes().decode("utf-8-sig", "replace")
    for row in csv.DictReader(text.splitlines()):
        yield _record(f"{name}/{row['id']}", name, row)


def _columns(key: str, text: str) -> Record:
    return _record(key, key[0], {name: value.strip() for name, value in COLUMN.findall(text)})


def _record(key: str, source: str, row: dict[str, str]) -> Record:
    """A year of publication stands as its middle, so that one year apart is neither for nor against."""
    row = {name: html.unescape(value) for name, value in row.items()}
    year = re.search(r"\d{4}", row["year"])
    return Record(
        key=key,
        source=source,
        partition_on=date(2000, 1, 1),
        arxiv_id=None,
        doi=None,
        title=row["title"] or None,
        abstract=None,
        authors=tuple(name for text in row["authors"].split(",") if (name := text.strip()) not in NOBODY),
        published_on=date(int(year[0]), 7, 1) if year else None,
    )


def _pair(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left < right else (right, left)
