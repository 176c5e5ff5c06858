-- question:   Which customers can be searched?
-- grain:      one row per company
-- reads:      canonical.accounts
-- returns:    account_id varchar, name varchar, domain varchar
-- definition: Every company of the exports, by name.
select account_id, name, domain
from canonical.accounts
order by name nulls last, account_id
