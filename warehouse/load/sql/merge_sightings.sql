merge into core.sightings as t
using stage_sightings as s
using (sighting_key, partition_on)
when matched then update by name
when not matched then insert by name
