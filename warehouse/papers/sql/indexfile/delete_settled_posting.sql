delete from settled_postings
where block_key = ? and record = ?
