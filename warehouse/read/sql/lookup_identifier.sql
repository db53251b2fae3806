-- A paper's own identifier comes first: another's may be a slip on some page, or the one of a paper that was merged with it.
with own as (
    select paper_key
    from core.papers
    where arxiv_id = $arxiv_id or doi = $doi
),
others as (
    select m.paper_key
    from raw.contents as c
    join core.sightings as s on s.content_key = c.content_key
    join core.matches as m on m.sighting_key = s.sighting_key
    where c.arxiv_id = $arxiv_id or c.doi = $doi
    union
    -- That arXiv gives, where no page did.
    select p.paper_key
    from core.arxiv_facts as f
    join core.papers as p on p.arxiv_id = f.arxiv_id
    where f.doi = $doi
    union
    select p.paper_key
    from core.arxiv_facts as f
    join core.papers as p on p.title is null and p.arxiv_id is null and core.abstract_key(p.abstract) = f.abstract_key
    where f.arxiv_id = $arxiv_id
)
select p.paper_key, f.founding_key, p.title
from core.papers as p
join core.founders as f on f.paper_key = p.paper_key
where p.paper_key in (select paper_key from own)
    or (not exists (select 1 from own) and p.paper_key in (select paper_key from others))
order by p.paper_key
