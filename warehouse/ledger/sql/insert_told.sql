insert into told (reader, channel, what, record, paper_key, upvotes, told_on, is_left_out, issue_id, place)
values ($reader, $channel, $what, $record, $paper_key, $upvotes, $told_on, $is_left_out, $issue_id, $place)
on conflict do nothing
