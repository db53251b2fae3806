create or replace temp table changed_papers as
select *
from paper_marks_now
where mark not in (select mark from core.paper_marks)
