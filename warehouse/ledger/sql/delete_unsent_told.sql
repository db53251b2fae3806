delete from told
where issue_id = $issue_id
    and place in (select place from parts where issue_id = $issue_id and sent_at is null)
