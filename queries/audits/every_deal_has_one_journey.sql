-- question: Does every deal have exactly one journey, with the deal's amount?
-- grain:    one row per deal that has none, several, or another amount
-- reads:    mart.deals, mart.journeys
-- severity: fail
select deals.deal_id, count(journeys.journey_id) as journeys, any_value(deals.amount) as amount
from mart.deals as deals
left join mart.journeys as journeys on journeys.deal_id = deals.deal_id
group by deals.deal_id
having count(journeys.journey_id) <> 1 or any_value(deals.amount) is distinct from any_value(journeys.amount)
