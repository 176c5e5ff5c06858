-- question:   Which records were found to be one and the same?
-- grain:      one row per record that goes by another's id
-- reads:      canonical.merges
-- returns:    kind varchar, from_id varchar, into_id varchar, rule varchar
-- definition: The record in “from” counts as the one in “into”: the CRM merged them, or they share an address. Nothing
--             is ever merged by name, and each merge can be undone in the source.
select kind, from_id, into_id, rule
from canonical.merges
order by kind, rule, into_id, from_id
limit 10000
