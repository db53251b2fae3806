merge into core.papers as t
using stage_papers as s
using (paper_key)
when matched and t is distinct from s then update by name
when not matched then insert by name
