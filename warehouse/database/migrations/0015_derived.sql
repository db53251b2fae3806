-- What analysts wait for, made when a snapshot is published (warehouse/publish/derived): only what changed since the last
-- publish is made again, found by the marks. Sums of more than 64 bits are text: the files of a lake would keep them as
-- floating-point numbers, without their last digits.
create table core.paper_marks (
    part varchar not null,
    mark ubigint not null,
    author_marks ubigint[] not null
);
comment on table core.paper_marks is 'One row a paper as it was when what is derived was last brought in line. Only the writer uses it.';
comment on column core.paper_marks.part is 'Day of its smallest record, under which its facts are summed up.';
comment on column core.paper_marks.mark is 'Hash of its row, its smallest record and whether it is reviewed, as DuckDB makes it.';
comment on column core.paper_marks.author_marks is 'Hashes of the keys of its authors.';

create table core.day_marks (
    partition_on date not null,
    mark varchar not null
);
comment on table core.day_marks is 'One row a day: what its partitions were when what is derived was last brought in line. Only the writer uses it.';
comment on column core.day_marks.partition_on is 'First day of partitions.';
comment on column core.day_marks.mark is 'Sum of the hashes of their sightings, contents, matches and metrics, as DuckDB makes them.';

create table ops.digest_parts (
    table_name varchar not null,
    part varchar not null,
    rows_count bigint not null,
    lower_sum varchar not null,
    upper_sum varchar not null
);
comment on table ops.digest_parts is 'One row an exported table and day: its share of the digest. Only the writer uses it.';
comment on column ops.digest_parts.table_name is 'Name of the exported table.';
comment on column ops.digest_parts.part is 'Day of the record, as YYYY-MM-DD.';
comment on column ops.digest_parts.rows_count is 'Rows of that day.';
comment on column ops.digest_parts.lower_sum is 'Sum of the first halves of the MD5 of each row''s JSON.';
comment on column ops.digest_parts.upper_sum is 'Sum of the second halves.';

create table core.listed (
    paper_key varchar not null,
    source varchar not null,
    listed_on date not null,
    position integer not null,
    is_listed boolean not null,
    upvotes bigint,
    comments bigint,
    github_stars bigint,
    observed_at timestamp
);
comment on table core.listed is 'One row a paper, list and day, with the last known numbers of that paper in that list''s source. Made at publish: what marts.papers_daily reads.';
comment on column core.listed.paper_key is 'The paper.';
comment on column core.listed.source is 'Name of the list.';
comment on column core.listed.listed_on is 'First day of the partition.';
comment on column core.listed.position is 'Place on the list, from 1, as last listed.';
comment on column core.listed.is_listed is 'False once a later trusted reading of that day no longer lists it.';
comment on column core.listed.upvotes is 'Last known upvotes in this list.';
comment on column core.listed.comments is 'Last known comments in this list.';
comment on column core.listed.github_stars is 'Last known stars of its repository in this list.';
comment on column core.listed.observed_at is 'When a number was read last, UTC.';

create table core.authors (
    author_key varchar,
    author varchar not null,
    spellings varchar[],
    papers_count bigint not null,
    first_author_count bigint not null,
    reviewed_count bigint not null,
    first_listed_on date,
    last_listed_on date
);
comment on table core.authors is 'One row a name of an author. Made at publish: what marts.authors reads.';
comment on column core.authors.author_key is 'The name in lower case without accents and full stops; NULL if that is the spelling in lower case.';
comment on column core.authors.author is 'Its most frequent spelling; of equally frequent ones the first by the alphabet.';
comment on column core.authors.spellings is 'All spellings, sorted; NULL if there is one only.';
comment on column core.authors.papers_count is 'Papers that name it.';
comment on column core.authors.first_author_count is 'Papers that name it first.';
comment on column core.authors.reviewed_count is 'Papers that name it and have a review.';
comment on column core.authors.first_listed_on is 'First partition that lists one of them.';
comment on column core.authors.last_listed_on is 'Last partition that lists one of them.';

-- The expression is slow, and few names need it.
create macro core.author_key(author) as case
    when regexp_matches(lower(strip_accents(author)), '[\t\n\f\r.]|  |^ | $')
        then trim(regexp_replace(lower(strip_accents(author)), '[\s.]+', ' ', 'g'))
    else lower(strip_accents(author))
end;
comment on macro core.author_key is 'The name of an author in lower case without accents and full stops.';

create view core.reviewed_papers as
select distinct m.paper_key
from raw.contents as c
join core.sightings as s on s.content_key = c.content_key
join core.matches as m on m.partition_on = s.partition_on and m.sighting_key = s.sighting_key
where c.review is not null;
comment on view core.reviewed_papers is 'One row a paper that has a review.';
comment on column core.reviewed_papers.paper_key is 'The paper.';

-- Joins name the partition too: by it most of a large table is passed over.
create or replace view marts.metrics as
select
    m.paper_key,
    n.source,
    n.metric,
    n.observed_at,
    n.value,
    n.partition_on,
    n.sighting_key,
    n.page_sha256
from core.metrics as n
join core.matches as m on m.partition_on = n.partition_on and m.sighting_key = n.sighting_key;
comment on view marts.metrics is 'One row a number at a time.';
comment on column marts.metrics.paper_key is 'The paper.';
comment on column marts.metrics.source is 'Name of the source.';
comment on column marts.metrics.metric is 'upvotes, comments or github_stars.';
comment on column marts.metrics.observed_at is 'When the page was read, UTC.';
comment on column marts.metrics.value is 'The number.';
comment on column marts.metrics.partition_on is 'First day of the partition whose page printed it.';
comment on column marts.metrics.sighting_key is 'The sighting whose page printed it.';
comment on column marts.metrics.page_sha256 is 'The page that printed it.';

create or replace view marts.metric_history as
with reads as (
    select m.paper_key, n.source, n.metric, n.observed_at, max(n.value) as value
    from core.metrics as n
    join core.matches as m on m.partition_on = n.partition_on and m.sighting_key = n.sighting_key
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

create or replace view marts.papers_daily as
select
    d.paper_key,
    core.family_of(d.source) as source,
    d.listed_on,
    p.title,
    d.position as rank,
    d.upvotes_rank,
    d.upvotes,
    d.comments,
    d.github_stars,
    d.observed_at,
    d.is_listed,
    core.series_of(d.source) as series
from (
    select
        l.*,
        case
            when l.upvotes is not null
                then rank() over (partition by l.source, l.listed_on order by l.upvotes desc nulls last)
        end as upvotes_rank
    from core.listed as l
    join ops.sources as o on o.source = l.source
    where o.partition_days = 1
) as d
join core.papers as p on p.paper_key = d.paper_key;
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
    select w.source, w.week_on, unnest(generate_series(w.week_on, w.week_on + (w.days - 1), interval 1 day))::date as day
    from (
        select distinct s.source, s.partition_on as week_on, o.partition_days as days
        from core.sightings as s
        join ops.sources as o on o.source = s.source
        where o.partition_days > 1
    ) as w
),
reviewed as (
    select
        m.paper_key,
        s.source,
        s.partition_on as week_on,
        min(s.position) filter (where s.section = 'top') as top_position,
        min(s.position) filter (where s.section is distinct from 'top') as list_position
    from core.sightings as s
    join core.matches as m on m.partition_on = s.partition_on and m.sighting_key = s.sighting_key
    join ops.sources as o on o.source = s.source
    where s.is_listed and o.partition_days > 1
    group by all
),
listed as (
    select w.source, w.week_on, d.paper_key, min(d.listed_on) as listed_on, max(d.upvotes) as upvotes
    from weeks as w
    join core.listed as d on d.listed_on = w.day
    join ops.sources as o on o.source = d.source
    where o.partition_days = 1 and d.is_listed and not coalesce(o.is_archive, false)
    group by all
),
ranked as (
    select
        *,
        case
            when upvotes is not null
                then rank() over (partition by source, week_on order by upvotes desc nulls last)
        end as upvotes_rank
    from reviewed
    full join listed using (source, week_on, paper_key)
)
select
    r.source,
    r.week_on,
    r.paper_key,
    p.title,
    r.top_position,
    r.list_position,
    r.upvotes_rank,
    r.upvotes,
    r.listed_on
from ranked as r
join marts.papers as p on p.paper_key = r.paper_key;
comment on view marts.weekly_top is 'One row a weekly source, week and paper: what reviewers put on top against what readers upvoted on the days of that week.';
comment on column marts.weekly_top.source is 'Name of the weekly source.';
comment on column marts.weekly_top.week_on is 'First day of its week.';
comment on column marts.weekly_top.paper_key is 'The paper.';
comment on column marts.weekly_top.title is 'Title, as in papers.';
comment on column marts.weekly_top.top_position is 'Place in the reviewers'' top section; NULL if not there.';
comment on column marts.weekly_top.list_position is 'Place in the weekly list; NULL if not there.';
comment on column marts.weekly_top.upvotes_rank is 'Place by last known upvotes among all papers that daily sources listed in that week; NULL without upvotes.';
comment on column marts.weekly_top.upvotes is 'Last known upvotes; NULL if no daily source listed it in that week.';
comment on column marts.weekly_top.listed_on is 'First day of that week on which a daily source listed it; NULL if none did.';

create or replace view marts.paper_authors as
select
    a.paper_key,
    a.place as position,
    nullif(a.author, '(name withheld)') as author,
    core.author_key(nullif(a.author, '(name withheld)')) as author_key
from (
    select paper_key, unnest(authors) as author, unnest(range(1, len(authors) + 1))::integer as place
    from core.papers
) as a;
comment on view marts.paper_authors is 'One row a paper and place in its list of authors.';
comment on column marts.paper_authors.paper_key is 'The paper.';
comment on column marts.paper_authors.position is 'Place in the list, from 1.';
comment on column marts.paper_authors.author is 'The name as printed; NULL if it is withheld.';
comment on column marts.paper_authors.author_key is 'The name in lower case without accents and full stops: equal for spellings of one name.';

create or replace view marts.authors as
select
    coalesce(author_key, lower(author)) as author_key,
    author,
    coalesce(spellings, [author]) as spellings,
    papers_count,
    first_author_count,
    reviewed_count,
    first_listed_on,
    last_listed_on
from core.authors;
comment on view marts.authors is 'One row a name of an author. A name is not a person: two people of one name are one row.';
comment on column marts.authors.author_key is 'The name in lower case without accents and full stops.';
comment on column marts.authors.author is 'Its most frequent spelling.';
comment on column marts.authors.spellings is 'All spellings.';
comment on column marts.authors.papers_count is 'Papers that name it.';
comment on column marts.authors.first_author_count is 'Papers that name it first.';
comment on column marts.authors.reviewed_count is 'Papers that name it and have a review.';
comment on column marts.authors.first_listed_on is 'First partition that lists one of them.';
comment on column marts.authors.last_listed_on is 'Last partition that lists one of them.';

-- What names an institution is picked out first: most contents name none.
create or replace view marts.paper_institutions as
with told as (
    select t.content_key, t.i.name as name, t.i.raw as raw, t.primary_name = t.i.name as is_primary
    from (
        select content_key, review.primary_institution as primary_name, unnest(institutions) as i
        from raw.contents
        where len(institutions) > 0
    ) as t
    union all
    select content_key, organization, organization, false
    from raw.contents
    where organization is not null
),
printed as (
    select m.paper_key, s.source, t.name, t.raw, t.is_primary
    from told as t
    join core.sightings as s on s.content_key = t.content_key
    join core.matches as m on m.partition_on = s.partition_on and m.sighting_key = s.sighting_key
),
keyed as (
    select *, core.institution_key(name) as name_key
    from printed
),
known as (
    select
        core.institution_key(alias) as name_key,
        min(institution) as institution,
        min(core.institution_key(institution)) as institution_key,
        min(origin) as origin
    from core.institution_aliases
    group by all
),
canonical as (
    select distinct core.institution_key(institution) as institution_key, institution
    from core.institution_aliases
),
resolved as (
    select
        k.paper_key,
        coalesce(a.institution_key, k.name_key) as institution_key,
        k.name,
        k.raw,
        k.source,
        k.is_primary,
        a.origin
    from keyed as k
    left join known as a on a.name_key = k.name_key
    where k.name_key <> ''
),
named as (
    select institution_key, mode(name order by name) as name
    from resolved
    group by all
)
select
    r.paper_key,
    r.institution_key,
    coalesce(c.institution, n.name) as institution,
    list(distinct r.raw order by r.raw) as printed,
    list(distinct r.source order by r.source) as sources,
    bool_or(coalesce(r.is_primary, false)) as is_primary,
    coalesce(list(distinct r.origin order by r.origin) filter (where r.origin is not null), []) as alias_origins
from resolved as r
join named as n on n.institution_key = r.institution_key
left join canonical as c on c.institution_key = r.institution_key
group by r.paper_key, r.institution_key, c.institution, n.name;
comment on view marts.paper_institutions is 'One row a paper and institution that a review names or a listing files it under.';
comment on column marts.paper_institutions.paper_key is 'The paper.';
comment on column marts.paper_institutions.institution_key is 'The institution''s name in lower case without accents, punctuation and a leading The.';
comment on column marts.paper_institutions.institution is 'The institution: by the alias table, else its most frequent spelling.';
comment on column marts.paper_institutions.printed is 'Names as printed, raw.';
comment on column marts.paper_institutions.sources is 'Sources that name it for this paper, sorted.';
comment on column marts.paper_institutions.is_primary is 'Whether a review names it first.';
comment on column marts.paper_institutions.alias_origins is 'Why the printed names count as this institution, where core.institution_aliases says so; else empty.';

create or replace view marts.institutions as
select
    i.institution_key,
    i.institution,
    list(distinct i.printed order by i.printed) as spellings,
    list_sort(list_distinct(flatten(list(i.alias_origins)))) as alias_origins,
    count(distinct i.paper_key) as papers_count,
    count(distinct r.paper_key) as reviewed_count,
    count(distinct i.paper_key) filter (where i.is_primary) as primary_count,
    min(p.first_listed_on) as first_listed_on,
    max(p.last_listed_on) as last_listed_on
from (
    select paper_key, institution_key, institution, is_primary, alias_origins, unnest(printed) as printed
    from marts.paper_institutions
) as i
join core.papers as p on p.paper_key = i.paper_key
left join core.reviewed_papers as r on r.paper_key = i.paper_key
group by i.institution_key, i.institution;
comment on view marts.institutions is 'One row an institution that a review names or a listing files papers under.';
comment on column marts.institutions.institution_key is 'Its name in lower case without accents, punctuation and a leading The.';
comment on column marts.institutions.institution is 'Its name: by the alias table, else its most frequent spelling.';
comment on column marts.institutions.spellings is 'All names as printed, raw.';
comment on column marts.institutions.alias_origins is 'Why its names count as one, where core.institution_aliases says so; else empty.';
comment on column marts.institutions.papers_count is 'Papers that name it.';
comment on column marts.institutions.reviewed_count is 'Papers that name it and have a review.';
comment on column marts.institutions.primary_count is 'Papers whose review names it first.';
comment on column marts.institutions.first_listed_on is 'First day of the first list that has one of them; NULL if they were only reviewed.';
comment on column marts.institutions.last_listed_on is 'First day of the last list that has one of them; NULL if they were only reviewed.';
