select *, strftime(first_listed_on, '%Y-%m') as month
from marts.papers
order by month, paper_key
