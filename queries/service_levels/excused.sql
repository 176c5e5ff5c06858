-- question:   Which handovers were excused by the other side?
-- grain:      one row per handover, the first 100
-- reads:      mart.handovers, canonical.leads
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             source varchar (null = all), lead_type varchar (null = all)
-- returns:    lead_id varchar, cycle bigint, assigned_at timestamp with time zone, due_at timestamp with time zone,
--             responded_at timestamp with time zone, response_minutes double, promised_minutes bigint, waiting_minutes
--             double (null = answered), is_waiting boolean, team varchar, source varchar, lead_type varchar,
--             excuse varchar, crm_url varchar
-- definition: Excused handovers due in the period, the newest first; they are outside the attainment. The reason is one
--             of those agreed.
-- terms:      acceptance.excuse_reasons
with chosen as (
    select * from mart.handovers
    where status = 'excused' and due_at >= $date_from::timestamptz and due_at < $date_until::timestamptz
    and ($team is null or team = $team) and ($segment is null or segment = $segment)
    and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
    order by due_at desc, lead_id
    limit 100
)
select
    chosen.lead_id, chosen.cycle, chosen.assigned_at, chosen.due_at, chosen.responded_at, chosen.response_minutes,
    chosen.promised_minutes, if(chosen.waiting_for = 'response', chosen.waiting_minutes, null) as waiting_minutes,
    chosen.is_waiting and chosen.waiting_for = 'response' as is_waiting,
    chosen.team, chosen.source, chosen.lead_type, chosen.excuse, leads.crm_url
from chosen
left join canonical.leads as leads on leads.lead_id = chosen.lead_id
order by chosen.due_at desc, chosen.lead_id
