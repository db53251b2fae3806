create virtual table texts using fts5(
    title, abstract, review, authors, institutions, facets,
    content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);

create table papers (
    paper integer primary key,
    paper_key text not null unique,
    fingerprint integer not null,
    day text not null,
    facet_set integer not null
);

create table facet_sets (
    facet_set integer primary key,
    facets text not null unique
);

create table buckets (
    bucket text primary key,
    papers_count integer not null,
    fingerprint integer not null
) without rowid;

create table state (
    engines text not null,
    snapshot text not null,
    removals text not null,
    papers_count integer not null,
    first_day text not null,
    last_day text not null
);
