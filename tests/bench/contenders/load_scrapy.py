"""Scrapy with a feed export: a spider over the saved pages writes JSON lines, which DuckDB then reads into a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from tests.bench.contenders.loading import (
    Row,
    files,
    rows_of,
    target,
)


class Digest(scrapy.Spider):  # type: ignore[misc]  # this library is in the benchmark's environment alone
    """One item a paper, listing or number."""

    name = "digest"
    start_urls = [path.resolve().as_uri() for path in files()]  # noqa: RUF012 - as Scrapy has it

    def parse(self, response: Response, **_: Any) -> Iterator[Row]:
        """The rows of one page."""
        said = response.css('div[data-target="DailyPapers"]::attr(data-props)').get()
        for kind, rows in zip(
            ("paper", "listing", "metric"), rows_of(json.loads(said or ""), response.url), strict=True
        ):
            for row in rows:
                yield {"kind": kind, "row": row}


def main() -> None:
    """Crawl, then load."""
    feed = target() / "feed.jsonl"
    process = CrawlerProcess(
        {"FEEDS": {feed.as_uri(): {"format": "jsonlines"}}, "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False}
    )
    process.crawl(Digest)
    process.start()
    with duckdb.connect(str(target() / "scrapy.duckdb")) as connection:
        for kind in ("paper", "listing", "metric"):
            rows = "read_json($1, columns = {kind: 'varchar', row: 'json'})"
            connection.execute(f"create table {kind} as select row from {rows} where kind = $2", [str(feed), kind])


if __name__ == "__main__":
    main()
