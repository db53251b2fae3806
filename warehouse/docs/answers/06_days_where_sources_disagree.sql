-- Where do two sources disagree about a paper?
select p.title, l.source, r.source as other_source, l.published_on, r.published_on as other_published_on
from marts.sightings as l
join marts.sightings as r on r.paper_key = l.paper_key and r.source > l.source
join marts.papers as p on p.paper_key = l.paper_key
where l.published_on <> r.published_on
    or l.arxiv_id <> r.arxiv_id
    or l.author_count <> r.author_count
order by p.title, l.source, r.source, l.partition_on, r.partition_on
