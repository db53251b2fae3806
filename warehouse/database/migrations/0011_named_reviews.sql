-- Letters and digits decide: line breaks, blanks and signs differ between printed abstracts and arXiv's.
create macro core.abstract_key(abstract) as case
    when length(regexp_replace(abstract, '[^A-Za-z0-9]', '', 'g')) >= 200
        then md5(lower(regexp_replace(abstract, '[^A-Za-z0-9]', '', 'g')))
end;
comment on macro core.abstract_key is 'What two abstracts have in common that are the same but for line breaks, blanks and signs; NULL for one too short to be told by.';

alter table core.arxiv_facts add column abstract_key varchar;
comment on column core.arxiv_facts.abstract_key is 'Digest of the letters and digits of its abstract (see core.abstract_key).';
update core.arxiv_facts as f
set abstract_key = core.abstract_key(r.abstract)
from raw.arxiv_facts as r
where r.arxiv_id = f.arxiv_id and r.content_key = f.content_key;

create or replace view marts.papers as
with named as (
    select p.paper_key, any_value(f.arxiv_id) as arxiv_id, any_value(f.content_key) as content_key
    from core.papers as p
    join core.arxiv_facts as f on f.abstract_key = core.abstract_key(p.abstract)
    where p.title is null and p.arxiv_id is null and p.abstract is not null
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
    n.paper_key is not null as is_named_by_arxiv
from core.papers as p
left join names as n on n.paper_key = p.paper_key
left join core.arxiv_facts as f on f.arxiv_id = coalesce(p.arxiv_id, n.arxiv_id);
comment on view marts.papers is 'One row a paper: what lists and reviews printed, and at its end what arXiv says of its id.';
comment on column marts.papers.paper_key is 'Stable key; never reused.';
comment on column marts.papers.title is 'Title; that of arXiv where only it has one (see is_named_by_arxiv); NULL if nobody gave one.';
comment on column marts.papers.abstract is 'Abstract.';
comment on column marts.papers.authors is 'Authors in order; empty if no source named them; those of arXiv where is_named_by_arxiv.';
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

create or replace view marts.reviews as
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
    s.first_line,
    p.title,
    p.arxiv_id,
    p.authors,
    p.first_version_on
from core.sightings as s
join core.matches as m on m.sighting_key = s.sighting_key
join raw.contents as c on c.content_key = s.content_key
join marts.papers as p on p.paper_key = m.paper_key
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
comment on column marts.reviews.title is 'Title of the paper, as in papers.';
comment on column marts.reviews.arxiv_id is 'arXiv id of the paper, as in papers.';
comment on column marts.reviews.authors is 'Authors of the paper, as in papers.';
comment on column marts.reviews.first_version_on is 'Day of the first version at arXiv, as in papers.';

create or replace view marts.weekly_top as
with weeks as (
    select distinct s.source, s.partition_on as week_on, s.partition_on + o.partition_days as ends_on
    from core.sightings as s
    join ops.sources as o on o.source = s.source
    where o.partition_days > 1
),
reviewed as (
    select
        m.paper_key,
        s.source,
        s.partition_on as week_on,
        min(s.position) filter (where s.section = 'top') as top_position,
        min(s.position) filter (where s.section is distinct from 'top') as list_position
    from core.sightings as s
    join core.matches as m on m.sighting_key = s.sighting_key
    join weeks as w on w.source = s.source and w.week_on = s.partition_on
    where s.is_listed
    group by all
),
listed as (
    select w.source, w.week_on, d.paper_key, min(d.listed_on) as listed_on, max(d.upvotes) as upvotes
    from weeks as w
    join marts.papers_daily as d on d.listed_on >= w.week_on and d.listed_on < w.ends_on
    where d.is_listed and core.list_of(d.source, d.series) not in (select a.source from ops.sources as a where a.is_archive)
    group by all
)
select
    coalesce(r.source, l.source) as source,
    coalesce(r.week_on, l.week_on) as week_on,
    coalesce(r.paper_key, l.paper_key) as paper_key,
    p.title,
    r.top_position,
    r.list_position,
    case
        when l.upvotes is not null
            then rank() over (
                partition by coalesce(r.source, l.source), coalesce(r.week_on, l.week_on)
                order by l.upvotes desc nulls last
            )
    end as upvotes_rank,
    l.upvotes,
    l.listed_on
from reviewed as r
full join listed as l on l.source = r.source and l.week_on = r.week_on and l.paper_key = r.paper_key
join marts.papers as p on p.paper_key = coalesce(r.paper_key, l.paper_key);
comment on view marts.weekly_top is 'One row a weekly source, week and paper: what reviewers put on top against what readers upvoted on the days of that week.';
comment on column marts.weekly_top.source is 'Name of the weekly source.';
comment on column marts.weekly_top.week_on is 'First day of its week.';
comment on column marts.weekly_top.paper_key is 'The paper.';
comment on column marts.weekly_top.title is 'Title, as in papers.';
comment on column marts.weekly_top.top_position is 'Place in the reviewers'' top section; NULL if not there.';
comment on column marts.weekly_top.list_position is 'Place in the weekly list; NULL if not there.';
comment on column marts.weekly_top.upvotes_rank is 'Place by last known upvotes among all papers that daily sources listed in that week; NULL without upvotes.';
comment on column marts.weekly_top.upvotes is 'Last known upvotes; NULL if no daily source listed it in that week.';
comment on column marts.weekly_top.listed_on is 'First day of that week on which a daily source listed it; NULL if none did.';
