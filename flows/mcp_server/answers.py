"""What the tools answer: read-only, within limits of time and size, from the snapshot that is published then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import to_builtins

from flows import days
from flows.cli.output import jsonable, unique
from flows.jobs.audit import gaps, states
from flows.settings import Settings
from transforms.errors import PaperlogError
from warehouse import Limits, Reader, ReaderPool, Table, whole_paper
from warehouse import search as search_snapshot
from warehouse.docs.dictionary import described

SECONDS = 30.0
ROWS = 100
ROWS_MOST = 1000
CHARACTERS = 2000
"""Of one text in the answer of a query; `show_paper` gives whole texts."""

ALL_CHARACTERS = 200_000
"""Of all texts in the answer of a query."""

Answer = dict[str, Any]


class RefusedQuery(PaperlogError):
    """The text is not one query that only reads."""


class Answers:
    """The tools' answers from one home, one question at a time, each from the snapshot that is there then.

    A query may take so many `seconds`; one call of a function on long texts can take longer than it may.
    """

    def __init__(self, *, settings: Settings, seconds: float = SECONDS) -> None:
        self.settings, self.seconds = settings, seconds
        # Beyond what a query may take, so that its own limit is the one that is told.
        most = 2 * max(seconds, SECONDS)
        self._pool = ReaderPool(settings.home, limits=Limits(wait_seconds=most, query_seconds=most), count=1)

    def query(self, sql: str, rows: int = ROWS) -> Answer:
        """Answer one SELECT in DuckDB's SQL from the views of the data dictionary; at most `rows` rows (1000).

        Texts over 2,000 characters are cut and end in " …". `is_cut` says whether there are more rows than shown.
        """
        most = max(1, min(rows, ROWS_MOST))
        with self._reader() as reader:
            if not reader.is_one_select(sql):
                raise RefusedQuery("give one SELECT: nothing else, and nothing after it")
            found = reader.query(sql, seconds_max=self.seconds, rows_max=most + 1)
        kept = list(_within(found.rows[:most]))
        names = unique(found.columns)
        return {
            "columns": list(names),
            "rows": [dict(zip(names, row, strict=True)) for row in kept],
            "is_cut": len(found.rows) > len(kept),
        }

    def search_papers(self, query: str, limit: int = 10, offset: int = 0) -> Answer:
        """Papers by words of their titles, abstracts, reviews, authors and institutions, best first.

        A query may have "phrases", -words to leave out, and fields: title: author: institution: source: category:
        has:code reviewed:yes from:2026-03-02 to:2026-03-08. All parts must hold.
        """
        with self._reader() as reader:
            found = search_snapshot(reader, query, limit=max(1, min(limit, ROWS)), offset=max(0, offset))
        return {name: value for name, value in to_builtins(found).items() if name != "query"}

    def show_paper(self, paper: str) -> Answer:
        """All that is known of one paper, by its key, arXiv id, DOI, address or whole title.

        What each source said, numbers over time, reviews, arXiv's facts, and why the sightings are one paper.
        """
        with self._reader() as reader:
            return {name: jsonable(value) for name, value in whole_paper(reader, paper).items()}

    def list_day(self, day: str = "") -> Answer:
        """The daily lists of a day (2026-03-02, today, yesterday, -7d; the latest with papers if left out).

        `lists` has the state of each list that day: open, final, no_list, refused, missing or unrecoverable. Without a
        row nothing is known of it: no papers there does not mean that there was no list.
        """
        with self._reader() as reader:
            on = days.one_day(day, days.today()) if day else reader.named("day_latest").rows[0][0]
            asked = {"day": on}
            lists, papers = (reader.named(name, asked) for name in ("day_lists", "day_papers"))
        return {"day": jsonable(on), "lists": _rows(lists), "papers": _rows(papers)}

    def status(self) -> Answer:
        """What is loaded, open, refused and missing by source, when it was published, and the latest gaps and why.

        `gaps` are at most 100 of `gaps_count`, latest first.
        """
        with self._reader() as reader:
            found, manifest = tuple(gaps(reader, self.settings.lists_fetched)), reader.row("read_manifest")
            states_now, holes = states(reader, found), [each.row for each in found]
        latest = sorted(holes, key=lambda hole: hole["partition"], reverse=True)[:ROWS]
        return {
            "published": {name: jsonable(value) for name, value in manifest.items()},
            "sources": _rows(states_now),
            "gaps_count": len(holes),
            "gaps": latest,
        }

    def data_dictionary(self) -> str:
        """Every view, macro and column of `marts`, with what it means, as Markdown."""
        return described("marts")

    @contextmanager
    def _reader(self) -> Iterator[Reader]:
        with self._pool.reader() as (reader, _):
            yield reader


def _within(rows: Iterable[Sequence[object]]) -> Iterator[list[object]]:
    """The rows with long texts cut, as many as all together may have characters."""
    left = ALL_CHARACTERS
    for row in rows:
        values = [_cut(jsonable(value)) for value in row]
        left -= sum(len(str(value)) for value in values)
        if left < 0:
            return
        yield values


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > CHARACTERS:
        return f"{value[:CHARACTERS]} …"
    if isinstance(value, list):
        return [_cut(each) for each in value]
    return {name: _cut(each) for name, each in value.items()} if isinstance(value, dict) else value


def _rows(table: Table) -> list[Answer]:
    return [{name: jsonable(value) for name, value in row.items()} for row in table.dicts]
