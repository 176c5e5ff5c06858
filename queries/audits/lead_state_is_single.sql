-- question: Is every lead cycle in exactly one state: won, lost, disqualified, recycled or still open?
-- grain:    one row per lead cycle that breaks it
-- reads:    mart.leads
-- severity: fail
select lead_id, cycle, closed_as, stage
from mart.leads
where (closed_as is null) <> (closed_at is null)
   or closed_as not in ('won', 'lost', 'disqualified', 'recycled')
