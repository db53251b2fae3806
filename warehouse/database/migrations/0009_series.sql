alter table raw.contents add column categories varchar[];
alter table raw.contents add column comments varchar;
alter table raw.contents add column journal_ref varchar;
comment on column raw.contents.categories is 'Categories of the archive, the primary one first.';
comment on column raw.contents.comments is 'The authors'' own line of comments, as the archive prints it.';
comment on column raw.contents.journal_ref is 'Where it was published, as the archive prints it.';
comment on column raw.contents.content_key is 'Day of the partition and digest of the sighting and all other columns.';

alter table ops.sources add column is_archive boolean default false;
comment on table ops.sources is 'One list as last loaded, named source:series where its source has several: whom to believe first, and when its partitions are final.';
comment on column ops.sources.source is 'Name of the list, the same in every table of raw, core and ops.';
comment on column ops.sources.is_archive is 'Whether it lists all that is announced, and nobody chose: such a list makes no paper a listed one where a digest lists it too.';

create macro core.family_of(list_name) as split_part(list_name, ':', 1);
comment on macro core.family_of is 'The source of a list: of arxiv_announced:cs.LG it is arxiv_announced.';
create macro core.series_of(list_name) as nullif(split_part(list_name, ':', 2), '');
create macro core.list_of(source, series) as concat_ws(':', source, series);
comment on macro core.list_of is 'The list of a source and a series: what family_of and series_of take apart.';
comment on macro core.series_of is 'The series of a list: of arxiv_announced:cs.LG it is cs.LG; NULL for the list of a source that has only one.';

create or replace view marts.sightings as
select
    m.paper_key,
    core.family_of(s.source) as source,
    s.partition_on,
    s.section,
    s.position,
    c.title_text,
    c.abstract_text,
    c.authors,
    c.author_count,
    c.arxiv_id,
    c.doi,
    c.published_on,
    c.published_certainty,
    c.submitted_by,
    c.organization,
    c.links,
    c.site_summary,
    c.site_keywords,
    c.thumbnail_url,
    c.author_claims,
    s.first_line,
    s.is_listed,
    s.page_sha256,
    s.run_id,
    s.sighting_key,
    core.series_of(s.source) as series,
    c.categories,
    c.comments,
    c.journal_ref
from core.sightings as s
join core.matches as m on m.sighting_key = s.sighting_key
join raw.contents as c on c.content_key = s.content_key;
comment on view marts.sightings is 'One row a place of one paper on one page''s current truth.';
comment on column marts.sightings.paper_key is 'The paper.';
comment on column marts.sightings.source is 'Name of the source.';
comment on column marts.sightings.partition_on is 'First day of the partition.';
comment on column marts.sightings.section is 'top or list in a weekly review; new, cross or replaced in an announcement of arXiv; NULL where the source has no sections.';
comment on column marts.sightings.position is 'Place in its section, from 1, when last listed.';
comment on column marts.sightings.title_text is 'Title as this source gives it.';
comment on column marts.sightings.abstract_text is 'Abstract as this source gives it.';
comment on column marts.sightings.authors is 'Authors as this source gives them.';
comment on column marts.sightings.author_count is 'Number of authors as this source gives it.';
comment on column marts.sightings.arxiv_id is 'arXiv id as this source gives it.';
comment on column marts.sightings.doi is 'DOI as this source gives it.';
comment on column marts.sightings.published_on is 'Day of publication as this source gives it.';
comment on column marts.sightings.published_certainty is 'stated, or inferred_year where the year was not printed.';
comment on column marts.sightings.submitted_by is 'Who submitted it to the digest.';
comment on column marts.sightings.organization is 'Organisation that the digest files it under.';
comment on column marts.sightings.links is 'Links as this source gives them, normalised.';
comment on column marts.sightings.site_summary is 'The site''s own summary of the paper, made by the site and not by the authors.';
comment on column marts.sightings.site_keywords is 'The site''s own keywords for the paper, in its order.';
comment on column marts.sightings.thumbnail_url is 'Address of the picture that the site shows with it.';
comment on column marts.sightings.author_claims is 'Authors whom accounts of the site claim to be, with the site''s own word for the claim (claimed, claimed_verified, admin_assigned ...).';
comment on column marts.sightings.first_line is 'First line of the entry in a text dump, from 1.';
comment on column marts.sightings.is_listed is 'False once a later trusted reading no longer lists it.';
comment on column marts.sightings.page_sha256 is 'The page on which it was first read as it is now.';
comment on column marts.sightings.run_id is 'The run that first read that page.';
comment on column marts.sightings.sighting_key is 'source/partition/section/entry.';
comment on column marts.sightings.series is 'Which of its lists, where the source has several (a category of arxiv_announced); else NULL.';
comment on column marts.sightings.categories is 'Categories of the archive, the primary one first, as this source gives them.';
comment on column marts.sightings.comments is 'The authors'' own line of comments, as this source gives it.';
comment on column marts.sightings.journal_ref is 'Where it was published, as this source gives it.';

create or replace view marts.matches as
select
    m.paper_key,
    core.family_of(s.source) as source,
    s.partition_on,
    s.position,
    s.section,
    m.rule,
    m.score,
    m.evidence,
    m.decided_at_run,
    m.sighting_key,
    core.series_of(s.source) as series
from core.matches as m
join core.sightings as s on s.sighting_key = m.sighting_key;
comment on view marts.matches is 'One row a decision: why a sighting belongs to its paper.';
comment on column marts.matches.paper_key is 'The paper.';
comment on column marts.matches.source is 'Name of the source.';
comment on column marts.matches.partition_on is 'First day of the partition.';
comment on column marts.matches.position is 'Place in its section, from 1.';
comment on column marts.matches.section is 'Section of the page, NULL where the source has none.';
comment on column marts.matches.rule is 'Strongest kind of evidence; founded for the sighting that gave the paper its key.';
comment on column marts.matches.score is 'Sum of the evidence in bits (log2 likelihood ratio).';
comment on column marts.matches.evidence is 'The evidence, as a person reads it.';
comment on column marts.matches.decided_at_run is 'The run that decided it.';
comment on column marts.matches.sighting_key is 'source/partition/section/entry.';
comment on column marts.matches.series is 'Which of its lists, where the source has several (a category of arxiv_announced); else NULL.';

create or replace view marts.runs as
select
    run_id,
    core.family_of(source) as source,
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
    cause,
    core.series_of(source) as series
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
comment on column marts.runs.cause is 'What the evidence says happened: wrong_day, empty_list, layout_changed, index_page, unexpected_content, list_shrunk, not_announced, too_early, out_of_reach, blocked, forbidden_by_robots, rate_limited, host_down, cut_off, not_found, bad_answer, page_damaged or extractor_failed; degraded_cards_only where a list was loaded from its cards alone; else NULL.';
comment on column marts.runs.series is 'Which of its lists, where the source has several (a category of arxiv_announced); else NULL.';
comment on column ops.runs.cause is 'What the evidence says happened: wrong_day, empty_list, layout_changed, index_page, unexpected_content, list_shrunk, not_announced, too_early, out_of_reach, blocked, forbidden_by_robots, rate_limited, host_down, cut_off, not_found, bad_answer, page_damaged or extractor_failed; degraded_cards_only where a list was loaded from its cards alone; else NULL.';

create view ops.partition_states as
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
comment on view ops.partition_states is 'One row a list and partition: those that were read, asked for in vain, given up, or that other pages link to. What a person took back with forget is left out.';
comment on column ops.partition_states.source is 'Name of the list.';
comment on column ops.partition_states.partition_on is 'First day of the partition.';
comment on column ops.partition_states.state is 'open, final, no_list, refused, missing or unrecoverable. A day that redirects although another page links to it is missing; one that failed although two pages link past it has no list.';
comment on column ops.partition_states.entries_count is 'Entries of the latest trusted reading that became sightings; NULL if it was never read.';
comment on column ops.partition_states.last_run_id is 'The run that read it last, or asked for it last in vain; NULL if none did.';
comment on column ops.partition_states.last_read_at is 'When it was read last, UTC; NULL if it never was.';
comment on column ops.partition_states.is_linked is 'Whether another page links to it as the partition before or after its own: then it has a list.';
comment on column ops.partition_states.cause is 'What the evidence of the last run says happened (see marts.runs.cause); NULL where a list is loaded or nobody asked.';
comment on column ops.partition_states.reason is 'The same in words, or a person''s reason for giving it up.';

create or replace view marts.partitions as
select
    core.family_of(source) as source,
    partition_on,
    state,
    entries_count,
    last_run_id,
    last_read_at,
    is_linked,
    cause,
    reason,
    core.series_of(source) as series
from ops.partition_states;
comment on view marts.partitions is 'One row a source, series and partition: those that were read, asked for in vain, given up, or that other pages link to. What a person took back with forget is left out.';
comment on column marts.partitions.source is 'Name of the source.';
comment on column marts.partitions.partition_on is 'First day of the partition.';
comment on column marts.partitions.state is 'open, final, no_list, refused, missing or unrecoverable. A day that redirects although another page links to it is missing; one that failed although two pages link past it has no list.';
comment on column marts.partitions.entries_count is 'Entries of the latest trusted reading that became sightings; NULL if it was never read.';
comment on column marts.partitions.last_run_id is 'The run that read it last, or asked for it last in vain; NULL if none did.';
comment on column marts.partitions.last_read_at is 'When it was read last, UTC; NULL if it never was.';
comment on column marts.partitions.is_linked is 'Whether another page links to it as the partition before or after its own: then it has a list.';
comment on column marts.partitions.cause is 'What the evidence of the last run says happened (see marts.runs.cause); NULL where a list is loaded or nobody asked.';
comment on column marts.partitions.reason is 'The same in words, or a person''s reason for giving it up.';
comment on column marts.partitions.series is 'Which of its lists, where the source has several (a category of arxiv_announced); else NULL.';

create view ops.counted_quarantine as
select source, partition_on, page_sha256, section, position, reason, detail, entry_text, run_id, resolved_at
from ops.quarantine as q
anti join ops.forgotten_listings as f
    on f.source = q.source and f.partition_on = q.partition_on and f.page_sha256 = q.page_sha256;
comment on view ops.counted_quarantine is 'One row a rejected entry. Those of pages that a person took back with forget are left out.';
comment on column ops.counted_quarantine.source is 'Name of the list.';
comment on column ops.counted_quarantine.partition_on is 'First day of the partition.';
comment on column ops.counted_quarantine.page_sha256 is 'The page on which it stood.';
comment on column ops.counted_quarantine.section is 'Section of the page, NULL where the source has none.';
comment on column ops.counted_quarantine.position is 'Place in its section, from 1.';
comment on column ops.counted_quarantine.reason is 'One of a closed set of reasons.';
comment on column ops.counted_quarantine.detail is 'The place and the offending text, for a person.';
comment on column ops.counted_quarantine.entry_text is 'The entry, verbatim.';
comment on column ops.counted_quarantine.run_id is 'The run that rejected it first.';
comment on column ops.counted_quarantine.resolved_at is 'When a later reading of the same page accepted it, UTC; NULL while it is open.';

create or replace view marts.quarantine as
select
    core.family_of(source) as source,
    partition_on,
    page_sha256,
    section,
    position,
    reason,
    detail,
    entry_text,
    run_id,
    resolved_at,
    core.series_of(source) as series
from ops.counted_quarantine;
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
comment on column marts.quarantine.series is 'Which of its lists, where the source has several (a category of arxiv_announced); else NULL.';

create or replace view marts.sources as
select
    core.family_of(o.source) as source,
    max(o.trust) as trust,
    max(o.partition_days) as partition_days,
    max(o.closing) as closing,
    max(o.extractor_version) as extractor_version,
    count(p.partition_on) as partitions_count,
    min(p.partition_on) as first_on,
    max(p.partition_on) as last_on,
    coalesce(sum(p.entries_count), 0)::bigint as entries_count,
    list(distinct core.series_of(o.source) order by core.series_of(o.source)) filter (
        where core.series_of(o.source) is not null
    ) as series
from ops.sources as o
left join ops.partitions as p on p.source = o.source and p.state in ('open', 'final')
group by core.family_of(o.source);
comment on view marts.sources is 'One row a source.';
comment on column marts.sources.source is 'Name of the source, the same in every table.';
comment on column marts.sources.trust is '1 is believed first where sources disagree about a fact of a paper.';
comment on column marts.sources.partition_days is 'Days that one partition stands for: 1 for a daily list, 7 for a week.';
comment on column marts.sources.closing is 'first_read: final at once; two_reads: final after two agreeing reads 12 h apart of a closed list.';
comment on column marts.sources.extractor_version is 'Version of the extractor that read its pages last.';
comment on column marts.sources.partitions_count is 'Partitions with a list, open or final.';
comment on column marts.sources.first_on is 'First day of the first of them.';
comment on column marts.sources.last_on is 'First day of the last of them.';
comment on column marts.sources.entries_count is 'Entries of their latest trusted readings that became sightings.';
comment on column marts.sources.series is 'Its lists, where it has several, sorted; else NULL.';

create or replace view marts.papers_daily as
with placed as (
    select
        m.paper_key,
        s.source,
        s.partition_on as listed_on,
        arg_min(s.position, (not s.is_listed, s.position)) as place,
        bool_or(s.is_listed) as is_listed
    from core.sightings as s
    join core.matches as m on m.sighting_key = s.sighting_key
    join ops.sources as o on o.source = s.source
    where o.partition_days = 1
    group by all
),
known as (
    select
        paper_key,
        source,
        arg_max(value, observed_at) filter (where metric = 'upvotes') as upvotes,
        arg_max(value, observed_at) filter (where metric = 'comments') as comments,
        arg_max(value, observed_at) filter (where metric = 'github_stars') as github_stars,
        max(observed_at) as observed_at
    from marts.metric_history
    group by all
)
select
    d.paper_key,
    core.family_of(d.source) as source,
    d.listed_on,
    p.title,
    d.place as rank,
    case
        when k.upvotes is not null
            then rank() over (partition by d.source, d.listed_on order by k.upvotes desc nulls last)
    end as upvotes_rank,
    k.upvotes,
    k.comments,
    k.github_stars,
    k.observed_at,
    d.is_listed,
    core.series_of(d.source) as series
from placed as d
join core.papers as p on p.paper_key = d.paper_key
left join known as k on k.paper_key = d.paper_key and k.source = d.source;
comment on view marts.papers_daily is 'One row a paper, daily list and day, with its last known numbers.';
comment on column marts.papers_daily.paper_key is 'The paper.';
comment on column marts.papers_daily.source is 'Name of the source: those whose partition is one day.';
comment on column marts.papers_daily.listed_on is 'The list day.';
comment on column marts.papers_daily.title is 'Title; NULL if no source gave one.';
comment on column marts.papers_daily.rank is 'Place on the list, from 1, as last listed: the page''s own order.';
comment on column marts.papers_daily.upvotes_rank is 'Place by last known upvotes among the list day''s papers, ties equal; NULL without upvotes.';
comment on column marts.papers_daily.upvotes is 'Last known upvotes in this source.';
comment on column marts.papers_daily.comments is 'Last known comments in this source.';
comment on column marts.papers_daily.github_stars is 'Last known stars of its repository in this source.';
comment on column marts.papers_daily.observed_at is 'When a number was read last, UTC.';
comment on column marts.papers_daily.is_listed is 'False once a later trusted reading of that day no longer lists it.';
comment on column marts.papers_daily.series is 'Which of its lists, where the source has several (a category of arxiv_announced); else NULL.';

create or replace view marts.weekly_top as
with weeks as (
    select distinct s.source, s.partition_on as week_on, s.partition_on + o.partition_days as ends_on
    from core.sightings as s
    join ops.sources as o on o.source = s.source
    where o.partition_days > 1
),
reviewed as (
    select
        m.paper_key,
        s.source,
        s.partition_on as week_on,
        min(s.position) filter (where s.section = 'top') as top_position,
        min(s.position) filter (where s.section is distinct from 'top') as list_position
    from core.sightings as s
    join core.matches as m on m.sighting_key = s.sighting_key
    join weeks as w on w.source = s.source and w.week_on = s.partition_on
    where s.is_listed
    group by all
),
listed as (
    select w.source, w.week_on, d.paper_key, min(d.listed_on) as listed_on, max(d.upvotes) as upvotes
    from weeks as w
    join marts.papers_daily as d on d.listed_on >= w.week_on and d.listed_on < w.ends_on
    where d.is_listed and core.list_of(d.source, d.series) not in (select a.source from ops.sources as a where a.is_archive)
    group by all
)
select
    coalesce(r.source, l.source) as source,
    coalesce(r.week_on, l.week_on) as week_on,
    coalesce(r.paper_key, l.paper_key) as paper_key,
    p.title,
    r.top_position,
    r.list_position,
    case
        when l.upvotes is not null
            then rank() over (
                partition by coalesce(r.source, l.source), coalesce(r.week_on, l.week_on)
                order by l.upvotes desc nulls last
            )
    end as upvotes_rank,
    l.upvotes,
    l.listed_on
from reviewed as r
full join listed as l on l.source = r.source and l.week_on = r.week_on and l.paper_key = r.paper_key
join core.papers as p on p.paper_key = coalesce(r.paper_key, l.paper_key);
comment on view marts.weekly_top is 'One row a weekly source, week and paper: what reviewers put on top against what readers upvoted on the days of that week.';
comment on column marts.weekly_top.source is 'Name of the weekly source.';
comment on column marts.weekly_top.week_on is 'First day of its week.';
comment on column marts.weekly_top.paper_key is 'The paper.';
comment on column marts.weekly_top.title is 'Title; NULL if no source gave one.';
comment on column marts.weekly_top.top_position is 'Place in the reviewers'' top section; NULL if not there.';
comment on column marts.weekly_top.list_position is 'Place in the weekly list; NULL if not there.';
comment on column marts.weekly_top.upvotes_rank is 'Place by last known upvotes among all papers that daily sources listed in that week; NULL without upvotes.';
comment on column marts.weekly_top.upvotes is 'Last known upvotes; NULL if no daily source listed it in that week.';
comment on column marts.weekly_top.listed_on is 'First day of that week on which a daily source listed it; NULL if none did.';

create or replace view marts.coverage as
with weeks as (
    select
        source,
        series,
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
        s.series,
        date_trunc('week', s.partition_on)::date as week_on,
        count(*) as entries_count,
        count(distinct s.paper_key) as papers_count,
        count(distinct s.paper_key) filter (where t.sources_count > 1) as linked_count
    from marts.sightings as s
    join told as t on t.paper_key = s.paper_key
    group by all
),
rejected as (
    select source, series, date_trunc('week', partition_on)::date as week_on, count(*) as quarantined_count
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
    coalesce(r.quarantined_count, 0) as quarantined_count,
    w.series
from weeks as w
left join entries as e on e.source = w.source and e.series is not distinct from w.series and e.week_on = w.week_on
left join rejected as r on r.source = w.source and r.series is not distinct from w.series and r.week_on = w.week_on;
comment on view marts.coverage is 'One row a source, series and calendar week: what was read, what of it other sources know too, what is missing.';
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
comment on column marts.coverage.series is 'Which of its lists, where the source has several (a category of arxiv_announced); else NULL.';

create or replace macro marts.lineage("key") as table
with wanted as (
    select coalesce(
        (select r.paper_key from core.redirects as r where r.previous_key = "key"), "key"
    ) as wanted_key
),
members as (
    select s.*, m.paper_key
    from core.matches as m
    join wanted as w on w.wanted_key = m.paper_key
    join core.sightings as s on s.sighting_key = m.sighting_key
),
said as (
    select m.sighting_key, m.page_sha256, unnest([
        {'fact': 'title', 'said': c.title_text, 'held': p.title},
        {'fact': 'abstract', 'said': c.abstract_text, 'held': p.abstract},
        {'fact': 'authors', 'said': nullif(to_json(c.authors)::varchar, '[]'), 'held': to_json(p.authors)::varchar},
        {'fact': 'author_count', 'said': c.author_count::varchar, 'held': p.author_count::varchar},
        {'fact': 'arxiv_id', 'said': c.arxiv_id, 'held': p.arxiv_id},
        {'fact': 'doi', 'said': c.doi, 'held': p.doi},
        {'fact': 'published_on', 'said': c.published_on::varchar, 'held': p.published_on::varchar},
        {'fact': 'organization', 'said': c.organization, 'held': null},
        {'fact': 'submitted_by', 'said': c.submitted_by, 'held': null},
        {'fact': 'institutions', 'said': nullif(to_json(c.institutions)::varchar, '[]'), 'held': null},
        {'fact': 'categories', 'said': nullif(to_json(c.categories)::varchar, '[]'), 'held': null},
        {'fact': 'comments', 'said': c.comments, 'held': null},
        {'fact': 'journal_ref', 'said': c.journal_ref, 'held': null},
        {'fact': 'links', 'said': nullif(to_json(c.links)::varchar, '[]'), 'held': to_json(p.links)::varchar},
        {'fact': 'review', 'said': to_json(c.review)::varchar, 'held': null}
    ]) as told, null::timestamp as observed_at
    from members as m
    join raw.contents as c on c.content_key = m.content_key
    join core.papers as p on p.paper_key = m.paper_key
    union all
    select n.sighting_key, n.page_sha256, {'fact': n.metric, 'said': n.value::varchar, 'held': null}, n.observed_at
    from core.metrics as n
    where n.sighting_key in (select sighting_key from members)
),
first_readings as (
    select
        source,
        partition_on,
        page_sha256,
        min(fetched_at) as fetched_at,
        arg_min(url, (fetched_at, run_id)) as url,
        arg_min(run_id, (fetched_at, run_id)) as run_id
    from raw.readings
    group by all
)
select
    m.paper_key,
    t.told.fact as fact,
    t.told.said as said,
    t.told.said = t.told.held as is_held,
    core.family_of(m.source) as source,
    m.partition_on,
    m.section,
    m.position,
    m.first_line,
    coalesce(t.observed_at, f.fetched_at) as observed_at,
    t.page_sha256,
    coalesce(g.url, f.url) as url,
    coalesce(g.run_id, f.run_id) as run_id,
    l.extractor_version,
    m.sighting_key,
    core.series_of(m.source) as series
from said as t
join members as m on m.sighting_key = t.sighting_key
left join first_readings as f
    on f.source = m.source and f.partition_on = m.partition_on and f.page_sha256 = t.page_sha256
left join raw.readings as g
    on g.source = m.source and g.partition_on = m.partition_on and g.page_sha256 = t.page_sha256
    and g.fetched_at = t.observed_at
left join raw.listings as l
    on l.source = m.source and l.partition_on = m.partition_on and l.page_sha256 = t.page_sha256
where t.told.said is not null
order by fact, observed_at, m.sighting_key;
comment on macro table marts.lineage is 'One row a fact of a paper (by its key or a previous key), place and reading: what was said, whether the paper holds it, and the page, run and extractor it came from.';

comment on column raw.listings.outcome is 'listing, no_list, refused, or out_of_reach where the site says that it gives the list no more.';
comment on column core.papers.first_listed_on is 'First day of the first list that has it, reviews left out; of the lists of an archive only where no other has it. NULL if it was only reviewed.';
comment on column core.papers.last_listed_on is 'First day of the last list that has it, reviews left out; of the lists of an archive only where no other has it. NULL if it was only reviewed.';
comment on column marts.papers.first_listed_on is 'First day of the first list that has it, reviews left out; of the lists of an archive only where no other has it. NULL if it was only reviewed.';
comment on column marts.papers.last_listed_on is 'First day of the last list that has it, reviews left out; of the lists of an archive only where no other has it. NULL if it was only reviewed.';
