-- question:   Which ways through the channels do won customers take?
-- grain:      one row per way, the hundred first
-- reads:      mart.touch_credits, mart.journeys
-- params:     by varchar (revenue, or won and null: number of deals), date_from date, date_until date (exclusive),
--             team varchar (null = all), segment varchar (null = all)
-- returns:    first varchar, lead varchar, opportunity varchar, closing varchar, won bigint, revenue double,
--             median_days double, touches bigint
-- definition: Won deals by the channels of their milestones: the first touch, the touch that created the first lead, the
--             last one before the opportunity and the last one before winning; null = nobody holds the milestone.
with ways as (
    select
        deal_id,
        any_value(channel) filter (contains(milestones, 'FT')) as first,
        any_value(channel) filter (contains(milestones, 'LC')) as lead,
        any_value(channel) filter (contains(milestones, 'OC')) as opportunity,
        any_value(channel) filter (contains(milestones, 'CW')) as closing
    from mart.touch_credits
    where basis = 'won' and milestones <> ''
      and closed_at >= $date_from::timestamptz and closed_at < $date_until::timestamptz
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
    group by deal_id
)
select
    first::varchar as first, lead::varchar as lead, opportunity::varchar as opportunity, closing::varchar as closing,
    count(*) as won, sum(journeys.amount)::double as revenue,
    median((epoch(journeys.closed_at) - epoch(journeys.opened_at)) / 86400) as median_days,
    median(journeys.touch_count)::bigint as touches
from ways
join mart.journeys on journeys.deal_id = ways.deal_id
group by first, lead, opportunity, closing
order by case when $by = 'revenue' then sum(journeys.amount) else count(*) end desc, first, lead, opportunity, closing
limit 100
