-- Which papers have no title, and why?
select
    array_to_string(p.sources, ', ') as only_in,
    case
        when exists (
            from core.matches as m
            join core.comparisons as c on m.sighting_key in (c.left_key, c.right_key)
            where m.paper_key = p.paper_key and c.verdict = 'undecided'
        ) then 'another paper may be the same, and nobody has decided'
        else 'these sources print no titles, and no other source lists it'
    end as why,
    count(*) as papers,
    left(min(p.abstract), 40) as for_example
from marts.papers as p
where p.title is null
group by all
order by papers desc, only_in, why
