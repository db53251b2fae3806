create table main.texts as
select p.paper_key, p.title, p.abstract, r.review
from working.core.papers as p
left join (
    select
        paper_key,
        string_agg(
            concat_ws(
                ' ', summary, methodology, experiments, reproducibility, limitations, impact,
                array_to_string(unassigned, ' ')
            ),
            ' ' order by source, partition_on
        ) as review
    from working.marts.reviews
    group by paper_key
) as r on r.paper_key = p.paper_key
order by p.paper_key
