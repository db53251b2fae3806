-- Names as they were given, and as records and facts of the papers print them.
with printed as (
    select r.name, unnest(c.authors) as spelling
    from withheld_records as r
    join raw.entries as e on e.sighting_key = r.sighting_key
    join raw.contents as c on c.content_key = e.content_key
    where r.content = 'author'
    union
    select i.name, unnest(f.authors)
    from withheld_ids as i
    join raw.arxiv_facts as f on f.arxiv_id = i.arxiv_id
    where i.content = 'author'
)
select name as spelling
from stage_withheld
where name is not null
union
select spelling
from printed
where name_key(spelling) = name_key(name)
order by spelling
