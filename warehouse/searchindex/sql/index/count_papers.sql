select count(*)
from papers
