-- question:   Is anything wrong with the data behind this week's figures?
-- grain:      one row
-- reads:      meta.sources, meta.checks
-- returns:    files_refused bigint, rows_rejected bigint, checks_warning bigint
-- definition: Files that were not read, rows that wait for correction, and checks that found something.
select
    (select count(*) from meta.sources where status = 'refused') as files_refused,
    (select coalesce(sum(rows_rejected), 0)::bigint from meta.sources) as rows_rejected,
    (select count(*) from meta.checks where status <> 'passed') as checks_warning
