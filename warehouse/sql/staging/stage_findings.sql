create or replace temp table stage_findings as
from ops.findings
limit 0
