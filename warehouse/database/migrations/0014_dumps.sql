-- A page that is final at its first reading and stands for one day is a dump of a listing, and no day's list.
create macro core.is_dump(partition_days, closing) as partition_days = 1 and closing = 'first_read';
comment on macro core.is_dump is 'Whether what a source gives is a dump: a page of search results as somebody kept it, of papers of any age.';
