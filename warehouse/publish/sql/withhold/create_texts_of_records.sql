create temp macro texts_of_records() as table
select distinct e.sighting_key, t.content, t.text
from raw.entries as e
join (
    select content_key, 'abstract' as content, unnest([abstract_text, abstract_raw]) as text
    from raw.contents
    union all
    select
        content_key,
        'review',
        unnest(
            [
                review.summary, review.verdict, review.methodology, review.experiments, review.reproducibility,
                review.limitations, review.impact
            ] || review.unassigned
        )
    from raw.contents
    union all
    select content_key, 'summary', unnest([site_summary, review.summary])
    from raw.contents
) as t on t.content_key = e.content_key
semi join withheld_records as r on r.sighting_key = e.sighting_key and r.content = t.content
where t.text is not null
