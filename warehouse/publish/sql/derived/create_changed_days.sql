create or replace temp table changed_days as
select partition_on
from day_marks_now as n
full join core.day_marks as b using (partition_on)
where n.mark is distinct from b.mark
