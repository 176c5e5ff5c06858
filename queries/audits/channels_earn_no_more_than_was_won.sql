-- question: Do the channels together earn more than the deals with a touch brought, under Markov or Shapley?
-- grain:    one row per model that does
-- reads:    mart.channel_credits, mart.touch_credits, mart.deals
-- severity: fail
with touched as (
    select distinct deal_id from mart.touch_credits where basis = 'won' and touch_id is not null
), won as (
    select sum(deals.amount) as amount from mart.deals as deals join touched on touched.deal_id = deals.deal_id
)
select model, sum(credit) as credit, any_value(won.amount) as amount
from mart.channel_credits
cross join won
group by model
having sum(credit) > coalesce(any_value(won.amount), 0)
