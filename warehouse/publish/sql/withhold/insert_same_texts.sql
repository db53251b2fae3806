-- Another paper that has a withheld text too.
insert into withheld_records
with keys as (
    select distinct text_key(text) as key
    from texts_of_records()
    where text_key(text) is not null
),
same as (
    select e.sighting_key, t.content
    from raw.entries as e
    join (
        select content_key, 'abstract' as content, abstract_text as text
        from raw.contents
        union all
        select content_key, 'summary', unnest([site_summary, review.summary])
        from raw.contents
    ) as t on t.content_key = e.content_key
    where text_key(t.text) in (select key from keys)
)
select distinct coalesce(other.sighting_key, s.sighting_key), s.content, null
from same as s
left join core.matches as m on m.sighting_key = s.sighting_key
left join core.matches as other on other.paper_key = m.paper_key
