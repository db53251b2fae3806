select count(*)
from postings
