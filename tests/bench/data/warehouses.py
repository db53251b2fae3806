"""Warehouses of as many papers as one likes, made by SQL alone: the rows that loading that many would leave behind.

A daily source lists 500 papers on each day before the day pages' first; each paper has one sighting and four metrics. A few
are papers that a later day lists as well. One paper in fifty is reviewed by a weekly source that states its abstract
and institutions but no title.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
import msgspec

from flows.demo.papers import InventedPaper
from tests.bench.data.day_pages import FIRST_DAY
from tests.bench.data.papers import papers as invented
from transforms.matching.blocking import BLOCK_KEYS_VERSION
from warehouse.database.connection import opened
from warehouse.database.sql import Statements
from warehouse.home import WORKING

SOURCE = "hf_daily"
ENTRIES_A_DAY = 500
REVIEWED_EVERY = 50
INSTITUTIONS = 3000
SENTENCES_OF = 3_000

_SENTENCES = (
    "create or replace temp table sentences as select unnest(from_json($sentences, '[\"varchar\"]')) as sentence"
)
_PAPERS = f"""
create or replace temp table filled as
with texts as materialized (select list(sentence) as texts from sentences)
select
    n,
    date '{FIRST_DAY - timedelta(days=1)}' - (n // {ENTRIES_A_DAY})::integer as day,
    n % {ENTRIES_A_DAY} + 1 as position,
    '9' || lpad((n // 100000)::varchar, 3, '0') || '.' || lpad((n % 100000)::varchar, 5, '0') as arxiv_id,
    '{SOURCE}/' || day || '/-/' || arxiv_id as sighting_key,
    'p' || strftime(day, '%y%m%d') || substr(md5('paper ' || n), 1, 13) as paper_key,
    strftime(day, '%Y%m%d') || md5('content ' || n) as content_key,
    sha256(day::varchar) as page,
    'fill-' || day as run_id,
    timestamp '2022-12-31 12:00:00' as read_at,
    texts[(hash(n, 0) % len(texts))::integer + 1][:70] || ' ' || n as title,
    array_to_string([texts[(hash(n, i) % len(texts))::integer + 1] for i in range(6)], ' ') as abstract,
    ['Given' || hash(n, i) % 900 || ' Surname' || hash(i, n) % 40000 for i in range(n % 9 + 1)] as authors,
    n % {REVIEWED_EVERY} = 0 as is_reviewed,
    ['Institution ' || hash(n, i) % {INSTITUTIONS} for i in range(if(is_reviewed, n % 3 + 1, 0))] as institutions
from range($first, $last) as numbers(n), texts
"""
_REVIEWED = """
create or replace temp table reviewed as
select
    n,
    date_trunc('week', day)::date as week,
    row_number() over (partition by week order by n) as place,
    if(place <= 3, 'top', 'list') as section,
    if(place <= 3, place, place - 3) as position,
    'weekly_review/' || week || '/' || section || '/p' || n as sighting_key,
    paper_key,
    strftime(week, '%Y%m%d') || md5('review ' || n) as content_key,
    sha256('week ' || week) as page,
    'fill-week-' || week as run_id,
    read_at + to_hours(1) as read_at,
    day - if(n % 7 = 0, 3, 2) as published_on,
    abstract,
    len(authors) as author_count,
    [{'name': institution, 'raw': institution} for institution in filled.institutions] as institutions
from filled
where is_reviewed
"""
_ROWS = {
    "ops.sources": """
        select distinct unnest([
            {'source': 'hf_daily', 'trust': 2, 'partition_days': 1},
            {'source': 'weekly_review', 'trust': 1, 'partition_days': 7}
        ], recursive := true), 'first_read' as closing, 1 as extractor_version
        from filled where n = 0""",
    "ops.runs": """
        select (select count(*) from ops.runs) + row_number() over (order by run_id) as load_order, *
        from (
            select run_id, 'fill' as flow, 'hf_daily' as source, day as partition_on, 'loaded' as status,
            read_at as started_at, read_at as finished_at, page as page_sha256, 1 as extractor_version,
            1 as pages_count, count(*) as entries_count, count(*) as sightings_count, 0 as rejections_count,
            count(*) as papers_added_count
            from filled group by all
        )""",
    "ops.partitions": """
        select 'hf_daily' as source, day as partition_on, 'final' as state, count(*) as entries_count,
        run_id as last_run_id, read_at as last_read_at from filled group by all""",
    "raw.pages": """
        select distinct page as page_sha256, 'hf_daily' as source, 'text/html' as media_type, 600000 as byte_count,
        run_id
        from filled""",
    "raw.listings": """
        select 'hf_daily' as source, day as partition_on, page as page_sha256, 'listing' as outcome, true as is_closed,
        false as is_degraded, count(*) as entries_count, count(*) as sightings_count, 0 as rejections_count,
        md5(page) as entries_digest, 1 as extractor_version, run_id from filled group by all""",
    "raw.readings": """
        select distinct 'hf_daily' as source, day as partition_on, page as page_sha256, read_at as fetched_at,
        'https://digest.example/' || day as url, 'https://digest.example/' || day as final_url, run_id from filled""",
    "raw.entries": """
        select 'hf_daily' as source, day as partition_on, page as page_sha256, sighting_key, position, content_key,
        n % 90 as upvotes, n % 7 as comments from filled""",
    "raw.contents": """
        select content_key, arxiv_id, title as title_text, abstract as abstract_text, authors,
        len(authors) as author_count, day - 2 as published_on,
        [{'kind': 'arxiv', 'url': 'https://arxiv.org/abs/' || arxiv_id}] as links, [] as institutions from filled""",
    "core.sightings": """
        select sighting_key, 'hf_daily' as source, day as partition_on, position, content_key, page as page_sha256,
        run_id, true as is_listed from filled""",
    "core.metrics": """
        select sighting_key, 'hf_daily' as source, day as partition_on, metric, read_at + to_hours(hour) as observed_at,
        n % (90 + hour) as value, page as page_sha256, run_id
        from filled, unnest(['upvotes', 'comments']) as m(metric), unnest([0, 24]) as h(hour)""",
    "core.founders": """
        select paper_key, sighting_key as founding_key, n + 1 as founded_order, run_id from filled""",
    "core.papers": """
        select paper_key, title, abstract, authors, len(authors) as author_count, arxiv_id, day - 2 as published_on,
        'hf_daily' as published_on_source, institutions,
        [{'kind': 'arxiv', 'url': 'https://arxiv.org/abs/' || arxiv_id}] as links,
        if(is_reviewed, ['hf_daily', 'weekly_review'], ['hf_daily']) as sources,
        day as first_listed_on, day as last_listed_on, [] as previous_keys from filled""",
    "core.matches": """
        select sighting_key, day as partition_on, paper_key, 'founded' as rule, 0.0 as score,
        'the first sighting of this paper that was loaded' as evidence, run_id as decided_at_run from filled""",
}
_REVIEW_ROWS = {
    "ops.runs": """
        select (select count(*) from ops.runs) + row_number() over (order by run_id) as load_order, *
        from (
            select run_id, 'fill' as flow, 'weekly_review' as source, week as partition_on, 'loaded' as status,
            read_at as started_at, read_at as finished_at, page as page_sha256, 1 as extractor_version,
            1 as pages_count, count(*) as entries_count, count(*) as sightings_count, 0 as rejections_count,
            0 as papers_added_count
            from reviewed group by all
        )""",
    "ops.partitions": """
        select 'weekly_review' as source, week as partition_on, 'final' as state, count(*) as entries_count,
        run_id as last_run_id, read_at as last_read_at from reviewed group by all""",
    "raw.pages": """
        select distinct page as page_sha256, 'weekly_review' as source, 'text/plain' as media_type,
        60000 as byte_count, run_id from reviewed""",
    "raw.listings": """
        select 'weekly_review' as source, week as partition_on, page as page_sha256, 'listing' as outcome,
        true as is_closed, false as is_degraded, count(*) as entries_count, count(*) as sightings_count,
        0 as rejections_count, md5(page) as entries_digest, 1 as extractor_version, run_id
        from reviewed group by all""",
    "raw.readings": """
        select distinct 'weekly_review' as source, week as partition_on, page as page_sha256, read_at as fetched_at,
        'https://review.example/' || week as url, 'https://review.example/' || week as final_url, run_id
        from reviewed""",
    "raw.entries": """
        select 'weekly_review' as source, week as partition_on, page as page_sha256, sighting_key, section, position,
        content_key from reviewed""",
    "raw.contents": """
        select content_key, abstract as abstract_text, author_count, published_on,
        [] as authors, [] as links, institutions,
        {'summary': 'Summary ' || n, 'methodology': 'Method ' || n, 'primary_institution': institutions[1].name}
        as review from reviewed""",
    "core.sightings": """
        select sighting_key, 'weekly_review' as source, week as partition_on, section, position, content_key,
        page as page_sha256, run_id, true as is_listed from reviewed""",
    "core.matches": """
        select sighting_key, week as partition_on, paper_key, 'abstract' as rule, 30.0 as score,
        'equal abstracts' as evidence, run_id as decided_at_run from reviewed""",
    "core.comparisons": """
        select f.sighting_key as left_key, r.sighting_key as right_key, 'same' as verdict, 'abstract' as rule,
        30.0 as score, '[]' as evidence from reviewed as r join filled as f using (paper_key)""",
}
CHUNK = 98_000  # papers: whole weeks, so that none is filled twice


@contextmanager
def filling(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working file of a new home, for rows that no load would make in reasonable time; its index is to be made."""
    home.mkdir(parents=True, exist_ok=True)
    resolver = Statements("warehouse.papers")
    with opened(home / WORKING) as connection:
        yield connection
        resolver.run(connection, "insert_resolver", {"version": BLOCK_KEYS_VERSION})
        resolver.run(connection, "update_resolver", {"stamp": "filled"})
        connection.execute("force checkpoint")


def fill(home: Path, papers: int, again: Sequence[InventedPaper] = ()) -> None:
    """Make a warehouse of so many papers; the first few are those of `again`."""
    sentences = [part for each in invented(SENTENCES_OF, first=5_000_000) for part in each.abstract.split(". ")]
    with filling(home) as connection:
        connection.execute(_SENTENCES, {"sentences": msgspec.json.encode(sentences).decode()})
        for first in range(0, papers, CHUNK):
            connection.execute(_PAPERS, {"first": first, "last": min(papers, first + CHUNK)})
            if first == 0:
                _make_known(connection, again)
            connection.execute(_REVIEWED)
            for table, rows in (*_ROWS.items(), *_REVIEW_ROWS.items()):
                connection.execute(f"insert into {table} by name {rows}")


def _make_known(connection: duckdb.DuckDBPyConnection, again: Sequence[InventedPaper]) -> None:
    for number, each in enumerate(again):
        connection.execute(
            "update temp.filled set arxiv_id = ?, title = ?, abstract = ?, authors = ? where n = ?",
            [each.arxiv_id, each.title, each.abstract, list(each.authors), number],
        )
