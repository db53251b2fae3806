select i.issue_id, i.made_at, i.look
from issues as i
where i.reader = :reader and i.channel = :channel and i.state = 'prepared'
