create temp table withheld_phrases as
select distinct unnest(phrases_of(words)) as phrase
from (
    select words_of(text) as words
    from withheld_texts
)
