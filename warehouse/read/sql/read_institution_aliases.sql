-- Other names of institutions, each with the name that it stands for.
select alias, institution
from core.institution_aliases
order by alias, institution
