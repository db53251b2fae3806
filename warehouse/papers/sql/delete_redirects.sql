delete from core.redirects as r
using stage_paper_keys as k
where r.previous_key = k.paper_key
