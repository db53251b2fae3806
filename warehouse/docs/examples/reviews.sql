select partition_on, primary_institution, verdict from marts.reviews order by partition_on, first_line
