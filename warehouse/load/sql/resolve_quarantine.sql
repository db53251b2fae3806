update ops.quarantine as q
set resolved_at = $finished_at
from stage_listings as l
where q.source = l.source
    and q.partition_on = l.partition_on
    and q.page_sha256 = l.page_sha256
    and q.resolved_at is null
    and not exists (
        from stage_quarantine as s
        where s.source = q.source
            and s.partition_on = q.partition_on
            and s.page_sha256 = q.page_sha256
            and s.section is not distinct from q.section
            and s.position = q.position
            and s.reason = q.reason
    )
