insert into state (engines, snapshot, removals, papers_count, first_day, last_day)
values (?, ?, ?, ?, ?, ?)
