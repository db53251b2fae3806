create or replace temp table stage_partitions as
from ops.partitions
limit 0
