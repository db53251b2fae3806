alter table core.papers add column first_reviewed_on date;
update core.papers as p
set
    first_listed_on = d.first_listed_on,
    last_listed_on = d.last_listed_on,
    first_reviewed_on = d.first_reviewed_on
from (
    select
        m.paper_key,
        coalesce(
            min(s.partition_on) filter (where c.review is null and s.is_listed),
            min(s.partition_on) filter (where c.review is null)
        ) as first_listed_on,
        coalesce(
            max(s.partition_on) filter (where c.review is null and s.is_listed),
            max(s.partition_on) filter (where c.review is null)
        ) as last_listed_on,
        coalesce(
            min(s.partition_on) filter (where c.review is not null and s.is_listed),
            min(s.partition_on) filter (where c.review is not null)
        ) as first_reviewed_on
    from core.sightings as s
    join core.matches as m on m.sighting_key = s.sighting_key
    join raw.contents as c on c.content_key = s.content_key
    group by m.paper_key
) as d
where d.paper_key = p.paper_key;
comment on column core.papers.sources is 'Sources that list or review it, sorted.';
comment on column core.papers.first_listed_on is 'First day of the first list that has it, reviews left out; NULL if it was only reviewed.';
comment on column core.papers.last_listed_on is 'First day of the last list that has it, reviews left out; NULL if it was only reviewed.';
comment on column core.papers.first_reviewed_on is 'First day of the first partition that reviews it; NULL if none does.';
comment on column marts.authors.first_listed_on is 'First day of the first list that has one of them; NULL if they were only reviewed.';
comment on column marts.authors.last_listed_on is 'First day of the last list that has one of them; NULL if they were only reviewed.';
comment on column marts.institutions.first_listed_on is 'First day of the first list that has one of them; NULL if they were only reviewed.';
comment on column marts.institutions.last_listed_on is 'First day of the last list that has one of them; NULL if they were only reviewed.';

create or replace view marts.papers as
select
    paper_key,
    title,
    abstract,
    authors,
    author_count,
    arxiv_id,
    doi,
    published_on,
    published_on_source,
    published_certainty,
    institutions,
    links,
    sources,
    first_listed_on,
    last_listed_on,
    first_reviewed_on,
    previous_keys
from core.papers;
comment on view marts.papers is 'One row a paper.';
comment on column marts.papers.paper_key is 'Stable key; never reused.';
comment on column marts.papers.title is 'Title; NULL if no source gave one.';
comment on column marts.papers.abstract is 'Abstract.';
comment on column marts.papers.authors is 'Authors in order; empty if no source named them.';
comment on column marts.papers.author_count is 'Number of authors, which a source may give without names.';
comment on column marts.papers.arxiv_id is 'arXiv id without version.';
comment on column marts.papers.doi is 'DOI in lower case.';
comment on column marts.papers.published_on is 'Day of publication.';
comment on column marts.papers.published_on_source is 'The source that gave it.';
comment on column marts.papers.published_certainty is 'stated, or inferred_year where the year was not printed.';
comment on column marts.papers.institutions is 'Institutions that reviews or listings name, in order of trust, without repeats.';
comment on column marts.papers.links is 'Links of all sightings, without repeats.';
comment on column marts.papers.sources is 'Sources that list or review it, sorted.';
comment on column marts.papers.first_listed_on is 'First day of the first list that has it, reviews left out; NULL if it was only reviewed.';
comment on column marts.papers.last_listed_on is 'First day of the last list that has it, reviews left out; NULL if it was only reviewed.';
comment on column marts.papers.first_reviewed_on is 'First day of the first partition that reviews it; NULL if none does.';
comment on column marts.papers.previous_keys is 'Keys of papers that turned out to be this one.';

create table ops.forgotten_partitions (
    source varchar not null,
    partition_on date not null,
    is_forgotten boolean not null,
    readings struct(page_sha256 varchar, fetched_at timestamp)[] not null,
    reason varchar not null,
    decided_at timestamp not null,
    run_id varchar not null
);
comment on table ops.forgotten_partitions is 'A person''s word that readings of a partition do not count, or count again; for each reading the latest word counts.';
comment on column ops.forgotten_partitions.source is 'Name of the source.';
comment on column ops.forgotten_partitions.partition_on is 'First day of the partition.';
comment on column ops.forgotten_partitions.is_forgotten is 'True: these readings do not count. False: the earlier word is taken back.';
comment on column ops.forgotten_partitions.readings is 'The readings, by page and time of reading; what is read later counts.';
comment on column ops.forgotten_partitions.reason is 'Why, in the person''s words.';
comment on column ops.forgotten_partitions.decided_at is 'When it was decided, UTC.';
comment on column ops.forgotten_partitions.run_id is 'The run that recorded it.';

create view ops.forgotten_readings as
with words as (
    select source, partition_on, is_forgotten, reason, decided_at, unnest(readings) as reading
    from ops.forgotten_partitions
)
select
    source,
    partition_on,
    reading.page_sha256 as page_sha256,
    reading.fetched_at as fetched_at,
    arg_max(reason, decided_at) as reason
from words
group by source, partition_on, reading
having arg_max(is_forgotten, decided_at);
comment on view ops.forgotten_readings is 'One row a reading that does not count, because a person took it back.';
comment on column ops.forgotten_readings.source is 'Name of the source.';
comment on column ops.forgotten_readings.partition_on is 'First day of the partition.';
comment on column ops.forgotten_readings.page_sha256 is 'SHA-256 of the page.';
comment on column ops.forgotten_readings.fetched_at is 'When it was read, UTC.';
comment on column ops.forgotten_readings.reason is 'Why, in the person''s words.';

create view ops.forgotten_listings as
select r.source, r.partition_on, r.page_sha256
from raw.readings as r
left join ops.forgotten_readings as f
    on f.source = r.source
    and f.partition_on = r.partition_on
    and f.page_sha256 = r.page_sha256
    and f.fetched_at = r.fetched_at
where (r.source, r.partition_on, r.page_sha256) in (
    select (source, partition_on, page_sha256)
    from ops.forgotten_readings
)
group by r.source, r.partition_on, r.page_sha256
having count(*) = count(f.source);
comment on view ops.forgotten_listings is 'One row a page of a partition all of whose readings a person took back.';
comment on column ops.forgotten_listings.source is 'Name of the source.';
comment on column ops.forgotten_listings.partition_on is 'First day of the partition.';
comment on column ops.forgotten_listings.page_sha256 is 'SHA-256 of the page.';

create view ops.last_forgotten as
select f.source, f.partition_on, max(r.load_order) as load_order
from ops.forgotten_partitions as f
join ops.runs as r on r.run_id = f.run_id
where f.is_forgotten
group by f.source, f.partition_on;
comment on view ops.last_forgotten is 'One row a partition of which a person took readings back.';
comment on column ops.last_forgotten.source is 'Name of the source.';
comment on column ops.last_forgotten.partition_on is 'First day of the partition.';
comment on column ops.last_forgotten.load_order is 'Place of the run that recorded it last.';

create view raw.counted_listings as
select l.source, l.partition_on, l.page_sha256, l.outcome, l.previous_on, l.next_on
from raw.listings as l
anti join ops.forgotten_listings as f
    on f.source = l.source and f.partition_on = l.partition_on and f.page_sha256 = l.page_sha256;
comment on view raw.counted_listings is 'One row a page and partition, as raw.listings, but for what a person took back.';
comment on column raw.counted_listings.source is 'Name of the source.';
comment on column raw.counted_listings.partition_on is 'First day of the partition.';
comment on column raw.counted_listings.page_sha256 is 'SHA-256 of the page.';
comment on column raw.counted_listings.outcome is 'listing, no_list or refused.';
comment on column raw.counted_listings.previous_on is 'The partition before, as the page links it.';
comment on column raw.counted_listings.next_on is 'The partition after, as the page links it.';

create or replace view marts.partitions as
with linked as (
    select source, previous_on as partition_on
    from raw.counted_listings
    where outcome = 'listing' and previous_on is not null
    union
    select source, next_on
    from raw.counted_listings
    where outcome = 'listing' and next_on is not null
),
attempts as (
    select
        r.source,
        r.partition_on,
        arg_max({'run_id': r.run_id, 'status': r.status, 'cause': r.cause, 'reason': r.reason}, r.load_order) as latest
    from ops.runs as r
    left join ops.partitions as p on p.source = r.source and p.partition_on = r.partition_on
    left join ops.last_forgotten as f on f.source = r.source and f.partition_on = r.partition_on
    where r.partition_on is not null
        -- What was tried before a person took everything back says nothing any more.
        and (p.source is not null or f.load_order is null or f.load_order < r.load_order)
    group by r.source, r.partition_on
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
    from raw.counted_listings
    where outcome = 'listing' and previous_on is not null
    union
    select source, partition_on, next_on
    from raw.counted_listings
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
comment on view marts.partitions is 'One row a source and partition: those that were read, asked for in vain, given up, or that other pages link to. What a person took back with forget is left out.';
comment on column marts.partitions.source is 'Name of the source.';
comment on column marts.partitions.partition_on is 'First day of the partition.';
comment on column marts.partitions.state is 'open, final, no_list, refused, missing or unrecoverable. A day that redirects although another page links to it is missing; one that failed although two pages link past it has no list.';
comment on column marts.partitions.entries_count is 'Entries of the latest trusted reading that became sightings; NULL if it was never read.';
comment on column marts.partitions.last_run_id is 'The run that read it last, or asked for it last in vain; NULL if none did.';
comment on column marts.partitions.last_read_at is 'When it was read last, UTC; NULL if it never was.';
comment on column marts.partitions.is_linked is 'Whether another page links to it as the partition before or after its own: then it has a list.';
comment on column marts.partitions.cause is 'What the evidence of the last run says happened (see marts.runs.cause); NULL where a list is loaded or nobody asked.';
comment on column marts.partitions.reason is 'The same in words, or a person''s reason for giving it up.';

create or replace view marts.quarantine as
select source, partition_on, page_sha256, section, position, reason, detail, entry_text, run_id, resolved_at
from ops.quarantine as q
anti join ops.forgotten_listings as f
    on f.source = q.source and f.partition_on = q.partition_on and f.page_sha256 = q.page_sha256;
comment on view marts.quarantine is 'One row a rejected entry. Those of pages that a person took back with forget are left out.';
comment on column marts.quarantine.source is 'Name of the source.';
comment on column marts.quarantine.partition_on is 'First day of the partition.';
comment on column marts.quarantine.page_sha256 is 'The page on which it stood.';
comment on column marts.quarantine.section is 'Section of the page, NULL where the source has none.';
comment on column marts.quarantine.position is 'Place in its section, from 1.';
comment on column marts.quarantine.reason is 'One of a closed set of reasons.';
comment on column marts.quarantine.detail is 'The place and the offending text, for a person.';
comment on column marts.quarantine.entry_text is 'The entry, verbatim.';
comment on column marts.quarantine.run_id is 'The run that rejected it first.';
comment on column marts.quarantine.resolved_at is 'When a later reading of the same page accepted it, UTC; NULL while it is open.';

create or replace view marts.coverage as
with weeks as (
    select
        source,
        date_trunc('week', partition_on)::date as week_on,
        count(*) filter (where state = 'final') as final_count,
        count(*) filter (where state = 'open') as open_count,
        count(*) filter (where state = 'no_list') as no_list_count,
        count(*) filter (where state = 'refused') as refused_count,
        count(*) filter (where state in ('missing', 'unrecoverable')) as gaps_count
    from marts.partitions
    group by all
),
told as (
    select paper_key, count(distinct source) as sources_count
    from marts.sightings
    group by all
),
entries as (
    select
        s.source,
        date_trunc('week', s.partition_on)::date as week_on,
        count(*) as entries_count,
        count(distinct s.paper_key) as papers_count,
        count(distinct s.paper_key) filter (where t.sources_count > 1) as linked_count
    from marts.sightings as s
    join told as t on t.paper_key = s.paper_key
    group by all
),
rejected as (
    select source, date_trunc('week', partition_on)::date as week_on, count(*) as quarantined_count
    from marts.quarantine
    where resolved_at is null
    group by all
)
select
    w.source,
    w.week_on,
    w.final_count,
    w.open_count,
    w.no_list_count,
    w.refused_count,
    w.gaps_count,
    coalesce(e.entries_count, 0) as entries_count,
    coalesce(e.papers_count, 0) as papers_count,
    coalesce(e.linked_count, 0) as linked_count,
    coalesce(r.quarantined_count, 0) as quarantined_count
from weeks as w
left join entries as e on e.source = w.source and e.week_on = w.week_on
left join rejected as r on r.source = w.source and r.week_on = w.week_on;
comment on view marts.coverage is 'One row a source and calendar week: what was read, what of it other sources know too, what is missing.';
comment on column marts.coverage.source is 'Name of the source.';
comment on column marts.coverage.week_on is 'Monday of the week.';
comment on column marts.coverage.final_count is 'Partitions of that week that are final.';
comment on column marts.coverage.open_count is 'Partitions that may still change.';
comment on column marts.coverage.no_list_count is 'Partitions for which the source has no list.';
comment on column marts.coverage.refused_count is 'Partitions of which every page was refused.';
comment on column marts.coverage.gaps_count is 'Partitions that other pages link to but nobody has read.';
comment on column marts.coverage.entries_count is 'Entries that became sightings, those that vanished from an open list included.';
comment on column marts.coverage.papers_count is 'Papers among them.';
comment on column marts.coverage.linked_count is 'Papers among them that another source lists as well, at any time.';
comment on column marts.coverage.quarantined_count is 'Entries in quarantine that no later reading accepted.';

comment on column ops.runs.flow is 'What asked for the run: ingest, adopt, backfill, replay, requeue, or the command of a person''s decision.';
comment on column ops.runs.cause is 'What the evidence says happened: wrong_day, empty_list, layout_changed, index_page, unexpected_content, list_shrunk, blocked, forbidden_by_robots, rate_limited, host_down, cut_off, not_found, bad_answer, page_damaged or extractor_failed; degraded_cards_only where a list was loaded from its cards alone; else NULL.';
comment on column marts.runs.cause is 'What the evidence says happened: wrong_day, empty_list, layout_changed, index_page, unexpected_content, list_shrunk, blocked, forbidden_by_robots, rate_limited, host_down, cut_off, not_found, bad_answer, page_damaged or extractor_failed; degraded_cards_only where a list was loaded from its cards alone; else NULL.';
