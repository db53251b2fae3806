delete from postings
where block_key = ? and record = ?
