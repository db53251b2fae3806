update parts
set sent_at = $sent_at, payload = null
where issue_id = $issue_id and place = $place
