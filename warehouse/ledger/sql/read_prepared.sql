select issue_id, target, made_at, look
from issues
where reader = $reader and channel = $channel and state = 'prepared'
