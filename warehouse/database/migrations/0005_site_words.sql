alter table raw.listings add column is_partial boolean default false;
comment on column raw.listings.is_partial is 'Whether it may lack entries of the list: it adds to the list and never takes from it.';

alter table raw.contents add column site_summary varchar;
alter table raw.contents add column site_keywords varchar[];
alter table raw.contents add column thumbnail_url varchar;
alter table raw.contents add column author_claims struct(name varchar, status varchar)[];
comment on column raw.contents.site_summary is 'The site''s own summary of the paper, made by the site and not by the authors.';
comment on column raw.contents.site_keywords is 'The site''s own keywords for the paper, in its order.';
comment on column raw.contents.thumbnail_url is 'Address of the picture that the site shows with it.';
comment on column raw.contents.author_claims is 'Authors whom accounts of the site claim to be, with the site''s own word for the claim (claimed, claimed_verified, admin_assigned ...).';

create or replace view marts.sightings as
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
    c.site_summary,
    c.site_keywords,
    c.thumbnail_url,
    c.author_claims,
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
comment on column marts.sightings.site_summary is 'The site''s own summary of the paper, made by the site and not by the authors.';
comment on column marts.sightings.site_keywords is 'The site''s own keywords for the paper, in its order.';
comment on column marts.sightings.thumbnail_url is 'Address of the picture that the site shows with it.';
comment on column marts.sightings.author_claims is 'Authors whom accounts of the site claim to be, with the site''s own word for the claim (claimed, claimed_verified, admin_assigned ...).';

comment on column marts.runs.cause is 'What the evidence says happened: wrong_day, empty_list, layout_changed, unexpected_content, list_shrunk, blocked, forbidden_by_robots, rate_limited, host_down, cut_off, not_found, bad_answer, page_damaged or extractor_failed; degraded_cards_only where a list was loaded from its cards alone; else NULL.';
