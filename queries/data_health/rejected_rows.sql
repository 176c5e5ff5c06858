-- question:   Which rows wait for correction?
-- grain:      one row per rejected source row
-- reads:      canonical.rejected_rows
-- params:     file varchar (null = all), rule varchar (null = all)
-- returns:    source_file varchar, row_number bigint, rule varchar, reason varchar, row_json varchar
-- definition: The rows as they stand in the file, with the line number a spreadsheet shows. At most 10,000 are listed.
select source_file, row_number, rule, reason, row_json
from canonical.rejected_rows
where ($file is null or source_file = $file)
    and ($rule is null or rule = $rule)
order by source_file, row_number
limit 10000
