create or replace temp table stage_lost as
from ops.lost_partitions
limit 0
