-- The fingerprint is the engine's own hash: it only tells rows apart that one release of it reads.
create temp view documents as
select
    p.paper_key,
    p.title,
    p.abstract,
    s.review,
    p.authors,
    p.institutions,
    p.sources,
    list_sort(list_distinct(list_concat(coalesce(p.arxiv_categories, []), coalesce(s.categories, [])))) as categories,
    coalesce(list_contains([link.kind for link in p.links], 'code'), false) as has_code,
    p.first_reviewed_on is not null as is_reviewed,
    coalesce(least(p.first_listed_on, p.first_reviewed_on), p.published_on, date '1970-01-01') as day,
    (
        hash(
            p.paper_key, p.title, p.abstract, s.review, p.authors, p.institutions, p.sources, p.arxiv_categories,
            s.categories, has_code, is_reviewed, day
        ) >> 1
    )::bigint as fingerprint
from marts.papers as p
left join said as s on s.paper_key = p.paper_key
