create schema ops;
create schema raw;
create schema core;
create schema marts;

create table ops.migrations (
    number integer not null,
    name varchar not null,
    sha256 varchar not null,
    applied_at timestamp not null
);
comment on table ops.migrations is 'One applied migration file: a file that changes after it was applied is refused.';
comment on column ops.migrations.number is 'Number at the front of the file name; migrations apply in this order.';
comment on column ops.migrations.name is 'File name without its number and suffix.';
comment on column ops.migrations.sha256 is 'SHA-256 of the file as applied.';
comment on column ops.migrations.applied_at is 'When it was applied, UTC.';

create table ops.sources (
    source varchar not null,
    trust integer not null,
    closing varchar not null,
    extractor_version integer not null,
    partition_days integer not null default 1
);
comment on table ops.sources is 'One source as last loaded: whom to believe first, and when its partitions are final.';
comment on column ops.sources.source is 'Name of the source, the same in every table.';
comment on column ops.sources.trust is '1 is believed first where sources disagree about a fact of a paper.';
comment on column ops.sources.closing is 'first_read: final at once; two_reads: final after two agreeing reads 12 h apart of a closed list, or one read a week later.';
comment on column ops.sources.extractor_version is 'Version of the extractor that read its pages last.';
comment on column ops.sources.partition_days is 'Days that one partition stands for: 1 for a daily list, 7 for a week.';

create table ops.runs (
    load_order bigint not null,
    run_id varchar not null,
    flow varchar not null,
    source varchar not null,
    partition_on date,
    status varchar not null,
    started_at timestamp not null,
    finished_at timestamp not null,
    page_sha256 varchar,
    extractor_version integer,
    pages_count integer not null,
    entries_count integer not null,
    sightings_count integer not null,
    rejections_count integer not null,
    papers_added_count integer not null,
    reason varchar,
    cause varchar
);
comment on table ops.runs is 'One run: one attempt at one partition. Its row commits in the same transaction as its data.';
comment on column ops.runs.load_order is 'Order in which runs were recorded, from 1, without gaps.';
comment on column ops.runs.run_id is 'Identifier of the run, sortable by start.';
comment on column ops.runs.flow is 'What asked for the run: ingest, adopt, backfill or replay.';
comment on column ops.runs.source is 'Name of the source.';
comment on column ops.runs.partition_on is 'First day of the partition; NULL where a refused page does not say.';
comment on column ops.runs.status is 'loaded, unchanged, no_list, refused or failed.';
comment on column ops.runs.started_at is 'When the run was named, UTC.';
comment on column ops.runs.finished_at is 'When its row was written, UTC.';
comment on column ops.runs.page_sha256 is 'SHA-256 of the page that was read; NULL where none was had.';
comment on column ops.runs.extractor_version is 'Version of the extractor that read it.';
comment on column ops.runs.pages_count is 'Pages read: 1, or 0 where none was had.';
comment on column ops.runs.entries_count is 'Entries on the page: sightings + rejections.';
comment on column ops.runs.sightings_count is 'Entries that became sightings.';
comment on column ops.runs.rejections_count is 'Entries in quarantine.';
comment on column ops.runs.papers_added_count is 'Papers that this run was the first to see.';
comment on column ops.runs.reason is 'Why it was refused or failed, or why there is no list; NULL otherwise.';
comment on column ops.runs.cause is 'What the evidence says happened where a run brought no list: one of a closed set; NULL otherwise.';

create table ops.findings (
    run_id varchar not null,
    check_name varchar not null,
    level varchar not null,
    observed varchar not null,
    expected varchar not null,
    place varchar
);
comment on table ops.findings is 'One check of one run that did not hold.';
comment on column ops.findings.run_id is 'The run that was checked.';
comment on column ops.findings.check_name is 'Name of the check.';
comment on column ops.findings.level is 'error stopped the load; warning did not.';
comment on column ops.findings.observed is 'What was found.';
comment on column ops.findings.expected is 'What was expected.';
comment on column ops.findings.place is 'Selector, field or line where it was first seen, if there is one.';

create table ops.quarantine (
    source varchar not null,
    partition_on date not null,
    page_sha256 varchar not null,
    section varchar,
    position integer not null,
    reason varchar not null,
    detail varchar not null,
    entry_text varchar not null,
    run_id varchar not null,
    resolved_at timestamp
);
comment on table ops.quarantine is 'One entry of one page that could not become a sighting, with its reason.';
comment on column ops.quarantine.source is 'Name of the source.';
comment on column ops.quarantine.partition_on is 'First day of the partition.';
comment on column ops.quarantine.page_sha256 is 'SHA-256 of the page on which it stood.';
comment on column ops.quarantine.section is 'Section of the page, NULL where the source has none.';
comment on column ops.quarantine.position is 'Place in its section, from 1.';
comment on column ops.quarantine.reason is 'One of a closed set of reasons.';
comment on column ops.quarantine.detail is 'The place and the offending text, for a person.';
comment on column ops.quarantine.entry_text is 'The entry, verbatim.';
comment on column ops.quarantine.run_id is 'The run that rejected it first.';
comment on column ops.quarantine.resolved_at is 'When a later reading of the same page accepted it, UTC; NULL while it is open.';

create table ops.partitions (
    source varchar not null,
    partition_on date not null,
    state varchar not null,
    entries_count integer not null,
    last_run_id varchar not null,
    last_read_at timestamp not null
);
comment on table ops.partitions is 'One partition that was read at least once, with what all its readings together say.';
comment on column ops.partitions.source is 'Name of the source.';
comment on column ops.partitions.partition_on is 'First day of the partition.';
comment on column ops.partitions.state is 'open, final, no_list or refused.';
comment on column ops.partitions.entries_count is 'Entries of the latest trusted reading that became sightings.';
comment on column ops.partitions.last_run_id is 'The run that read it last.';
comment on column ops.partitions.last_read_at is 'When it was read last, UTC.';

create table ops.manifest (
    published_at timestamp not null,
    run_id varchar,
    schema_version integer not null,
    digest varchar not null,
    row_counts map(varchar, bigint) not null
);
comment on table ops.manifest is 'What this file holds, in one row: written just before the snapshot was taken.';
comment on column ops.manifest.published_at is 'When the snapshot was taken, UTC.';
comment on column ops.manifest.run_id is 'The last run that it contains.';
comment on column ops.manifest.schema_version is 'Number of the last migration.';
comment on column ops.manifest.digest is 'Digest of the exported facts: equal for equal pages, whatever the order of loading.';
comment on column ops.manifest.row_counts is 'Rows of each exported table.';

create table raw.pages (
    page_sha256 varchar not null,
    source varchar not null,
    media_type varchar not null,
    byte_count bigint not null,
    run_id varchar not null
);
comment on table raw.pages is 'One page, by the hash of its bytes; the bytes themselves lie in the landing store.';
comment on column raw.pages.page_sha256 is 'SHA-256 of the decompressed body.';
comment on column raw.pages.source is 'Name of the source.';
comment on column raw.pages.media_type is 'Media type as served, or by the file name.';
comment on column raw.pages.byte_count is 'Length of the decompressed body in bytes.';
comment on column raw.pages.run_id is 'The run that read it first.';

create table raw.listings (
    source varchar not null,
    partition_on date not null,
    page_sha256 varchar not null,
    outcome varchar not null,
    is_closed boolean not null,
    is_degraded boolean not null,
    previous_on date,
    next_on date,
    entries_count integer not null,
    sightings_count integer not null,
    rejections_count integer not null,
    entries_digest varchar not null,
    extractor_version integer not null,
    reason varchar,
    run_id varchar not null,
    shape map(varchar, double)
);
comment on table raw.listings is 'What one page says about one partition.';
comment on column raw.listings.source is 'Name of the source.';
comment on column raw.listings.partition_on is 'First day of the partition.';
comment on column raw.listings.page_sha256 is 'SHA-256 of the page.';
comment on column raw.listings.outcome is 'listing, no_list or refused.';
comment on column raw.listings.is_closed is 'Whether the page itself says that the list will not grow any more.';
comment on column raw.listings.is_degraded is 'Whether it is a fallback reading that lacks fields.';
comment on column raw.listings.previous_on is 'The partition before, as the page links it.';
comment on column raw.listings.next_on is 'The partition after, as the page links it.';
comment on column raw.listings.entries_count is 'Entries on the page: sightings + rejections.';
comment on column raw.listings.sightings_count is 'Entries that became sightings.';
comment on column raw.listings.rejections_count is 'Entries in quarantine.';
comment on column raw.listings.entries_digest is 'Digest of its rows in raw.entries: equal digests need no second write.';
comment on column raw.listings.extractor_version is 'Version of the extractor that read it.';
comment on column raw.listings.reason is 'Why it was refused, or why there is no list.';
comment on column raw.listings.run_id is 'The run that read it first.';
comment on column raw.listings.shape is 'How the page looked in numbers (counts, shares, medians): what later pages are compared with. NULL unless it is a listing.';

create table raw.readings (
    source varchar not null,
    partition_on date not null,
    page_sha256 varchar not null,
    fetched_at timestamp not null,
    url varchar not null,
    final_url varchar not null,
    run_id varchar not null
);
comment on table raw.readings is 'One time at which a page was read for a partition; the same bytes read again are a second reading.';
comment on column raw.readings.source is 'Name of the source.';
comment on column raw.readings.partition_on is 'First day of the partition.';
comment on column raw.readings.page_sha256 is 'SHA-256 of the page.';
comment on column raw.readings.fetched_at is 'When it was read, UTC.';
comment on column raw.readings.url is 'Address that was asked, or file: and the name of an adopted file.';
comment on column raw.readings.final_url is 'Address that answered, after redirects.';
comment on column raw.readings.run_id is 'The run that read it.';

create table raw.entries (
    source varchar not null,
    partition_on date not null,
    page_sha256 varchar not null,
    sighting_key varchar not null,
    section varchar,
    position integer not null,
    first_line integer,
    content_key varchar not null,
    upvotes bigint,
    comments bigint,
    github_stars bigint
);
comment on table raw.entries is 'One entry of one page that became a sighting: where it stood, what it said, its numbers.';
comment on column raw.entries.source is 'Name of the source.';
comment on column raw.entries.partition_on is 'First day of the partition.';
comment on column raw.entries.page_sha256 is 'SHA-256 of the page.';
comment on column raw.entries.sighting_key is 'source/partition/section/entry: the same for every reading of the same entry.';
comment on column raw.entries.section is 'Section of the page, NULL where the source has none.';
comment on column raw.entries.position is 'Place in its section, from 1.';
comment on column raw.entries.first_line is 'First line of the entry in a text dump, from 1.';
comment on column raw.entries.content_key is 'Digest of what it said: a row of raw.contents.';
comment on column raw.entries.upvotes is 'Upvotes as printed on this page.';
comment on column raw.entries.comments is 'Comments as printed on this page.';
comment on column raw.entries.github_stars is 'Stars of its repository as printed on this page.';

create table raw.contents (
    content_key varchar not null,
    arxiv_id varchar,
    arxiv_version integer,
    doi varchar,
    title_raw varchar,
    title_text varchar,
    abstract_raw varchar,
    abstract_text varchar,
    authors varchar[],
    author_count integer,
    published_on date,
    published_at timestamp,
    published_certainty varchar,
    submitted_by varchar,
    organization varchar,
    links struct(kind varchar, url varchar)[],
    institutions struct(name varchar, raw varchar)[],
    review struct(
        summary varchar, verdict varchar, methodology varchar, experiments varchar, reproducibility varchar,
        limitations varchar, impact varchar, unassigned varchar[], derived varchar[], primary_institution varchar
    )
);
comment on table raw.contents is 'What an entry says, stored once however often it is read.';
comment on column raw.contents.content_key is 'Day of the partition and digest of the sighting and all other columns.';
comment on column raw.contents.arxiv_id is 'arXiv id without version.';
comment on column raw.contents.arxiv_version is 'Version of the arXiv id, where printed.';
comment on column raw.contents.doi is 'DOI in lower case.';
comment on column raw.contents.title_raw is 'Title as printed, only where it differs from title_text.';
comment on column raw.contents.title_text is 'Title on one line, NFC.';
comment on column raw.contents.abstract_raw is 'Abstract as printed, only where it differs from abstract_text.';
comment on column raw.contents.abstract_text is 'Abstract with its line breaks unwrapped, NFC.';
comment on column raw.contents.authors is 'Authors in order, repeats kept; empty where the source gives no names.';
comment on column raw.contents.author_count is 'Number of authors, which a source may give without names.';
comment on column raw.contents.published_on is 'Day of publication.';
comment on column raw.contents.published_at is 'Instant of publication, UTC, only where the source gives a clock.';
comment on column raw.contents.published_certainty is 'stated, or inferred_year where the year was not printed.';
comment on column raw.contents.submitted_by is 'Who submitted it to the digest.';
comment on column raw.contents.organization is 'Organisation that the digest files it under.';
comment on column raw.contents.links is 'Links, normalised, in order.';
comment on column raw.contents.institutions is 'Institutions in order: cleaned name and text as printed.';
comment on column raw.contents.review is 'The review with its sections named; NULL where the entry has none.';

create table core.sightings (
    sighting_key varchar not null,
    source varchar not null,
    partition_on date not null,
    section varchar,
    position integer not null,
    first_line integer,
    content_key varchar not null,
    page_sha256 varchar not null,
    run_id varchar not null,
    is_listed boolean not null
);
comment on table core.sightings is 'One paper in one source and partition: the current truth after all trusted readings.';
comment on column core.sightings.sighting_key is 'source/partition/section/entry.';
comment on column core.sightings.source is 'Name of the source.';
comment on column core.sightings.partition_on is 'First day of the partition.';
comment on column core.sightings.section is 'Section of the page, NULL where the source has none.';
comment on column core.sightings.position is 'Place in its section, from 1, when last listed.';
comment on column core.sightings.first_line is 'First line of the entry in a text dump, from 1.';
comment on column core.sightings.content_key is 'What it says now: a row of raw.contents.';
comment on column core.sightings.page_sha256 is 'The page on which it was first read as it is now.';
comment on column core.sightings.run_id is 'The run that first read that page.';
comment on column core.sightings.is_listed is 'False once a later trusted reading no longer lists it.';

create table core.metrics (
    sighting_key varchar not null,
    source varchar not null,
    partition_on date not null,
    metric varchar not null,
    observed_at timestamp not null,
    value bigint not null,
    page_sha256 varchar not null,
    run_id varchar not null
);
comment on table core.metrics is 'One number about one sighting at the time of one reading; append-only.';
comment on column core.metrics.sighting_key is 'The sighting.';
comment on column core.metrics.source is 'Name of the source.';
comment on column core.metrics.partition_on is 'First day of the partition.';
comment on column core.metrics.metric is 'upvotes, comments or github_stars.';
comment on column core.metrics.observed_at is 'When the page was read, UTC.';
comment on column core.metrics.value is 'The number.';
comment on column core.metrics.page_sha256 is 'The page that printed it.';
comment on column core.metrics.run_id is 'The run that first read that page.';

create table core.founders (
    paper_key varchar not null,
    founding_key varchar not null,
    founded_order bigint not null,
    run_id varchar not null
);
comment on table core.founders is 'Every key ever given to a paper, with the sighting that founded it; never deleted, never reused.';
comment on column core.founders.paper_key is 'The key.';
comment on column core.founders.founding_key is 'The sighting_key whose paper it was when the key was given.';
comment on column core.founders.founded_order is 'Order in which keys were given, from 1: in a merge the earlier key wins.';
comment on column core.founders.run_id is 'The run that gave it.';

create table core.papers (
    paper_key varchar not null,
    title varchar,
    abstract varchar,
    authors varchar[],
    author_count integer,
    arxiv_id varchar,
    doi varchar,
    published_on date,
    published_on_source varchar,
    published_certainty varchar,
    institutions varchar[],
    links struct(kind varchar, url varchar)[],
    sources varchar[],
    first_listed_on date,
    last_listed_on date,
    previous_keys varchar[]
);
comment on table core.papers is 'One paper: the facts that its sightings agree on, the most trusted source first, then the latest page.';
comment on column core.papers.paper_key is 'Stable key; never reused.';
comment on column core.papers.title is 'Title; NULL if no source gave one.';
comment on column core.papers.abstract is 'Abstract.';
comment on column core.papers.authors is 'Authors in order; empty if no source named them.';
comment on column core.papers.author_count is 'Number of authors, which a source may give without names.';
comment on column core.papers.arxiv_id is 'arXiv id without version.';
comment on column core.papers.doi is 'DOI in lower case.';
comment on column core.papers.published_on is 'Day of publication.';
comment on column core.papers.published_on_source is 'The source that gave it.';
comment on column core.papers.published_certainty is 'stated, or inferred_year where the year was not printed.';
comment on column core.papers.institutions is 'Institutions that reviews or listings name, in order of trust, without repeats.';
comment on column core.papers.links is 'Links of all sightings, without repeats.';
comment on column core.papers.sources is 'Sources that list it, sorted.';
comment on column core.papers.first_listed_on is 'First partition that lists it.';
comment on column core.papers.last_listed_on is 'Last partition that lists it.';
comment on column core.papers.previous_keys is 'Keys of papers that turned out to be this one.';

create table core.matches (
    sighting_key varchar not null,
    partition_on date not null,
    paper_key varchar not null,
    rule varchar not null,
    score double not null,
    evidence varchar not null,
    decided_at_run varchar not null
);
comment on table core.matches is 'Why a sighting belongs to its paper: exactly one row a sighting.';
comment on column core.matches.sighting_key is 'The sighting.';
comment on column core.matches.partition_on is 'Its partition, as in core.sightings: what is looked up lies close together.';
comment on column core.matches.paper_key is 'Its paper.';
comment on column core.matches.rule is 'Strongest kind of evidence; founded for the sighting that gave the paper its key.';
comment on column core.matches.score is 'Sum of the evidence in bits (log2 likelihood ratio).';
comment on column core.matches.evidence is 'The evidence, as a person reads it.';
comment on column core.matches.decided_at_run is 'The run that decided it.';

create table core.comparisons (
    left_key varchar not null,
    right_key varchar not null,
    verdict varchar not null,
    rule varchar not null,
    score double not null,
    evidence varchar not null
);
comment on table core.comparisons is 'One compared pair of sightings that may be the same paper; left_key sorts before right_key.';
comment on column core.comparisons.left_key is 'One sighting.';
comment on column core.comparisons.right_key is 'The other.';
comment on column core.comparisons.verdict is 'same, undecided or suspect_identifier.';
comment on column core.comparisons.rule is 'Strongest kind of evidence.';
comment on column core.comparisons.score is 'Sum of the evidence in bits (log2 likelihood ratio).';
comment on column core.comparisons.evidence is 'The evidence as JSON: field, bits, text.';

create table core.redirects (
    previous_key varchar not null,
    paper_key varchar not null,
    decided_at_run varchar not null
);
comment on table core.redirects is 'A key that analysts may still hold, and the paper that it means now.';
comment on column core.redirects.previous_key is 'The key that lost in a merge.';
comment on column core.redirects.paper_key is 'The paper that it means now.';
comment on column core.redirects.decided_at_run is 'The run that merged them.';

create table ops.decisions (
    decision_id varchar not null,
    kind varchar not null,
    left_key varchar not null,
    right_key varchar not null,
    reason varchar not null,
    decided_at timestamp not null
);
comment on table ops.decisions is 'A person''s word about two sightings, honoured by every later resolution.';
comment on column ops.decisions.decision_id is 'Digest of the decision.';
comment on column ops.decisions.kind is 'same or different.';
comment on column ops.decisions.left_key is 'One sighting.';
comment on column ops.decisions.right_key is 'The other.';
comment on column ops.decisions.reason is 'Why, in the person''s words.';
comment on column ops.decisions.decided_at is 'When, UTC.';

create table ops.lost_partitions (
    source varchar not null,
    partition_on date not null,
    is_lost boolean not null,
    reason varchar not null,
    decided_at timestamp not null,
    run_id varchar not null
);
comment on table ops.lost_partitions is 'A person''s word that a partition can never be had, or is to be sought again; the latest word counts.';
comment on column ops.lost_partitions.source is 'Name of the source.';
comment on column ops.lost_partitions.partition_on is 'First day of the partition.';
comment on column ops.lost_partitions.is_lost is 'True: nobody will have it any more. False: the earlier word is taken back.';
comment on column ops.lost_partitions.reason is 'Why, in the person''s words.';
comment on column ops.lost_partitions.decided_at is 'When it was decided, UTC.';
comment on column ops.lost_partitions.run_id is 'The run that recorded it.';

create table ops.resolver (
    block_keys_version integer not null,
    index_stamp varchar
);
comment on table ops.resolver is 'Which rules made core.comparisons, in one row; other rules make them anew at the next load.';
comment on column ops.resolver.block_keys_version is 'Version of the rules and of the frozen token statistics.';
comment on column ops.resolver.index_stamp is 'The state of the resolver''s side index that fits; another one is brought in line at the next load.';
