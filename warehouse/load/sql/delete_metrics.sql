delete from core.metrics as m
using stage_measured as s
where m.source = s.source
    and m.partition_on = s.partition_on
    and m.page_sha256 = s.page_sha256
    and m.observed_at = s.observed_at
