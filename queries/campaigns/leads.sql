-- question:   Which leads did this campaign bring?
-- grain:      one row per lead, the newest first, at most 2,000
-- reads:      mart.leads, canonical.leads
-- params:     campaign varchar, date_from date, date_until date (exclusive), team varchar (null = all),
--             segment varchar (null = all)
-- returns:    lead_id varchar, created_at timestamptz, lead_type varchar, segment varchar, team varchar, stage varchar,
--             reject_reason varchar, crm_url varchar
-- definition: First cycles created in the period that name the campaign.
with found as (
    select lead_id, created_at, lead_type, segment, team, stage, reject_reason
    from mart.leads
    where cycle = 1 and campaign_id = $campaign
      and created_at >= $date_from::timestamptz and created_at < $date_until::timestamptz
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
    order by created_at desc, lead_id
    limit 2000
)
select
    found.lead_id, found.created_at, found.lead_type::varchar as lead_type, found.segment::varchar as segment,
    found.team::varchar as team, found.stage::varchar as stage, found.reject_reason::varchar as reject_reason, leads.crm_url
from found
left join canonical.leads on leads.lead_id = found.lead_id
order by found.created_at desc, found.lead_id
