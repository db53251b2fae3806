delete from core.paper_marks
