-- The papers that were listed last come first.
select p.arxiv_id
from core.papers as p
anti join core.arxiv_facts as f on f.arxiv_id = p.arxiv_id
anti join (
    select arxiv_id
    from raw.missing_facts
    where asked_at > $asked_since
) as m on m.arxiv_id = p.arxiv_id
where p.arxiv_id is not null
group by p.arxiv_id
order by max(coalesce(p.last_listed_on, p.first_reviewed_on)) desc nulls last, p.arxiv_id
