-- A name of an author of the paper, in the midst of a text about it.
create temp macro without_names(text, names, pattern) as case
    when len(names) = 0 then text
    else regexp_replace(text, pattern, '\1(name withheld)\3', 'g')
end
