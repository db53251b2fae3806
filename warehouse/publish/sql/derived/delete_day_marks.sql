delete from core.day_marks
