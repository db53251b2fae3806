"""What the command line and the audit ask the published snapshot: the same views that every reader has."""

from __future__ import annotations

from warehouse import Table

STATES = """
select
    source,
    count(*) filter (where state = 'final') as final,
    count(*) filter (where state = 'open') as open,
    count(*) filter (where state = 'no_list') as no_list,
    count(*) filter (where state = 'refused') as refused,
    count(*) filter (where state = 'missing') as missing,
    count(*) filter (where state = 'unrecoverable') as unrecoverable,
    min(partition_on) filter (where state in ('final', 'open')) as first_on,
    max(partition_on) filter (where state in ('final', 'open')) as last_on,
    coalesce(sum(entries_count) filter (where state in ('final', 'open')), 0)::bigint as entries,
    max(last_read_at) as last_read_at
from marts.partitions
group by source
order by source
"""

MANIFEST = """
select published_at, run_id, schema_version, digest, row_counts
from ops.manifest
"""

KNOWN_PARTITIONS = """
select source, partition_on, state, last_read_at, is_linked, cause, reason
from marts.partitions
order by source, partition_on
"""

LINKED_STRETCHES = """
select source, previous_on as after_on, partition_on as before_on
from raw.listings
where outcome = 'listing' and previous_on is not null
union
select source, partition_on, next_on
from raw.listings
where outcome = 'listing' and next_on is not null
order by all
"""

UNHEALED_RUNS = """
select r.source, r.partition_on, r.status, r.reason, r.finished_at
from marts.runs as r
where r.status in ('refused', 'failed')
    and not exists (
        select 1
        from marts.runs as later
        where later.source = r.source
            and later.partition_on is not distinct from r.partition_on
            and later.finished_at > r.finished_at
            and later.status in ('loaded', 'unchanged', 'no_list')
    )
qualify row_number() over (partition by r.source, r.partition_on order by r.finished_at desc) = 1
order by r.source, r.partition_on
"""

QUARANTINED = """
select source, partition_on, reason, count(*) as entries
from marts.quarantine
where resolved_at is null
group by all
order by all
"""

QUARANTINE_LISTED = """
with numbered as (
    select
        row_number() over (order by source, partition_on, page_sha256, section, position, reason, run_id) as number,
        *
    from marts.quarantine
)
select number, source, partition_on, section, position, reason, detail, resolved_at
from numbered
where (source = $source or $source is null) and (resolved_at is null or $everything)
order by number
"""

QUARANTINE_EXPLAINED = """
with numbered as (
    select
        row_number() over (order by source, partition_on, page_sha256, section, position, reason, run_id) as number,
        *
    from marts.quarantine
)
select *
from numbered
where number = $number and (source = $source or $source is null) and (resolved_at is null or $everything)
"""

UNREAD_PAGES = """
select source, null::date as partition_on, page_sha256
from marts.quarantine
where resolved_at is null
union
select source, null, page_sha256
from (
    from marts.runs
    where page_sha256 is not null
    qualify row_number() over (partition by source, page_sha256 order by load_order desc) = 1
)
where status = 'refused'
union
select source, partition_on, null
from marts.partitions
where cause = 'extractor_failed'
"""

WARNINGS = """
select r.source, f.check_name, count(*) as runs, max(r.partition_on) as last_on, any_value(f.observed) as observed
from marts.findings as f
join marts.runs as r on r.run_id = f.run_id
where f.level = 'warning'
group by r.source, f.check_name
order by r.source, f.check_name
"""


def records(table: Table) -> list[dict[str, object]]:
    """A table as one dictionary per row."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]
