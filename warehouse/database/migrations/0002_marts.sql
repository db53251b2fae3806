create view marts.papers as
select
    paper_key,
    title,
    abstract,
    authors,
    author_count,
    arxiv_id,
    doi,
    published_on,
    published_on_source,
    published_certainty,
    institutions,
    links,
    sources,
    first_listed_on,
    last_listed_on,
    previous_keys
from core.papers;
comment on view marts.papers is 'One row a paper.';
comment on column marts.papers.paper_key is 'Stable key; never reused.';
comment on column marts.papers.title is 'Title; NULL if no source gave one.';
comment on column marts.papers.abstract is 'Abstract.';
comment on column marts.papers.authors is 'Authors in order; empty if no source named them.';
comment on column marts.papers.author_count is 'Number of authors, which a source may give without names.';
comment on column marts.papers.arxiv_id is 'arXiv id without version.';
comment on column marts.papers.doi is 'DOI in lower case.';
comment on column marts.papers.published_on is 'Day of publication.';
comment on column marts.papers.published_on_source is 'The source that gave it.';
comment on column marts.papers.published_certainty is 'stated, or inferred_year where the year was not printed.';
comment on column marts.papers.institutions is 'Institutions that reviews or listings name, in order of trust, without repeats.';
comment on column marts.papers.links is 'Links of all sightings, without repeats.';
comment on column marts.papers.sources is 'Sources that list it, sorted.';
comment on column marts.papers.first_listed_on is 'First partition that lists it.';
comment on column marts.papers.last_listed_on is 'Last partition that lists it.';
comment on column marts.papers.previous_keys is 'Keys of papers that turned out to be this one.';

create view marts.sightings as
select
    m.paper_key,
    s.source,
    s.partition_on,
    s.section,
    s.position,
    c.title_text,
    c.abstract_text,
    c.authors,
    c.author_count,
    c.arxiv_id,
    c.doi,
    c.published_on,
    c.published_certainty,
    c.submitted_by,
    c.organization,
    c.links,
    s.first_line,
    s.is_listed,
    s.page_sha256,
    s.run_id,
    s.sighting_key
from core.sightings as s
join core.matches as m on m.sighting_key = s.sighting_key
join raw.contents as c on c.content_key = s.content_key;
comment on view marts.sightings is 'One row a place of one paper on one page''s current truth.';
comment on column marts.sightings.paper_key is 'The paper.';
comment on column marts.sightings.source is 'Name of the source.';
comment on column marts.sightings.partition_on is 'First day of the partition.';
comment on column marts.sightings.section is 'top or list in a weekly review; NULL where the source has no sections.';
comment on column marts.sightings.position is 'Place in its section, from 1, when last listed.';
comment on column marts.sightings.title_text is 'Title as this source gives it.';
comment on column marts.sightings.abstract_text is 'Abstract as this source gives it.';
comment on column marts.sightings.authors is 'Authors as this source gives them.';
comment on column marts.sightings.author_count is 'Number of authors as this source gives it.';
comment on column marts.sightings.arxiv_id is 'arXiv id as this source gives it.';
comment on column marts.sightings.doi is 'DOI as this source gives it.';
comment on column marts.sightings.published_on is 'Day of publication as this source gives it.';
comment on column marts.sightings.published_certainty is 'stated, or inferred_year where the year was not printed.';
comment on column marts.sightings.submitted_by is 'Who submitted it to the digest.';
comment on column marts.sightings.organization is 'Organisation that the digest files it under.';
comment on column marts.sightings.links is 'Links as this source gives them, normalised.';
comment on column marts.sightings.first_line is 'First line of the entry in a text dump, from 1.';
comment on column marts.sightings.is_listed is 'False once a later trusted reading no longer lists it.';
comment on column marts.sightings.page_sha256 is 'The page on which it was first read as it is now.';
comment on column marts.sightings.run_id is 'The run that first read that page.';
comment on column marts.sightings.sighting_key is 'source/partition/section/entry.';

create view marts.reviews as
select
    m.paper_key,
    s.source,
    s.partition_on,
    c.review.primary_institution as primary_institution,
    [institution.name for institution in c.institutions] as institutions,
    c.review.summary as summary,
    c.review.verdict as verdict,
    c.review.methodology as methodology,
    c.review.experiments as experiments,
    c.review.reproducibility as reproducibility,
    c.review.limitations as limitations,
    c.review.impact as impact,
    c.review.unassigned as unassigned,
    c.review.derived as derived,
    s.page_sha256,
    s.first_line
from core.sightings as s
join core.matches as m on m.sighting_key = s.sighting_key
join raw.contents as c on c.content_key = s.content_key
where c.review is not null
qualify row_number() over (
    partition by m.paper_key, s.source, s.partition_on
    order by s.is_listed desc, s.first_line, s.sighting_key
) = 1;
comment on view marts.reviews is 'One row a review of one paper in one partition.';
comment on column marts.reviews.paper_key is 'The paper.';
comment on column marts.reviews.source is 'Name of the source.';
comment on column marts.reviews.partition_on is 'First day of the partition.';
comment on column marts.reviews.primary_institution is 'First institution; NULL if unknown.';
comment on column marts.reviews.institutions is 'All institutions in order, cleaned; empty if unknown.';
comment on column marts.reviews.summary is 'The summary line as printed.';
comment on column marts.reviews.verdict is 'The reviewer''s verdict in a sentence or two; see derived.';
comment on column marts.reviews.methodology is 'Review of the methodology.';
comment on column marts.reviews.experiments is 'Review of the experiments; see derived.';
comment on column marts.reviews.reproducibility is 'Review of the reproducibility.';
comment on column marts.reviews.limitations is 'Review of the limitations.';
comment on column marts.reviews.impact is 'Review of the impact; see derived.';
comment on column marts.reviews.unassigned is 'Texts whose section is not known, in page order.';
comment on column marts.reviews.derived is 'Columns that were split off by wording or by a leaked marker rather than printed apart.';
comment on column marts.reviews.page_sha256 is 'The page on which it was first read as it is now.';
comment on column marts.reviews.first_line is 'First line of the entry in the dump, from 1.';

create view marts.metrics as
select
    m.paper_key,
    n.source,
    n.metric,
    n.observed_at,
    n.value,
    n.partition_on,
    n.sighting_key,
    n.page_sha256
from core.metrics as n
join core.matches as m on m.sighting_key = n.sighting_key;
comment on view marts.metrics is 'One row a number at a time.';
comment on column marts.metrics.paper_key is 'The paper.';
comment on column marts.metrics.source is 'Name of the source.';
comment on column marts.metrics.metric is 'upvotes, comments or github_stars.';
comment on column marts.metrics.observed_at is 'When the page was read, UTC.';
comment on column marts.metrics.value is 'The number.';
comment on column marts.metrics.partition_on is 'First day of the partition whose page printed it.';
comment on column marts.metrics.sighting_key is 'The sighting whose page printed it.';
comment on column marts.metrics.page_sha256 is 'The page that printed it.';

create view marts.matches as
select
    m.paper_key,
    s.source,
    s.partition_on,
    s.position,
    s.section,
    m.rule,
    m.score,
    m.evidence,
    m.decided_at_run,
    m.sighting_key
from core.matches as m
join core.sightings as s on s.sighting_key = m.sighting_key;
comment on view marts.matches is 'One row a decision: why a sighting belongs to its paper.';
comment on column marts.matches.paper_key is 'The paper.';
comment on column marts.matches.source is 'Name of the source.';
comment on column marts.matches.partition_on is 'First day of the partition.';
comment on column marts.matches.position is 'Place in its section, from 1.';
comment on column marts.matches.section is 'Section of the page, NULL where the source has none.';
comment on column marts.matches.rule is 'Strongest kind of evidence; founded for the sighting that gave the paper its key.';
comment on column marts.matches.score is 'Sum of the evidence in bits (log2 likelihood ratio).';
comment on column marts.matches.evidence is 'The evidence, as a person reads it.';
comment on column marts.matches.decided_at_run is 'The run that decided it.';
comment on column marts.matches.sighting_key is 'source/partition/section/entry.';

create view marts.runs as
select
    run_id,
    source,
    partition_on,
    status,
    started_at,
    finished_at,
    pages_count,
    entries_count,
    sightings_count,
    rejections_count,
    papers_added_count,
    reason,
    flow,
    load_order,
    page_sha256,
    extractor_version,
    cause
from ops.runs;
comment on view marts.runs is 'One row a run.';
comment on column marts.runs.run_id is 'Identifier of the run, sortable by start.';
comment on column marts.runs.source is 'Name of the source.';
comment on column marts.runs.partition_on is 'First day of the partition; NULL where a refused page does not say.';
comment on column marts.runs.status is 'loaded, unchanged, no_list, refused or failed.';
comment on column marts.runs.started_at is 'When the run was named, UTC.';
comment on column marts.runs.finished_at is 'When its row was written, UTC.';
comment on column marts.runs.pages_count is 'Pages read: 1, or 0 where none was had.';
comment on column marts.runs.entries_count is 'Entries on the page: sightings + rejections.';
comment on column marts.runs.sightings_count is 'Entries that became sightings.';
comment on column marts.runs.rejections_count is 'Entries in quarantine.';
comment on column marts.runs.papers_added_count is 'Papers that this run was the first to see.';
comment on column marts.runs.reason is 'Why it was refused or failed, or why there is no list; NULL otherwise.';
comment on column marts.runs.flow is 'What asked for the run: ingest, adopt, backfill or replay.';
comment on column marts.runs.load_order is 'Order in which runs were recorded, from 1.';
comment on column marts.runs.page_sha256 is 'SHA-256 of the page that was read; NULL where none was had.';
comment on column marts.runs.extractor_version is 'Version of the extractor that read it.';
comment on column marts.runs.cause is 'What the evidence says happened: wrong_day, empty_list, layout_changed, unexpected_content, list_shrunk, blocked, forbidden_by_robots, rate_limited, host_down, cut_off, not_found, bad_answer, page_damaged or extractor_failed; NULL where a list was read.';

create view marts.partitions as
with linked as (
    select source, previous_on as partition_on
    from raw.listings
    where outcome = 'listing' and previous_on is not null
    union
    select source, next_on
    from raw.listings
    where outcome = 'listing' and next_on is not null
),
attempts as (
    select
        source,
        partition_on,
        arg_max({'run_id': run_id, 'status': status, 'cause': cause, 'reason': reason}, load_order) as latest
    from ops.runs
    where partition_on is not null
    group by all
),
failed as (
    select a.source, a.partition_on
    from attempts as a
    where a.latest.status = 'failed'
),
words as (
    select source, partition_on, arg_max({'is_lost': is_lost, 'reason': reason}, decided_at) as latest
    from ops.lost_partitions
    group by all
),
lost as (
    select source, partition_on, latest.reason as reason
    from words
    where latest.is_lost
),
stretches as (
    select source, previous_on as after_on, partition_on as before_on
    from raw.listings
    where outcome = 'listing' and previous_on is not null
    union
    select source, partition_on, next_on
    from raw.listings
    where outcome = 'listing' and next_on is not null
),
skipped as (
    select distinct f.source, f.partition_on
    from failed as f
    join stretches as s on s.source = f.source and s.after_on < f.partition_on and f.partition_on < s.before_on
),
known as (
    select source, partition_on from ops.partitions
    union
    from linked
    union
    from failed
    union
    select source, partition_on from lost
)
select
    k.source,
    k.partition_on,
    case
        when p.state = 'final' or (p.state = 'open' and p.entries_count > 0) then p.state
        when w.reason is not null then 'unrecoverable'
        when p.state is null and l.partition_on is null and s.partition_on is not null then 'no_list'
        when p.state is null or (p.state = 'no_list' and l.partition_on is not null) then 'missing'
        else p.state
    end as state,
    p.entries_count,
    coalesce(p.last_run_id, a.latest.run_id) as last_run_id,
    p.last_read_at,
    l.partition_on is not null as is_linked,
    case when p.state is null or p.state not in ('final', 'open') then a.latest.cause end as cause,
    case when p.state is null or p.state not in ('final', 'open') then coalesce(w.reason, a.latest.reason) end as reason
from known as k
left join ops.partitions as p on p.source = k.source and p.partition_on = k.partition_on
left join linked as l on l.source = k.source and l.partition_on = k.partition_on
left join attempts as a on a.source = k.source and a.partition_on = k.partition_on
left join lost as w on w.source = k.source and w.partition_on = k.partition_on
left join skipped as s on s.source = k.source and s.partition_on = k.partition_on;
comment on view marts.partitions is 'One row a source and partition: those that were read, asked for in vain, given up, or that other pages link to.';
comment on column marts.partitions.source is 'Name of the source.';
comment on column marts.partitions.partition_on is 'First day of the partition.';
comment on column marts.partitions.state is 'open, final, no_list, refused, missing or unrecoverable. A day that redirects although another page links to it is missing; one that failed although two pages link past it has no list.';
comment on column marts.partitions.entries_count is 'Entries of the latest trusted reading that became sightings; NULL if it was never read.';
comment on column marts.partitions.last_run_id is 'The run that read it last, or asked for it last in vain; NULL if none did.';
comment on column marts.partitions.last_read_at is 'When it was read last, UTC; NULL if it never was.';
comment on column marts.partitions.is_linked is 'Whether another page links to it as the partition before or after its own: then it has a list.';
comment on column marts.partitions.cause is 'What the evidence of the last run says happened (see marts.runs.cause); NULL where a list is loaded or nobody asked.';
comment on column marts.partitions.reason is 'The same in words, or a person''s reason for giving it up.';

create view marts.quarantine as
select source, partition_on, page_sha256, section, position, reason, detail, entry_text, run_id, resolved_at
from ops.quarantine;
comment on view marts.quarantine is 'One row a rejected entry.';
comment on column marts.quarantine.source is 'Name of the source.';
comment on column marts.quarantine.partition_on is 'First day of the partition.';
comment on column marts.quarantine.page_sha256 is 'The page on which it stood.';
comment on column marts.quarantine.section is 'Section of the page, NULL where the source has none.';
comment on column marts.quarantine.position is 'Place in its section, from 1.';
comment on column marts.quarantine.reason is 'One of a closed set of reasons.';
comment on column marts.quarantine.detail is 'The place and the offending text, for a person.';
comment on column marts.quarantine.entry_text is 'The entry, verbatim.';
comment on column marts.quarantine.run_id is 'The run that rejected it first.';
comment on column marts.quarantine.resolved_at is 'When a later reading of the same page accepted it, UTC; NULL while it is open.';

create view marts.findings as
select run_id, check_name, level, observed, expected, place
from ops.findings;
comment on view marts.findings is 'One row a check of a run that did not hold.';
comment on column marts.findings.run_id is 'The run that was checked.';
comment on column marts.findings.check_name is 'Name of the check.';
comment on column marts.findings.level is 'error stopped the load; warning did not.';
comment on column marts.findings.observed is 'What was found.';
comment on column marts.findings.expected is 'What was expected.';
comment on column marts.findings.place is 'Selector, field or line where it was first seen.';

create macro marts.metric_asof("at") as table
select
    p.paper_key,
    p.title,
    n.source,
    n.metric,
    arg_max(n.value, n.observed_at) as value,
    max(n.observed_at) as observed_at
from marts.papers as p
join marts.metrics as n on n.paper_key = p.paper_key
where n.observed_at <= "at"::timestamp
group by all;
