create macro core.institution_key(printed) as
    regexp_replace(
        trim(regexp_replace(lower(strip_accents(printed)), '[^\p{L}\p{N}&]+', ' ', 'g')), '^the ', ''
    );

create table core.institution_aliases (
    alias varchar not null,
    institution varchar not null,
    origin varchar not null
);
comment on table core.institution_aliases is 'One other name of an institution; accents, case, punctuation and a leading The need no row.';
comment on column core.institution_aliases.alias is 'The name as some page prints it.';
comment on column core.institution_aliases.institution is 'The name under which it is counted.';
comment on column core.institution_aliases.origin is 'Why both are one: own_short_name, own_other_language, renamed, spelling or misprint.';
insert into core.institution_aliases values
    ('Caltech', 'California Institute of Technology', 'own_short_name'),
    ('CMU', 'Carnegie Mellon University', 'own_short_name'),
    ('CAS', 'Chinese Academy of Sciences', 'own_short_name'),
    ('Chinese Academy of Science', 'Chinese Academy of Sciences', 'spelling'),
    ('CASIA', 'Institute of Automation, Chinese Academy of Sciences', 'own_short_name'),
    ('Chinese Academy of Sciences Institute of Automation', 'Institute of Automation, Chinese Academy of Sciences', 'spelling'),
    ('Chinese Academic of Science Institute of Automation', 'Institute of Automation, Chinese Academy of Sciences', 'misprint'),
    ('CUHK', 'The Chinese University of Hong Kong', 'own_short_name'),
    ('CNRS', 'Centre national de la recherche scientifique', 'own_short_name'),
    ('DeepMind', 'Google DeepMind', 'renamed'),
    ('EPFL', 'École polytechnique fédérale de Lausanne', 'own_short_name'),
    ('Swiss Federal Institute of Technology Lausanne', 'École polytechnique fédérale de Lausanne', 'own_other_language'),
    ('ETH', 'ETH Zürich', 'own_short_name'),
    ('Swiss Federal Institute of Technology Zurich', 'ETH Zürich', 'own_other_language'),
    ('Georgia Tech', 'Georgia Institute of Technology', 'own_short_name'),
    ('FAIR at Meta', 'Meta FAIR', 'spelling'),
    ('FAIR, Meta', 'Meta FAIR', 'spelling'),
    ('HKU', 'The University of Hong Kong', 'own_short_name'),
    ('HKUST', 'The Hong Kong University of Science and Technology', 'own_short_name'),
    ('Hong Kong University of Science & Technology', 'The Hong Kong University of Science and Technology', 'spelling'),
    ('HKUST (Guangzhou)', 'The Hong Kong University of Science and Technology (Guangzhou)', 'own_short_name'),
    ('IIIT Hyderabad', 'International Institute of Information Technology Hyderabad', 'own_short_name'),
    ('KAIST', 'Korea Advanced Institute of Science and Technology', 'own_short_name'),
    ('KAUST', 'King Abdullah University of Science and Technology', 'own_short_name'),
    ('MATS', 'ML Alignment & Theory Scholars', 'own_short_name'),
    ('ML Alignment & Theory Scholars (MATS) program', 'ML Alignment & Theory Scholars', 'spelling'),
    ('MBZUAI', 'Mohamed bin Zayed University of Artificial Intelligence', 'own_short_name'),
    ('Mila', 'Mila – Québec AI Institute', 'own_short_name'),
    ('MIT', 'Massachusetts Institute of Technology', 'own_short_name'),
    ('NUS', 'National University of Singapore', 'own_short_name'),
    ('NYU', 'New York University', 'own_short_name'),
    ('SJTU', 'Shanghai Jiao Tong University', 'own_short_name'),
    ('Shanghai Jiaotong University', 'Shanghai Jiao Tong University', 'spelling'),
    ('SNU', 'Seoul National University', 'own_short_name'),
    ('Stanford', 'Stanford University', 'own_short_name'),
    ('TongyiLab', 'Tongyi Lab', 'spelling'),
    ('TU Darmstadt', 'Technical University of Darmstadt', 'own_short_name'),
    ('Technische Universität Darmstadt', 'Technical University of Darmstadt', 'own_other_language'),
    ('TUM', 'Technical University of Munich', 'own_short_name'),
    ('Technische Universität München', 'Technical University of Munich', 'own_other_language'),
    ('UC Berkeley', 'University of California, Berkeley', 'own_short_name'),
    ('UC San Diego', 'University of California, San Diego', 'own_short_name'),
    ('UCSD', 'University of California, San Diego', 'own_short_name'),
    ('UCLA', 'University of California, Los Angeles', 'own_short_name'),
    ('UCSB', 'University of California, Santa Barbara', 'own_short_name'),
    ('UIUC', 'University of Illinois Urbana-Champaign', 'own_short_name'),
    ('University of Illinois at Urbana-Champaign', 'University of Illinois Urbana-Champaign', 'spelling'),
    ('UMD', 'University of Maryland, College Park', 'own_short_name'),
    ('UPenn', 'University of Pennsylvania', 'own_short_name'),
    ('USC', 'University of Southern California', 'own_short_name'),
    ('USTC', 'University of Science and Technology of China', 'own_short_name'),
    ('UT Austin', 'The University of Texas at Austin', 'own_short_name'),
    ('University of Texas, Austin', 'The University of Texas at Austin', 'spelling'),
    ('UW-Madison', 'University of Wisconsin–Madison', 'own_short_name'),
    ('Université de Montréa', 'Université de Montréal', 'misprint'),
    ('University of Montreal', 'Université de Montréal', 'own_other_language');

create view marts.paper_institutions as
with printed as (
    select m.paper_key, s.source, i.name as name, i.raw as raw, c.review.primary_institution = i.name as is_primary
    from core.sightings as s
    join core.matches as m on m.sighting_key = s.sighting_key
    join raw.contents as c on c.content_key = s.content_key
    cross join unnest(c.institutions) as t(i)
    union all
    select m.paper_key, s.source, c.organization, c.organization, false
    from core.sightings as s
    join core.matches as m on m.sighting_key = s.sighting_key
    join raw.contents as c on c.content_key = s.content_key
    where c.organization is not null
),
keyed as (
    select *, core.institution_key(name) as name_key
    from printed
),
known as (
    select
        core.institution_key(alias) as name_key,
        min(institution) as institution,
        min(core.institution_key(institution)) as institution_key,
        min(origin) as origin
    from core.institution_aliases
    group by all
),
canonical as (
    select distinct core.institution_key(institution) as institution_key, institution
    from core.institution_aliases
),
resolved as (
    select
        k.paper_key,
        coalesce(a.institution_key, k.name_key) as institution_key,
        k.name,
        k.raw,
        k.source,
        k.is_primary,
        a.origin
    from keyed as k
    left join known as a on a.name_key = k.name_key
    where k.name_key <> ''
),
named as (
    select institution_key, mode(name order by name) as name
    from resolved
    group by all
)
select
    r.paper_key,
    r.institution_key,
    coalesce(c.institution, n.name) as institution,
    list(distinct r.raw order by r.raw) as printed,
    list(distinct r.source order by r.source) as sources,
    bool_or(coalesce(r.is_primary, false)) as is_primary,
    coalesce(list(distinct r.origin order by r.origin) filter (where r.origin is not null), []) as alias_origins
from resolved as r
join named as n on n.institution_key = r.institution_key
left join canonical as c on c.institution_key = r.institution_key
group by r.paper_key, r.institution_key, c.institution, n.name;
comment on view marts.paper_institutions is 'One row a paper and institution that a review names or a listing files it under.';
comment on column marts.paper_institutions.paper_key is 'The paper.';
comment on column marts.paper_institutions.institution_key is 'The institution''s name in lower case without accents, punctuation and a leading The.';
comment on column marts.paper_institutions.institution is 'The institution: by the alias table, else its most frequent spelling.';
comment on column marts.paper_institutions.printed is 'Names as printed, raw.';
comment on column marts.paper_institutions.sources is 'Sources that name it for this paper, sorted.';
comment on column marts.paper_institutions.is_primary is 'Whether a review names it first.';
comment on column marts.paper_institutions.alias_origins is 'Why the printed names count as this institution, where core.institution_aliases says so; else empty.';

create view marts.institutions as
select
    i.institution_key,
    i.institution,
    list(distinct i.printed order by i.printed) as spellings,
    list_sort(list_distinct(flatten(list(i.alias_origins)))) as alias_origins,
    count(distinct i.paper_key) as papers_count,
    count(distinct r.paper_key) as reviewed_count,
    count(distinct i.paper_key) filter (where i.is_primary) as primary_count,
    min(p.first_listed_on) as first_listed_on,
    max(p.last_listed_on) as last_listed_on
from (
    select paper_key, institution_key, institution, is_primary, alias_origins, unnest(printed) as printed
    from marts.paper_institutions
) as i
join core.papers as p on p.paper_key = i.paper_key
left join (select distinct paper_key from marts.reviews) as r on r.paper_key = i.paper_key
group by i.institution_key, i.institution;
comment on view marts.institutions is 'One row an institution that a review names or a listing files papers under.';
comment on column marts.institutions.institution_key is 'Its name in lower case without accents, punctuation and a leading The.';
comment on column marts.institutions.institution is 'Its name: by the alias table, else its most frequent spelling.';
comment on column marts.institutions.spellings is 'All names as printed, raw.';
comment on column marts.institutions.alias_origins is 'Why its names count as one, where core.institution_aliases says so; else empty.';
comment on column marts.institutions.papers_count is 'Papers that name it.';
comment on column marts.institutions.reviewed_count is 'Papers that name it and have a review.';
comment on column marts.institutions.primary_count is 'Papers whose review names it first.';
comment on column marts.institutions.first_listed_on is 'First partition that lists one of them.';
comment on column marts.institutions.last_listed_on is 'Last partition that lists one of them.';

comment on macro table marts.metric_asof is 'One row a paper, source and metric: the number as known at an instant ("at", UTC).';
comment on macro table marts.trending is 'One row a paper and source: upvotes gained in the days before an instant ("at", UTC), between the reads since and until, most first; gained is NULL where there was one read only.';
comment on macro table marts.lineage is 'One row a fact of a paper (by its key or a previous key), place and reading: what was said, whether the paper holds it, and the page, run and extractor it came from.';
