-- question:   What was created, won and closed in the quarter so far?
-- grain:      one row
-- reads:      mart.deals
-- params:     quarter_from date, date_until date (exclusive)
-- returns:    created_amount double, won_amount double, won bigint, closed bigint
-- definition: Amount of the deals created, amount and number of those won, and number of those won or lost.
-- terms:      targets.won_revenue, targets.pipeline_created
-- kpis:       pipeline_created, won_revenue, win_rate
select
    coalesce(sum(amount) filter (
        created_at >= $quarter_from::timestamptz and created_at < $date_until::timestamptz
    ), 0)::double as created_amount,
    coalesce(sum(amount) filter (
        won_at >= $quarter_from::timestamptz and won_at < $date_until::timestamptz
    ), 0)::double as won_amount,
    count(*) filter (won_at >= $quarter_from::timestamptz and won_at < $date_until::timestamptz) as won,
    count(*) filter (
        coalesce(won_at, lost_at) >= $quarter_from::timestamptz and coalesce(won_at, lost_at) < $date_until::timestamptz
    ) as closed
from mart.deals
