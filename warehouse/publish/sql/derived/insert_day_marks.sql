insert into core.day_marks by name
select *
from day_marks_now
