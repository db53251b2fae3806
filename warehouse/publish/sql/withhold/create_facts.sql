create temp table withheld_facts as
select
    f.arxiv_id,
    bool_or(i.content = 'abstract') as has_abstract,
    bool_or(w.content = 'account') as has_account,
    coalesce(list(name_key(i.name)) filter (i.content = 'author'), []) as names
from raw.arxiv_facts as f
left join withheld_ids as i on i.arxiv_id = f.arxiv_id and i.content in ('abstract', 'author')
left join stage_withheld as w on w.content = 'account' and w.source = f.service and w.name = f.submitter
where i.arxiv_id is not null or w.content is not null
group by f.arxiv_id
