update raw.arxiv_facts as f
set
    abstract = case when w.has_abstract then null else without_names(f.abstract, w.names, w.patterns) end,
    authors = [
        case when list_contains(w.names, name_key(each)) then '(name withheld)' else each end for each in f.authors
    ],
    authors_text = case when len(w.names) = 0 then f.authors_text end,
    submitter = case when not coalesce(w.has_account, false) and len(w.names) = 0 then f.submitter end,
    comments = case when len(w.names) = 0 then f.comments end
from (from withheld_facts cross join withheld_names) as w
where w.arxiv_id = f.arxiv_id
