insert into parts (issue_id, place, part_id, payload)
values ($issue_id, $place, $part_id, $payload)
