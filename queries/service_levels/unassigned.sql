-- question:   Which qualified leads has nobody been given?
-- grain:      one row per lead cycle, the first 100
-- reads:      mart.handovers, canonical.leads
-- params:     team varchar (null = all), segment varchar (null = all), source varchar (null = all), lead_type varchar
--             (null = all)
-- returns:    lead_id varchar, cycle bigint, qualified_at timestamp with time zone, waiting_minutes double, is_waiting
--             boolean, source varchar, lead_type varchar, crm_url varchar
-- definition: Qualified but never assigned, the oldest of those still open first. They are outside sales' promise; the
--             agreement says who owns them.
-- terms:      acceptance.routing_owner
with chosen as (
    select * from mart.handovers
    where status = 'unassigned'
    and ($team is null or team = $team) and ($segment is null or segment = $segment)
    and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
    order by is_waiting desc, qualified_at, lead_id
    limit 100
)
select
    chosen.lead_id, chosen.cycle, chosen.qualified_at, chosen.waiting_minutes, chosen.is_waiting, chosen.source,
    chosen.lead_type, leads.crm_url
from chosen
left join canonical.leads as leads on leads.lead_id = chosen.lead_id
order by chosen.is_waiting desc, chosen.qualified_at, chosen.lead_id
