-- Of the staged listings those that are new, or that another reading or another extractor now describes otherwise.
select s.run_id, s.source, s.partition_on, s.page_sha256, l.page_sha256 is null as is_new
from stage_listings as s
left join raw.listings as l
    on l.source = s.source and l.partition_on = s.partition_on and l.page_sha256 = s.page_sha256
where
    l.page_sha256 is null
    or (l.outcome, l.is_closed, l.is_degraded, l.is_partial, l.entries_digest, l.extractor_version, l.shape)
    is distinct from
    (s.outcome, s.is_closed, s.is_degraded, s.is_partial, s.entries_digest, s.extractor_version, s.shape)
