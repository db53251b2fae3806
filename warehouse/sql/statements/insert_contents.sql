insert into raw.contents
by name
from stage_contents as s
where not exists (from raw.contents as c where c.content_key = s.content_key)
