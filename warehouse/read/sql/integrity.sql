select rule, broken
from (
    select 'a sighting stands once in core.sightings' as rule, count(*) - count(distinct sighting_key) as broken
    from core.sightings
    union all
    select 'a sighting has exactly one match', count(*)
    from core.sightings as s
    full join core.matches as m on m.sighting_key = s.sighting_key
    where s.sighting_key is null or m.sighting_key is null
    union all
    select 'a match stands once', count(*) - count(distinct sighting_key)
    from core.matches
    union all
    select 'a match names a paper', count(*)
    from core.matches as m
    anti join core.papers as p on p.paper_key = m.paper_key
    union all
    select 'a paper has a sighting', count(*)
    from core.papers as p
    anti join core.matches as m on m.paper_key = p.paper_key
    union all
    select 'a paper stands once', count(*) - count(distinct paper_key)
    from core.papers
    union all
    select 'a paper key was given once', count(*) - count(distinct paper_key)
    from core.founders
    union all
    select 'a paper has a key that was given', count(*)
    from core.papers as p
    anti join core.founders as f on f.paper_key = p.paper_key
    union all
    select 'a redirect leads to a paper', count(*)
    from core.redirects as r
    anti join core.papers as p on p.paper_key = r.paper_key
    union all
    select 'a number is measured once', count(*) - count(distinct (sighting_key, metric, observed_at))
    from core.metrics
    union all
    select 'a metric names a sighting', count(*)
    from core.metrics as n
    anti join core.sightings as s on s.sighting_key = n.sighting_key
    union all
    select 'a content stands once', count(*) - count(distinct content_key)
    from raw.contents
    union all
    select 'a sighting names a content', count(*)
    from core.sightings as s
    anti join raw.contents as c on c.content_key = s.content_key
    union all
    select 'a sighting names a page', count(*)
    from core.sightings as s
    anti join raw.pages as p on p.page_sha256 = s.page_sha256
    union all
    select 'a reading names its run', count(*)
    from raw.readings as r
    anti join ops.runs as u on u.run_id = r.run_id
    union all
    select 'a page''s entries are its sightings and its rejections', count(*)
    from raw.listings
    where entries_count <> sightings_count + rejections_count
    union all
    select 'a listing has the entries that it counts', count(*)
    from (
        select l.sightings_count, count(e.sighting_key) as stored
        from raw.listings as l
        left join raw.entries as e
            on e.source = l.source and e.partition_on = l.partition_on and e.page_sha256 = l.page_sha256
        group by l.source, l.partition_on, l.page_sha256, l.sightings_count
    )
    where sightings_count <> stored
    union all
    select 'an arXiv id has one current fact', count(*) - count(distinct arxiv_id)
    from core.arxiv_facts
    union all
    select 'a current fact names what was said', count(*)
    from core.arxiv_facts as f
    anti join raw.arxiv_facts as r on r.arxiv_id = f.arxiv_id and r.content_key = f.content_key
    union all
    select 'a fact is said once', count(*) - count(distinct (arxiv_id, content_key))
    from raw.arxiv_facts
    union all
    select 'what was said of an id has a current fact', count(*)
    from raw.arxiv_facts as r
    anti join core.arxiv_facts as f on f.arxiv_id = r.arxiv_id
    union all
    select 'a fact names the answers that said it', count(*)
    from (
        select first_read_at as fetched_at, first_page_sha256 as page_sha256
        from raw.arxiv_facts
        union
        select last_read_at, last_page_sha256
        from raw.arxiv_facts
    ) as r
    anti join raw.fact_answers as a on a.fetched_at = r.fetched_at and a.page_sha256 = r.page_sha256
    union all
    select 'a fact answer names its run', count(*)
    from raw.fact_answers as a
    anti join ops.runs as u on u.run_id = a.run_id
    union all
    select 'a withheld abstract is not in the snapshot', count(*)
    from core.papers as p
    semi join core.withheld as w on w.paper_key = p.paper_key and w.content = 'abstract'
    where p.abstract is not null
    union all
    select 'a run is recorded once, in order', max(load_order) - count(distinct load_order)
    from ops.runs
)
where broken <> 0
order by rule
