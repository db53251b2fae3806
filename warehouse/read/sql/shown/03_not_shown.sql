create table core.not_shown as
select distinct w.paper_key, t.content, t.source
from words as w
join core.terms as t on t.source = w.source
where (t.content = 'abstract' and w.abstract_text is not null)
    or (t.content = 'review' and w.has_review)
    or (t.content = 'summary' and w.has_summary)
    or (t.content = 'account' and w.has_account)
