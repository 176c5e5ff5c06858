-- question: Does every rejected row wait in canonical.rejected_rows with its reason?
-- grain:    one row per file whose count differs
-- reads:    meta.sources, canonical.rejected_rows
-- severity: fail
select file, told, waiting
from (select file, sum(rows_rejected)::bigint as told from meta.sources group by file) as sources
full join (
    select source_file as file, count(distinct row_number) as waiting from canonical.rejected_rows group by source_file
) as rejected using (file)
where coalesce(told, 0) <> coalesce(waiting, 0)
