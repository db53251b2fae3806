delete from core.papers as p
using stage_paper_keys as k
where p.paper_key = k.paper_key
    and not exists (from stage_papers as s where s.paper_key = p.paper_key)
