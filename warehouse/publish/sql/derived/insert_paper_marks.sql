insert into core.paper_marks by name
select
    c.part,
    c.mark,
    list_transform(p.authors, lambda author: hash(core.author_key(author))) as author_marks
from changed_papers as c
join core.papers as p on p.paper_key = c.paper_key
