comment on macro table marts.search is 'One row a paper that matches the words of the query in title, abstract or review, best first, with its BM25 score.'
