-- question: Is every row that was read kept, rejected or an exact duplicate?
-- grain:    one row per file that loses or invents rows
-- reads:    meta.sources
-- severity: fail
select file, mapping, rows_read, rows_kept, rows_rejected, rows_duplicate
from meta.sources
where rows_read is distinct from rows_kept + rows_rejected + rows_duplicate
