update core.papers as p
set
    abstract = case when w.has_abstract then null else without_names(p.abstract, w.names, w.patterns) end,
    authors = [
        case when list_contains(w.names, name_key(each)) then '(name withheld)' else each end for each in p.authors
    ]
from (
    select
        m.paper_key,
        bool_or(r.content = 'abstract') as has_abstract,
        coalesce(list(name_key(r.name)) filter (r.content = 'author'), []) as names,
        n.patterns
    from withheld_records as r
    join core.matches as m on m.sighting_key = r.sighting_key
    cross join withheld_names as n
    group by m.paper_key, n.patterns
) as w
where w.paper_key = p.paper_key
