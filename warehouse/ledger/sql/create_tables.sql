create table channels (
    reader text not null,
    channel text not null,
    since_on text not null,
    looked_at text,
    look text,
    issues_count integer not null default 0,
    primary key (reader, channel)
) strict, without rowid;

create table issues (
    issue_id text not null primary key,
    reader text not null,
    channel text not null,
    number integer not null,
    target text not null,
    made_at text not null,
    look text not null,
    state text not null check (state in ('prepared', 'sent', 'withdrawn'))
) strict, without rowid;

create table parts (
    issue_id text not null references issues,
    place integer not null,
    part_id text not null,
    payload text,
    tries integer not null default 0,
    sent_at text,
    primary key (issue_id, place)
) strict, without rowid;

create table told (
    reader text not null,
    channel text not null,
    what text not null,
    record text not null,
    paper_key text not null,
    upvotes integer,
    told_on text not null,
    is_left_out integer not null,
    issue_id text not null references issues,
    place integer not null,
    primary key (reader, channel, what, record)
) strict, without rowid;

create index told_of_issues on told (issue_id, place);
