create temp table said as
select
    m.paper_key,
    string_agg(
        concat_ws(
            ' ', c.review.summary, c.review.methodology, c.review.experiments, c.review.reproducibility,
            c.review.limitations, c.review.impact, array_to_string(c.review.unassigned, ' ')
        ),
        ' ' order by s.source, s.partition_on, s.sighting_key
    ) filter (where c.review is not null) as review,
    list_sort(list_distinct(flatten(list(c.categories) filter (where c.categories is not null)))) as categories
from raw.contents as c
join core.sightings as s on s.content_key = c.content_key
join core.matches as m on m.sighting_key = s.sighting_key
where c.review is not null or c.categories is not null
group by m.paper_key
