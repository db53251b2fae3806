insert or replace into buckets (bucket, papers_count, fingerprint)
values (?, ?, ?)
