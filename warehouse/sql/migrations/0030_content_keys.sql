comment on column raw.contents.content_key is 'Day of the partition and digest of the sighting and all other columns.';
