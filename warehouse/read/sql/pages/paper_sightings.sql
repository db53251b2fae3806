with members as materialized (
    select m.paper_key, m.sighting_key, m.partition_on, m.rule, m.score, m.evidence, m.decided_at_run
    from core.matches as m
    where m.paper_key in (select unnest($keys))
),
placed as materialized (
    select s.*, m.paper_key, m.rule, m.score, m.evidence, m.decided_at_run
    from core.sightings as s
    join members as m on m.partition_on = s.partition_on and m.sighting_key = s.sighting_key
),
readings as (
    select r.source, r.partition_on, r.page_sha256, min(r.fetched_at) as fetched_at, arg_min(r.url, r.fetched_at) as url
    from raw.readings as r
    where r.page_sha256 in (select page_sha256 from placed)
    group by r.source, r.partition_on, r.page_sha256
)
select
    s.paper_key,
    s.sighting_key,
    core.family_of(s.source) as source,
    core.series_of(s.source) as series,
    s.source as list_name,
    o.partition_days,
    o.is_archive,
    s.partition_on,
    s.section,
    s.position,
    s.first_line,
    s.is_listed,
    c.title_text as title,
    c.abstract_text as abstract,
    c.authors,
    c.author_count,
    c.arxiv_id,
    c.arxiv_version,
    c.doi,
    c.published_on,
    c.submitted_by,
    c.organization,
    c.site_summary,
    c.site_keywords,
    [lower(trim(regexp_replace(word, '\s+', ' ', 'g'))) for word in c.site_keywords] as topic_keys,
    c.comments,
    c.journal_ref,
    c.categories,
    c.links,
    [institution.name for institution in c.institutions] as institutions,
    case when c.review is not null then c.review end as review,
    s.rule,
    s.score,
    s.evidence,
    s.decided_at_run,
    s.page_sha256,
    s.run_id,
    g.media_type,
    r.fetched_at,
    r.url
from placed as s
join raw.contents as c on c.content_key = s.content_key
join ops.sources as o on o.source = s.source
left join raw.pages as g on g.page_sha256 = s.page_sha256 and g.source = s.source
left join readings as r
    on r.partition_on = s.partition_on and r.page_sha256 = s.page_sha256 and r.source = s.source
order by s.partition_on, o.is_archive, s.source, s.section nulls last, s.position
