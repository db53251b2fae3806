create table ops.withholdings (
    decision_id varchar not null,
    contents varchar[] not null,
    sightings varchar[] not null,
    source varchar,
    name varchar,
    is_withheld boolean not null,
    reason varchar,
    decided_at timestamp not null,
    run_id varchar not null
);
comment on table ops.withholdings is 'A person''s word that texts of a paper or a name are not published, or are again; the latest word on each counts. A snapshot holds neither names nor reasons.';
comment on column ops.withholdings.decision_id is 'Made by chance when it was decided: it tells nothing of a name.';
comment on column ops.withholdings.contents is 'abstract, review and summary of a paper, the name of an author on it, or the name of an account.';
comment on column ops.withholdings.sightings is 'The records of the paper when it was decided; the paper that any of them belongs to is meant. Empty for an account.';
comment on column ops.withholdings.source is 'Source or service of the account.';
comment on column ops.withholdings.name is 'Name of the account or author; always NULL in a snapshot.';
comment on column ops.withholdings.is_withheld is 'True: not published. False: the earlier word is taken back.';
comment on column ops.withholdings.reason is 'Why, in the person''s words; always NULL in a snapshot.';
comment on column ops.withholdings.decided_at is 'When it was decided, UTC.';
comment on column ops.withholdings.run_id is 'The run that recorded it.';

create table core.withheld (
    paper_key varchar not null,
    content varchar not null,
    source varchar,
    abstract_key varchar
);
comment on table core.withheld is 'One row a text or name of a paper that is not in this file. Filled in snapshots only: the writer''s file has everything.';
comment on column core.withheld.paper_key is 'The paper.';
comment on column core.withheld.content is 'abstract, review, summary, author or account.';
comment on column core.withheld.source is 'Source or service of the account; NULL for the others.';
comment on column core.withheld.abstract_key is 'Digest of a withheld abstract''s letters and digits, by which arXiv''s facts are found (see core.abstract_key).';

create view marts.withheld as
select distinct paper_key, content, source
from core.withheld;
comment on view marts.withheld is 'One row a text or name that a person asked to take down: what is not in this file, though a page printed it.';
comment on column marts.withheld.paper_key is 'The paper.';
comment on column marts.withheld.content is 'abstract, review or summary (of reviewers and sites), an author''s name, or the name of an account that submitted it.';
comment on column marts.withheld.source is 'Source or service of the account; NULL for the others.';

create or replace view marts.papers as
with named as (
    select p.paper_key, any_value(f.arxiv_id) as arxiv_id, any_value(f.content_key) as content_key
    from core.papers as p
    left join core.withheld as w on w.paper_key = p.paper_key and w.content = 'abstract'
    join core.arxiv_facts as f on f.abstract_key = coalesce(w.abstract_key, core.abstract_key(p.abstract))
    where p.title is null and p.arxiv_id is null and coalesce(p.abstract, w.abstract_key) is not null
    group by p.paper_key
    -- Two ids with one abstract name neither.
    having count(*) = 1
),
names as (
    select n.paper_key, n.arxiv_id, r.title, r.authors
    from named as n
    join raw.arxiv_facts as r on r.arxiv_id = n.arxiv_id and r.content_key = n.content_key
)
select
    p.paper_key,
    coalesce(p.title, n.title) as title,
    p.abstract,
    case when len(p.authors) = 0 then coalesce(n.authors, p.authors) else p.authors end as authors,
    coalesce(p.author_count, len(n.authors)) as author_count,
    coalesce(p.arxiv_id, n.arxiv_id) as arxiv_id,
    coalesce(p.doi, f.doi) as doi,
    p.published_on,
    p.published_on_source,
    p.published_certainty,
    p.institutions,
    p.links,
    p.sources,
    p.first_listed_on,
    p.last_listed_on,
    p.first_reviewed_on,
    p.previous_keys,
    f.first_version_on,
    f.latest_version,
    f.journal_ref,
    f.venue,
    f.venue_words,
    f.categories as arxiv_categories,
    f.license,
    f.is_withdrawn,
    n.paper_key is not null as is_named_by_arxiv,
    p.paper_key in (select h.paper_key from core.withheld as h) as is_withheld
from core.papers as p
left join names as n on n.paper_key = p.paper_key
left join core.arxiv_facts as f on f.arxiv_id = coalesce(p.arxiv_id, n.arxiv_id);
comment on view marts.papers is 'One row a paper: what lists and reviews printed, and at its end what arXiv says of its id.';
comment on column marts.papers.paper_key is 'Stable key; never reused.';
comment on column marts.papers.title is 'Title; that of arXiv where only it has one (see is_named_by_arxiv); NULL if nobody gave one.';
comment on column marts.papers.abstract is 'Abstract; NULL if no source gave one, or if it is withheld (see withheld).';
comment on column marts.papers.authors is 'Authors in order; empty if no source named them; those of arXiv where is_named_by_arxiv. A name that is withheld reads (name withheld).';
comment on column marts.papers.author_count is 'Number of authors, which a source may give without names; that of arXiv where is_named_by_arxiv.';
comment on column marts.papers.arxiv_id is 'arXiv id without version; found by the abstract where is_named_by_arxiv.';
comment on column marts.papers.doi is 'DOI in lower case, as a source printed it; where none did, the one that arXiv has.';
comment on column marts.papers.published_on is 'Day of publication.';
comment on column marts.papers.published_on_source is 'The source that gave it.';
comment on column marts.papers.published_certainty is 'stated, or inferred_year where the year was not printed.';
comment on column marts.papers.institutions is 'Institutions that reviews or listings name, in order of trust, without repeats.';
comment on column marts.papers.links is 'Links of all sightings, without repeats.';
comment on column marts.papers.sources is 'Sources that list or review it, sorted.';
comment on column marts.papers.first_listed_on is 'First day of the first list that has it, reviews left out; of the lists of an archive only where no other has it. NULL if it was only reviewed.';
comment on column marts.papers.last_listed_on is 'First day of the last list that has it, reviews left out; of the lists of an archive only where no other has it. NULL if it was only reviewed.';
comment on column marts.papers.first_reviewed_on is 'First day of the first partition that reviews it; NULL if none does.';
comment on column marts.papers.previous_keys is 'Keys of papers that turned out to be this one.';
comment on column marts.papers.first_version_on is 'Day of arXiv version 1, UTC; NULL if nothing is known of its arXiv id.';
comment on column marts.papers.latest_version is 'Highest arXiv version when its facts were read last.';
comment on column marts.papers.journal_ref is 'Journal reference in arXiv.';
comment on column marts.papers.venue is 'Where it was accepted or published, as its comments in arXiv say; NULL where none is sure.';
comment on column marts.papers.venue_words is 'The words from which the venue was read.';
comment on column marts.papers.arxiv_categories is 'Categories in arXiv, the primary one first.';
comment on column marts.papers.license is 'Address of its licence in arXiv.';
comment on column marts.papers.is_withdrawn is 'Whether it is withdrawn from arXiv; NULL if nothing is known of its arXiv id.';
comment on column marts.papers.is_named_by_arxiv is 'Whether no source gave a title or an id, and both come from arXiv, whose abstract has the same letters and digits.';
comment on column marts.papers.is_withheld is 'Whether a text or a name of it is withheld from this file (see withheld).';

create or replace view marts.paper_authors as
select
    a.paper_key,
    a.place as position,
    nullif(a.author, '(name withheld)') as author,
    trim(regexp_replace(lower(strip_accents(nullif(a.author, '(name withheld)'))), '[\s.]+', ' ', 'g')) as author_key
from (
    select paper_key, unnest(authors) as author, unnest(range(1, len(authors) + 1))::integer as place
    from core.papers
) as a;
comment on view marts.paper_authors is 'One row a paper and place in its list of authors.';
comment on column marts.paper_authors.paper_key is 'The paper.';
comment on column marts.paper_authors.position is 'Place in the list, from 1.';
comment on column marts.paper_authors.author is 'The name as printed; NULL if it is withheld.';
comment on column marts.paper_authors.author_key is 'The name in lower case without accents and full stops: equal for spellings of one name.';

create or replace view marts.authors as
select
    a.author_key,
    mode(a.author order by a.author) as author,
    list(distinct a.author order by a.author) as spellings,
    count(distinct a.paper_key) as papers_count,
    count(distinct a.paper_key) filter (where a.position = 1) as first_author_count,
    count(distinct r.paper_key) as reviewed_count,
    min(p.first_listed_on) as first_listed_on,
    max(p.last_listed_on) as last_listed_on
from marts.paper_authors as a
join core.papers as p on p.paper_key = a.paper_key
left join (select distinct paper_key from marts.reviews) as r on r.paper_key = a.paper_key
where a.author is not null
group by a.author_key;
comment on view marts.authors is 'One row a name of an author. A name is not a person: two people of one name are one row.';
comment on column marts.authors.author_key is 'The name in lower case without accents and full stops.';
comment on column marts.authors.author is 'Its most frequent spelling.';
comment on column marts.authors.spellings is 'All spellings.';
comment on column marts.authors.papers_count is 'Papers that name it.';
comment on column marts.authors.first_author_count is 'Papers that name it first.';
comment on column marts.authors.reviewed_count is 'Papers that name it and have a review.';
comment on column marts.authors.first_listed_on is 'First partition that lists one of them.';
comment on column marts.authors.last_listed_on is 'Last partition that lists one of them.';
