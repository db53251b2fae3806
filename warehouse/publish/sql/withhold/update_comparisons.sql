-- Points stay; words of a text or name may stand in two kinds of reasons.
update core.comparisons
set evidence = to_json(
    [
        {
            'field': each.field,
            'bits': each.bits,
            'text': case when each.field in ('rule', 'authors') then '(withheld)' else each.text end
        }
        for each in from_json(evidence, '[{"field": "VARCHAR", "bits": "DOUBLE", "text": "VARCHAR"}]')
    ]
)
where left_key in (select sighting_key from withheld_records) or right_key in (select sighting_key from withheld_records)
