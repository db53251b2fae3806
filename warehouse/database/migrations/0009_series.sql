alter table raw.contents add column categories varchar[];
alter table raw.contents add column comments varchar;
alter table raw.contents add column journal_ref varchar;
comment on column raw.contents.categories is 'Categories of the archive, the primary one first.';
comment on column raw.contents.comments is 'The authors'' own line of comments, as the archive prints it.';
comment on column raw.contents.journal_ref is 'Where it was published, as the archive prints it.';
