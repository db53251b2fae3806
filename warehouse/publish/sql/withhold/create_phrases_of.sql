-- A word so long is a sentence in a language that is written without blanks.
create temp macro phrases_of(words) as
    [array_to_string(list_slice(words, start, start + 4), ' ') for start in range(1, len(words) - 3)]
    || [word for word in words if length(word) >= 24]
