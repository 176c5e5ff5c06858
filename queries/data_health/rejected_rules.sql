-- question:   Why were rows rejected, and in which files?
-- grain:      one row per file and rule
-- reads:      canonical.rejected_rows
-- returns:    source_file varchar, rule varchar, rejected bigint
-- definition: A row that breaks a rule waits with its reason until the source is corrected; it is in no figure.
select source_file, rule, count(*) as rejected
from canonical.rejected_rows
group by source_file, rule
order by rejected desc, source_file, rule
