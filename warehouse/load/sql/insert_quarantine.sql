insert into ops.quarantine
by name
from stage_quarantine as s
where not exists (
    from ops.quarantine as q
    where s.source = q.source
        and s.partition_on = q.partition_on
        and s.page_sha256 = q.page_sha256
        and s.section is not distinct from q.section
        and s.position = q.position
        and s.reason = q.reason
        and q.resolved_at is null
)
