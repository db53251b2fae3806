with known as (
    select core.institution_key(alias) as name_key, min(core.institution_key(institution)) as institution_key
    from core.institution_aliases
    group by all
),
filed as (
    select
        f.paper_key,
        list(coalesce(k.institution_key, core.institution_key(f.name)) order by f.place) as institution_keys
    from (
        select paper_key, unnest(institutions) as name, unnest(range(len(institutions))) as place
        from core.papers
        where paper_key in (select unnest($keys))
    ) as f
    left join known as k on k.name_key = core.institution_key(f.name)
    group by f.paper_key
)
select
    p.paper_key,
    p.title,
    p.abstract,
    p.authors,
    [trim(regexp_replace(lower(strip_accents(author)), '[\s.]+', ' ', 'g')) for author in p.authors] as author_keys,
    p.author_count,
    p.arxiv_id,
    p.doi,
    p.published_on,
    p.published_on_source,
    p.published_certainty,
    p.institutions,
    f.institution_keys,
    p.links,
    p.sources,
    p.first_listed_on,
    p.last_listed_on,
    p.first_reviewed_on,
    p.previous_keys,
    p.venue,
    p.venue_words,
    p.journal_ref,
    p.arxiv_categories,
    p.license,
    p.is_withdrawn,
    p.is_named_by_arxiv,
    w.withheld
from marts.papers as p
left join filed as f on f.paper_key = p.paper_key
left join (
    select paper_key, list(distinct content order by content) as withheld
    from core.withheld
    where paper_key in (select unnest($keys))
    group by paper_key
) as w on w.paper_key = p.paper_key
where p.paper_key in (select unnest($keys))
