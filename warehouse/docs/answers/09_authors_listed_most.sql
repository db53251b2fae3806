-- Which names of authors stand on most papers?
select author, papers_count, first_author_count, reviewed_count, first_listed_on, last_listed_on
from marts.authors
order by papers_count desc, first_author_count desc, author_key
limit 5
