-- The same of a stored sighting as warehouse/papers/sql/read_records.sql.
with records as (
    select s.sighting_key, s.source, s.partition_on, s.content_key
    from core.matches as m
    join core.sightings as s on s.sighting_key = m.sighting_key
    where m.paper_key = $key
),
named as (
    select r.sighting_key, any_value(f.arxiv_id) as arxiv_id, any_value(f.content_key) as content_key
    from records as r
    join raw.contents as c on c.content_key = r.content_key
    join core.arxiv_facts as f on f.abstract_key = core.abstract_key(c.abstract_text)
    where c.title_text is null and c.arxiv_id is null
    group by r.sighting_key
    having count(*) = 1
)
select
    r.sighting_key as key,
    r.source,
    r.partition_on,
    c.* exclude (content_key, title_raw, title_text, abstract_raw, review, links)
        replace (
            [institution.name for institution in c.institutions] as institutions,
            coalesce(c.arxiv_id, a.arxiv_id) as arxiv_id,
            [
                each
                for each in case when len(c.authors) = 0 then coalesce(a.authors, c.authors) else c.authors end
                if each <> '(name withheld)'
            ] as authors
        )
        rename (abstract_text as abstract),
    coalesce(c.title_text, a.title) as title,
    [link.url for link in c.links] as urls,
    case when c.abstract_text is null then c.review.summary end as description,
    a.arxiv_id is not null as is_named_by_arxiv
from raw.contents as c
join records as r on r.content_key = c.content_key
left join named as n on n.sighting_key = r.sighting_key
left join raw.arxiv_facts as a on a.arxiv_id = n.arxiv_id and a.content_key = n.content_key
order by r.sighting_key
