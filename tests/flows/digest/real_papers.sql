-- Every paper of the snapshot with what interests look at, in the order of their first records.
with numbers as (
    select paper_key, arg_max(value, observed_at) as upvotes
    from marts.metrics
    where metric = 'upvotes'
    group by paper_key
),
listed as (
    select
        paper_key,
        min(sighting_key) as record,
        list({
            'source': source, 'series': series, 'partition_on': partition_on, 'section': section, 'position': position
        } order by partition_on, source, section, position) as places,
        list_sort(list_distinct(flatten(list(coalesce(site_keywords, []))))) as keywords,
        list_sort(list_distinct(flatten(list(coalesce(categories, []))))) as categories,
        min(partition_on) as first_on
    from marts.sightings
    group by paper_key
)
select
    p.paper_key, l.record, p.previous_keys, p.title, p.abstract, p.authors, p.author_count, p.institutions,
    l.categories, l.keywords, p.arxiv_id, p.doi, p.links, n.upvotes, l.first_on, l.places
from marts.papers as p
join listed as l on l.paper_key = p.paper_key
left join numbers as n on n.paper_key = p.paper_key
order by l.record
