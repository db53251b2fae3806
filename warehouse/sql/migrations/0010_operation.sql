alter table ops.runs add column cause varchar;
comment on column ops.runs.cause is 'What the evidence says happened where a run brought no list: one of a closed set; NULL otherwise.';
comment on column ops.sources.closing is 'first_read: final at once; two_reads: final after two agreeing reads 12 h apart of a closed list, or one read a week later.';

alter table raw.listings add column shape map(varchar, double);
comment on column raw.listings.shape is 'How the page looked in numbers (counts, shares, medians): what later pages are compared with. NULL unless it is a listing.';

create table ops.lost_partitions (
    source varchar not null,
    partition_on date not null,
    is_lost boolean not null,
    reason varchar not null,
    decided_at timestamp not null,
    run_id varchar not null
);
comment on table ops.lost_partitions is 'A person''s word that a partition can never be had, or is to be sought again; the latest word counts.';
comment on column ops.lost_partitions.source is 'Name of the source.';
comment on column ops.lost_partitions.partition_on is 'First day of the partition.';
comment on column ops.lost_partitions.is_lost is 'True: nobody will have it any more. False: the earlier word is taken back.';
comment on column ops.lost_partitions.reason is 'Why, in the person''s words.';
comment on column ops.lost_partitions.decided_at is 'When it was decided, UTC.';
comment on column ops.lost_partitions.run_id is 'The run that recorded it.';

create or replace view marts.runs as
select
    run_id,
    source,
    partition_on,
    status,
    started_at,
    finished_at,
    pages_count,
    entries_count,
    sightings_count,
    rejections_count,
    papers_added_count,
    reason,
    flow,
    load_order,
    page_sha256,
    extractor_version,
    cause
from ops.runs;
comment on view marts.runs is 'One row a run.';
comment on column marts.runs.run_id is 'Identifier of the run, sortable by start.';
comment on column marts.runs.source is 'Name of the source.';
comment on column marts.runs.partition_on is 'First day of the partition; NULL where a refused page does not say.';
comment on column marts.runs.status is 'loaded, unchanged, no_list, refused or failed.';
comment on column marts.runs.started_at is 'When the run was named, UTC.';
comment on column marts.runs.finished_at is 'When its row was written, UTC.';
comment on column marts.runs.pages_count is 'Pages read: 1, or 0 where none was had.';
comment on column marts.runs.entries_count is 'Entries on the page: sightings + rejections.';
comment on column marts.runs.sightings_count is 'Entries that became sightings.';
comment on column marts.runs.rejections_count is 'Entries in quarantine.';
comment on column marts.runs.papers_added_count is 'Papers that this run was the first to see.';
comment on column marts.runs.reason is 'Why it was refused or failed, or why there is no list; NULL otherwise.';
comment on column marts.runs.flow is 'What asked for the run: ingest, adopt, backfill or replay.';
comment on column marts.runs.load_order is 'Order in which runs were recorded, from 1.';
comment on column marts.runs.page_sha256 is 'SHA-256 of the page that was read; NULL where none was had.';
comment on column marts.runs.extractor_version is 'Version of the extractor that read it.';
comment on column marts.runs.cause is 'What the evidence says happened: wrong_day, empty_list, layout_changed, unexpected_content, list_shrunk, blocked, forbidden_by_robots, rate_limited, host_down, cut_off, not_found, bad_answer, page_damaged or extractor_failed; NULL where a list was read.';

create or replace view marts.partitions as
with linked as (
    select source, previous_on as partition_on
    from raw.listings
    where outcome = 'listing' and previous_on is not null
    union
    select source, next_on
    from raw.listings
    where outcome = 'listing' and next_on is not null
),
attempts as (
    select
        source,
        partition_on,
        arg_max({'run_id': run_id, 'status': status, 'cause': cause, 'reason': reason}, load_order) as latest
    from ops.runs
    where partition_on is not null
    group by all
),
failed as (
    select a.source, a.partition_on
    from attempts as a
    where a.latest.status = 'failed'
),
words as (
    select source, partition_on, arg_max({'is_lost': is_lost, 'reason': reason}, decided_at) as latest
    from ops.lost_partitions
    group by all
),
lost as (
    select source, partition_on, latest.reason as reason
    from words
    where latest.is_lost
),
stretches as (
    select source, previous_on as after_on, partition_on as before_on
    from raw.listings
    where outcome = 'listing' and previous_on is not null
    union
    select source, partition_on, next_on
    from raw.listings
    where outcome = 'listing' and next_on is not null
),
skipped as (
    select distinct f.source, f.partition_on
    from failed as f
    join stretches as s on s.source = f.source and s.after_on < f.partition_on and f.partition_on < s.before_on
),
known as (
    select source, partition_on from ops.partitions
    union
    from linked
    union
    from failed
    union
    select source, partition_on from lost
)
select
    k.source,
    k.partition_on,
    case
        when p.state = 'final' or (p.state = 'open' and p.entries_count > 0) then p.state
        when w.reason is not null then 'unrecoverable'
        when p.state is null and l.partition_on is null and s.partition_on is not null then 'no_list'
        when p.state is null or (p.state = 'no_list' and l.partition_on is not null) then 'missing'
        else p.state
    end as state,
    p.entries_count,
    coalesce(p.last_run_id, a.latest.run_id) as last_run_id,
    p.last_read_at,
    l.partition_on is not null as is_linked,
    case when p.state is null or p.state not in ('final', 'open') then a.latest.cause end as cause,
    case when p.state is null or p.state not in ('final', 'open') then coalesce(w.reason, a.latest.reason) end as reason
from known as k
left join ops.partitions as p on p.source = k.source and p.partition_on = k.partition_on
left join linked as l on l.source = k.source and l.partition_on = k.partition_on
left join attempts as a on a.source = k.source and a.partition_on = k.partition_on
left join lost as w on w.source = k.source and w.partition_on = k.partition_on
left join skipped as s on s.source = k.source and s.partition_on = k.partition_on;
comment on view marts.partitions is 'One row a source and partition: those that were read, asked for in vain, given up, or that other pages link to.';
comment on column marts.partitions.source is 'Name of the source.';
comment on column marts.partitions.partition_on is 'First day of the partition.';
comment on column marts.partitions.state is 'open, final, no_list, refused, missing or unrecoverable. A day that redirects although another page links to it is missing; one that failed although two pages link past it has no list.';
comment on column marts.partitions.entries_count is 'Entries of the latest trusted reading that became sightings; NULL if it was never read.';
comment on column marts.partitions.last_run_id is 'The run that read it last, or asked for it last in vain; NULL if none did.';
comment on column marts.partitions.last_read_at is 'When it was read last, UTC; NULL if it never was.';
comment on column marts.partitions.is_linked is 'Whether another page links to it as the partition before or after its own: then it has a list.';
comment on column marts.partitions.cause is 'What the evidence of the last run says happened (see marts.runs.cause); NULL where a list is loaded or nobody asked.';
comment on column marts.partitions.reason is 'The same in words, or a person''s reason for giving it up.';
