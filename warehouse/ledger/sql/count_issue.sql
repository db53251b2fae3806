update channels
set issues_count = issues_count + 1
where reader = $reader and channel = $channel
