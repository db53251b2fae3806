create table raw.fact_answers (
    service varchar not null,
    page_sha256 varchar not null,
    fetched_at timestamp not null,
    url varchar not null,
    outcome varchar not null,
    response_at timestamp,
    facts_count integer not null,
    missing_count integer not null,
    error_code varchar,
    reason varchar,
    asked_set varchar,
    asked_from date,
    asked_token varchar,
    next_token varchar,
    token_expires_at timestamp,
    extractor_version integer not null,
    run_id varchar not null
);
comment on table raw.fact_answers is 'One answer of a service that knows facts by id, at the time at which it was read.';
comment on column raw.fact_answers.service is 'Name of the service.';
comment on column raw.fact_answers.page_sha256 is 'SHA-256 of the answer; the bytes themselves lie in the landing store.';
comment on column raw.fact_answers.fetched_at is 'When it was read, UTC.';
comment on column raw.fact_answers.url is 'Address that was asked.';
comment on column raw.fact_answers.outcome is 'facts, nothing (nothing new, or a token that is not known any more) or refused.';
comment on column raw.fact_answers.response_at is 'The time in the answer, by the clock of the service, UTC.';
comment on column raw.fact_answers.facts_count is 'Records that were read from it.';
comment on column raw.fact_answers.missing_count is 'Ids that were asked for and are not in it.';
comment on column raw.fact_answers.error_code is 'The protocol''s own name for an answer without facts; NULL otherwise.';
comment on column raw.fact_answers.reason is 'Why it was refused; NULL otherwise.';
comment on column raw.fact_answers.asked_set is 'Set that was asked for; NULL where none was, or a token was.';
comment on column raw.fact_answers.asked_from is 'First day of the changes that were asked for.';
comment on column raw.fact_answers.asked_token is 'Token that was asked for: it chains the answers of one harvest.';
comment on column raw.fact_answers.next_token is 'Token of the next answer; NULL where this one is the last.';
comment on column raw.fact_answers.token_expires_at is 'Until when the service knows that token, UTC.';
comment on column raw.fact_answers.extractor_version is 'Version of the reader that read it.';
comment on column raw.fact_answers.run_id is 'The run that read it last.';

create table raw.missing_facts (
    service varchar not null,
    arxiv_id varchar not null,
    asked_at timestamp not null,
    page_sha256 varchar not null
);
comment on table raw.missing_facts is 'One id that was asked for and of which the answer says nothing.';
comment on column raw.missing_facts.service is 'Name of the service.';
comment on column raw.missing_facts.arxiv_id is 'Id as it was asked for.';
comment on column raw.missing_facts.asked_at is 'When the answer was read, UTC: it is asked for again after thirty days.';
comment on column raw.missing_facts.page_sha256 is 'SHA-256 of the answer.';

create table raw.arxiv_facts (
    content_key varchar not null,
    arxiv_id varchar not null,
    service varchar not null,
    title varchar,
    abstract varchar,
    authors varchar[],
    authors_text varchar,
    categories varchar[],
    comments varchar,
    journal_ref varchar,
    doi varchar,
    doi_text varchar,
    report_no varchar,
    license varchar,
    submitter varchar,
    versions struct(number integer, created_at timestamp, size_text varchar, source_type varchar)[],
    changed_on date,
    is_deleted boolean not null,
    renumbered_to varchar,
    first_version_on date,
    latest_version integer,
    has_all_versions boolean not null,
    venue varchar,
    venue_words varchar,
    is_withdrawn boolean not null,
    extractor_version integer not null,
    first_read_at timestamp not null,
    first_page_sha256 varchar not null,
    last_read_at timestamp not null,
    last_page_sha256 varchar not null
);
comment on table raw.arxiv_facts is 'What a service said of an arXiv id, stored once however often it was read.';
comment on column raw.arxiv_facts.content_key is 'Digest of service, id and everything that was said.';
comment on column raw.arxiv_facts.arxiv_id is 'arXiv id without version.';
comment on column raw.arxiv_facts.service is 'Name of the service.';
comment on column raw.arxiv_facts.title is 'Title on one line, NFC.';
comment on column raw.arxiv_facts.abstract is 'Abstract with its line breaks unwrapped, NFC.';
comment on column raw.arxiv_facts.authors is 'Authors in order, without affiliations.';
comment on column raw.arxiv_facts.authors_text is 'Authors as one text, where the service gives them so.';
comment on column raw.arxiv_facts.categories is 'Categories, the primary one first.';
comment on column raw.arxiv_facts.comments is 'The authors'' own line of comments.';
comment on column raw.arxiv_facts.journal_ref is 'Journal reference as the authors give it.';
comment on column raw.arxiv_facts.doi is 'First DOI of the publication, in lower case.';
comment on column raw.arxiv_facts.doi_text is 'DOIs as printed: there may be several.';
comment on column raw.arxiv_facts.report_no is 'Report number.';
comment on column raw.arxiv_facts.license is 'Address of the licence.';
comment on column raw.arxiv_facts.submitter is 'Who submitted it.';
comment on column raw.arxiv_facts.versions is 'Versions in order: number, when it was submitted (UTC), size and source type as printed.';
comment on column raw.arxiv_facts.changed_on is 'Day on which arXiv last changed the record; NULL where the service does not say.';
comment on column raw.arxiv_facts.is_deleted is 'Whether arXiv deleted the record: then nothing else is said.';
comment on column raw.arxiv_facts.renumbered_to is 'Id that the record itself names, where it is another one.';
comment on column raw.arxiv_facts.first_version_on is 'Day of version 1, UTC.';
comment on column raw.arxiv_facts.latest_version is 'Highest version.';
comment on column raw.arxiv_facts.has_all_versions is 'Whether every version up to the latest is in versions.';
comment on column raw.arxiv_facts.venue is 'Where it was accepted or published, as the comments say; NULL where none is sure.';
comment on column raw.arxiv_facts.venue_words is 'The words of the comments from which the venue was read.';
comment on column raw.arxiv_facts.is_withdrawn is 'Whether the comments say that it is withdrawn, or its last version is empty.';
comment on column raw.arxiv_facts.extractor_version is 'Version of the reader that read it last.';
comment on column raw.arxiv_facts.first_read_at is 'When it was read first as it is, UTC.';
comment on column raw.arxiv_facts.first_page_sha256 is 'The answer from which it was read first.';
comment on column raw.arxiv_facts.last_read_at is 'When it was read last as it is, UTC.';
comment on column raw.arxiv_facts.last_page_sha256 is 'The answer from which it was read last.';

create table core.arxiv_facts (
    arxiv_id varchar not null,
    content_key varchar not null,
    extractor_version integer not null,
    read_at timestamp not null,
    page_sha256 varchar not null,
    first_version_on date,
    latest_version integer,
    doi varchar,
    journal_ref varchar,
    venue varchar,
    venue_words varchar,
    categories varchar[],
    license varchar,
    is_withdrawn boolean not null
);
comment on table core.arxiv_facts is 'What holds of an arXiv id: what was said when it was read last, whenever that was loaded.';
comment on column core.arxiv_facts.arxiv_id is 'arXiv id without version.';
comment on column core.arxiv_facts.content_key is 'What is said of it: a row of raw.arxiv_facts.';
comment on column core.arxiv_facts.extractor_version is 'Version of the reader that read it.';
comment on column core.arxiv_facts.read_at is 'When it was read last, UTC.';
comment on column core.arxiv_facts.page_sha256 is 'The answer from which it was read last.';
comment on column core.arxiv_facts.first_version_on is 'Day of version 1, UTC.';
comment on column core.arxiv_facts.latest_version is 'Highest version.';
comment on column core.arxiv_facts.doi is 'First DOI of the publication, in lower case.';
comment on column core.arxiv_facts.journal_ref is 'Journal reference as the authors give it.';
comment on column core.arxiv_facts.venue is 'Where it was accepted or published, as the comments say; NULL where none is sure.';
comment on column core.arxiv_facts.venue_words is 'The words of the comments from which the venue was read.';
comment on column core.arxiv_facts.categories is 'Categories, the primary one first.';
comment on column core.arxiv_facts.license is 'Address of the licence.';
comment on column core.arxiv_facts.is_withdrawn is 'Whether it is withdrawn.';

create view marts.arxiv_facts as
select
    f.arxiv_id,
    r.title,
    r.abstract,
    r.authors,
    r.authors_text,
    r.categories,
    r.comments,
    r.venue,
    r.venue_words,
    r.journal_ref,
    r.doi,
    r.doi_text,
    r.report_no,
    r.license,
    r.submitter,
    r.first_version_on,
    r.latest_version,
    r.versions,
    r.has_all_versions,
    r.is_withdrawn,
    r.is_deleted,
    r.renumbered_to,
    r.changed_on,
    r.service,
    f.read_at,
    f.page_sha256
from core.arxiv_facts as f
join raw.arxiv_facts as r on r.arxiv_id = f.arxiv_id and r.content_key = f.content_key;
comment on view marts.arxiv_facts is 'One row an arXiv id of which a service said something: what it said when it was read last. Apart from what lists printed; ids that no list names are there too.';
comment on column marts.arxiv_facts.arxiv_id is 'arXiv id without version.';
comment on column marts.arxiv_facts.title is 'Title as arXiv has it.';
comment on column marts.arxiv_facts.abstract is 'Abstract as arXiv has it.';
comment on column marts.arxiv_facts.authors is 'Authors in order, without affiliations.';
comment on column marts.arxiv_facts.authors_text is 'Authors as one text, with affiliations; NULL where the service gives names.';
comment on column marts.arxiv_facts.categories is 'Categories, the primary one first.';
comment on column marts.arxiv_facts.comments is 'The authors'' own line of comments.';
comment on column marts.arxiv_facts.venue is 'Where it was accepted or published, as the comments say; NULL where none is sure.';
comment on column marts.arxiv_facts.venue_words is 'The words of the comments from which the venue was read.';
comment on column marts.arxiv_facts.journal_ref is 'Journal reference as the authors give it.';
comment on column marts.arxiv_facts.doi is 'First DOI of the publication, in lower case.';
comment on column marts.arxiv_facts.doi_text is 'DOIs as printed: there may be several.';
comment on column marts.arxiv_facts.report_no is 'Report number.';
comment on column marts.arxiv_facts.license is 'Address of the licence; NULL for many papers before 2009, and from the API.';
comment on column marts.arxiv_facts.submitter is 'Who submitted it; NULL from the API.';
comment on column marts.arxiv_facts.first_version_on is 'Day of version 1, UTC.';
comment on column marts.arxiv_facts.latest_version is 'Highest version.';
comment on column marts.arxiv_facts.versions is 'Versions in order: number, when it was submitted (UTC), size and source type as printed.';
comment on column marts.arxiv_facts.has_all_versions is 'Whether versions is complete: the API gives the first and the current one only.';
comment on column marts.arxiv_facts.is_withdrawn is 'Whether the comments say that it is withdrawn, or its last version is empty (0kb).';
comment on column marts.arxiv_facts.is_deleted is 'Whether arXiv deleted the record: then nothing else is said.';
comment on column marts.arxiv_facts.renumbered_to is 'Id that the record itself names, where it is another one.';
comment on column marts.arxiv_facts.changed_on is 'Day on which arXiv last changed the record; NULL from the API.';
comment on column marts.arxiv_facts.service is 'The service that said so: arxiv_oai or arxiv_api.';
comment on column marts.arxiv_facts.read_at is 'When it was read last, UTC.';
comment on column marts.arxiv_facts.page_sha256 is 'The answer from which it was read last.';

create view marts.arxiv_versions as
with each_version as (
    select arxiv_id, latest_version, service, read_at, unnest(versions) as version
    from marts.arxiv_facts
)
select
    arxiv_id,
    version.number as version,
    version.created_at as created_at,
    version.size_text as size_text,
    version.source_type as source_type,
    version.number = latest_version as is_latest,
    service,
    read_at
from each_version;
comment on view marts.arxiv_versions is 'One row a version of an arXiv id, as far as versions are known.';
comment on column marts.arxiv_versions.arxiv_id is 'arXiv id without version.';
comment on column marts.arxiv_versions.version is 'Number of the version, from 1.';
comment on column marts.arxiv_versions.created_at is 'When it was submitted, UTC.';
comment on column marts.arxiv_versions.size_text is 'Size as printed (779kb); NULL from the API.';
comment on column marts.arxiv_versions.source_type is 'arXiv''s letter for its source, as printed; mostly NULL.';
comment on column marts.arxiv_versions.is_latest is 'Whether it is the latest version.';
comment on column marts.arxiv_versions.service is 'The service that said so.';
comment on column marts.arxiv_versions.read_at is 'When it was read last, UTC.';

create or replace view marts.papers as
select
    p.paper_key,
    p.title,
    p.abstract,
    p.authors,
    p.author_count,
    p.arxiv_id,
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
    f.is_withdrawn
from core.papers as p
left join core.arxiv_facts as f on f.arxiv_id = p.arxiv_id;
comment on view marts.papers is 'One row a paper: what lists and reviews printed, and at its end what arXiv says of its id.';
comment on column marts.papers.paper_key is 'Stable key; never reused.';
comment on column marts.papers.title is 'Title; NULL if no source gave one.';
comment on column marts.papers.abstract is 'Abstract.';
comment on column marts.papers.authors is 'Authors in order; empty if no source named them.';
comment on column marts.papers.author_count is 'Number of authors, which a source may give without names.';
comment on column marts.papers.arxiv_id is 'arXiv id without version.';
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

comment on column ops.runs.source is 'Name of the source; of the service where facts were asked for.';
comment on column ops.runs.flow is 'What asked for the run: ingest, adopt, backfill, facts, replay, requeue, or the command of a person''s decision.';
comment on column ops.runs.entries_count is 'Entries on the page: sightings + rejections; records and missing ids in an answer of a service.';
comment on column marts.runs.source is 'Name of the source; of the service where facts were asked for, which has no partitions.';
comment on column marts.runs.entries_count is 'Entries on the page: sightings + rejections; records and missing ids in an answer of a service.';
