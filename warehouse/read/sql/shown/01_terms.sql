create table core.terms (source varchar not null, content varchar not null)
