update issues
set state = $state
where issue_id = $issue_id
