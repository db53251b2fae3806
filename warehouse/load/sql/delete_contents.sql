delete from raw.contents as c
using stage_contents as s
where c.content_key = s.content_key
    and not exists (from raw.entries as e where e.content_key = s.content_key)
