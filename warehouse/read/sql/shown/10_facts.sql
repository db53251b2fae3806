update raw.arxiv_facts as f
set
    abstract = case when not t.has_abstract then f.abstract end,
    submitter = case when not t.has_account then f.submitter end
from (
    select source, bool_or(content = 'abstract') as has_abstract, bool_or(content = 'account') as has_account
    from core.terms
    group by source
) as t
where t.source = f.service
