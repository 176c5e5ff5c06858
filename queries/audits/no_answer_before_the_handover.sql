-- question: Which handovers were answered before sales had the lead?
-- grain:    one row per handover
-- reads:    mart.handovers
-- severity: fail
select lead_id, cycle, assigned_at, responded_at
from mart.handovers
where responded_at is not null
  and (assigned_at is null or (responded_at < assigned_at and not is_date_only and response_minutes is not null))
