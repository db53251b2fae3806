select count(*)
from marts.withheld
