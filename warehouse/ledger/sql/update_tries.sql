update parts
set tries = tries + 1
where issue_id = $issue_id and place = $place
