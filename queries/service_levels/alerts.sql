-- question:   Which handovers are about to be missed, and which were missed lately?
-- grain:      one row per handover
-- reads:      mart.handovers, canonical.leads
-- params:     since timestamptz, team varchar (null = all)
-- returns:    lead_id varchar, cycle bigint, status varchar (pending, breached), assigned_at timestamp with time zone,
--             due_at timestamp with time zone, team varchar, source varchar, lead_type varchar, crm_url varchar
-- definition: Unanswered and not yet due when the figures were made, and breached with an answer due since the given
--             moment. Without names: the CRM says who is in charge.
-- terms:      response.minutes, response.warn_minutes_before_due
with chosen as (
    select * from mart.handovers
    where (status = 'pending' or (status = 'breached' and due_at >= $since)) and ($team is null or team = $team)
)
select
    chosen.lead_id, chosen.cycle, chosen.status, chosen.assigned_at, chosen.due_at, chosen.team, chosen.source,
    chosen.lead_type, leads.crm_url
from chosen
left join canonical.leads as leads on leads.lead_id = chosen.lead_id
order by chosen.due_at, chosen.lead_id, chosen.cycle
