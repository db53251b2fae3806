comment on column core.comparisons.verdict is
    'same, undecided, suspect_identifier (two clearly different papers with one identifier), or other_identifier (the same title and authors under different identifiers: one paper if the identifier of one side alone is suspect).';
