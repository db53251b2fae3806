-- Only what would be there.
insert into core.withheld
by name
select distinct t.paper_key, t.content, null as source, case when t.content = 'abstract' then core.abstract_key(p.abstract) end as abstract_key
from withheld_texts as t
join core.papers as p on p.paper_key = t.paper_key
union
select m.paper_key, 'author', null, null
from withheld_contents as w
join raw.contents as c on c.content_key = w.content_key
join raw.entries as e on e.content_key = w.content_key
join core.matches as m on m.sighting_key = e.sighting_key
where list_has_any(w.names, [name_key(each) for each in c.authors])
union
select i.paper_key, 'author', null, null
from withheld_ids as i
join raw.arxiv_facts as f on f.arxiv_id = i.arxiv_id
where i.content = 'author' and i.paper_key is not null and list_contains([name_key(each) for each in f.authors], name_key(i.name))
union
select m.paper_key, 'account', core.family_of(e.source), null
from withheld_contents as w
join raw.entries as e on e.content_key = w.content_key
join core.matches as m on m.sighting_key = e.sighting_key
where w.has_account
union
select i.paper_key, 'account', f.service, null
from withheld_facts as w
join raw.arxiv_facts as f on f.arxiv_id = w.arxiv_id
join stage_withheld as s on s.content = 'account' and s.source = f.service and s.name = f.submitter
join arxiv_ids as i on i.arxiv_id = w.arxiv_id
