update raw.contents as c
set
    abstract_text = case when w.has_abstract then null else without_names(c.abstract_text, w.names, w.patterns) end,
    abstract_raw = case when w.has_abstract then null else without_names(c.abstract_raw, w.names, w.patterns) end,
    site_summary = case when w.has_summary then null else without_names(c.site_summary, w.names, w.patterns) end,
    site_keywords = [without_names(each, w.names, w.patterns) for each in c.site_keywords],
    submitted_by = case when w.has_account then null else c.submitted_by end,
    comments = case when len(w.names) = 0 then c.comments end,
    authors = [
        case when list_contains(w.names, name_key(each)) then '(name withheld)' else each end for each in c.authors
    ],
    author_claims = [each for each in c.author_claims if not list_contains(w.names, name_key(each.name))],
    review = case when c.review is not null then struct_update(
        c.review,
        summary := case
            when not (w.has_review or w.has_summary)
                then without_names(c.review.summary, w.names, w.patterns)
        end,
        verdict := case
            when not (w.has_review or (w.has_summary and is_part(c.review.verdict, c.review.summary)))
                then without_names(c.review.verdict, w.names, w.patterns)
        end,
        methodology := case
            when not (w.has_review or (w.has_summary and is_part(c.review.methodology, c.review.summary)))
                then without_names(c.review.methodology, w.names, w.patterns)
        end,
        experiments := case
            when not (w.has_review or (w.has_summary and is_part(c.review.experiments, c.review.summary)))
                then without_names(c.review.experiments, w.names, w.patterns)
        end,
        reproducibility := case
            when not (w.has_review or (w.has_summary and is_part(c.review.reproducibility, c.review.summary)))
                then without_names(c.review.reproducibility, w.names, w.patterns)
        end,
        limitations := case
            when not (w.has_review or (w.has_summary and is_part(c.review.limitations, c.review.summary)))
                then without_names(c.review.limitations, w.names, w.patterns)
        end,
        impact := case
            when not (w.has_review or (w.has_summary and is_part(c.review.impact, c.review.summary)))
                then without_names(c.review.impact, w.names, w.patterns)
        end,
        unassigned := [
            without_names(each, w.names, w.patterns)
            for each in c.review.unassigned
            if not (w.has_review or (w.has_summary and is_part(each, c.review.summary)))
        ]
    ) end
from (from withheld_contents cross join withheld_names) as w
where w.content_key = c.content_key
