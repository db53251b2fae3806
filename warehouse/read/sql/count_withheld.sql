select count(*) as withheld, count(distinct paper_key) as papers
from marts.withheld
