-- question: Which leads converted before they were created? They count, but not in durations.
-- grain:    one row per lead cycle
-- reads:    mart.leads
-- severity: warn
select lead_id, cycle, created_at
from mart.leads
where not is_in_time_order
