with chosen as (
    from documents
    where paper_key in (select unnest(from_json($keys, '["varchar"]')))
        and paper_key between $first and $last
),
named as (
    select n.paper_key, list_sort(list(distinct a.institution)) as full_names
    from (select paper_key, unnest(institutions) as name from chosen) as n
    join core.institution_aliases as a on core.institution_key(a.alias) = core.institution_key(n.name)
    group by n.paper_key
)
select c.*, n.full_names
from chosen as c
left join named as n on n.paper_key = c.paper_key
order by c.paper_key
