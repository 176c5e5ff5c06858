-- question:   What became of the leads of each campaign?
-- grain:      one row per campaign
-- reads:      mart.leads
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all)
-- returns:    campaign_id varchar, leads bigint, accepted bigint, opportunities bigint, won bigint, customers bigint,
--             waiting bigint
-- definition: First cycles created in the period that name the campaign, by how far they have come until today; customers are
--             won leads of companies that were no customer before; waiting ones are still open.
select
    campaign_id,
    count(*) as leads,
    count(sal_at) as accepted,
    count(opportunity_at) as opportunities,
    count(won_at) as won,
    count(won_at) filter (customer_type = 'new') as customers,
    count(*) filter (closed_at is null) as waiting
from mart.leads
where cycle = 1 and campaign_id is not null
  and created_at >= $date_from::timestamptz and created_at < $date_until::timestamptz
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
group by campaign_id
order by campaign_id
