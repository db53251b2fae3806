update channels
set looked_at = $looked_at, look = $look
where reader = $reader and channel = $channel
