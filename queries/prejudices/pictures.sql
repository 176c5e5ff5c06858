-- question:   How much of the won revenue had been touched by marketing before the deal existed?
-- grain:      one row per fiscal quarter
-- reads:      mart.deals
-- params:     date_from date, date_until date (exclusive), fiscal_months bigint (months the fiscal quarters lie after the calendar's)
-- returns:    quarter_start date, touched double, revenue double, squares double, deals bigint
-- definition: Amount of won deals by the quarter they were won in; touched: of those with an eligible marketing touch before
--             the deal was created. The squares of the amounts say how much single large deals weigh.
-- terms:      prejudices.colourful_pictures_share
select
    (date_trunc('quarter', won_at - to_months($fiscal_months::integer)) + to_months($fiscal_months::integer))::date
        as quarter_start,
    coalesce(sum(amount) filter (first_touch_before_creation), 0)::double as touched,
    coalesce(sum(amount), 0)::double as revenue,
    coalesce(sum(amount::double ** 2), 0)::double as squares,
    count(*) as deals
from mart.deals
where won_at >= $date_from::timestamptz and won_at < $date_until::timestamptz
group by 1
order by 1
