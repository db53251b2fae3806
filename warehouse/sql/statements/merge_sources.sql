merge into ops.sources as t
using stage_sources as s on t.source = s.source
when matched and (t.trust, t.closing, t.extractor_version, t.partition_days)
    is distinct from (s.trust, s.closing, s.extractor_version, s.partition_days) then
    update set
        trust = s.trust,
        closing = s.closing,
        extractor_version = s.extractor_version,
        partition_days = s.partition_days
when not matched then
    insert (source, trust, closing, extractor_version, partition_days)
    values (s.source, s.trust, s.closing, s.extractor_version, s.partition_days)
