-- Names of authors, institutions and topics that at least so many papers have.
select 'author' as what, author_key as key
from marts.authors
where papers_count >= $least and author_key <> ''
union all
select 'institution', institution_key
from marts.institutions
where papers_count >= $least
union all
select 'topic', key
from (
    select lower(trim(regexp_replace(w.word, '\s+', ' ', 'g'))) as key, m.paper_key
    from (select content_key, unnest(site_keywords) as word from raw.contents) as w
    join core.sightings as s on s.content_key = w.content_key
    join core.matches as m on m.sighting_key = s.sighting_key
)
where key <> ''
group by key
having count(distinct paper_key) >= $least
