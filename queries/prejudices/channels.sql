-- question:   What did each channel cost, and what does each model credit it with?
-- grain:      one row per channel with cost and model
-- reads:      mart.campaign_days, mart.credit_days
-- params:     date_from date, date_until date (exclusive)
-- returns:    channel varchar, model varchar, cost double, credit double
-- definition: Cost of the days and credit of the deals won on them, by channel. A channel without cost takes no part: it
--             cannot be bought less.
-- terms:      prejudices.wrong_channels_cost_share, attribution.models
with costs as (
    select channel, sum(cost)::double as cost
    from mart.campaign_days
    where day >= $date_from and day < $date_until
    group by channel
    having sum(cost) > 0
), added as (
    select channel, sum(columns('.+_credit'))
    from mart.credit_days
    where clock = 'close' and basis = 'won' and day >= $date_from and day < $date_until
    group by channel
), credits as (
    unpivot (select channel, columns('(.+)_credit') as '\1' from added) on * exclude (channel) into name model value credit
)
select costs.channel::varchar as channel, models.model, costs.cost, coalesce(credits.credit, 0)::double as credit
from costs
cross join (select distinct model from credits) as models
left join credits on credits.channel::varchar = costs.channel::varchar and credits.model = models.model
order by all
