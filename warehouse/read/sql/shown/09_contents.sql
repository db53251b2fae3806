update raw.contents as c
set
    abstract_text = case when not t.has_abstract then c.abstract_text end,
    abstract_raw = case when not t.has_abstract then c.abstract_raw end,
    site_summary = case when not t.has_summary then c.site_summary end,
    submitted_by = case when not t.has_account then c.submitted_by end,
    review = case
        when c.review is not null and (t.has_review or t.has_summary)
            then struct_update(
                c.review,
                summary := null,
                verdict := case when not t.has_review then c.review.verdict end,
                methodology := case when not t.has_review then c.review.methodology end,
                experiments := case when not t.has_review then c.review.experiments end,
                reproducibility := case when not t.has_review then c.review.reproducibility end,
                limitations := case when not t.has_review then c.review.limitations end,
                impact := case when not t.has_review then c.review.impact end,
                unassigned := case when not t.has_review then c.review.unassigned else [] end,
                derived := case when not t.has_review then c.review.derived else [] end
            )
        else c.review
    end
from (
    select
        e.content_key,
        bool_or(t.content = 'abstract') as has_abstract,
        bool_or(t.content = 'review') as has_review,
        bool_or(t.content = 'summary') as has_summary,
        bool_or(t.content = 'account') as has_account
    from raw.entries as e
    join core.terms as t on t.source = core.family_of(e.source)
    group by e.content_key
) as t
where t.content_key = c.content_key
