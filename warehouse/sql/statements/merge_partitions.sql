merge into ops.partitions as t
using stage_partitions as s on t.source = s.source and t.partition_on = s.partition_on
when matched then
    update set
        state = s.state,
        entries_count = s.entries_count,
        last_run_id = s.last_run_id,
        last_read_at = s.last_read_at
when not matched then
    insert (source, partition_on, state, entries_count, last_run_id, last_read_at)
    values (s.source, s.partition_on, s.state, s.entries_count, s.last_run_id, s.last_read_at)
