-- A key may lack its end, an identifier has one slip at most: those of one month are all alike.
with likened as (
    select
        paper_key,
        title,
        greatest(
            jaro_winkler_similarity(paper_key, $text, 0.9),
            jaro_winkler_similarity(coalesce(arxiv_id, ''), $text, 0.96),
            jaro_winkler_similarity(coalesce(doi, ''), $text, 0.96),
            jaro_winkler_similarity(strip_accents(lower(coalesce(title, ''))), strip_accents($text), 0.87)
        ) as likeness
    from core.papers
)
select l.paper_key, f.founding_key, l.title
from likened as l
join core.founders as f on f.paper_key = l.paper_key
where l.likeness > 0
order by l.likeness desc, l.paper_key
limit 3
