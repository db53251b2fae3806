copy records (record, sighting_key, checksum, blocks, stored) from stdin (format binary, freeze)
