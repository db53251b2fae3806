-- Names of authors of the paper, in the midst of a text about it. Twice, because the sign between two of them belongs to one.
-- Patterns take milliseconds to prepare, so only a text that has the letters of the name gets there.
create temp macro without_names(text, names, patterns) as list_reduce(
    [text] || names,
    lambda said, name: case
        when contains(regexp_replace(name_key(said), '&#x27;|&#39;|&apos;|’', '''', 'g'), name)
            then regexp_replace(
                regexp_replace(said, patterns[name], '\1(name withheld)\3', 'g'),
                patterns[name],
                '\1(name withheld)\3',
                'g'
            )
        else said
    end
)
