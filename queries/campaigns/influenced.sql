-- question:   Which won deals did each campaign touch?
-- grain:      one row per campaign
-- reads:      mart.touch_credits, mart.deals
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all)
-- returns:    campaign_id varchar, deals bigint, influenced double
-- definition: The full amount of every deal won in the period with an eligible touch of the campaign. A deal counts for each
--             campaign that touched it, so these amounts have no total.
with touched as (
    select distinct campaign_id, deal_id
    from mart.touch_credits
    where basis = 'won' and campaign_id is not null
      and closed_at >= $date_from::timestamptz and closed_at < $date_until::timestamptz
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
)
select touched.campaign_id::varchar as campaign_id, count(*) as deals, sum(deals.amount)::double as influenced
from touched
join mart.deals on deals.deal_id = touched.deal_id
group by touched.campaign_id
order by all
