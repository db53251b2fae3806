create table ops.search_index (
    built_at timestamp not null,
    texts_digest varchar not null,
    papers_count bigint not null,
    duckdb_version varchar not null
);
comment on table ops.search_index is 'One row where this file carries the full-text index of marts.search; none in the writer''s file.';
comment on column ops.search_index.built_at is 'When the index was built, UTC; it is taken over while no text changes.';
comment on column ops.search_index.texts_digest is 'Digest of the indexed texts.';
comment on column ops.search_index.papers_count is 'Papers in the index.';
comment on column ops.search_index.duckdb_version is 'The DuckDB that built it.';

create view marts.sources as
select
    o.source,
    o.trust,
    o.partition_days,
    o.closing,
    o.extractor_version,
    count(p.partition_on) as partitions_count,
    min(p.partition_on) as first_on,
    max(p.partition_on) as last_on,
    coalesce(sum(p.entries_count), 0)::bigint as entries_count
from ops.sources as o
left join ops.partitions as p on p.source = o.source and p.state in ('open', 'final')
group by all;
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

create view marts.metric_history as
with reads as (
    select m.paper_key, n.source, n.metric, n.observed_at, max(n.value) as value
    from core.metrics as n
    join core.matches as m on m.sighting_key = n.sighting_key
    group by all
)
select
    paper_key,
    source,
    metric,
    observed_at,
    value,
    lag(value) over reading as previous_value,
    value - lag(value) over reading as gained,
    date_diff('second', lag(observed_at) over reading, observed_at) / 3600.0 as hours
from reads
window reading as (partition by paper_key, source, metric order by observed_at);
comment on view marts.metric_history is 'One row a paper, source, metric and instant, with the read before it.';
comment on column marts.metric_history.paper_key is 'The paper.';
comment on column marts.metric_history.source is 'Name of the source.';
comment on column marts.metric_history.metric is 'upvotes, comments or github_stars.';
comment on column marts.metric_history.observed_at is 'When the page was read, UTC.';
comment on column marts.metric_history.value is 'The number; the larger one where one instant printed two.';
comment on column marts.metric_history.previous_value is 'The number at the read before; NULL at the first.';
comment on column marts.metric_history.gained is 'value - previous_value; NULL at the first read.';
comment on column marts.metric_history.hours is 'Hours since the read before; NULL at the first.';

create view marts.papers_daily as
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
    d.source,
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
    d.is_listed
from placed as d
join core.papers as p on p.paper_key = d.paper_key
left join known as k on k.paper_key = d.paper_key and k.source = d.source;
comment on view marts.papers_daily is 'One row a paper, daily source and list day, with its last known numbers.';
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

create or replace macro marts.metric_asof("at") as table
select
    p.paper_key,
    p.title,
    h.source,
    h.metric,
    arg_max(h.value, h.observed_at) as value,
    max(h.observed_at) as observed_at
from core.papers as p
join marts.metric_history as h on h.paper_key = p.paper_key
where h.observed_at <= "at"::timestamp
group by all;

create macro marts.trending(days, "at") as table
with reads as (
    select
        paper_key,
        source,
        observed_at,
        value,
        observed_at <= "at"::timestamp - to_days(days::integer) as is_before
    from marts.metric_history
    where metric = 'upvotes' and observed_at <= "at"::timestamp
),
ends as (
    select
        paper_key,
        source,
        coalesce(max(observed_at) filter (where is_before), min(observed_at)) as since,
        max(observed_at) as until,
        coalesce(arg_max(value, observed_at) filter (where is_before), arg_min(value, observed_at)) as upvotes_before,
        arg_max(value, observed_at) as upvotes
    from reads
    group by all
    having bool_or(not is_before)
)
select
    p.paper_key,
    p.title,
    e.source,
    case when e.until > e.since then e.upvotes - e.upvotes_before end as gained,
    e.upvotes,
    e.since,
    e.until
from ends as e
join core.papers as p on p.paper_key = e.paper_key
order by gained desc nulls last, e.upvotes desc, p.paper_key, e.source;

create view marts.weekly_top as
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
    where d.is_listed
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

create view marts.coverage as
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
    from ops.quarantine
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

create macro marts.lineage("key") as table
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
    m.source,
    m.partition_on,
    m.section,
    m.position,
    m.first_line,
    coalesce(t.observed_at, f.fetched_at) as observed_at,
    t.page_sha256,
    coalesce(g.url, f.url) as url,
    coalesce(g.run_id, f.run_id) as run_id,
    l.extractor_version,
    m.sighting_key
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

create view marts.paper_authors as
select
    a.paper_key,
    a.place as position,
    a.author,
    trim(regexp_replace(lower(strip_accents(a.author)), '[\s.]+', ' ', 'g')) as author_key
from (
    select paper_key, unnest(authors) as author, unnest(range(1, len(authors) + 1))::integer as place
    from core.papers
) as a;
comment on view marts.paper_authors is 'One row a paper and place in its list of authors.';
comment on column marts.paper_authors.paper_key is 'The paper.';
comment on column marts.paper_authors.position is 'Place in the list, from 1.';
comment on column marts.paper_authors.author is 'The name as printed.';
comment on column marts.paper_authors.author_key is 'The name in lower case without accents and full stops: equal for spellings of one name.';

create view marts.authors as
select
    a.author_key,
    mode(a.author order by a.author) as author,
    list(distinct a.author order by a.author) as spellings,
    count(distinct a.paper_key) as papers_count,
    count(distinct a.paper_key) filter (where a.position = 1) as first_author_count,
    count(distinct r.paper_key) as reviewed_count,
    min(p.first_listed_on) as first_listed_on,
    max(p.last_listed_on) as last_listed_on
from marts.paper_authors as a
join core.papers as p on p.paper_key = a.paper_key
left join (select distinct paper_key from marts.reviews) as r on r.paper_key = a.paper_key
group by a.author_key;
comment on view marts.authors is 'One row a name of an author. A name is not a person: two people of one name are one row.';
comment on column marts.authors.author_key is 'The name in lower case without accents and full stops.';
comment on column marts.authors.author is 'Its most frequent spelling.';
comment on column marts.authors.spellings is 'All spellings.';
comment on column marts.authors.papers_count is 'Papers that name it.';
comment on column marts.authors.first_author_count is 'Papers that name it first.';
comment on column marts.authors.reviewed_count is 'Papers that name it and have a review.';
comment on column marts.authors.first_listed_on is 'First partition that lists one of them.';
comment on column marts.authors.last_listed_on is 'Last partition that lists one of them.';
