-- question:   Up to which entry of the ledger does this build count decisions?
-- grain:      one row
-- reads:      meta.build
-- returns:    ledger_seq bigint (null = built without a ledger)
-- definition: Later entries count with the next build.
select ledger_seq from meta.build
