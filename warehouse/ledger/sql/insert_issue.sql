insert into issues (issue_id, reader, channel, made_at, look, state)
values (:issue_id, :reader, :channel, :made_at, :look, 'prepared')
