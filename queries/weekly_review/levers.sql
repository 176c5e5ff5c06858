-- question:   How fast does the open pipeline turn into revenue?
-- grain:      one row
-- reads:      mart.deals
-- params:     date_from date, date_until date (exclusive)
-- returns:    opportunities bigint (open at the end), won bigint, closed bigint, average_won double, cycle_days double (median)
-- definition: Deals open at the end of the period; of those closed in it: won and lost, mean amount won, and the median
--             of the days from creation to winning.
-- kpis:       won_revenue, win_rate
select
    count(*) filter (
        created_at < $date_until::timestamptz
        and coalesce(won_at >= $date_until::timestamptz, lost_at >= $date_until::timestamptz, true)
    ) as opportunities,
    count(*) filter (won_at >= $date_from::timestamptz and won_at < $date_until::timestamptz) as won,
    count(*) filter (
        coalesce(won_at, lost_at) >= $date_from::timestamptz and coalesce(won_at, lost_at) < $date_until::timestamptz
    ) as closed,
    avg(amount) filter (won_at >= $date_from::timestamptz and won_at < $date_until::timestamptz)::double as average_won,
    median(cycle_days) filter (
        won_at >= $date_from::timestamptz and won_at < $date_until::timestamptz
    )::double as cycle_days
from mart.deals
