-- The place of a paper's best address: at arXiv, by DOI, then by kind of link.
with chosen as (
    select unnest($keys) as paper_key
),
places as (
    select m.paper_key, m.sighting_key, m.partition_on
    from core.matches as m
    where m.paper_key in (select paper_key from chosen)
),
liked as (
    select s.paper_key, max_by(n.value, (n.observed_at, n.value)) as upvotes
    from core.metrics as n
    join places as s on s.sighting_key = n.sighting_key and s.partition_on = n.partition_on
    where n.metric = 'upvotes'
    group by s.paper_key
),
said as (
    select
        m.paper_key,
        string_agg(
            concat_ws(
                ' ', c.review.summary, c.review.methodology, c.review.experiments, c.review.reproducibility,
                c.review.limitations, c.review.impact, array_to_string(c.review.unassigned, ' ')
            ),
            ' ' order by s.source, s.partition_on, s.sighting_key
        ) as review
    from places as m
    join core.sightings as s on s.sighting_key = m.sighting_key and s.partition_on = m.partition_on
    join raw.contents as c on c.content_key = s.content_key
    where c.review is not null
    group by m.paper_key
)
select
    p.paper_key,
    p.title,
    p.arxiv_id,
    coalesce(
        'https://arxiv.org/abs/' || p.arxiv_id,
        'https://doi.org/' || p.doi,
        [link.url for link in p.links if link.kind = 'paper'][1],
        [link.url for link in p.links if link.kind in ('project', 'code')][1],
        p.links[1].url
    ) as link,
    p.first_listed_on,
    p.last_listed_on,
    l.upvotes,
    p.sources,
    p.abstract,
    s.review
from marts.papers as p
left join liked as l on l.paper_key = p.paper_key
left join said as s on s.paper_key = p.paper_key
where p.paper_key in (select paper_key from chosen)
