-- All papers that name one of these authors.
create or replace temp table touched_papers as
select paper_key
from changed_papers
union
select n.paper_key
from (
    select mark, unnest(author_marks) as author_mark
    from core.paper_marks
) as b
join paper_marks_now as n on n.mark = b.mark
where b.author_mark in (select author_mark from touched_keys)
