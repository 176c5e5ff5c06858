-- question:   Which ways through the channels do won customers take?
-- grain:      one row per path, the hundred first
-- reads:      mart.journeys, mart.deals
-- params:     by varchar (revenue, or won and null: number of deals), date_from date, date_until date (exclusive),
--             team varchar (null = all), segment varchar (null = all)
-- returns:    path varchar, won bigint, revenue double, median_days double, touches bigint
-- definition: Channels of all eligible touches of a won deal in the order of time, by the day it was won; the same channel
--             several times in a row counts once.
with won as (
    select
        list_reduce(
            string_split(journeys.path, ' > '),
            lambda so_far, step: case when so_far = step or ends_with(so_far, ' > ' || step) then so_far
                else so_far || ' > ' || step end
        ) as path,
        journeys.amount,
        journeys.touch_count,
        epoch(journeys.closed_at - journeys.opened_at) / 86400 as days
    from mart.journeys
    join mart.deals on deals.deal_id = journeys.deal_id
    where journeys.outcome = 'won' and journeys.touch_count > 0
      and journeys.closed_at >= $date_from::timestamptz and journeys.closed_at < $date_until::timestamptz
      and ($team is null or deals.team = $team) and ($segment is null or deals.segment = $segment)
)
select
    path, count(*) as won, sum(amount)::double as revenue, median(days) as median_days,
    median(touch_count)::bigint as touches
from won
group by path
order by case when $by = 'revenue' then sum(amount) else count(*) end desc, path
limit 100
