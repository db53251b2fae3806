select place, part_id, payload, tries, sent_at is not null as is_sent
from parts
where issue_id = $issue_id
order by place
