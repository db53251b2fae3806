create macro marts.search(query) as table
select s.paper_key, s.title, s.score
from (
    select paper_key, title, fts_main_texts.match_bm25(paper_key, query) as score
    from core.papers
) as s
where s.score is not null
order by s.score desc, s.paper_key
