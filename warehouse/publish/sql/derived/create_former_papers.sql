-- Papers as they were that are gone or changed.
create or replace temp table former_papers as
select *
from core.paper_marks
where mark not in (select mark from paper_marks_now)
