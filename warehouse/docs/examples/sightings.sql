select partition_on, position, title_text from marts.sightings where source = 'hf_daily' and is_listed order by all
