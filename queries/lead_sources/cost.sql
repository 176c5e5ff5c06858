-- question:   What did the leads of each channel cost?
-- grain:      one row per channel
-- reads:      mart.campaign_days, mart.leads
-- params:     handed_from date, handed_until date (exclusive)
-- returns:    channel varchar, cost decimal(38,2), leads bigint
-- definition: Cost of the channel's campaigns in the stretch, and the leads created by the channel in it.
with spent as (
    select channel, sum(cost) as cost from mart.campaign_days where day >= $handed_from and day < $handed_until group by channel
), made as (
    select channel, count(*) as leads
    from mart.leads
    where cycle = 1 and created_at >= $handed_from::timestamptz and created_at < $handed_until::timestamptz
    group by channel
)
select spent.channel, spent.cost, coalesce(made.leads, 0) as leads
from spent
left join made on made.channel = spent.channel
where spent.cost > 0
order by spent.channel
