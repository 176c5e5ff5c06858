-- question:   What became of every file in the exports folder?
-- grain:      one row per file and mapping
-- reads:      meta.sources
-- returns:    file varchar, mapping varchar, status varchar, rows_read bigint, rows_kept bigint, rows_rejected bigint,
--             rows_duplicate bigint, total_rows bigint, newest_record timestamp with time zone, message varchar,
--             decisions varchar, tables varchar, sha256 varchar
-- definition: Every row that was read was kept, rejected with a reason, or repeats another row exactly. Total rows and
--             title lines of a report are no data and are not counted.
select
    file, mapping, status, rows_read, rows_kept, rows_rejected, rows_duplicate, total_rows, newest_record, message,
    decisions, tables, sha256
from meta.sources
order by rows_read desc, file, mapping
