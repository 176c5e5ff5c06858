-- question:   Do the books balance?
-- grain:      one row per check
-- reads:      meta.checks
-- returns:    check_name varchar, severity varchar, status varchar, row_count bigint, detail varchar
-- definition: Checks of severity “fail” stop the publication of a build; those of severity “warn” are listed here.
select check_name, severity, status, rows as row_count, detail
from meta.checks
order by status, severity, check_name
