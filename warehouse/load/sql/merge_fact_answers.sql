merge into raw.fact_answers as t
using stage_fact_answers as s
on t.service = s.service and t.page_sha256 = s.page_sha256 and t.fetched_at = s.fetched_at
when matched and t.extractor_version < s.extractor_version then update by name
when not matched then insert by name
