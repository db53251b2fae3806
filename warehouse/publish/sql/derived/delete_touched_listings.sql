delete from core.listed
where paper_key in (select paper_key from touched_listings)
