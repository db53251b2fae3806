-- Hashes of the keys of authors on papers that changed, as they were and as they are.
create or replace temp table touched_keys as
select distinct unnest(author_marks) as author_mark
from (
    select author_marks
    from former_papers
    union all
    select list_transform(authors, lambda author: hash(core.author_key(author)))
    from core.papers
    where paper_key in (select paper_key from changed_papers)
)
