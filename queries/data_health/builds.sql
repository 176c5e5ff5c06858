-- question:   How have the builds developed?
-- grain:      one row per build, newest first
-- reads:      meta.build, meta.sources, meta.history
-- returns:    build_id varchar, built_at timestamp with time zone, as_of timestamp with time zone,
--             agreement_version varchar, rows_read bigint, rows_kept bigint, rows_rejected bigint
-- definition: Every build reads all exports anew. A jump in the rows read is worth a look into the exports folder.
select
    b.build_id, b.built_at, b.as_of, b.agreement_version,
    (select sum(rows_read)::bigint from meta.sources) as rows_read,
    (select sum(rows_kept)::bigint from meta.sources) as rows_kept,
    (select sum(rows_rejected)::bigint from meta.sources) as rows_rejected
from meta.build as b
union all
select build_id, built_at, as_of, agreement_version, rows_read, rows_kept, rows_rejected from meta.history
order by build_id desc
