-- Another paper that has a withheld text too.
insert into withheld_records
with texts as (
    select e.sighting_key, t.content
    from raw.entries as e
    join (
        select content_key, 'abstract' as content, abstract_text as text
        from raw.contents
        union all
        select content_key, 'summary', unnest([site_summary, review.summary])
        from raw.contents
    ) as t on t.content_key = e.content_key
    where text_key(t.text) in (select key from withheld_keys)
),
same as (
    select coalesce(other.sighting_key, t.sighting_key) as sighting_key, t.content
    from texts as t
    left join core.matches as m on m.sighting_key = t.sighting_key
    left join core.matches as other on other.paper_key = m.paper_key
    union
    select m.sighting_key, 'abstract'
    from raw.arxiv_facts as f
    join arxiv_ids as i on i.arxiv_id = f.arxiv_id
    join core.matches as m on m.paper_key = i.paper_key
    where text_key(f.abstract) in (select key from withheld_keys)
)
select sighting_key, content, null
from same
