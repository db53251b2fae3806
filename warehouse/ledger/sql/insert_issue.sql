insert into issues (issue_id, reader, channel, number, target, made_at, look, state)
select $issue_id, $reader, $channel, issues_count, $target, $made_at, $look, 'prepared'
from channels
where reader = $reader and channel = $channel
