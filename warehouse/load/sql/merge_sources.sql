merge into ops.sources as t
using stage_sources as s
using (source)
when matched and t is distinct from s then update by name
when not matched then insert by name
