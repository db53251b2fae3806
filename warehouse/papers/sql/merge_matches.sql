merge into core.matches as t
using stage_matches as s
using (sighting_key, partition_on)
when matched then update by name
