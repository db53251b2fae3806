-- What a text begins with, in letters and digits: the same for a copy that was cut or wrapped in another way.
create temp macro text_key(text) as case
    when length(regexp_replace(text, '[^\p{L}\p{N}]', '', 'g')) >= 40
        then left(lower(regexp_replace(text, '[^\p{L}\p{N}]', '', 'g')), 120)
end
