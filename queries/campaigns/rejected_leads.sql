-- question:   Why does sales reject the leads of each campaign?
-- grain:      one row per campaign, decision and reason
-- reads:      mart.handovers, canonical.campaigns
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all)
-- returns:    campaign_id varchar, campaign varchar, decision varchar, reject_reason varchar (null = none was given),
--             leads bigint
-- definition: Leads of the campaign that sales accepted or rejected in the period within the deadline, the rejected ones by
--             the reason sales gave. Accepted by silence is no decision and is left out.
-- terms:      acceptance.deadline_minutes, acceptance.reject_reasons
with decided as (
    select campaign_id, decision, reject_reason, count(*) as leads
    from mart.handovers
    where decision in ('accepted', 'rejected') and campaign_id is not null
      and decided_at >= $date_from::timestamptz and decided_at < $date_until::timestamptz
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
    group by all
)
select
    decided.campaign_id::varchar as campaign_id, campaigns.name as campaign, decided.decision::varchar as decision,
    decided.reject_reason::varchar as reject_reason, decided.leads
from decided
left join canonical.campaigns on campaigns.campaign_id = decided.campaign_id
order by all
