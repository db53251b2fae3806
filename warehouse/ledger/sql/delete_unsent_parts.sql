delete from parts
where issue_id = $issue_id and sent_at is null
