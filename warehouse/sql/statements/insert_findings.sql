insert into ops.findings
by name
from stage_findings
