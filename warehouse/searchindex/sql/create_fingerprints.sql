create temp table fingerprints as
select paper_key, day, fingerprint
from documents
