-- question:   What did each campaign cost in the period?
-- grain:      one row per campaign
-- reads:      canonical.campaigns, mart.campaign_days
-- params:     date_from date, date_until date (exclusive), team varchar, segment varchar
-- returns:    campaign_id varchar, campaign varchar, channel varchar, started_on date, ended_on date, budget double,
--             budget_currency varchar, cost double (null = none known)
-- definition: Cost as the advertising accounts and event lists report it, at the rate of its day. Cost belongs to no team
--             and no segment: under such a filter it is unknown.
with spent as (
    select campaign_id, sum(cost)::double as cost
    from mart.campaign_days
    where day >= $date_from and day < $date_until and $team is null and $segment is null
    group by campaign_id
)
select
    campaigns.campaign_id, campaigns.name as campaign, campaigns.channel::varchar as channel, campaigns.started_on,
    campaigns.ended_on, campaigns.budget::double as budget, campaigns.currency as budget_currency, spent.cost
from canonical.campaigns
left join spent on spent.campaign_id = campaigns.campaign_id
order by campaigns.campaign_id
