-- question: Which answers lack the record of a human attempt that stopped the clock?
-- grain:    one row per handover
-- reads:    mart.handovers, canonical.activities
-- severity: fail
select handovers.lead_id, handovers.cycle, handovers.response_kind, handovers.response_activity_id
from mart.handovers
left join canonical.activities on activities.activity_id = handovers.response_activity_id
where (handovers.responded_at is null) <> (handovers.response_kind is null)
   or (handovers.response_kind <> 'rejected') <> (handovers.response_activity_id is not null)
   or (handovers.status = 'met' and handovers.responded_at is null)
   or (
        handovers.response_activity_id is not null
        and (
            activities.occurred_at is distinct from handovers.responded_at
            or activities.kind not in ('call', 'mail', 'meeting', 'message')
            or coalesce(activities.is_automatic, false)
            or coalesce(activities.direction, 'outgoing') <> 'outgoing'
        )
    )
