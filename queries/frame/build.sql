-- question:   Which build is on screen, and what does it say of itself?
-- grain:      one row
-- reads:      meta.build
-- returns:    build_id varchar, built_at timestamp with time zone, as_of timestamp with time zone,
--             agreement_version varchar, currency varchar, zone varchar, is_demo boolean
-- definition: What the published file says of itself.
select build_id, built_at, as_of, agreement_version, currency, zone, is_demo
from meta.build
