-- question:   Which leads did sales reject, and why?
-- grain:      one row per rejected lead, the latest 500
-- reads:      mart.handovers, canonical.campaigns, canonical.leads
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all)
-- returns:    lead_id varchar, decided_at timestamp with time zone, reject_reason varchar, source varchar,
--             campaign varchar, lead_type varchar, opportunity_at timestamp with time zone, crm_url varchar
-- definition: Handed over in the period and rejected within the deadline; an opportunity after it stands beside it.
-- terms:      acceptance.reject_reasons
with chosen as (
    select lead_id, decided_at, reject_reason, source, campaign_id, lead_type, opportunity_at
    from mart.handovers
    where decision = 'rejected'
      and handed_at >= $date_from::timestamptz and handed_at < $date_until::timestamptz
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
    order by decided_at desc nulls last, lead_id
    limit 500
)
select
    chosen.lead_id, chosen.decided_at, chosen.reject_reason, chosen.source, campaigns.name as campaign,
    chosen.lead_type::varchar as lead_type, chosen.opportunity_at, leads.crm_url
from chosen
left join canonical.campaigns as campaigns on campaigns.campaign_id = chosen.campaign_id
left join canonical.leads as leads on leads.lead_id = chosen.lead_id
order by chosen.decided_at desc nulls last, chosen.lead_id
