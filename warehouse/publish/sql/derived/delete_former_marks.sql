delete from core.paper_marks
where mark in (select mark from former_papers)
